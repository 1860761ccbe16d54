import {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect as KyselyDialect,
  type Driver,
  type QueryResult,
} from 'kysely';

import type { Dialect, SqlValue } from './port.js';

/** Runs one statement and says what it gave. */
export type Execute = (sql: string, params: readonly SqlValue[]) => Executed | Promise<Executed>;

interface Executed {
  readonly rows: readonly unknown[];
  readonly changes: number;
}

/**
 * Kysely over a connection that somebody else owns. Kysely's stock SQLite dialect expects `stmt.reader`, which
 * `node:sqlite` has not; and transactions belong to our Storage, so begin, commit and rollback are refused here.
 */
export function kyselyOver(speaks: Dialect, execute: Execute): Kysely<unknown> {
  const connection: DatabaseConnection = {
    executeQuery: async <R>(query: CompiledQuery): Promise<QueryResult<R>> => {
      const result = await execute(query.sql, query.parameters as readonly SqlValue[]);
      return { rows: result.rows as R[], numAffectedRows: BigInt(result.changes) };
    },
    streamQuery: () => {
      throw new Error('streaming is not offered: read by keyset pages');
    },
  };
  const refuse = (): Promise<void> => Promise.reject(new Error('transactions are opened by Storage.transaction'));
  const driver: Driver = {
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(connection),
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
  };
  const isSqlite = speaks === 'sqlite';
  const dialect: KyselyDialect = {
    createAdapter: () => (isSqlite ? new SqliteAdapter() : new PostgresAdapter()),
    createDriver: () => driver,
    createIntrospector: (db) => (isSqlite ? new SqliteIntrospector(db) : new PostgresIntrospector(db)),
    createQueryCompiler: () => (isSqlite ? new SqliteQueryCompiler() : new PostgresQueryCompiler()),
  };
  return new Kysely<unknown>({ dialect });
}
