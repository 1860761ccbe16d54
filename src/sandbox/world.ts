import { copyTables, openSqlite, restoreSqlite, type Storage } from '../storage/index.js';
import type { SandboxConfig } from './config.js';
import type { DataDirectory } from './data-directory.js';
import { ECOSYSTEM_MIGRATIONS, KEPT_AT_LOAD, KEPT_AT_RESET } from './tables.js';
import { replacedDatabaseOf, setWorldAside } from './world-files.js';
import { createWorldStore, settleWorld, type WorldSettings, type WorldStore } from './world-settings.js';

export interface World {
  readonly storage: Storage;
  readonly store: WorldStore;
  readonly settings: Omit<WorldSettings, 'historyWritten'>;
  /** No customers yet: the first start, or after a reset that had nothing to go back to. */
  readonly isNew: boolean;
}

/** Opens the world that takes the place of one that is closed; the one of before lies beside it until it stands. */
export type NextWorld = (config: SandboxConfig, directory: DataDirectory, before: World['settings']) => Promise<World>;

export async function openWorld(config: SandboxConfig, directory: DataDirectory): Promise<World> {
  const storage = openSqlite({ file: directory.databaseFile, durability: config.ephemeral ? 'OFF' : 'FULL' });
  try {
    await storage.migrate(ECOSYSTEM_MIGRATIONS);
    const store = createWorldStore(storage);
    const stored = await store.read();
    const settled = settleWorld(stored, config);
    const { seed, idKey, clock, historyMonths } = settled;
    await store.write({
      seed,
      idKey,
      clock,
      historyMonths,
      ...(stored.firstClock === undefined && { firstClock: clock }),
    });
    return {
      storage,
      store,
      settings: { ...settled, firstClock: stored.firstClock ?? clock, ports: stored.ports },
      isNew: stored.historyWritten !== true,
    };
  } catch (error) {
    await storage.close();
    throw error;
  }
}

/**
 * The world as at the first start, with the trust of now. From the copy that was kept of it, and where there is none
 * (the first start was cut off) by writing its history once more. Numbers begin anew: same calls, same ids.
 */
export function firstWorld(copy: string | undefined): NextWorld {
  return async (config, directory, before) => {
    const { databaseFile } = directory;
    setWorldAside(databaseFile);
    const asked = { ...config, seed: before.seed, clock: before.firstClock, historyMonths: before.historyMonths };
    const kept = { from: replacedDatabaseOf(databaseFile), tables: KEPT_AT_RESET };
    if (copy !== undefined) {
      await restoreSqlite({ copy, to: databaseFile, kept, counters: 'of-the-copy' });
      return openWorld(asked, directory);
    }
    const fresh = await openWorld(asked, directory);
    await fresh.storage.close();
    copyTables({ from: kept.from, to: databaseFile, tables: kept.tables });
    return openWorld(asked, directory);
  };
}

/** A world that was saved, with the trust of now. Numbers go on: an id is never given twice. */
export function savedWorld(copy: string): NextWorld {
  return async (config, directory, { seed, firstClock }) => {
    const { databaseFile } = directory;
    setWorldAside(databaseFile);
    const kept = { from: replacedDatabaseOf(databaseFile), tables: KEPT_AT_LOAD };
    await restoreSqlite({ copy, to: databaseFile, kept, counters: 'highest' });
    return openWorld({ ...config, seed, clock: firstClock }, directory);
  };
}
