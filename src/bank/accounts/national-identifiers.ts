import { assert, hash32, SandbankError, type IdScheme } from '../../kernel/index.js';
import { nextCounter, type SqlTransaction } from '../../storage/index.js';
import type { BankProfile } from '../profile.js';
import type { AccountIdentifier } from './account.js';
import { ukIban } from './iban.js';

/** Account numbers run from 10000000, so that none loses a leading zero in somebody's spreadsheet. */
const FIRST_NUMBER = 10_000_000n;
const NUMBERS = 90_000_000n;
/** Coprime to NUMBERS = 2^7 x 3^2 x 5^7, so that n -> n x STRIDE visits every number once before any comes again. */
const STRIDE = 57_736_481n;

/** Is the account number, or the sort code of the IBAN, one of this bank? */
export function isOfBank(
  profile: BankProfile,
  identifier: Pick<AccountIdentifier, 'scheme' | 'identification'>,
): boolean {
  const { sortCode, bic, country } = profile;
  if (sortCode === undefined) return false;
  const text = normaliseIdentification(identifier.identification);
  switch (identifier.scheme) {
    case 'sort-code-account-number':
      return text.startsWith(sortCode);
    case 'iban':
      return text.startsWith(country) && text.slice(4).startsWith(`${bic.slice(0, 4)}${sortCode}`);
    case 'bban':
      return text.startsWith(`${bic.slice(0, 4)}${sortCode}`);
    case 'pan':
    case 'proxy':
      return false;
  }
}

/** Upper case, without the blanks and hyphens that people write. */
export function normaliseIdentification(text: string): string {
  return text.replace(/[\s-]/g, '').toUpperCase();
}

export interface DrawOptions {
  readonly profile: BankProfile;
  readonly ids: IdScheme;
  readonly holderName: string;
  readonly isTaken: (identifier: AccountIdentifier) => Promise<boolean>;
}

/**
 * Draws the identifiers of a new account: in the UK a sort code with account number, and the IBAN of the two. Numbers
 * are a permutation of a counter that begins at a place of the ecosystem's own: reproducible and unique. The weighted
 * checks that some sort codes have (modulus checking) are not applied: a simulated sort code has no entry in that table.
 */
export async function drawIdentifiers(tx: SqlTransaction, options: DrawOptions): Promise<readonly AccountIdentifier[]> {
  const { profile, ids, holderName, isTaken } = options;
  const { sortCode, bic, country } = profile;
  if (country !== 'GB' || sortCode === undefined || !/^\d{6}$/.test(sortCode)) {
    throw new SandbankError(
      'configuration.invalid',
      `No rule to number accounts of ${profile.name}; give identifiers.`,
      {
        expected: 'a bank in GB with a sort code of six digits',
        actual: `country ${country}, sort code ${sortCode ?? 'none'}`,
      },
    );
  }
  const start = BigInt(hash32(ids.encode('account', 0n)));
  for (let attempt = 0; attempt < 1_000; attempt += 1) {
    const counter = await nextCounter(tx, `account-number:${profile.id}`);
    const accountNumber = (FIRST_NUMBER + ((start + counter * STRIDE) % NUMBERS)).toString();
    const drawn: AccountIdentifier = {
      scheme: 'sort-code-account-number',
      identification: sortCode + accountNumber,
      name: holderName,
    };
    // Persona files may have taken a number that the permutation comes to.
    if (await isTaken(drawn)) continue;
    return [drawn, { scheme: 'iban', identification: ukIban(bic, sortCode, accountNumber), name: holderName }];
  }
  assert(false, 'an account number is free');
}
