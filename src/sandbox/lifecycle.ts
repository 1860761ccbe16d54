import { writeFileSync } from 'node:fs';

import { createDocumentShelf, createLog } from '../http/index.js';
import { loadWorld } from '../life/index.js';
import { bindPorts, toWorldPorts } from './bind-ports.js';
import { composeEcosystem } from './compose.js';
import { readConfig, type SandboxConfig, type SandboxOptions } from './config.js';
import { openDataDirectory } from './data-directory.js';
import type { Ecosystem, FixedParts } from './ecosystem.js';
import { parseYaml } from './parsed-yaml.js';
import { createRequestGate } from './request-gate.js';
import type { Beginning, Running } from './running.js';
import { beginShared } from './many-processes.js';
import { createSnapshots } from './snapshots.js';
import { startTicker } from './ticker.js';
import type { SandboxStatus } from './status.js';
import { bringReplacedBack, forgetReplaced } from './world-files.js';
import { openWorldIn, type NextWorld } from './world.js';
import { describeWorld, worldsOf } from './world-exchange.js';

/** Opens the data directory, binds the ports, builds the world (or finds it again) and serves. */
export async function run(options: SandboxOptions): Promise<Running> {
  const config = readConfig(options);
  const directory = openDataDirectory({ path: config.dataDir, ephemeral: config.ephemeral });
  const cleanUp: (() => Promise<void> | void)[] = [
    () => {
      directory.release();
    },
  ];
  try {
    return await (config.database ? beginShared : begin)({ config, directory, cleanUp, fixed: fixedParts(config) });
  } catch (error) {
    for (const undo of cleanUp.reverse()) await undo();
    throw error;
  }
}

/** What every world of this process is made with. */
function fixedParts({ fixturesDir, openapiDir }: SandboxConfig): FixedParts {
  return { fixtures: loadWorld(fixturesDir, parseYaml), documents: createDocumentShelf(openapiDir, parseYaml) };
}

async function begin({ config, directory, cleanUp, fixed }: Beginning): Promise<Running> {
  bringReplacedBack(directory.databaseFile);
  let world = await openWorldIn(config, directory);
  cleanUp.push(() => world.storage.close());
  const listeners = await bindPorts(config, world.settings.ports);
  cleanUp.push(() => listeners.close());
  const ports = toWorldPorts(listeners, config, world.settings.ports);
  await world.store.write({ ports });
  const log = createLog(config.log);
  const gate = createRequestGate({ exempt: (url) => /^\/_sandbox\/(reset|snapshots)\b/.test(url) });
  const snapshots = createSnapshots(directory);
  const build = async (): Promise<Ecosystem> => {
    const ecosystem = await composeEcosystem({ config, log, directory, listeners, fixed, ...world, worlds });
    writeFileSync(directory.caFile, ecosystem.caPem);
    return ecosystem;
  };
  const serve = (): void => {
    listeners.serve({ app: gate.guard(ecosystem.app), tls: ecosystem.tls });
  };
  let isExchanging = false;
  const reopen = (): void => {
    serve();
    isExchanging = false;
    gate.open();
  };
  /** One world for another, with nobody inside. Whatever goes wrong, the world of before goes on. */
  const exchange = async (next: NextWorld): Promise<SandboxStatus> => {
    isExchanging = true;
    await gate.close();
    await ticker.idle();
    await ecosystem.close();
    await world.storage.close();
    try {
      world = await next(config, directory, world.settings);
      await world.store.write({ ports });
      ecosystem = await build();
      // Nothing of the new world was shown to anybody: until here the one of before can come back.
    } catch (error) {
      await world.storage.close();
      bringReplacedBack(directory.databaseFile);
      world = await openWorldIn(config, directory);
      ecosystem = await build();
      reopen();
      throw error;
    }
    forgetReplaced(directory.databaseFile);
    reopen();
    return ecosystem.status();
  };
  const worlds = worldsOf({ config, snapshots, exchange, present: () => ({ world, ecosystem }) });
  let ecosystem = await build();
  cleanUp.push(() => ecosystem.close());
  if (world.isNew) await snapshots.keepFirst(await describeWorld({ world, ecosystem, config }));
  serve();
  writeFileSync(
    directory.readyFile,
    `${JSON.stringify({ event: 'ready', pid: process.pid, ...ecosystem.status() })}\n`,
    { mode: 0o600 },
  );
  const ticker = startTicker({ ecosystem: () => ecosystem, isOpen: () => Promise.resolve(!isExchanging) });
  return {
    ecosystem: () => ecosystem,
    worlds,
    stop: async () => {
      await ticker.stop();
      await worlds.idle();
      await listeners.close();
      await ecosystem.close();
      await world.storage.close();
      directory.release();
    },
  };
}
