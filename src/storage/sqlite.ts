import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { Kysely } from 'kysely';

import { SandbankError } from '../kernel/index.js';
import { isFor } from './dialect.js';
import { kyselyOver } from './kysely-dialect.js';
import { createMutex } from './mutex.js';
import { applyMigrations } from './migrations.js';
import { openTransaction, type WritingConnection } from './open-transaction.js';
import type { SqlReader, SqlRow, SqlValue, Storage } from './port.js';
import { rememberReads } from './read-memory.js';

/** 3.7.0 to 3.51.2 can lose committed pages with two or more connections (the WAL-reset bug). */
const MINIMUM_SQLITE = [3, 51, 3] as const;

export interface SqliteOptions {
  readonly file: string;
  /** FULL: an acknowledged write survives a kill and a power cut. OFF only where the data may vanish (ephemeral). */
  readonly durability: 'FULL' | 'OFF';
}

/** Opens (or creates) an SQLite database: one write connection behind a mutex, one read-only connection. */
export function openSqlite(options: SqliteOptions): Storage {
  const writer = connect(options.file, false);
  assertVersion(writer);
  writer.exec('PRAGMA journal_mode = WAL');
  writer.exec(`PRAGMA synchronous = ${options.durability}`);
  writer.exec('PRAGMA foreign_keys = ON');
  writer.exec('PRAGMA trusted_schema = OFF');
  const reader = connect(options.file, true);
  const { read, forget } = rememberReads(sqlOn(reader), versionOf(reader));
  const mutex = createMutex();
  const writing = sqlOn(writer);
  const storage: Storage = {
    dialect: 'sqlite',
    read,
    snapshot: (work) => readSqliteSnapshot(options.file, work),
    transaction: (work) =>
      mutex(async () => {
        const { tx, end, runHooks } = openTransaction(writing);
        writer.exec('BEGIN IMMEDIATE');
        let result: Awaited<ReturnType<typeof work>>;
        try {
          result = await work(tx);
          end();
          writer.exec('COMMIT');
          forget();
        } catch (error) {
          end();
          if (writer.isTransaction) writer.exec('ROLLBACK');
          throw error;
        }
        runHooks();
        return result;
      }),
    // The data directory is claimed by one process, and what it does under one name is in order by itself.
    alone: (_name, work) => work(),
    isAtWork: () => Promise.resolve(false),
    migrate: (modules) => applyMigrations(storage, modules),
    close: () =>
      mutex(() => {
        for (const connection of [reader, writer]) if (connection.isOpen) connection.close();
        return Promise.resolve();
      }),
  };
  return storage;
}

/**
 * Reads a database file as it is at one instant, on a connection of its own that cannot write. For a world that runs and
 * for one that is stopped.
 */
export async function readSqliteSnapshot<T>(file: string, work: (sql: SqlReader) => Promise<T>): Promise<T> {
  const connection = connect(file, true);
  try {
    // A reading transaction of SQLite sees what was committed when it first reads.
    connection.exec('BEGIN');
    connection.prepare('SELECT count(*) FROM sqlite_schema').get();
    return await work(sqlOn(connection));
  } finally {
    connection.close();
  }
}

function connect(file: string, readOnly: boolean): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly, timeout: 5_000 });
  database.exec('PRAGMA cache_size = -16000');
  return database;
}

/** Changes whenever another connection than this one has committed, of this process or of any other. */
function versionOf(database: DatabaseSync): () => unknown {
  const statement = database.prepare('PRAGMA data_version');
  statement.setReturnArrays(true);
  return () => (statement.get() as unknown as readonly unknown[])[0];
}

function assertVersion(database: DatabaseSync): void {
  const row = database.prepare('SELECT sqlite_version() AS version').get() as { version: string };
  const found = row.version.split('.').map(Number);
  for (const [index, wanted] of MINIMUM_SQLITE.entries()) {
    const part = found[index] ?? 0;
    if (part > wanted) return;
    if (part < wanted) {
      throw new SandbankError('configuration.invalid', `SQLite ${row.version} can lose committed data; update Node.`, {
        expected: `SQLite ${MINIMUM_SQLITE.join('.')} or newer`,
        actual: row.version,
      });
    }
  }
}

/**
 * The asynchronous face over a synchronous connection. Errors become rejections; the work itself is done at once.
 * Statements are cached: without that, memory grows by hundreds of megabytes under load.
 */
function sqlOn(database: DatabaseSync): WritingConnection {
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    if (statements.size >= 1_000) statements.clear();
    statements.set(sql, statement);
    return statement;
  };
  const bind = (params: readonly SqlValue[] | undefined): SQLInputValue[] => (params ?? []) as SQLInputValue[];
  let builder: Kysely<unknown> | undefined;
  return {
    dialect: 'sqlite',
    all: async <Row = SqlRow>(sql: string, params?: readonly SqlValue[]) => prepare(sql).all(...bind(params)) as Row[],
    get: async <Row = SqlRow>(sql: string, params?: readonly SqlValue[]) =>
      prepare(sql).get(...bind(params)) as Row | undefined,
    run: async (sql, params) => {
      if (!isFor('sqlite', sql)) return { changes: 0 };
      return { changes: Number(prepare(sql).run(...bind(params)).changes) };
    },
    copyIn: async ({ table, columns }, rows) => {
      const marks = columns.map(() => '?').join(', ');
      const statement = prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`);
      let count = 0;
      for (const row of rows) {
        statement.run(...bind(row));
        count += 1;
      }
      return count;
    },
    kysely: <Tables>() => {
      builder ??= kyselyOver('sqlite', (sql, params) => {
        const statement = prepare(sql);
        const isQuery = statement.columns().length > 0;
        if (isQuery) return { rows: statement.all(...bind(params)), changes: 0 };
        return { rows: [], changes: Number(statement.run(...bind(params)).changes) };
      });
      return builder as Kysely<Tables>;
    },
  };
}
