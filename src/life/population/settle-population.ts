import { hashPassword, type Bank, type NewCredential } from '../../bank/index.js';
import {
  assert,
  dateOf,
  localDate,
  plusDays,
  plusMonths,
  type Clock,
  type LocalDate,
  type Random,
} from '../../kernel/index.js';
import type { LivedAccount, Transaction, Transactions } from '../book.js';
import { countryOf } from '../countries.js';
import { openCustomers } from '../customers.js';
import { endOf, lastEndedDay } from '../day.js';
import { newMemory, type Memory } from '../memory.js';
import type { Persona } from '../persona.js';
import { createSimulation, type Simulation } from '../simulation.js';
import { bankFileOf, merchantsOf, type World } from '../world.js';
import {
  listCohorts,
  noteCohort,
  populationRandom,
  readCohortAccounts,
  recallCohort,
  rememberCohort,
  type Cohort,
} from './cohorts.js';
import { customerNumberOf, drawPersona } from './draw-persona.js';
import { openLinesBook } from './lines-book.js';

/** Due work: all cohorts of a bank live the day that then ends. */
const DAY = 'life.population-day';
/** So many people live in memory at a time; more of them would only take more of it. */
const COHORT_SIZE = 200;

export interface PopulationOptions {
  readonly bank: Bank;
  readonly storage: Transactions;
  readonly world: World;
  readonly random: Random;
  readonly clock: Clock;
  /** How many drawn customers the bank shall have. Those whom it has already count. */
  readonly customers: number;
  /** How many calendar months before now their histories begin. */
  readonly months: number;
  /** Another than the ecosystem's. */
  readonly seed?: number;
  readonly onProgress?: (progress: PopulationProgress) => void;
}

export interface PopulationProgress {
  /** Customers whose history is written; a fraction while theirs is. */
  readonly customers: number;
  readonly of: number;
  readonly transactions: number;
}

export interface SettledPopulation {
  readonly customers: number;
  readonly accounts: number;
  readonly transactions: number;
  /** Of the logins of all drawn customers of the bank; undefined where there is none. */
  readonly customerNumbers?: { readonly first: string; readonly last: string };
  readonly password: string;
}

/**
 * Draws customers of the bank's country until it has as many as asked for, and writes their histories up to the clock's
 * now by the code that lives the personas. One transaction a cohort: interrupted, it goes on with the next.
 */
export async function settlePopulation(options: PopulationOptions): Promise<SettledPopulation> {
  const { bank, storage, world, customers, seed, onProgress } = options;
  const now = options.clock.now();
  const { password } = world.populationOf(bank.profile.country);
  const before = await listCohorts(bank);
  const have = before.reduce((sum, { count }) => sum + count, 0);
  const hashed = await hashPassword(password);
  let accounts = 0;
  let transactions = 0;
  for (let first = have + 1, number = before.length + 1; first <= customers; number += 1) {
    const count = Math.min(COHORT_SIZE, customers - first + 1);
    const began = plusMonths(dateOf(now), -options.months);
    const cohort: Cohort = { number, first, count, began, ...(seed !== undefined && { seed }) };
    const written = transactions;
    const settled = await storage.transaction((tx) =>
      settleCohort(tx, options, {
        cohort,
        hashed,
        until: lastEndedDay(now),
        onDay: (part, lines) =>
          onProgress?.({
            customers: first - 1 - have + part * count,
            of: customers - have,
            transactions: written + lines,
          }),
      }),
    );
    accounts += settled.accounts;
    transactions += settled.lines;
    first += count;
  }
  const all = Math.max(have, customers);
  return {
    customers: all - have,
    accounts,
    transactions,
    ...(all > 0 && { customerNumbers: { first: customerNumberOf(1), last: customerNumberOf(all) } }),
    password,
  };
}

