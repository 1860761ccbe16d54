import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';

import { bindListeners, createLog, type Listeners } from '../http/index.js';
import { SandbankError } from '../kernel/index.js';
import { copyTables, openSqlite, type Storage } from '../storage/index.js';
import { composeEcosystem, ECOSYSTEM_MIGRATIONS, KEPT_AT_RESET } from './compose.js';
import type { Ecosystem } from './ecosystem.js';
import { readConfig, type SandboxConfig, type SandboxOptions } from './config.js';
import { openDataDirectory, type DataDirectory } from './data-directory.js';
import type { SandboxStatus } from './status.js';
import {
  createWorldStore,
  settleWorld,
  type WorldPorts,
  type WorldSettings,
  type WorldStore,
} from './world-settings.js';

const DEFAULT_PORTS: WorldPorts = { public: 8443, mtls: 8444, http: 8080 };
const TICK_MS = 250;
/** Every ten minutes what has been over for long is forgotten. */
const TURNS_TO_PURGE = 2_400;
/** The database itself first: where it lies says which world a start finds. */
const FILES_OF_A_DATABASE = ['', '-wal', '-shm'] as const;

/** The parts of a running sandbox that outlive a reset, and the ecosystem that does not. */
export interface Running {
  ecosystem(): Ecosystem;
  reset(): Promise<SandboxStatus>;
  stop(): Promise<void>;
}

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
    return await begin(config, directory, cleanUp);
  } catch (error) {
    for (const undo of cleanUp.reverse()) await undo();
    throw error;
  }
}

async function begin(
  config: SandboxConfig,
  directory: DataDirectory,
  cleanUp: (() => Promise<void> | void)[],
): Promise<Running> {
  undoInterruptedReset(directory);
  let world = await openWorld(config, directory);
  cleanUp.push(() => world.storage.close());
  const listeners = await bindPorts(config, world.settings.ports);
  cleanUp.push(() => listeners.close());
  await world.store.write({ ports: toWorldPorts(listeners) });
  const log = createLog(config.log);
  const build = async (): Promise<Ecosystem> => {
    const ecosystem = await composeEcosystem({ config, log, directory, listeners, ...world, reset });
    writeFileSync(directory.caFile, ecosystem.caPem);
    return ecosystem;
  };
  let resetting: Promise<SandboxStatus> | undefined;
  const reset = (): Promise<SandboxStatus> => {
    resetting ??= startOver().finally(() => {
      resetting = undefined;
    });
    return resetting;
  };
  const startOver = async (): Promise<SandboxStatus> => {
    const { settings } = world;
    listeners.serve({ app: askToComeAgain, tls: ecosystem.tls });
    await ticker.idle();
    await ecosystem.close();
    await world.storage.close();
    try {
      world = await rebuildWorld(config, directory, settings);
      await world.store.write({ ports: toWorldPorts(listeners) });
      ecosystem = await build();
    } catch (error) {
      // Nothing of the new world was shown to anybody: the world of before goes on.
      await world.storage.close();
      undoInterruptedReset(directory);
      world = await openWorld(config, directory);
      ecosystem = await build();
      listeners.serve({ app: ecosystem.app, tls: ecosystem.tls });
      throw error;
    }
    listeners.serve({ app: ecosystem.app, tls: ecosystem.tls });
    removeDatabase(oldDatabase(directory));
    return ecosystem.status();
  };
  let ecosystem = await build();
  cleanUp.push(() => ecosystem.close());
  listeners.serve({ app: ecosystem.app, tls: ecosystem.tls });
  writeFileSync(
    directory.readyFile,
    `${JSON.stringify({ event: 'ready', pid: process.pid, ...ecosystem.status() })}\n`,
    { mode: 0o600 },
  );
  const ticker = startTicker(
    () => ecosystem,
    () => resetting === undefined,
  );
  return {
    ecosystem: () => ecosystem,
    reset,
    stop: async () => {
      await ticker.stop();
      await resetting?.catch(() => undefined);
      await listeners.close();
      await ecosystem.close();
      await world.storage.close();
      directory.release();
    },
  };
}

