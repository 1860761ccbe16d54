import type { SqlReader } from './port.js';

/** What SQLite itself finds wrong with a database file. */
export interface DatabaseFault {
  readonly check: 'integrity' | 'foreign-keys';
  /** The table, where it is known. */
  readonly where: string;
  readonly what: string;
}

/**
 * Pages, indexes, NOT NULL, CHECK and UNIQUE, then references between tables. Reads the whole file. A file that cannot be
 * read at all is a fault as well, and no error.
 */
export async function checkSqlite(sql: SqlReader): Promise<readonly DatabaseFault[]> {
  try {
    return [...(await integrity(sql)), ...(await foreignKeys(sql))];
  } catch (error) {
    return [{ check: 'integrity', where: 'database', what: error instanceof Error ? error.message : String(error) }];
  }
}

async function integrity(sql: SqlReader): Promise<readonly DatabaseFault[]> {
  const rows = await sql.all<{ integrity_check: string }>('PRAGMA integrity_check(100)');
  return rows
    .map(({ integrity_check: what }) => what)
    .filter((what) => what !== 'ok')
    .map((what) => ({ check: 'integrity', where: 'database', what }));
}

async function foreignKeys(sql: SqlReader): Promise<readonly DatabaseFault[]> {
  const rows = await sql.all<{ table: string; rowid: bigint | null; parent: string }>('PRAGMA foreign_key_check');
  return rows.map(({ table, rowid, parent }) => ({
    check: 'foreign-keys',
    where: rowid === null ? table : `row ${String(rowid)} of ${table}`,
    what: `refers to a row of ${parent} that does not exist`,
  }));
}
