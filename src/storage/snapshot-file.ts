import { closeSync, constants, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';

import type { TableCopy } from './copy-tables.js';

/** What a file says of itself, beside the tables of its world. */
export type Stamp = Readonly<Record<string, string>>;

const STAMP_TABLE = 'snapshot_header';
/** All pages in one step: a copy by parts starts again whenever somebody commits between two of them. */
const ALL_PAGES = 2 ** 30;

/**
 * Copies a database as it is at one instant, while others write to it: they are not kept waiting, and what they commit
 * meanwhile is not in the copy. The copy is one file, is on disk, and comes to be under its name all at once or not at all.
 */
export async function copySqlite(options: {
  readonly from: string;
  readonly to: string;
  readonly stamp?: Stamp;
  /** Asked of the finished copy before it gets its name; what it throws discards the copy. */
  readonly check?: (file: string) => Promise<void>;
}): Promise<void> {
  const { from, to, stamp, check } = options;
  const beside = `${to}.new`;
  discard(beside);
  try {
    // A connection of its own: on the writer's, a copy would hold the writer up.
    const source = new DatabaseSync(from, { readOnly: true, timeout: 5_000 });
    try {
      await backup(source, beside, { rate: ALL_PAGES });
    } finally {
      source.close();
    }
    seal(beside, stamp);
    await check?.(beside);
    flush(beside);
    renameSync(beside, to);
    flush(dirname(to));
  } catch (error) {
    discard(beside);
    throw error;
  }
}

/** What was written on a copy when it was made; undefined where it is no copy of ours. */
export function readStamp(file: string): Stamp | undefined {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = database.prepare(`SELECT name, value FROM ${STAMP_TABLE}`).all() as { name: string; value: string }[];
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  } catch {
    return undefined;
  } finally {
    database.close();
  }
}

/**
 * Makes a database out of a copy, with tables of another one in place of its own. A table with `where` takes those rows
 * over and keeps the rest. `counters` says whether numbers go on from the copy or from the highest that was ever given.
 */
export async function restoreSqlite(options: {
  readonly copy: string;
  readonly to: string;
  readonly kept: { readonly from: string; readonly tables: readonly TableCopy[] };
  readonly counters: 'of-the-copy' | 'highest';
}): Promise<void> {
  const { copy, to, kept, counters } = options;
  await copyFile(copy, to, constants.COPYFILE_FICLONE);
  const database = new DatabaseSync(to);
  try {
    // References are whole again at the end; on the way a table is empty for a moment.
    database.exec('PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF');
    database.prepare('ATTACH DATABASE ? AS source').run(kept.from);
    database.exec('BEGIN IMMEDIATE');
    database.exec(`DROP TABLE IF EXISTS main.${STAMP_TABLE}`);
    for (const { table, where } of kept.tables) {
      if (where === undefined) database.exec(`DELETE FROM main.${table}`);
      database.exec(
        `INSERT OR REPLACE INTO main.${table} SELECT * FROM source.${table}${where === undefined ? '' : ` WHERE ${where}`}`,
      );
    }
    if (counters === 'highest') {
      database.exec(
        `INSERT INTO main.counters (kind, last) SELECT kind, last FROM source.counters WHERE true
         ON CONFLICT (kind) DO UPDATE SET last = max(last, excluded.last)`,
      );
    }
    database.exec('COMMIT');
  } finally {
    database.close();
  }
  flush(to);
}

/** One file and no log beside it, with its stamp. */
function seal(file: string, stamp: Stamp | undefined): void {
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF');
    if (stamp === undefined) return;
    database.exec(
      `BEGIN; DROP TABLE IF EXISTS ${STAMP_TABLE};
       CREATE TABLE ${STAMP_TABLE} (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID`,
    );
    const insert = database.prepare(`INSERT INTO ${STAMP_TABLE} (name, value) VALUES (?, ?)`);
    for (const [name, value] of Object.entries(stamp)) insert.run(name, value);
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}

function discard(file: string): void {
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
}

/** What was written to the file (or to the folder: a name) is on disk when this returns. */
function flush(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