interface World {
  readonly storage: Storage;
  readonly store: WorldStore;
  readonly settings: Omit<WorldSettings, 'historyWritten'>;
  /** No customers yet: the first start, or after a reset. */
  readonly isNew: boolean;
}

async function openWorld(config: SandboxConfig, directory: DataDirectory): Promise<World> {
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

/** A fresh database with what a reset keeps; the old one stays beside it until the new world stands. */
async function rebuildWorld(
  config: SandboxConfig,
  directory: DataDirectory,
  before: World['settings'],
): Promise<World> {
  removeDatabase(oldDatabase(directory));
  moveDatabase(directory.databaseFile, oldDatabase(directory), FILES_OF_A_DATABASE);
  const asked = { ...config, seed: before.seed, clock: before.firstClock, historyMonths: before.historyMonths };
  const fresh = await openWorld(asked, directory);
  await fresh.storage.close();
  copyTables({ from: oldDatabase(directory), to: directory.databaseFile, tables: KEPT_AT_RESET });
  return openWorld(asked, directory);
}

function oldDatabase(directory: DataDirectory): string {
  return `${directory.databaseFile}.before-reset`;
}

/** A crash in the middle of a reset: the world of before is whole, the new one may not be. */
function undoInterruptedReset(directory: DataDirectory): void {
  if (!existsSync(oldDatabase(directory))) return;
  // Without a new database, a log that lies here belongs to the old one.
  if (existsSync(directory.databaseFile)) removeDatabase(directory.databaseFile);
  moveDatabase(oldDatabase(directory), directory.databaseFile, FILES_OF_A_DATABASE.toReversed());
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

/** While a reset is under way there is no world to ask. */
function askToComeAgain(_request: unknown, response: ServerResponse): void {
  response.writeHead(503, { 'retry-after': '1' }).end();
}

function bindPorts(config: SandboxConfig, stored: WorldPorts | undefined): Promise<Listeners> {
  const choose = (name: keyof WorldPorts, asked: number | undefined): number => {
    const kept = stored?.[name];
    if (kept === undefined) return asked ?? DEFAULT_PORTS[name];
    if (asked !== undefined && asked !== 0 && asked !== kept) {
      // Issuers, certificates and registrations contain the port; another one would break every client.
      throw new SandbankError('configuration.invalid', 'The ports belong to the data directory once chosen.', {
        path: `port (${name})`,
        expected: String(kept),
        actual: String(asked),
      });
    }
    return kept;
  };
  return bindListeners({
    ...(config.host !== undefined && { host: config.host }),
    ports: {
      public: choose('public', config.port),
      mtls: choose('mtls', config.mtlsPort),
      http: choose('http', config.httpPort),
    },
  });
}

function toWorldPorts(listeners: Listeners): WorldPorts {
  return { public: listeners.ports.public, mtls: listeners.ports.mtls, http: listeners.ports.http ?? 0 };
}

interface Ticker {
  /** Resolves when the turn under way, if there is one, is over. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** Due work of a running clock, and the recorder's batches. Does not keep the process alive. */
function startTicker(ecosystem: () => Ecosystem, isOpen: () => boolean): Ticker {
  let under: Promise<void> | undefined;
  let turns = 0;
  const turn = async (): Promise<void> => {
    const current = ecosystem();
    try {
      if (current.clock.mode === 'system') await current.clockDriver.catchUp();
      turns += 1;
      if (turns % 4 === 0) await current.recorder.flush();
      if (turns % TURNS_TO_PURGE === 0) await current.purge();
    } catch (error) {
      current.log.error({ err: error }, 'due work failed');
    }
  };
  const timer = setInterval(() => {
    if (under || !isOpen()) return;
    under = turn().finally(() => {
      under = undefined;
    });
  }, TICK_MS);
  timer.unref();
  const idle = async (): Promise<void> => {
    await under;
  };
  return {
    idle,
    stop: () => {
      clearInterval(timer);
      return idle();
    },
  };
}
