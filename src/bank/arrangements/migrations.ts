import type { ModuleMigrations } from '../../storage/index.js';

export const arrangementsMigrations: ModuleMigrations = {
  module: 'bank-arrangements',
  steps: {
    '001-arrangements': async (tx) => {
      await tx.run(`
        CREATE TABLE arrangements (
          id TEXT PRIMARY KEY,
          account_id TEXT NOT NULL REFERENCES accounts (id),
          kind TEXT NOT NULL CHECK (kind IN ('standing-order', 'direct-debit', 'beneficiary')),
          payee TEXT NOT NULL,
          reference TEXT,
          -- How it recurs; a payee has none.
          recurring TEXT CHECK ((kind = 'beneficiary') = (recurring IS NULL))
        ) STRICT, WITHOUT ROWID`);
      await tx.run('CREATE INDEX arrangements_by_account ON arrangements (account_id, kind, id)');
    },
  },
};
