import { copyTables, openSqlite, restoreSqlite } from '../storage/index.js';
import type { SandboxConfig } from './config.js';
import type { DataDirectory } from './data-directory.js';
import { openWorld, type World } from './open-world.js';
import { KEPT_AT_LOAD, KEPT_AT_RESET } from './tables.js';
import { replacedDatabaseOf, setWorldAside } from './world-files.js';

/** Opens the world that takes the place of one that is closed; the one of before lies beside it until it stands. */
export type NextWorld = (config: SandboxConfig, directory: DataDirectory, before: World['settings']) => Promise<World>;

/** The world of a data directory. */
export function openWorldIn(config: SandboxConfig, { databaseFile }: DataDirectory): Promise<World> {
  const durability = config.ephemeral ? 'OFF' : 'FULL';
  return openWorld(openSqlite({ file: databaseFile, durability }), config);
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
      return openWorldIn(asked, directory);
    }
    const fresh = await openWorldIn(asked, directory);
    await fresh.storage.close();
    copyTables({ from: kept.from, to: databaseFile, tables: kept.tables });
    return openWorldIn(asked, directory);
  };
}

/** A world that was saved, with the trust of now. Numbers go on: an id is never given twice. */
export function savedWorld(copy: string): NextWorld {
  return async (config, directory, { seed, firstClock }) => {
    const { databaseFile } = directory;
    setWorldAside(databaseFile);
    const kept = { from: replacedDatabaseOf(databaseFile), tables: KEPT_AT_LOAD };
    await restoreSqlite({ copy, to: databaseFile, kept, counters: 'highest' });
    return openWorldIn({ ...config, seed, clock: firstClock }, directory);
  };
}
