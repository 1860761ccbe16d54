import { SandbankError } from '../../../kernel/index.js';
import { isIban, type AccountIdentifier, type IdentifierScheme } from '../../../bank/index.js';
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

/** What an account of a payment may be named by: a scheme, how its numbers look, and that in words. */
const NUMBERS: Readonly<
  Partial<Record<IdentifierScheme, { readonly fits: (text: string) => boolean; readonly words: string }>>
> = {
  'sort-code-account-number': {
    fits: (text) => /^\d{14}$/.test(text),
    words: '14 digits: sort code and account number',
  },
  iban: { fits: isIban, words: 'an IBAN with right check digits' },
  bban: { fits: (text) => /^[A-Z0-9]{1,30}$/.test(text), words: 'up to 30 capitals and digits' },
};

const AT_HOME: readonly IdentifierScheme[] = ['sort-code-account-number', 'iban'];

/**
 * An account of a payment: sort code and account number in 14 digits, or an IBAN with right check digits; other schemes
 * where the payment allows them. Throws `account.unsupported-identifier`, which becomes U027 for the scheme and U021
 * for the number.
 */
export function fromIdentifier(
  wire: WireIdentifier,
  path: string,
  schemes: readonly IdentifierScheme[] = AT_HOME,
): AccountIdentifier {
  const { SchemeName, Identification, Name, SecondaryIdentification } = wire;
  const scheme = schemes.find((one) => SCHEME_NAMES[one] === SchemeName);
  const number = scheme && NUMBERS[scheme];
  if (!number) {
    throw new SandbankError('account.unsupported-identifier', `${SchemeName} cannot be used for this payment.`, {
      path: `${path}.SchemeName`,
      expected: schemes.map((one) => SCHEME_NAMES[one]).join(' or '),
      actual: SchemeName,
      unsupported: 'scheme',
    });
  }
  if (!number.fits(Identification)) {
    throw new SandbankError('account.unsupported-identifier', `The identification is not ${number.words}.`, {
      path: `${path}.Identification`,
      expected: number.words,
      actual: Identification,
    });
  }
  return {
    scheme,
    identification: Identification,
    ...(Name !== undefined && { name: Name }),
    ...(SecondaryIdentification !== undefined && { secondaryIdentification: SecondaryIdentification }),
  };
}
