import { appendOnly, type ModuleMigrations } from '../../storage/index.js';

const TABLES = [
  `CREATE TABLE payment_orders (
     id TEXT PRIMARY KEY,
     bank TEXT NOT NULL,
     client_id TEXT NOT NULL,
     consent_id TEXT NOT NULL,
     debtor_account_id TEXT NOT NULL REFERENCES accounts (id),
     amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
     currency TEXT NOT NULL,
     instruction TEXT NOT NULL,
     hold_id TEXT REFERENCES holds (id),
     status TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     expected_settlement_at INTEGER NOT NULL,
     wire TEXT NOT NULL
   ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX payment_orders_by_consent ON payment_orders (bank, consent_id, created_at)',
  `CREATE TABLE payment_steps (
     payment_id TEXT NOT NULL REFERENCES payment_orders (id),
     seq INTEGER NOT NULL,
     status TEXT NOT NULL,
     at INTEGER NOT NULL,
     reason TEXT,
     PRIMARY KEY (payment_id, seq)
   ) STRICT, WITHOUT ROWID`,
  ...appendOnly({
    table: 'payment_steps',
    key: ['payment_id', 'seq'],
    because: 'the steps of a payment are append-only',
  }),
  `CREATE TRIGGER payment_orders_no_update BEFORE UPDATE OF id, bank, client_id, consent_id, debtor_account_id,
     amount_minor, currency, instruction, hold_id, created_at, expected_settlement_at, wire ON payment_orders
   BEGIN SELECT RAISE(ABORT, 'an order changes its status only'); END`,
  `CREATE TRIGGER payment_orders_no_delete BEFORE DELETE ON payment_orders
   BEGIN SELECT RAISE(ABORT, 'orders are kept'); END`,
];

/** Several orders of one consent, and money that is set aside on the day and not when the order came. */
const RUNS = [
  'ALTER TABLE payment_orders ADD COLUMN position INTEGER NOT NULL DEFAULT 0',
  'DROP TRIGGER payment_orders_no_update',
  `CREATE TRIGGER payment_orders_no_update BEFORE UPDATE OF id, bank, client_id, consent_id, debtor_account_id,
     amount_minor, currency, instruction, created_at, expected_settlement_at, wire, position ON payment_orders
   BEGIN SELECT RAISE(ABORT, 'an order changes its status only'); END`,
  `CREATE TRIGGER payment_orders_hold_once BEFORE UPDATE OF hold_id ON payment_orders
   WHEN OLD.hold_id IS NOT NULL OR NEW.hold_id IS NULL
   BEGIN SELECT RAISE(ABORT, 'an order holds its money once'); END`,
];

/** What a payment in another currency moves; nothing where it moves its amount. */
const TERMS = [
  ...['debit_minor INTEGER', 'debit_currency TEXT', 'transferred_minor INTEGER', 'transferred_currency TEXT'].map(
    (column) => `ALTER TABLE payment_orders ADD COLUMN ${column}`,
  ),
  ...['charge_minor INTEGER', 'exchange_rate TEXT'].map((column) => `ALTER TABLE payment_orders ADD COLUMN ${column}`),
  `CREATE TRIGGER payment_orders_terms_once BEFORE UPDATE OF debit_minor, debit_currency, transferred_minor,
     transferred_currency, charge_minor, exchange_rate ON payment_orders
   WHEN OLD.debit_minor IS NOT NULL OR NEW.debit_minor IS NULL
   BEGIN SELECT RAISE(ABORT, 'the terms of an order are fixed once'); END`,
];

const EXPECTED_TIMES = [
  'ALTER TABLE payment_orders ADD COLUMN expected_execution_at INTEGER',
  'ALTER TABLE payment_orders ADD COLUMN expected_credit_at INTEGER',
  `CREATE TRIGGER payment_orders_expected_once BEFORE UPDATE OF expected_execution_at, expected_credit_at ON payment_orders
   BEGIN SELECT RAISE(ABORT, 'an order changes its status only'); END`,
];

const RECALLS = [
  `CREATE TABLE payment_recalls (
     id TEXT PRIMARY KEY,
     bank TEXT NOT NULL,
     payment_id TEXT NOT NULL REFERENCES payment_orders (id),
     reason TEXT NOT NULL,
     requested_at INTEGER NOT NULL,
     answer_due_at INTEGER NOT NULL,
     status TEXT NOT NULL,
     answered_at INTEGER,
     refusal TEXT,
     returned_minor INTEGER,
     returned_currency TEXT
   ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX payment_recalls_by_payment ON payment_recalls (payment_id)',
  `CREATE TRIGGER payment_recalls_answered_once BEFORE UPDATE ON payment_recalls WHEN OLD.answered_at IS NOT NULL
   BEGIN SELECT RAISE(ABORT, 'a recall is answered once'); END`,
];

export const paymentsMigrations: ModuleMigrations = {
  module: 'bank-payments',
  steps: {
    '001-orders': async (tx) => {
      for (const sql of TABLES) await tx.run(sql);
    },
    '002-runs': async (tx) => {
      for (const sql of RUNS) await tx.run(sql);
    },
    '003-terms': async (tx) => {
      for (const sql of TERMS) await tx.run(sql);
    },
    '004-expected-times': async (tx) => {
      for (const sql of EXPECTED_TIMES) await tx.run(sql);
    },
    '005-recalls': async (tx) => {
      for (const sql of RECALLS) await tx.run(sql);
    },
  },
};
