import { assert, hash32, SandbankError, type IdScheme } from '../../kernel/index.js';
import { nextCounter, type SqlTransaction } from '../../storage/index.js';
import type { BankProfile } from '../profile.js';
import type { AccountIdentifier } from './account.js';
import { toIban, ukIban } from './iban.js';

type Identification = Pick<AccountIdentifier, 'scheme' | 'identification'>;

/** How the banks of a country number accounts. */
interface Numbering {
  /** The first number: none loses a leading zero in somebody's spreadsheet. */
  readonly first: bigint;
  readonly numbers: bigint;
  /** Coprime to `numbers`, so that n -> n x stride visits every number once before any comes again. */
  readonly stride: bigint;
  /** Of a new account; the first is how people write it. */
  identifiers(accountNumber: bigint): readonly Identification[];
  /** With what numbers of its cards begin: 9 and the country (ISO/IEC 7812), so that no card in use has them. */
  readonly cardIssuer: string;
  /** With what the bank's own begin, by scheme. */
  readonly prefixes: Partial<Readonly<Record<AccountIdentifier['scheme'], string>>>;
}

/**
 * Sort code with account number, and the IBAN of the two. The weighted checks that some sort codes have (modulus
 * checking) are not applied: a simulated sort code has no entry in that table.
 */
function britishNumbering({ bic, sortCode }: BankProfile): Numbering | undefined {
  if (sortCode === undefined || !/^\d{6}$/.test(sortCode)) return undefined;
  const bankPart = `${bic.slice(0, 4)}${sortCode}`;
  return {
    first: 10_000_000n,
    // 2^7 x 3^2 x 5^7
    numbers: 90_000_000n,
    stride: 57_736_481n,
    identifiers: (number) => [
      { scheme: 'sort-code-account-number', identification: `${sortCode}${String(number)}` },
      { scheme: 'iban', identification: ukIban(bic, sortCode, String(number)) },
    ],
    cardIssuer: '9826',
    prefixes: { 'sort-code-account-number': sortCode, bban: bankPart, iban: bankPart },
  };
}

/**
 * The IBAN of Bankleitzahl and a ten-digit account number, and the same two without check digits. The account number has
 * no check digit of its own (the Bundesbank's method 09), which is a bank's choice.
 */
function germanNumbering({ bankCode }: BankProfile): Numbering | undefined {
  if (bankCode === undefined || !/^\d{8}$/.test(bankCode)) return undefined;
  return {
    first: 1_000_000_000n,
    // 2^9 x 3^2 x 5^9
    numbers: 9_000_000_000n,
    stride: 5_773_648_127n,
    identifiers: (number) => [
      { scheme: 'iban', identification: toIban('DE', `${bankCode}${String(number)}`) },
      { scheme: 'bban', identification: `${bankCode}${String(number)}` },
    ],
    cardIssuer: '9276',
    prefixes: { bban: bankCode, iban: bankCode },
  };
}

const NUMBERINGS: Readonly<Record<string, (profile: BankProfile) => Numbering | undefined>> = {
  GB: britishNumbering,
  DE: germanNumbering,
};

function numberingOf(profile: BankProfile): Numbering | undefined {
  return Object.hasOwn(NUMBERINGS, profile.country) ? NUMBERINGS[profile.country]?.(profile) : undefined;
}

/** Is this an account number of the bank, whether or not it is given to anybody? */
export function isOfBank(profile: BankProfile, { scheme, identification }: Identification): boolean {
  const prefix = numberingOf(profile)?.prefixes[scheme];
  if (prefix === undefined) return false;
  const text = normaliseIdentification(identification);
  // An IBAN is country, check digits and the BBAN.
  return scheme === 'iban' ? text.startsWith(profile.country) && text.startsWith(prefix, 4) : text.startsWith(prefix);
}

/** Upper case, without the blanks and hyphens that people write. */
export function normaliseIdentification(text: string): string {
  return text.replace(/[\s-]/g, '').toUpperCase();
}

export interface DrawOptions {
  readonly profile: BankProfile;
  readonly ids: IdScheme;
  readonly holderName: string;
  /** Accounts behind a card have its number as well. */
  readonly hasCard: boolean;
  readonly isTaken: (identifier: AccountIdentifier) => Promise<boolean>;
}

/**
 * Draws the identifiers of a new account by the rules of the bank's country. Numbers are a permutation of a counter that
 * begins at a place of the ecosystem's own: reproducible and unique.
 */
export async function drawIdentifiers(tx: SqlTransaction, options: DrawOptions): Promise<readonly AccountIdentifier[]> {
  const { profile, ids, holderName, hasCard, isTaken } = options;
  const numbering = numberingOf(profile);
  if (!numbering) throw unnumbered(profile);
  const { first, numbers, stride, identifiers, cardIssuer } = numbering;
  const start = BigInt(hash32(ids.encode('account', 0n)));
  for (let attempt = 0; attempt < 1_000; attempt += 1) {
    const counter = await nextCounter(tx, `account-number:${profile.id}`);
    const number = first + ((start + counter * stride) % numbers);
    const card: Identification = { scheme: 'pan', identification: toCardNumber(cardIssuer, number) };
    const drawn = [...identifiers(number), ...(hasCard ? [card] : [])];
    // Persona files may have taken a number that the permutation comes to.
    const [asWritten] = drawn;
    if (asWritten && (await isTaken({ ...asWritten, name: holderName }))) continue;
    return drawn.map((identifier) => ({ ...identifier, name: holderName }));
  }
  assert(false, 'an account number is free');
}

const CARD_DIGITS = 16;

/** Issuer and account number, filled up with zeros, and the check digit of ISO/IEC 7812-1, annex B (Luhn). */
function toCardNumber(issuer: string, accountNumber: bigint): string {
  const digits = issuer + String(accountNumber).padStart(CARD_DIGITS - 1 - issuer.length, '0');
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const weighted = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return `${digits}${String((10 - (sum % 10)) % 10)}`;
}

function unnumbered({ name, country, sortCode, bankCode }: BankProfile): SandbankError {
  return new SandbankError('configuration.invalid', `No rule to number accounts of ${name}; give identifiers.`, {
    expected: 'a bank in GB with a sort code of six digits, or in DE with a bank code of eight',
    actual: `country ${country}, sort code ${sortCode ?? 'none'}, bank code ${bankCode ?? 'none'}`,
  });
}
