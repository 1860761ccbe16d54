import type { Storage } from '../storage/index.js';
import { ECOSYSTEM_MIGRATIONS, KEPT_AT_RESET } from './tables.js';
import type { SandboxConfig } from './config.js';
import type { NewWorld, WorldHome } from './world-home.js';
import { createWorldStore, settleWorld, type WorldSettings, type WorldStore } from './world-settings.js';

export interface World {
  readonly storage: Storage;
  readonly store: WorldStore;
  readonly settings: Omit<WorldSettings, 'historyWritten'>;
  /** No customers yet: the first start, or after a reset. */
  readonly isNew: boolean;
}

type Asked = Pick<SandboxConfig, 'seed' | 'clock' | 'historyMonths'> & Pick<WorldSettings, 'controlToken'>;

/** The world that lies in a database, with tables of this version and settings as they were or are asked for. */
export async function openWorld(storage: Storage, asked: Asked): Promise<World> {
  try {
    await storage.migrate(ECOSYSTEM_MIGRATIONS);
    const store = createWorldStore(storage);
    const stored = await store.read();
    const { seed, idKey, clock, historyMonths } = settleWorld(stored, asked);
    const controlToken = stored.controlToken ?? asked.controlToken;
    const settings = { seed, idKey, clock, historyMonths, ...(controlToken !== undefined && { controlToken }) };
    await store.write({ ...settings, ...(stored.firstClock === undefined && { firstClock: clock }) });
    return {
      storage,
      store,
      settings: {
        ...settings,
        firstClock: stored.firstClock ?? clock,
        ports: stored.ports,
        ...(stored.generation !== undefined && { generation: stored.generation }),
      },
      isNew: stored.historyWritten !== true,
    };
  } catch (error) {
    await storage.close();
    throw error;
  }
}

/** What a reset asks for: the same world from its beginning. */
export function fromTheBeginning({ seed, firstClock, historyMonths, controlToken }: World['settings']): Asked {
  return { seed, clock: firstClock, historyMonths, ...(controlToken !== undefined && { controlToken }) };
}

/** A place for a fresh world, with what a reset keeps. */
export function placeForNewWorld(home: WorldHome, before: World['settings']): Promise<NewWorld> {
  return home.begin(KEPT_AT_RESET, async (open) => {
    const fresh = await openWorld(await open(), fromTheBeginning(before));
    await fresh.storage.close();
  });
}
