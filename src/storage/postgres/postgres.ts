import { Pool, type PoolClient } from 'pg';

import { applyMigrations } from '../migrations.js';
import { createMutex } from '../mutex.js';
import { openTransaction } from '../open-transaction.js';
import type { SqlReader, SqlTransaction, Storage } from '../port.js';
import { lockNumber, type PostgresAddress } from './address.js';
import { createStatements, sqlOver, TYPES, type UseClient } from './connection.js';
import { isConnectionLost, isPlanOutdated, isWorthRetrying, toRefusal } from './failures.js';

export interface PostgresOptions extends PostgresAddress {
  /** Connections that read. Default 4. One more writes, and one stands by for each piece of work that is done alone. */
  readonly readers?: number;
}

const CONNECT_MS = 5_000;
const ATTEMPTS = 3;

/**
 * An ecosystem in one schema of a PostgreSQL database, which several processes may share. Transactions of all of them
 * run one after the other, as on SQLite: each takes one advisory lock as it begins, and what it then reads is the
 * latest of all. Each is on disk when it is acknowledged (synchronous_commit). Makes the schema where it is missing.
 */
export async function openPostgres(options: PostgresOptions): Promise<Storage> {
  const { schema } = options;
  const statements = createStatements();
  const readers = pool(options, { max: options.readers ?? 4, settings: '-c default_transaction_read_only=on' });
  const writer = pool(options, { max: 1, settings: '-c synchronous_commit=on' });
  const guards = pool(options, { max: 8, settings: '-c idle_session_timeout=0' });
  const reading = sqlOver(patiently(readers), statements);
  const writeLock = lockNumber(schema, 'write');
  const mutex = createMutex();
  const storage: Storage = {
    dialect: 'postgresql',
    read: reading,
    snapshot: (work) => ofOneInstant(readers, statements, work),
    // In turn here first: waiting for the one connection that writes is no failure to connect.
    transaction: (work) =>
      mutex(async () => {
        for (let attempt = 1; ; attempt += 1) {
          try {
            return await inTransaction(writer, { statements, writeLock }, work);
          } catch (error) {
            if (attempt === ATTEMPTS || !(isWorthRetrying(error) || isPlanOutdated(error))) throw toRefusal(error);
          }
        }
      }),
    alone: (name, work) => whileLocked(guards, lockNumber(schema, name), work),
    isAtWork: async (name) => {
      const row = await reading.get<{ free: bigint }>('SELECT pg_try_advisory_xact_lock_shared(?) AS free', [
        lockNumber(schema, name),
      ]);
      return row?.free !== 1n;
    },
    // Of several programs that start at once, one applies the steps and the others find them applied.
    migrate: (modules) => storage.alone('migrate', () => applyMigrations(storage, modules)),
    close: () =>
      mutex(async () => {
        await Promise.all([readers, writer, guards].filter(({ ending }) => !ending).map((one) => one.end()));
      }),
  };
  try {
    await storage.alone('migrate', async () => {
      await patiently(writer)((client) => client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`));
    });
    return storage;
  } catch (error) {
    await storage.close();
    throw toRefusal(error);
  }
}

function pool({ url, schema }: PostgresAddress, own: { readonly max: number; readonly settings: string }): Pool {
  const made = new Pool({
    connectionString: url,
    max: own.max,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: 'sandbank',
    // A bank's statements are short: compiling them costs more than it saves.
    options: `-c search_path=${schema} -c jit=off -c client_min_messages=warning ${own.settings}`,
    types: TYPES,
  });
  // An idle connection that breaks leaves the pool by itself; the next caller gets a new one.
  made.on('error', () => undefined);
  return made;
}

/** Runs on any connection of the pool, and once more on a new one where the connection or its plan was out of date. */
function patiently(connections: Pool): UseClient {
  const once: UseClient = async (work) => {
    const client = await connect(connections);
    let broken: Error | undefined;
    try {
      return await work(client);
    } catch (error) {
      if (isConnectionLost(error) || isPlanOutdated(error)) broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
  };
  return async (work) => {
    try {
      return await once(work);
    } catch (error) {
      if (!isConnectionLost(error) && !isPlanOutdated(error)) throw error;
      return once(work).catch((again: unknown) => {
        throw toRefusal(again);
      });
    }
  };
}

async function connect(connections: Pool): Promise<PoolClient> {
  const client = await connections.connect();
  // The query under way is told by its own rejection; without a listener the event would end the process.
  if (client.listenerCount('error') < 2) client.on('error', () => undefined);
  return client;
}

/** Every statement of a repeatable read sees what was committed when the first one began. */
async function ofOneInstant<T>(
  readers: Pool,
  statements: ReturnType<typeof createStatements>,
  work: (sql: SqlReader) => Promise<T>,
): Promise<T> {
  const client = await connect(readers).catch((error: unknown) => {
    throw toRefusal(error);
  });
  let broken: Error | undefined;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return await work(sqlOver((use) => use(client), statements));
  } finally {
    await client.query('COMMIT').catch((lost: unknown) => {
      broken = lost as Error;
    });
    client.release(broken);
  }
}

async function inTransaction<T>(
  writer: Pool,
  { statements, writeLock }: { readonly statements: ReturnType<typeof createStatements>; readonly writeLock: string },
  work: (tx: SqlTransaction) => Promise<T>,
): Promise<T> {
  const client = await begun(writer, writeLock);
  const { tx, end, runHooks } = openTransaction(sqlOver((use) => use(client), statements));
  let broken: Error | undefined;
  let result: T;
  try {
    result = await work(tx);
    end();
    await client.query('COMMIT');
  } catch (error) {
    end();
    if (isPlanOutdated(error)) broken = error as Error;
    await client.query('ROLLBACK').catch((lost: unknown) => {
      broken = lost as Error;
    });
    throw error;
  } finally {
    client.release(broken);
  }
  runHooks();
  return result;
}

/** Begins and waits for its turn. Nothing has been done yet, so that a connection that was lost is replaced once. */
async function begun(writer: Pool, writeLock: string): Promise<PoolClient> {
  for (let attempt = 1; ; attempt += 1) {
    const client = await connect(writer);
    try {
      await client.query(`BEGIN; SELECT pg_advisory_xact_lock(${writeLock})`);
      return client;
    } catch (error) {
      client.release(error as Error);
      if (attempt > 1 || !isConnectionLost(error)) throw error;
    }
  }
}

/** The lock belongs to a connection of its own and ends with it, so that a process that dies leaves none behind. */
async function whileLocked<T>(guards: Pool, lock: string, work: () => Promise<T>): Promise<T> {
  const client = await connect(guards).catch((error: unknown) => {
    throw toRefusal(error);
  });
  let broken: Error | undefined;
  try {
    await client.query(`SELECT pg_advisory_lock(${lock})`);
    try {
      return await work();
    } finally {
      await client.query(`SELECT pg_advisory_unlock(${lock})`).catch((lost: unknown) => {
        broken = lost as Error;
      });
    }
  } finally {
    client.release(broken);
  }
}
