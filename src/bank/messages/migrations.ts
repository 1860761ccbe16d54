import type { ModuleMigrations } from '../../storage/index.js';

export const messagesMigrations: ModuleMigrations = {
  module: 'bank-messages',
  steps: {
    '001-messages': async (tx) => {
      await tx.run(`
        CREATE TABLE messages (
          sequence INTEGER PRIMARY KEY AUTOINCREMENT,
          id TEXT NOT NULL UNIQUE,
          bank TEXT NOT NULL,
          party_id TEXT NOT NULL,
          channel TEXT NOT NULL,
          sent_at INTEGER NOT NULL,
          subject TEXT NOT NULL,
          body TEXT NOT NULL,
          code TEXT
        ) STRICT`);
      await tx.run('CREATE INDEX messages_by_party ON messages (bank, party_id, sequence)');
    },
    '002-authorisation': async (tx) => {
      await tx.run('ALTER TABLE messages ADD COLUMN authorisation_id TEXT');
    },
  },
};
