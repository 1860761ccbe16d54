import {
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';

import type { SqlValue } from './port.js';

/** Runs one statement and says what it gave. */
export type Execute = (sql: string, params: readonly SqlValue[]) => { rows: unknown[]; changes: number };

/**
 * Kysely over a connection that somebody else owns. Kysely's stock SQLite dialect expects `stmt.reader`, which
 * `node:sqlite` has not; and transactions belong to our Storage, so begin, commit and rollback are refused here.
 */
export function kyselyOver(execute: Execute): Kysely<unknown> {
  const connection: DatabaseConnection = {
    executeQuery: <R>(query: CompiledQuery): Promise<QueryResult<R>> => {
      const result = execute(query.sql, query.parameters as readonly SqlValue[]);
      return Promise.resolve({ rows: result.rows as R[], numAffectedRows: BigInt(result.changes) });
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
  const dialect: Dialect = {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
  return new Kysely<unknown>({ dialect });
}
