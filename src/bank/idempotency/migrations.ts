import type { ModuleMigrations } from '../../storage/index.js';

export const idempotencyMigrations: ModuleMigrations = {
  module: 'bank-idempotency',
  steps: {
    '001-keys': async (tx) => {
      await tx.run(`
        CREATE TABLE idempotency_keys (
          bank TEXT NOT NULL,
          client_id TEXT NOT NULL,
          key TEXT NOT NULL,
          kind TEXT NOT NULL,
          subject TEXT NOT NULL,
          fingerprint TEXT NOT NULL,
          expires_at INTEGER NOT NULL,
          PRIMARY KEY (bank, client_id, key)
        ) STRICT, WITHOUT ROWID`);
    },
    '002-expiry': async (tx) => {
      await tx.run('CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (bank, expires_at)');
    },
  },
};
