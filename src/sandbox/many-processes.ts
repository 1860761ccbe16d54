import { writeFileSync } from 'node:fs';

import { assert, SandbankError } from '../kernel/index.js';
import { fromTheBeginning, placeForNewWorld } from './open-world.js';
import type { Beginning, Running } from './running.js';
import { createStage, type Stage } from './stage.js';
import type { SandboxStatus } from './status.js';
import { startTicker, type Ticker } from './ticker.js';
import { worldHome, type NewWorld, type WorldHome } from './world-home.js';
import type { Worlds } from './worlds.js';

/** A process that may share its database with others (`--database`). */
export async function beginShared({ config, directory, fixed, cleanUp }: Beginning): Promise<Running> {
  assert(config.database, 'a database that others may use');
  const home = worldHome(config.database);
  const storage = await home.open();
  cleanUp.push(() => storage.close());
  let resetting: Promise<SandboxStatus> | undefined;
  const worlds = withoutSnapshots(() => {
    resetting ??= startOver({ stage, home, ticker }).finally(() => {
      resetting = undefined;
    });
    return resetting;
  });
  const stage = createStage({ config, folder: directory, fixed, worlds });
  cleanUp.push(() => stage.close());
  // Of several processes that start on one database at once, one makes the world and the others find it.
  await storage.alone('start', () => stage.compose(storage));
  stage.serve();
  const ready = { event: 'ready', pid: process.pid, ...stage.ecosystem().status() };
  writeFileSync(directory.readyFile, `${JSON.stringify(ready)}\n`, { mode: 0o600 });
  const ticker = startTicker({
    ecosystem: () => stage.ecosystem(),
    isOpen: async () => resetting === undefined && (await stage.keepUp()),
  });
  return {
    ecosystem: () => stage.ecosystem(),
    worlds,
    stop: async () => {
      await ticker.stop();
      await resetting?.catch(() => undefined);
      await stage.close();
      directory.release();
    },
  };
}

/** The database's own tools keep copies of a database that several processes share. */
function withoutSnapshots(reset: Worlds['reset']): Worlds {
  const refuse = (): never => {
    throw new SandbankError('operation.not-implemented', 'Snapshots are of worlds in a data directory.', {
      expected: 'a sandbox without --database',
    });
  };
  return {
    reset,
    saveSnapshot: () => Promise.resolve().then(refuse),
    listSnapshots: () => [],
    deleteSnapshot: refuse,
    loadSnapshot: () => Promise.resolve().then(refuse),
  };
}

/** The next world is made while nobody is served, and shown once it is whole. */
async function startOver({
  stage,
  home,
  ticker,
}: {
  readonly stage: Stage;
  readonly home: WorldHome;
  readonly ticker: Ticker;
}): Promise<SandboxStatus> {
  const { settings } = stage.world();
  stage.pause();
  await ticker.idle();
  await stage.leave();
  let place: NewWorld | undefined;
  try {
    await home.aloneAtReset(async () => {
      place = await placeForNewWorld(home, settings);
      await stage.compose(await place.open(), fromTheBeginning(settings));
      await stage.world().store.write({ generation: (settings.generation ?? 0) + 1 });
      await stage.leave();
      await place.keep();
    });
    await stage.compose(await home.open());
  } catch (error) {
    // Nothing of the new world was shown to anybody: the world of before goes on.
    await stage.leave();
    await place?.discard();
    await stage.compose(await home.open());
    stage.serve();
    throw error;
  }
  stage.serve();
  return stage.ecosystem().status();
}
