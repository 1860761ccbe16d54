import type { Currency, Instant } from '../../kernel/index.js';
import type { PartyId } from '../parties/index.js';

/** The public, opaque and stable id of an account at its bank. */
export type AccountId = string;

/** The neutral schemes; a standard has its own names for them. */
export type IdentifierScheme = 'sort-code-account-number' | 'iban' | 'bban' | 'pan' | 'proxy';

export interface AccountIdentifier {
  readonly scheme: IdentifierScheme;
  /** Digits and letters without separators: `20405012345678`. */
  readonly identification: string;
  readonly name?: string;
  readonly secondaryIdentification?: string;
}

export type AccountType = 'current' | 'savings' | 'credit-card' | 'loan' | 'mortgage';

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly type: AccountType;
  readonly category: 'personal' | 'business';
}

export interface Account {
  readonly id: AccountId;
  readonly bank: string;
  /** The row of the ledger that holds its money. */
  readonly ledgerAccount: number;
  readonly product: Product;
  readonly currency: Currency;
  readonly status: 'open' | 'closed';
  readonly nickname?: string;
  /** As printed on a statement: `MS A CLARKE`. */
  readonly holderName: string;
  readonly identifiers: readonly AccountIdentifier[];
  readonly openedAt: Instant;
  readonly closedAt?: Instant;
  readonly holders: readonly AccountHolder[];
  /** How many of the holders must agree to a payment; absent: any of them alone. */
  readonly signatories?: { readonly required: number };
  /** Others are not told whether a name is that of this account. */
  readonly optedOutOfPayeeChecks?: boolean;
}

export interface AccountHolder {
  readonly partyId: PartyId;
  readonly role: 'sole' | 'joint' | 'owner' | 'signatory';
}

export interface NewAccount {
  readonly product: Product;
  readonly currency: Currency;
  readonly nickname?: string;
  readonly holderName: string;
  readonly holders: readonly AccountHolder[];
  /** At most as many as there are holders. */
  readonly signatories?: { readonly required: number };
  /** Default false. */
  readonly optedOutOfPayeeChecks?: boolean;
  readonly openedAt: Instant;
  /** How far below zero the booked balance may go, in minor units; 0 for none. */
  readonly overdraftLimitMinor: bigint;
  /** Given, or drawn by the bank when absent (valid by its country's rules). */
  readonly identifiers?: readonly AccountIdentifier[];
}

/** Balances in minor units, at one instant. Negative when overdrawn. */
export interface AccountBalance {
  readonly currency: Currency;
  /** Everything posted. */
  readonly bookedMinor: bigint;
  /** booked - holds + nothing else: what may be spent without the overdraft. */
  readonly availableMinor: bigint;
  readonly overdraftLimitMinor: bigint;
  readonly at: Instant;
}
