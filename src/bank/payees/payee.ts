import type { AccountIdentifier } from '../accounts/index.js';
import type { PayeeKind } from '../payments/index.js';

/** What a payer knows of whom she wants to pay. */
export interface NamedPayee {
  readonly identifier: Pick<AccountIdentifier, 'scheme' | 'identification'>;
  readonly name: string;
  /** Absent: not said. */
  readonly kind?: PayeeKind;
}

/** What the bank of the account says of the name. */
export type PayeeConfirmation =
  | {
      readonly outcome: 'match';
      /** Where the account is of another kind than was said. */
      readonly accountKind?: PayeeKind;
    }
  | {
      readonly outcome: 'close-match';
      /** That of the account, to be shown. */
      readonly name: string;
      readonly accountKind?: PayeeKind;
    }
  /** The name of the account is not told. */
  | { readonly outcome: 'no-match' }
  | {
      readonly outcome: 'unavailable';
      readonly why: 'account-unknown' | 'account-closed' | 'opted-out' | 'bank-out-of-reach';
    };

export interface Payees {
  /**
   * Confirmation of payee: does an account at any bank of the ecosystem belong to somebody of that name? Moves nothing
   * and throws nothing; what cannot be answered is an outcome.
   */
  confirm(payee: NamedPayee): Promise<PayeeConfirmation>;
}
