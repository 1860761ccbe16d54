import { onlyOn } from './dialect.js';

/**
 * Statements that make a table append-only in the database itself: no row is changed, deleted, or put in the place of
 * another. `INSERT OR REPLACE` deletes without firing delete triggers, so that an existing key is refused as well.
 */
export function appendOnly(options: {
  readonly table: string;
  readonly key: readonly string[];
  /** What the refusal says. */
  readonly because: string;
}): readonly string[] {
  const { table, key, because } = options;
  const refusal = `BEGIN SELECT RAISE(ABORT, '${because}'); END`;
  const sameKey = key.map((column) => `${column} = NEW.${column}`).join(' AND ');
  return [
    `CREATE TRIGGER ${table}_no_update BEFORE UPDATE ON ${table} ${refusal}`,
    `CREATE TRIGGER ${table}_no_delete BEFORE DELETE ON ${table} ${refusal}`,
    // PostgreSQL has no INSERT OR REPLACE.
    onlyOn(
      'sqlite',
      `CREATE TRIGGER ${table}_no_replace BEFORE INSERT ON ${table}
       WHEN EXISTS (SELECT 1 FROM ${table} WHERE ${sameKey}) ${refusal}`,
    ),
  ];
}
