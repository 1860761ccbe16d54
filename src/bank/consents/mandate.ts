import type { Instant, Money } from '../../kernel/index.js';
import type { AccountIdentifier } from '../accounts/index.js';

export type LimitPeriod = 'day' | 'week' | 'fortnight' | 'month' | 'half-year' | 'year';

/** A standing permission to pay within limits (variable recurring payments), without a second factor each time. */
export interface PaymentMandate {
  /** Whom it may pay; absent: anybody. An account without a name stands for it under any name. */
  readonly creditors?: readonly AccountIdentifier[];
  readonly debtor?: AccountIdentifier;
  readonly maximumPerPayment: Money;
  /** What every payment says to its payee; absent: each what it likes. */
  readonly reference?: string;
  /** From the day of this instant on, and to the end of the day of the other one. */
  readonly validFrom?: Instant;
  readonly validTo?: Instant;
  readonly limits?: readonly PeriodicLimit[];
}

/** What may be paid within each of the periods that follow each other. */
export interface PeriodicLimit {
  readonly period: LimitPeriod;
  /**
   * `consent`: from the day on which the mandate begins. `calendar`: from Monday, the first of the month, of January or
   * July; the period in which the mandate begins has its share of the amount only. A fortnight is in no calendar.
   */
  readonly alignment: 'calendar' | 'consent';
  readonly amount: Money;
}
