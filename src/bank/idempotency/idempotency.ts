import type { Instant } from '../../kernel/index.js';

/** Idempotency as a neutral argument of a write; the standard decides fingerprint, window and answer. */
export interface IdempotencyKey {
  readonly clientId: string;
  readonly key: string;
  /** A hash of what must not change between retries. */
  readonly fingerprint: string;
  readonly expiresAt: Instant;
}

/** `replayed`: the same key and fingerprint were seen before, and this is what they made, as it stands now. */
export interface Written<T> {
  readonly value: T;
  readonly replayed: boolean;
}
