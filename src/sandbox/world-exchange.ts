import { formatInstantMs } from '../kernel/index.js';
import type { SandboxConfig } from './config.js';
import type { Ecosystem } from './ecosystem.js';
import type { Snapshots, SnapshotWorld } from './snapshots.js';
import type { SandboxStatus } from './status.js';
import { migrationNames } from './tables.js';
import type { World } from './open-world.js';
import { firstWorld, savedWorld, type NextWorld } from './world.js';
import type { Worlds } from './worlds.js';

/** One after the other: nothing is saved of a world that is on its way out. */
export function worldsOf(options: {
  readonly config: SandboxConfig;
  readonly snapshots: Snapshots;
  readonly exchange: (next: NextWorld) => Promise<SandboxStatus>;
  readonly present: () => { readonly world: World; readonly ecosystem: Ecosystem };
}): Worlds & { readonly idle: () => Promise<void> } {
  const { config, snapshots, exchange, present } = options;
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const run = queue.then(work);
    queue = run.catch(() => undefined);
    return run;
  };
  const described = (): Promise<SnapshotWorld> => describeWorld({ ...present(), config });
  let resetting: Promise<SandboxStatus> | undefined;
  const startOver = async (): Promise<SandboxStatus> => {
    const first = snapshots.firstState(await described());
    const status = await exchange(firstWorld(first));
    if (first === undefined) await snapshots.keepFirst(await described());
    return status;
  };
  return {
    reset: () => {
      resetting ??= inTurn(startOver).finally(() => {
        resetting = undefined;
      });
      return resetting;
    },
    saveSnapshot: (name) => inTurn(async () => snapshots.save(name, await described())),
    listSnapshots: () => snapshots.list(),
    deleteSnapshot: (name) => {
      snapshots.delete(name);
    },
    loadSnapshot: (name) => inTurn(async () => exchange(savedWorld(snapshots.fileFor(name, await described())))),
    idle: async () => {
      await queue;
    },
  };
}

/** What a snapshot of it says in its header. */
export async function describeWorld(options: {
  readonly world: World;
  readonly ecosystem: Ecosystem;
  readonly config: SandboxConfig;
}): Promise<SnapshotWorld> {
  const { world, ecosystem, config } = options;
  const { writtenFrom = {} } = await world.store.read();
  return {
    version: config.version,
    migrations: migrationNames(),
    seed: world.settings.seed,
    writtenFrom,
    now: formatInstantMs(ecosystem.clock.now()),
  };
}
