import { createBank, createClearing, type Bank } from '../bank/index.js';
import { createClock, createIdScheme, createRandom, SandbankError, type Clock, type Random } from '../kernel/index.js';
import {
  asHtml,
  drawRealism,
  loadWorld,
  measureRealism,
  registerLife,
  settleCustomers,
  settlePopulation,
  type PopulationProgress,
  type Realism,
  type SettledPopulation,
  type World as Fixtures,
} from '../life/index.js';
import { openPostgres, openSqlite, type Storage } from '../storage/index.js';
import { spokenVersions } from './compose-bank.js';
import { readConfig, type SandboxConfig, type SandboxOptions } from './config.js';
import { openDataDirectory, type DataDirectory } from './data-directory.js';
import { openWorld, type World } from './open-world.js';
import { bringReplacedBack } from './world-files.js';

export interface GenerateOptions extends Pick<SandboxOptions, 'dataDir' | 'database' | 'clock'> {
  /** Default: the first of the fixtures. */
  readonly bank?: string;
  /** How many drawn customers the bank shall have. */
  readonly customers: number;
  /** How far back their histories reach. */
  readonly months: number;
  /** Of the population; default that of the world. */
  readonly seed?: number;
  readonly onProgress?: (progress: PopulationProgress) => void;
}

export interface Generated extends SettledPopulation {
  readonly bank: { readonly id: string; readonly name: string };
}

/**
 * Fills a bank of a data directory (or database) that no sandbox runs in with drawn customers and their histories. A
 * world that is not there yet is made as its first start would make it. Throws `configuration.invalid`.
 */
export async function generatePopulation(options: GenerateOptions): Promise<Generated> {
  return withWorld(options, async (stage) => {
    const { storage, fixtures, random, clock, world } = stage;
    const bank = bankOf(stage, options.bank);
    if (world.isNew) await settlePersonas(stage);
    const { customers, months, seed, onProgress } = options;
    const settled = await settlePopulation({
      bank,
      storage,
      world: fixtures,
      random,
      clock,
      customers,
      months,
      ...(seed !== undefined && { seed }),
      ...(onProgress && { onProgress }),
    });
    return { bank: { id: bank.profile.id, name: bank.profile.name }, ...settled };
  });
}

export interface ReportOptions extends Pick<SandboxOptions, 'dataDir' | 'database'> {
  readonly bank?: string;
  readonly onProgress?: (part: number) => void;
}

export interface RealismReport {
  readonly realism: Realism;
  readonly svg: string;
  readonly html: string;
}

/** Measures the drawn customers of a bank and draws them. Throws `party.not-found` where there are none. */
export async function reportRealism(options: ReportOptions): Promise<RealismReport> {
  return withWorld(options, async (stage) => {
    const { storage, fixtures } = stage;
    const { onProgress } = options;
    const realism = await measureRealism({
      bank: bankOf(stage, options.bank),
      sql: storage.read,
      world: fixtures,
      ...(onProgress && { onProgress }),
    });
    const svg = drawRealism(realism);
    return { realism, svg, html: asHtml(svg, `Drawn customers of ${realism.bank.name}`) };
  });
}

interface Stage {
  readonly storage: Storage;
  readonly world: World;
  readonly fixtures: Fixtures;
  readonly random: Random;
  readonly clock: Clock;
  readonly banks: readonly Bank[];
}

/** The world without its listeners: nobody can talk to it meanwhile. */
async function withWorld<T>(
  options: Pick<SandboxOptions, 'dataDir' | 'database' | 'clock'>,
  work: (stage: Stage) => Promise<T>,
): Promise<T> {
  const config = readConfig(options);
  const directory = openDataDirectory({ path: config.dataDir, ephemeral: false });
  try {
    const storage = await openDatabase(config, directory);
    try {
      return await storage.alone('start', async () => work(await stageOn(storage, config)));
    } finally {
      await storage.close();
    }
  } finally {
    directory.release();
  }
}

async function openDatabase({ database }: SandboxConfig, { databaseFile }: DataDirectory): Promise<Storage> {
  if (database) return openPostgres(database);
  bringReplacedBack(databaseFile);
  return openSqlite({ file: databaseFile, durability: 'FULL' });
}

async function stageOn(storage: Storage, config: SandboxConfig): Promise<Stage> {
  const world = await openWorld(storage, config);
  const { settings } = world;
  const clock = createClock(settings.clock);
  const ids = createIdScheme(settings.idKey);
  const random = createRandom(settings.seed);
  const fixtures = loadWorld(config.fixturesDir);
  const clearing = createClearing();
  const banks = fixtures.banks
    .filter((file) => spokenVersions(file).length > 0)
    .map(({ profile }) => createBank({ profile, storage, clock, ids, clearing }));
  for (const bank of banks) registerLife(bank, { world: fixtures, random });
  return { storage, world, fixtures, random, clock, banks };
}

/** As at a first start, so that the personas are the same whichever came first. */
async function settlePersonas({ banks, storage, fixtures, random, clock, world }: Stage): Promise<void> {
  const { historyMonths } = world.settings;
  for (const bank of banks) await settleCustomers({ bank, storage, world: fixtures, random, clock, historyMonths });
  await world.store.write({ historyWritten: true });
}

function bankOf({ banks }: Stage, id: string | undefined): Bank {
  const bank = id === undefined ? banks[0] : banks.find(({ profile }) => profile.id === id);
  if (bank) return bank;
  throw new SandbankError('configuration.invalid', 'There is no such bank.', {
    path: 'bank',
    expected: banks.map(({ profile }) => profile.id).join(', '),
    ...(id !== undefined && { actual: id }),
  });
}
