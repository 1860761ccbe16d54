import type { Instant, Money } from '../../kernel/index.js';

/** What a screen shows of a consent: neutral, in plain words, made by the standard that owns the consent. */
export type ConsentView = AccountAccessView | PaymentView;

export interface AccountAccessView {
  readonly kind: 'account-access';
  /** Data clusters in words a customer understands, each with what it contains. */
  readonly clusters: readonly { readonly title: string; readonly items: readonly string[] }[];
  /** Absent: until it is stopped. */
  readonly until?: Instant;
  readonly historyFrom?: Instant;
  readonly historyTo?: Instant;
}

export interface PaymentView {
  readonly kind: 'payment';
  readonly amount: Money;
  readonly payee: { readonly name: string; readonly account: string };
  readonly reference?: string;
  /** Masked or formatted identifier of the account the TPP named; absent when the customer chooses. */
  readonly debtorAccount?: string;
}
