import { SandbankError } from '../kernel/index.js';
import type { ModuleMigrations, Storage } from './port.js';

/** Applies what is missing, each step in its own transaction, and refuses a database that is newer than the program. */
export async function applyMigrations(storage: Storage, modules: readonly ModuleMigrations[]): Promise<void> {
  await storage.transaction(async (tx) => {
    await tx.run('CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY) WITHOUT ROWID');
  });
  const applied = new Set(
    (await storage.read.all<{ name: string }>('SELECT name FROM migrations')).map((row) => row.name),
  );
  const known = modules.flatMap(({ module, steps }) =>
    Object.keys(steps)
      .sort()
      .map((step) => ({ name: `${module}/${step}`, apply: steps[step] })),
  );
  const names = new Set(known.map(({ name }) => name));
  const foreign = [...applied].filter((name) => !names.has(name));
  if (foreign.length > 0) {
    throw new SandbankError('configuration.invalid', 'This data directory was written by a newer Sandbank.', {
      expected: 'migrations known to this version',
      actual: foreign.join(', '),
    });
  }
  for (const { name, apply } of known) {
    if (applied.has(name) || !apply) continue;
    await storage.transaction(async (tx) => {
      await apply(tx);
      await tx.run('INSERT INTO migrations (name) VALUES (?)', [name]);
    });
  }
}
