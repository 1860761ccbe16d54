import { SandbankError } from '../../../kernel/index.js';
import { isIban, type AccountIdentifier } from '../../../bank/index.js';
import { SCHEME_NAMES } from '../codes.js';

/** An account as requests and answers name it. */
export interface WireIdentifier {
  readonly SchemeName: string;
  readonly Identification: string;
  readonly Name?: string;
  readonly SecondaryIdentification?: string;
}

const SHOWN_DIGITS = 4;

/** Card numbers are masked but for the last four digits, unless they may be read in full (ReadPAN). */
export function toIdentifier(
  identifier: AccountIdentifier,
  options: { readonly fullCardNumbers: boolean; readonly name?: string },
): WireIdentifier {
  const { scheme, identification, secondaryIdentification } = identifier;
  const name = identifier.name ?? options.name;
  return {
    SchemeName: SCHEME_NAMES[scheme],
    Identification: scheme === 'pan' && !options.fullCardNumbers ? mask(identification) : identification,
    ...(name !== undefined && name !== '' && { Name: name }),
    ...(secondaryIdentification !== undefined &&
      secondaryIdentification !== '' && { SecondaryIdentification: secondaryIdentification }),
  };
}

function mask(cardNumber: string): string {
  return 'X'.repeat(Math.max(0, cardNumber.length - SHOWN_DIGITS)) + cardNumber.slice(-SHOWN_DIGITS);
}

/**
 * An account of a payment: sort code and account number in 14 digits, or an IBAN with right check digits. Throws
 * `account.unsupported-identifier`, which becomes U027 for the scheme and U021 for the number.
 */
export function fromIdentifier(wire: WireIdentifier, path: string): AccountIdentifier {
  const { SchemeName, Identification, Name, SecondaryIdentification } = wire;
  const rest = {
    ...(Name !== undefined && { name: Name }),
    ...(SecondaryIdentification !== undefined && { secondaryIdentification: SecondaryIdentification }),
  };
  switch (SchemeName) {
    case SCHEME_NAMES['sort-code-account-number']:
      if (!/^\d{14}$/.test(Identification)) throw badNumber(path, '14 digits: sort code and account number', wire);
      return { scheme: 'sort-code-account-number', identification: Identification, ...rest };
    case SCHEME_NAMES.iban:
      if (!isIban(Identification)) throw badNumber(path, 'an IBAN with right check digits', wire);
      return { scheme: 'iban', identification: Identification, ...rest };
    default:
      throw new SandbankError('account.unsupported-identifier', `${SchemeName} cannot be used for this payment.`, {
        path: `${path}.SchemeName`,
        expected: `${SCHEME_NAMES['sort-code-account-number']} or ${SCHEME_NAMES.iban}`,
        actual: SchemeName,
        unsupported: 'scheme',
      });
  }
}

function badNumber(path: string, expected: string, wire: WireIdentifier): SandbankError {
  return new SandbankError('account.unsupported-identifier', `The identification is not ${expected}.`, {
    path: `${path}.Identification`,
    expected,
    actual: wire.Identification,
  });
}
