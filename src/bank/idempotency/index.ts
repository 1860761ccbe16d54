export type { IdempotencyKey, Written } from './idempotency.js';
export { idempotencyMigrations } from './migrations.js';
export { findWrite, purgeWrites, rememberWrite, type RememberedWrite } from './remembered-writes.js';
export { readRememberedWrites } from './verify-keys.js';
