import { existsSync, renameSync, rmSync } from 'node:fs';

import {
  copyBetweenSchemas,
  copyTables,
  dropSchema,
  openPostgres,
  openSqlite,
  replaceSchema,
  type PostgresAddress,
  type Storage,
  type TableCopy,
} from '../storage/index.js';
import type { SandboxConfig } from './config.js';
import type { DataDirectory } from './data-directory.js';

/** Where the rows of an ecosystem lie, and how it starts over without ever being half old and half new. */
export interface WorldHome {
  /** Opens what is there, or makes it. */
  open(): Promise<Storage>;
  /** After a crash: forgets a new world that was never shown to anybody. Before the first `open`. */
  settle(): Promise<void>;
  /**
   * A place for the new world beside the old one, which nothing has open. `prepare` migrates it; then it gets the rows
   * that are kept.
   */
  begin(tables: readonly TableCopy[], prepare: (open: () => Promise<Storage>) => Promise<void>): Promise<NewWorld>;
  /** One reset at a time of all who share the database. */
  aloneAtReset<T>(work: () => Promise<T>): Promise<T>;
}

export interface NewWorld {
  open(): Promise<Storage>;
  /** It moves to the old one's place: closed before `keep`, it is opened again at home. */
  readonly moves: boolean;
  /** The new world is whole and replaces the old one. */
  keep(): Promise<void>;
  /** The old world goes on. Nothing has the new one open. */
  discard(): Promise<void>;
}

export function worldHome(config: SandboxConfig, directory: DataDirectory): WorldHome {
  return config.database ? postgresHome(config.database) : sqliteHome(directory, config.ephemeral ? 'OFF' : 'FULL');
}

/** In a schema beside it, and renamed in one transaction. */
function postgresHome(address: PostgresAddress): WorldHome {
  const next: PostgresAddress = { ...address, schema: `${address.schema}_next` };
  const open = (): Promise<Storage> => openPostgres(address);
  return {
    open,
    // Another process may be at a reset just now: what a crash left is dropped by the next one.
    settle: () => Promise.resolve(),
    begin: async (tables, prepare) => {
      await dropSchema(next);
      await prepare(() => openPostgres(next));
      await copyBetweenSchemas({ from: address, to: next, tables });
      return {
        open: () => openPostgres(next),
        moves: true,
        keep: () => replaceSchema(address, next),
        discard: () => dropSchema(next),
      };
    },
    aloneAtReset: async (work) => {
      const storage = await open();
      try {
        // Due work of the others ends before and begins after.
        return await storage.alone(RESET, () => storage.alone('clock', work));
      } finally {
        await storage.close();
      }
    },
  };
}

/** The name under which a reset is done alone. */
export const RESET = 'reset';

/** The database itself first: where it lies says which world a start finds. */
const FILES_OF_A_DATABASE = ['', '-wal', '-shm'] as const;

/** The old database lies beside the new one until that stands. */
function sqliteHome({ databaseFile }: DataDirectory, durability: 'FULL' | 'OFF'): WorldHome {
  const before = `${databaseFile}.before-reset`;
  const open = (): Promise<Storage> => Promise.resolve(openSqlite({ file: databaseFile, durability }));
  /** A crash in the middle of a reset: the world of before is whole, the new one may not be. */
  const undo = (): Promise<void> => {
    if (existsSync(before)) {
      // Without a new database, a log that lies here belongs to the old one.
      if (existsSync(databaseFile)) removeDatabase(databaseFile);
      moveDatabase(before, databaseFile, FILES_OF_A_DATABASE.toReversed());
    }
    return Promise.resolve();
  };
  return {
    open,
    settle: undo,
    begin: async (tables, prepare) => {
      removeDatabase(before);
      moveDatabase(databaseFile, before, FILES_OF_A_DATABASE);
      try {
        await prepare(open);
        copyTables({ from: before, to: databaseFile, tables });
      } catch (error) {
        await undo();
        throw error;
      }
      return {
        open,
        moves: false,
        keep: () => {
          removeDatabase(before);
          return Promise.resolve();
        },
        discard: undo,
      };
    },
    aloneAtReset: (work) => work(),
  };
}

/** With its log, where another program that looks into the database kept it from being tidied away. */
function moveDatabase(from: string, to: string, suffixes: readonly string[]): void {
  for (const suffix of suffixes) {
    if (existsSync(`${from}${suffix}`)) renameSync(`${from}${suffix}`, `${to}${suffix}`);
  }
}

function removeDatabase(file: string): void {
  for (const suffix of FILES_OF_A_DATABASE) rmSync(`${file}${suffix}`, { force: true });
}
