import { assert, type IdKind, type IdScheme } from '../kernel/index.js';
import type { ModuleMigrations, SqlTransaction } from './port.js';

export const countersMigrations: ModuleMigrations = {
  module: 'storage',
  steps: {
    '001-counters': async (tx) => {
      await tx.run('CREATE TABLE counters (kind TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID');
      await tx.run('CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID');
    },
  },
};

/** Draws the next number of a kind inside the caller's transaction, so that a rollback gives it back. */
export async function nextCounter(tx: SqlTransaction, kind: string): Promise<bigint> {
  const row = await tx.get<{ last: bigint }>(
    'INSERT INTO counters (kind, last) VALUES (?, 1) ON CONFLICT (kind) DO UPDATE SET last = counters.last + 1 RETURNING last',
    [kind],
  );
  assert(row, 'a counter answers');
  return row.last;
}

/** Draws the next id of a kind, in its text form. */
export async function nextId(tx: SqlTransaction, scheme: IdScheme, kind: IdKind): Promise<string> {
  return scheme.encode(kind, await nextCounter(tx, kind));
}
