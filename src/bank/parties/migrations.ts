import type { ModuleMigrations } from '../../storage/index.js';

export const partiesMigrations: ModuleMigrations = {
  module: 'bank-parties',
  steps: {
    '001-parties': async (tx) => {
      await tx.run(`
        CREATE TABLE parties (
          sequence INTEGER PRIMARY KEY AUTOINCREMENT,
          id TEXT NOT NULL UNIQUE,
          bank TEXT NOT NULL,
          persona TEXT,
          kind TEXT NOT NULL,
          name TEXT NOT NULL,
          full_legal_name TEXT NOT NULL,
          email TEXT NOT NULL,
          mobile TEXT NOT NULL,
          address TEXT NOT NULL,
          story TEXT NOT NULL,
          created_at INTEGER NOT NULL
        ) STRICT`);
      await tx.run(`
        CREATE TABLE credentials (
          bank TEXT NOT NULL,
          customer_number TEXT NOT NULL,
          party_id TEXT NOT NULL REFERENCES parties (id),
          salt BLOB NOT NULL,
          hash BLOB NOT NULL,
          -- In clear on purpose: these are published test customers.
          test_password TEXT NOT NULL,
          PRIMARY KEY (bank, customer_number)
        ) STRICT, WITHOUT ROWID`);
      await tx.run(`
        CREATE TABLE login_failures (
          bank TEXT NOT NULL,
          login TEXT NOT NULL,
          failures INTEGER NOT NULL,
          last_at INTEGER NOT NULL,
          locked_until INTEGER,
          PRIMARY KEY (bank, login)
        ) STRICT, WITHOUT ROWID`);
    },
  },
};
