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

export const paymentsMigrations: ModuleMigrations = {
  module: 'bank-payments',
  steps: {
    '001-orders': async (tx) => {
      for (const sql of TABLES) await tx.run(sql);
    },
  },
};
