import type { Instant } from '../../kernel/index.js';
import type { SqlTransaction } from '../../storage/index.js';

/** A piece of work that falls due on the bank's clock and is done exactly once, in one transaction. */
export interface DueItem {
  readonly id: number;
  readonly bank: string;
  readonly dueAt: Instant;
  /** Names the handler: `payment.advance`, `consent.expire`, `life.day`. */
  readonly kind: string;
  /** What it is about, usually an id. */
  readonly subject: string;
}

/** Does the work of one item in the transaction that also strikes the item off. May enqueue further items. */
export type DueHandler = (tx: SqlTransaction, item: DueItem) => Promise<void>;

export interface Schedules {
  enqueue(tx: SqlTransaction, item: Omit<DueItem, 'id' | 'bank'>): Promise<void>;
  /** Strikes off what has become needless; an item that was done already is gone. Returns how many. */
  strike(tx: SqlTransaction, item: Pick<DueItem, 'kind' | 'subject'>): Promise<number>;
  /** Registers who does a kind of work. Once per kind. */
  handle(kind: string, handler: DueHandler): void;
  /** The earliest instant at which something falls due; with `after`, the earliest that is later than it. */
  nextDueAt(after?: Instant): Promise<Instant | undefined>;
  /**
   * Does everything due up to `until`, in order of time, each on its own instant (a handler that asks what time it is
   * gets the item's due time). Returns what was done. A handler that throws undoes only its own item, which is tried
   * again in the next run, as of `until` of this one: time does not go back for what others did in between.
   */
  runDue(until: Instant): Promise<readonly DueItem[]>;
  /** Items set aside because their handler failed five times; for an operator to look at. */
  parked(): Promise<readonly ParkedItem[]>;
}

export interface ParkedItem extends DueItem {
  readonly failures: number;
  readonly lastError: string;
}
