import type { ModuleMigrations } from '../../storage/index.js';

const TABLES = [
  `CREATE TABLE accounts (
     id TEXT PRIMARY KEY,
     bank TEXT NOT NULL,
     ledger_account INTEGER NOT NULL UNIQUE REFERENCES ledger_accounts (id),
     product_id TEXT NOT NULL,
     product_name TEXT NOT NULL,
     product_type TEXT NOT NULL,
     product_category TEXT NOT NULL,
     currency TEXT NOT NULL,
     nickname TEXT,
     holder_name TEXT NOT NULL,
     opened_at INTEGER NOT NULL,
     closed_at INTEGER
   ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE account_identifiers (
     account_id TEXT NOT NULL REFERENCES accounts (id),
     position INTEGER NOT NULL,
     bank TEXT NOT NULL,
     scheme TEXT NOT NULL,
     identification TEXT NOT NULL,
     name TEXT,
     secondary TEXT,
     PRIMARY KEY (account_id, position),
     UNIQUE (bank, scheme, identification)
   ) STRICT, WITHOUT ROWID`,
  // Parties are their own module's rows: the id is checked where customers are made, not by a foreign key.
  `CREATE TABLE account_holders (
     account_id TEXT NOT NULL REFERENCES accounts (id),
     position INTEGER NOT NULL,
     party_id TEXT NOT NULL,
     role TEXT NOT NULL,
     PRIMARY KEY (account_id, position),
     UNIQUE (account_id, party_id)
   ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX account_holders_by_party ON account_holders (party_id)',
];

export const accountsMigrations: ModuleMigrations = {
  module: 'bank-accounts',
  steps: {
    '001-accounts': async (tx) => {
      for (const sql of TABLES) await tx.run(sql);
    },
    '002-signatories': async (tx) => {
      await tx.run('ALTER TABLE accounts ADD COLUMN signatories_required INTEGER NOT NULL DEFAULT 1');
    },
    '003-payee-checks': async (tx) => {
      await tx.run('ALTER TABLE accounts ADD COLUMN payee_checks_off INTEGER NOT NULL DEFAULT 0');
    },
  },
};
