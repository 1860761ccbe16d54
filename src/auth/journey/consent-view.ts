import type { PaymentSchedule } from '../../bank/index.js';
import type { Instant, LocalDate, Money } from '../../kernel/index.js';

/** What a screen shows of a consent: neutral, in plain words, made by the standard that owns the consent. */
export type ConsentView = AccountAccessView | PaymentView | BulkView | PeriodicView | BasketView | CancellationView;

export interface AccountAccessView {
  readonly kind: 'account-access';
  /** Data clusters in words a customer understands, each with what it contains. */
  readonly clusters: readonly { readonly title: string; readonly items: readonly string[] }[];
  /** Absent: until it is stopped. */
  readonly until?: Instant;
  readonly historyFrom?: Instant;
  readonly historyTo?: Instant;
}

/** One payment as a line. */
export interface PaymentLine {
  readonly amount: Money;
  readonly payee: { readonly name: string; readonly account: string };
  readonly reference?: string;
}

export interface PaymentView extends PaymentLine {
  readonly kind: 'payment';
  /** Masked or formatted identifier of the account the TPP named; absent when the customer chooses. */
  readonly debtorAccount?: string;
  /** What it costs and what is debited, where it goes abroad or into another currency. */
  readonly terms?: PaymentTerms;
}

/** Beside the amount of a payment that is exchanged or charged for (RTS article 5: she is told before she approves). */
export interface PaymentTerms {
  /** What leaves her account, charges included. */
  readonly debit: Money;
  /** What is sent to the payee. */
  readonly transferred: Money;
  /** Those she bears; may be none. */
  readonly charges: readonly Money[];
  readonly bearer: 'shared' | 'debtor' | 'creditor' | 'service-level';
  /** Absent where no money is exchanged. One `unit` is worth `rate` of `quoted`. */
  readonly exchange?: {
    readonly unit: string;
    readonly quoted: string;
    /** A decimal number. */
    readonly rate: string;
    /** `indicative`: the rate, and with it the debit, may be another when the payment is made. */
    readonly type: 'actual' | 'agreed' | 'indicative';
    readonly until?: Instant;
  };
}

/** Several payments from one account, ordered as one. */
export interface BulkView {
  readonly kind: 'bulk';
  readonly payments: readonly PaymentLine[];
  readonly debtorAccount?: string;
}

/** A payment that repeats. */
export interface PeriodicView extends PaymentLine {
  readonly kind: 'periodic';
  readonly schedule: {
    readonly frequency: PaymentSchedule['frequency'];
    readonly start: LocalDate;
    readonly end?: LocalDate;
  };
  readonly debtorAccount?: string;
}

/** Payments of several orders and access to accounts, approved as one. The journey makes it from the views of the members. */
export interface BasketView {
  readonly kind: 'basket';
  readonly payments: readonly PaymentLine[];
  readonly accesses: readonly AccessInBasket[];
  readonly debtorAccount?: string;
}

/** What is shared, and of which accounts: absent where it is of all she has. */
export interface AccessInBasket extends AccountAccessView {
  readonly accounts?: readonly string[];
}

/** An order that is called back. The journey makes it from the view of the order. */
export interface CancellationView {
  readonly kind: 'cancellation';
  readonly of: PaymentView | BulkView | PeriodicView | BasketView;
}

/** The payments that a view is about, in order; none for account access. */
export function linesOf(view: ConsentView): readonly PaymentLine[] {
  switch (view.kind) {
    case 'account-access':
      return [];
    case 'payment':
    case 'periodic':
      return [view];
    case 'bulk':
    case 'basket':
      return view.payments;
    case 'cancellation':
      return linesOf(view.of);
  }
}
