import { appendOnly, type ModuleMigrations } from '../../storage/index.js';

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
      const log = { table: 'bank_events', key: ['sequence'], because: 'the event log is append-only' };
      for (const sql of appendOnly(log)) await tx.run(sql);
    },
  },
};
