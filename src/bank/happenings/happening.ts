import type { Instant, Money } from '../../kernel/index.js';
import type { AccountId } from '../accounts/index.js';

/** Something that happened in a bank, as a line of a report. */
export interface Happening {
  /** `transaction.salary`, `payment.credited`, `consent.expired`, `hold.expired`, `statement.cut`. */
  readonly kind: string;
  readonly at: Instant;
  /** The id of what it happened to: a transaction, a payment, a consent. */
  readonly subject: string;
  readonly account?: AccountId;
  /** What the customer reads. */
  readonly text?: string;
  /** A credit is positive. */
  readonly amount?: Money;
}

/** How often a kind of thing happened. Kinds that move money have a line for each currency. */
export interface HappeningCount {
  readonly kind: string;
  readonly count: number;
  /** The sum over all of them; a credit is positive. */
  readonly sum?: Money;
}

export interface Happened {
  readonly counts: readonly HappeningCount[];
  /** The first ones, in order of time. */
  readonly items: readonly Happening[];
}

/** Ends the watch and tells what happened, with at most so many items. */
export type Watch = (limit: number) => Promise<Happened>;
