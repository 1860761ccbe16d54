import type { ModuleMigrations } from '../../storage/index.js';

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
  ...['UPDATE', 'DELETE'].map(
    (verb) => `CREATE TRIGGER payment_steps_no_${verb.toLowerCase()} BEFORE ${verb} ON payment_steps
     BEGIN SELECT RAISE(ABORT, 'the steps of a payment are append-only'); END`,
  ),
];

export const paymentsMigrations: ModuleMigrations = {
  module: 'bank-payments',
  steps: {
    '001-orders': async (tx) => {
      for (const sql of TABLES) await tx.run(sql);
    },
  },
};
