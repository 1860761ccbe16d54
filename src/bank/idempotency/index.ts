export type { IdempotencyKey, Written } from './idempotency.js';
