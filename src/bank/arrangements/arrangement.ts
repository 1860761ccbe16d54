import type { Instant, LocalDate, Money } from '../../kernel/index.js';
import type { AccountId } from '../accounts/index.js';
import type { Counterparty, TransactionCode } from '../ledger/index.js';

export type ArrangementId = string;

/** Who is paid, with the account where the bank knows it. */
export type ArrangedPayee = Counterparty;

/** How often something runs. Days beyond the end of a month mean its last day. */
export type Recurrence =
  | { readonly every: 'day' }
  | { readonly every: 'weeks'; readonly weeks: number }
  | { readonly every: 'months'; readonly months: number; readonly day: number }
  /** In these months of every year, from 1 to 12. */
  | { readonly every: 'year'; readonly inMonths: readonly number[]; readonly day: number }
  | { readonly every: 'last-working-day' };

/** One time that it runs or ran. */
export interface ArrangedRun {
  readonly at: Instant;
  readonly amount: Money;
}

interface Arranged {
  readonly id: ArrangementId;
  readonly accountId: AccountId;
  readonly payee: ArrangedPayee;
  readonly reference?: string;
}

interface Recurring extends Arranged {
  readonly recurrence: Recurrence;
  /** The day from which on it runs. */
  readonly start: LocalDate;
  /** Where the day is no banking day; absent: it runs all the same. */
  readonly ifClosed?: 'following' | 'preceding';
  /** Its first run. */
  readonly first?: ArrangedRun;
  /** The last run that was paid. */
  readonly last?: ArrangedRun;
  readonly next?: ArrangedRun;
}

export interface StandingOrder extends Recurring {
  /** The last day on which it may run; absent: until it is cancelled. */
  readonly until?: LocalDate;
}

export interface DirectDebit extends Recurring {
  /** Whether the same amount is collected each time. */
  readonly isFixed: boolean;
}

/** A single payment that waits for its day; its id is that of the order. */
export interface ScheduledPayment extends Arranged {
  readonly at: Instant;
  readonly amount: Money;
}

export type Beneficiary = Arranged;

/** What a customer arranges with the bank itself. */
export interface NewArrangement extends Omit<Arranged, 'id'> {
  readonly kind: 'standing-order' | 'direct-debit' | 'beneficiary';
  readonly recurring?: Pick<Recurring, 'recurrence' | 'ifClosed'> & {
    /** Runs of before are not its own. */
    readonly since: Instant;
    readonly isFixed: boolean;
    /** What its payments are on the account. */
    readonly code: TransactionCode;
    /** Who plans it, and what that planner wants to be told. */
    readonly planner: string;
    readonly plan: unknown;
  };
}

export interface PlannedRun {
  readonly day: LocalDate;
  readonly amountMinor: bigint;
}

/** Knows when arrangements run that somebody else carries out. */
export interface Planner {
  /** The first run that has not been done at that time. */
  nextRun(plan: unknown, at: Instant): PlannedRun | undefined;
  /** The last run that had been done by then. */
  lastRun(plan: unknown, at: Instant): PlannedRun | undefined;
}
