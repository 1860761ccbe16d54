import type { ModuleMigrations } from '../storage/index.js';
import { accountsMigrations } from './accounts/index.js';
import { arrangementsMigrations } from './arrangements/index.js';
import { consentsMigrations } from './consents/index.js';
import { eventsMigrations } from './events/index.js';
import { exchangeMigrations } from './exchange/index.js';
import { idempotencyMigrations } from './idempotency/index.js';
import { ledgerMigrations } from './ledger/index.js';
import { messagesMigrations } from './messages/index.js';
import { partiesMigrations } from './parties/index.js';
import { paymentsMigrations } from './payments/index.js';
import { schedulesMigrations } from './schedules/index.js';

/** The tables of every module of the bank, in an order in which what they refer to exists. */
export const bankMigrations: readonly ModuleMigrations[] = [
  eventsMigrations,
  idempotencyMigrations,
  schedulesMigrations,
  partiesMigrations,
  messagesMigrations,
  ledgerMigrations,
  accountsMigrations,
  exchangeMigrations,
  consentsMigrations,
  paymentsMigrations,
  arrangementsMigrations,
];
