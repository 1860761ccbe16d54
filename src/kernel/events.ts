import type { Instant } from './time.js';

/** Something that happened in the bank, in words of the core. Facts for the log, the outbox and the inspector. */
export interface DomainEvent {
  /** e.g. `consent.authorised`, `payment.status-changed`, `account.opened` */
  readonly type: string;
  readonly bank: string;
  /** The id of what it happened to. */
  readonly subject: string;
  readonly at: Instant;
  readonly data: Readonly<Record<string, unknown>>;
}
