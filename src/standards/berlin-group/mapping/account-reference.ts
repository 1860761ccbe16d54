import { SandbankError } from '../../../kernel/index.js';
import { isIban, normaliseIdentification, type Account, type AccountIdentifier } from '../../../bank/index.js';
import { notSupported } from '../refusals.js';

/** An account as requests and answers point at it: by one of its identifiers. */
export interface AccountReference {
  readonly iban?: string;
  readonly bban?: string;
  readonly pan?: string;
  readonly maskedPan?: string;
  readonly msisdn?: string;
  readonly other?: unknown;
  readonly currency?: string;
}

const SHOWN_DIGITS = 4;

/** 455667******1115: the last four digits are enough for the customer to know her card. */
export function maskPan(pan: string): string {
  return '*'.repeat(Math.max(0, pan.length - SHOWN_DIGITS)) + pan.slice(-SHOWN_DIGITS);
}

/** How an account is pointed at in answers: by its IBAN, or a card account by its masked number. */
export function toReference(account: Account): AccountReference {
  const of = (scheme: AccountIdentifier['scheme']): string | undefined =>
    account.identifiers.find((one) => one.scheme === scheme)?.identification;
  const [iban, pan, bban] = [of('iban'), of('pan'), of('bban')];
  const { currency } = account;
  if (account.product.type === 'credit-card' && pan !== undefined) return { maskedPan: maskPan(pan), currency };
  if (iban !== undefined) return { iban, currency };
  return { ...(bban !== undefined && { bban }), currency };
}

/**
 * Reads a reference: an IBAN with right check digits, a national number or a card number. The published pattern is not
 * anchored, so that the whole of it is checked here. Throws `field.invalid`; PARAMETER_NOT_SUPPORTED for an identifier
 * by which this bank finds no account.
 */
export function fromReference(reference: AccountReference, path: string): AccountIdentifier {
  const { iban, bban, pan, currency } = textsOf(reference, path);
  if (currency !== undefined && !/^[A-Z]{3}$/.test(currency)) {
    throw bad(`${path}.currency`, 'three capital letters', currency);
  }
  const given = Object.entries(reference).filter(([name, value]) => value !== undefined && IDENTIFIERS.includes(name));
  if (given.length !== 1) throw bad(path, 'exactly one identifier', given.map(([name]) => name).join(', ') || 'none');
  if (iban !== undefined) {
    const identification = normaliseIdentification(iban);
    if (!isIban(identification)) throw bad(`${path}.iban`, 'an IBAN with right check digits', iban);
    return { scheme: 'iban', identification };
  }
  if (bban !== undefined) {
    if (!/^[A-Za-z0-9]{1,30}$/.test(bban)) throw bad(`${path}.bban`, 'at most 30 letters and digits', bban);
    return { scheme: 'bban', identification: bban };
  }
  if (pan !== undefined) {
    if (!/^\d{8,19}$/.test(pan)) throw bad(`${path}.pan`, '8 to 19 digits', 'another text');
    return { scheme: 'pan', identification: pan };
  }
  throw notSupported(path, 'This bank finds accounts by IBAN, national number or card number.');
}

function textsOf(reference: AccountReference, path: string): AccountReference {
  for (const name of ['iban', 'bban', 'pan', 'maskedPan', 'msisdn', 'currency'] as const) {
    const value: unknown = reference[name];
    if (value !== undefined && typeof value !== 'string') throw bad(`${path}.${name}`, 'a text', typeof value);
  }
  return reference;
}

const IDENTIFIERS: readonly string[] = ['iban', 'bban', 'pan', 'maskedPan', 'msisdn', 'other'];

/** A core identifier as a reference again, for the other side of a transaction. */
export function referenceOf(
  scheme: string | undefined,
  identification: string | undefined,
): AccountReference | undefined {
  if (identification === undefined || identification === '') return undefined;
  if (isIban(identification)) return { iban: identification };
  if (scheme === 'bban' && /^[A-Za-z0-9]{1,30}$/.test(identification)) return { bban: identification };
  return identification.length <= 35 ? { other: { identification } } : undefined;
}

function bad(path: string, expected: string, actual: string): SandbankError {
  return new SandbankError('field.invalid', `${path} is not ${expected}.`, { path, expected, actual });
}
