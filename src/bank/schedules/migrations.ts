import type { ModuleMigrations } from '../../storage/index.js';

export const schedulesMigrations: ModuleMigrations = {
  module: 'bank-schedules',
  steps: {
    '001-due-items': async (tx) => {
      // AUTOINCREMENT: an id that was struck off never comes back for other work.
      await tx.run(`
        CREATE TABLE due_items (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          bank TEXT NOT NULL,
          due_at INTEGER NOT NULL,
          kind TEXT NOT NULL,
          subject TEXT NOT NULL,
          failures INTEGER NOT NULL DEFAULT 0,
          parked INTEGER NOT NULL DEFAULT 0 CHECK (parked IN (0, 1)),
          last_error TEXT
        ) STRICT`);
      await tx.run('CREATE INDEX due_items_in_order ON due_items (bank, parked, due_at, id)');
    },
    '002-by-subject': async (tx) => {
      await tx.run('CREATE INDEX due_items_by_subject ON due_items (bank, subject)');
    },
  },
};
