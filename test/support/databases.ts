import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

import { openPostgres, openSqlite, readPostgresAddress, type Dialect, type Storage } from '../../src/storage/index.js';
import { PASSWORD, postgresServer, USER } from './postgres/server.js';

/** For `describe.each`: what holds on the one must hold on the other. */
export const DIALECTS: readonly Dialect[] = ['sqlite', 'postgresql'];

/** What this run is for: jest.config.mjs has one project a database. */
export const TEST_DIALECT: Dialect = (globalThis as { sandbankDialect?: Dialect }).sandbankDialect ?? 'sqlite';

/** A database of this run's kind with one connection, gone when it is closed. */
export async function openTestStorage(): Promise<{ storage: Storage; close: () => Promise<void> }> {
  const database = await createDatabase(TEST_DIALECT);
  const storage = await database.open();
  return {
    storage,
    close: async () => {
      await storage.close();
      await database.drop();
    },
  };
}

/** A database that one test has for itself, gone when it is closed. */
export interface TestDatabase {
  readonly dialect: Dialect;
  /** Another connection to the same database, as another process would have. SQLite has one only. */
  open(): Promise<Storage>;
  /** For `--database`; undefined for SQLite. */
  readonly url: string | undefined;
  drop(): Promise<void>;
}

export async function createDatabase(dialect: Dialect): Promise<TestDatabase> {
  return dialect === 'sqlite' ? sqliteDatabase() : postgresDatabase();
}

function sqliteDatabase(): TestDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'sandbank-database-'));
  return {
    dialect: 'sqlite',
    url: undefined,
    open: () => Promise.resolve(openSqlite({ file: join(folder, 'a.db'), durability: 'OFF' })),
    drop: () => {
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

/** A schema of its own: as separate as a database, and made in a moment. */
async function postgresDatabase(): Promise<TestDatabase> {
  const { port } = await postgresServer();
  const schema = `test_${randomBytes(6).toString('hex')}`;
  const server = `postgres://${USER}:${PASSWORD}@127.0.0.1:${String(port)}/postgres`;
  const url = `${server}?schema=${schema}`;
  return {
    dialect: 'postgresql',
    url,
    open: () => openPostgres(readPostgresAddress(url)),
    drop: async () => {
      const client = new Client({ connectionString: server });
      await client.connect();
      await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
      await client.end();
    },
  };
}
