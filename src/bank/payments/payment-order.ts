import type { Instant, Money } from '../../kernel/index.js';
import type { AccountId } from '../accounts/index.js';
import type { PaymentInstruction } from '../consents/index.js';

export type PaymentId = string;

/**
 * received -> accepted (checks passed, money held) -> settling (debited and sent on) -> debited (settled on the
 * debtor's side) -> credited (on the payee's account). rejected ends it at once, with a reason.
 */
export const PAYMENT_STATUSES = [
  'received',
  'scheduled', // waits for its day, or repeats
  'accepted',
  'settling',
  'debited',
  'credited',
  'returned', // asked back and given back after it had been credited
  'rejected',
  'cancelled',
] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

export type PaymentRejection =
  | 'insufficient-funds'
  | 'debtor-account-closed'
  | 'creditor-account-unknown'
  | 'creditor-account-closed'
  | 'currency-not-accepted';

export interface PaymentStep {
  readonly status: PaymentStatus;
  readonly at: Instant;
  readonly reason?: PaymentRejection;
}

export interface PaymentOrder {
  readonly id: PaymentId;
  readonly bank: string;
  readonly clientId: string;
  readonly consentId: string;
  readonly debtorAccountId: AccountId;
  readonly instruction: PaymentInstruction;
  readonly status: PaymentStatus;
  readonly statusAt: Instant;
  readonly rejection?: PaymentRejection;
  readonly createdAt: Instant;
  /** When by its rail it should be sent on, debited, and with the payee; what happened is in `steps`. */
  readonly expectedExecutionAt: Instant;
  readonly expectedSettlementAt: Instant;
  readonly expectedCreditAt: Instant;
  /** Oldest first; the last one is the present state. */
  readonly steps: readonly PaymentStep[];
  /** The order as it was received, kept for echo; owned by the standard. */
  readonly wire: string;
  /** Taken for the payee, in the currency of the account. Absent until the money of an exchange is set aside. */
  readonly debit?: Money;
  /** What arrives. Absent as long as `debit` is. */
  readonly transferred?: Money;
  /** By the bank of the payer. Borne by the payee: it is within `debit`, and on top of it otherwise. */
  readonly chargesTaken: readonly {
    readonly bearer: NonNullable<PaymentInstruction['charges']>;
    readonly amount: Money;
  }[];
  /** How many of what arrives one of the account's currency bought, as a decimal number. */
  readonly exchangeRate?: string;
}
