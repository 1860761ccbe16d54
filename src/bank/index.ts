/** The neutral bank: what the outside calls. Knows no HTTP, OAuth, OpenAPI or standard. */
export * from './accounts/index.js';
export * from './consents/index.js';
export * from './events/index.js';
export * from './exchange/index.js';
export * from './idempotency/index.js';
export * from './ledger/index.js';
export * from './messages/index.js';
export * from './parties/index.js';
export * from './payments/index.js';
export * from './schedules/index.js';
export * from './transactions/index.js';
export { bankMigrations } from './migrations.js';
export { createBank, type Bank, type BankOptions } from './bank.js';
export type { AbroadTerms, BankProfile } from './profile.js';
export { type Rail } from './rail.js';