/** Makes drawn customers go on living. Call once per bank and process, before due work runs. */
export function registerPopulation(bank: Bank, options: Pick<PopulationOptions, 'world' | 'random'>): void {
  // Drawn again when they are needed; kept only as long as nobody else needs the memory.
  const kept = new Map<number, WeakRef<Lives>>();
  const livesOf = async (cohort: Cohort): Promise<Lives> => {
    const known = kept.get(cohort.number)?.deref();
    if (known) return known;
    const { simulation } = drawCohort({ bank, ...options }, cohort);
    const lives = { simulation, accounts: await readCohortAccounts(bank, cohort) };
    kept.set(cohort.number, new WeakRef(lives));
    return lives;
  };
  bank.schedules.handle(DAY, async (tx, item) => {
    const date = localDate(item.subject);
    for (const cohort of await listCohorts(bank)) {
      const memory = await recallCohort(bank, cohort);
      assert(memory, 'a memory of the last day');
      if (memory.date >= date) continue;
      const lines = await liveDays(tx, bank, { ...(await livesOf(cohort)), memory, until: date });
      await rememberCohort(tx, bank, { cohort, memory, lines });
    }
    await planDay(tx, bank, plusDays(date, 1));
  });
}

interface Lives {
  readonly simulation: Simulation;
  readonly accounts: readonly LivedAccount[];
}

async function settleCohort(
  tx: Transaction,
  options: PopulationOptions,
  work: {
    readonly cohort: Cohort;
    readonly hashed: NonNullable<NewCredential['hashed']>;
    readonly until: LocalDate;
    readonly onDay: (part: number, lines: number) => void;
  },
): Promise<{ readonly accounts: number; readonly lines: number }> {
  const { bank, world, clock } = options;
  const { cohort, hashed, until, onDay } = work;
  const { personas, simulation } = drawCohort(options, cohort);
  const { began } = cohort;
  const accounts = await openCustomers(tx, { bank, world, personas, began, now: clock.now(), hashed });
  const memory = newMemory(began);
  const lines = await liveDays(tx, bank, { simulation, accounts, memory, until, onDay });
  await noteCohort(tx, bank, { cohort, accounts });
  await rememberCohort(tx, bank, { cohort, memory, lines });
  if (cohort.number === 1) await planDay(tx, bank, plusDays(until, 1));
  return { accounts: accounts.length, lines };
}

/** Lives every day after the last remembered one, and books all of it at once. */
async function liveDays(
  tx: Transaction,
  bank: Bank,
  lives: Lives & {
    readonly memory: Memory;
    readonly until: LocalDate;
    readonly onDay?: (part: number, lines: number) => void;
  },
): Promise<number> {
  const { simulation, accounts, memory, until, onDay } = lives;
  const book = await openLinesBook(tx, bank, accounts);
  const from = endOf(memory.date);
  for (let date = plusDays(memory.date, 1); date <= until; date = plusDays(date, 1)) {
    simulation.liveDay(book, memory, date);
    book.endDay();
    onDay?.((endOf(date) - from) / (endOf(until) - from), book.count());
  }
  const bulk = book.takeBulk();
  if (bulk.entries.length > 0) await bank.ledger.postBulk(tx, bulk);
  return book.count();
}

function drawCohort(
  { bank, world, random }: Pick<PopulationOptions, 'bank' | 'world' | 'random'>,
  cohort: Cohort,
): { readonly personas: readonly Persona[]; readonly simulation: Simulation } {
  const { id: bankId, country: code } = bank.profile;
  const country = countryOf(code);
  assert(country, `customs of ${code}`);
  const own = populationRandom(bank, { random, ...(cohort.seed !== undefined && { seed: cohort.seed }) });
  const merchants = merchantsOf(world, bankFileOf(world, bankId));
  const drawing = { bank: bankId, population: world.populationOf(code), country, merchants };
  const personas = Array.from({ length: cohort.count }, (_, index) => drawPersona(drawing, cohort.first + index, own));
  return { personas, simulation: createSimulation({ bankId, world, personas, random: own }) };
}

async function planDay(tx: Transaction, bank: Bank, date: LocalDate): Promise<void> {
  await bank.schedules.enqueue(tx, { kind: DAY, dueAt: endOf(date), subject: date });
}
