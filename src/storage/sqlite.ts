import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { Kysely } from 'kysely';

import { assert, SandbankError } from '../kernel/index.js';
import { kyselyOver } from './kysely-dialect.js';
import { createMutex } from './mutex.js';
import { applyMigrations } from './migrations.js';
import type { SqlReader, SqlRow, SqlTransaction, SqlValue, Storage } from './port.js';

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
  const mutex = createMutex();
  const writing = sqlOn(writer);
  const storage: Storage = {
    read: sqlOn(reader),
    snapshot: (work) => readSqliteSnapshot(options.file, work),
    transaction: (work) =>
      mutex(async () => {
        const { tx, hooks, end } = begin(writing);
        writer.exec('BEGIN IMMEDIATE');
        let result: Awaited<ReturnType<typeof work>>;
        try {
          result = await work(tx);
          end();
          writer.exec('COMMIT');
        } catch (error) {
          end();
          if (writer.isTransaction) writer.exec('ROLLBACK');
          throw error;
        }
        for (const hook of hooks) runHook(hook);
        return result;
      }),
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

/** A transaction's own face. After `end` it refuses: what somebody forgot to await must not land in the next one. */
function begin(writing: SqlConnection): {
  readonly tx: SqlTransaction;
  readonly hooks: readonly (() => void)[];
  readonly end: () => void;
} {
  const hooks: (() => void)[] = [];
  let isOpen = true;
  const open = (): SqlConnection => {
    assert(isOpen, 'a transaction is not used after its end');
    return writing;
  };
  const tx: SqlTransaction = {
    all: async <Row = SqlRow>(sql: string, params?: readonly SqlValue[]) => open().all<Row>(sql, params),
    get: async <Row = SqlRow>(sql: string, params?: readonly SqlValue[]) => open().get<Row>(sql, params),
    run: async (sql, params) => open().run(sql, params),
    kysely: <Tables>() => open().kysely<Tables>(),
    afterCommit: (hook) => {
      open();
      hooks.push(hook);
    },
  };
  return {
    tx,
    hooks,
    end: () => {
      isOpen = false;
    },
  };
}

function runHook(hook: () => void): void {
  try {
    hook();
  } catch (error) {
    process.emitWarning(`work after a commit failed: ${String(error)}`);
  }
}

function connect(file: string, readOnly: boolean): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly, timeout: 5_000 });
  database.exec('PRAGMA cache_size = -16000');
  return database;
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

interface SqlConnection extends SqlReader {
  run(sql: string, params?: readonly SqlValue[]): Promise<{ readonly changes: number }>;
}

/**
 * The asynchronous face over a synchronous connection. Errors become rejections; the work itself is done at once.
 * Statements are cached: without that, memory grows by hundreds of megabytes under load.
 */
function sqlOn(database: DatabaseSync): SqlConnection {
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
    all: async <Row = SqlRow>(sql: string, params?: readonly SqlValue[]) => prepare(sql).all(...bind(params)) as Row[],
    get: async <Row = SqlRow>(sql: string, params?: readonly SqlValue[]) =>
      prepare(sql).get(...bind(params)) as Row | undefined,
    run: async (sql, params) => ({ changes: Number(prepare(sql).run(...bind(params)).changes) }),
    kysely: <Tables>() => {
      builder ??= kyselyOver((sql, params) => {
        const statement = prepare(sql);
        const isQuery = statement.columns().length > 0;
        if (isQuery) return { rows: statement.all(...bind(params)), changes: 0 };
        return { rows: [], changes: Number(statement.run(...bind(params)).changes) };
      });
      return builder as Kysely<Tables>;
    },
  };
}
