import type { ModuleMigrations } from '../../storage/index.js';

export const eventsMigrations: ModuleMigrations = {
  module: 'bank-events',
  steps: {
    '001-log': async (tx) => {
      await tx.run(`
        CREATE TABLE bank_events (
          sequence INTEGER PRIMARY KEY AUTOINCREMENT,
          bank TEXT NOT NULL,
          type TEXT NOT NULL,
          subject TEXT NOT NULL,
          at INTEGER NOT NULL,
          data TEXT NOT NULL
        ) STRICT`);
      await tx.run('CREATE INDEX bank_events_by_subject ON bank_events (bank, subject)');
      for (const verb of ['UPDATE', 'DELETE']) {
        await tx.run(`
          CREATE TRIGGER bank_events_no_${verb.toLowerCase()} BEFORE ${verb} ON bank_events
          BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END`);
      }
    },
  },
};
