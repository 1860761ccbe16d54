import type { Bank } from '../bank/index.js';
import {
  assert,
  dateOf,
  localDate,
  parts,
  plusDays,
  plusMonths,
  type Clock,
  type LocalDate,
  type Random,
} from '../kernel/index.js';
import { planArrangements, recordArrangements } from './arrangements.js';
import { openBook, type LivedAccount, type Transaction, type Transactions } from './book.js';
import { openCustomers } from './customers.js';
import { endOf, lastEndedDay } from './day.js';
import { fromRemembered, newMemory, toRemembered, type Memory } from './memory.js';
import { registerPopulation } from './population/settle-population.js';
import { createSimulation, type Simulation } from './simulation.js';
import { personasOf, type World } from './world.js';

const DAY = 'life.day';
/** Subjects of life's own lines in the event log: who lives here, and what was remembered last. */
const CUSTOMERS = 'life/customers';
const REMEMBERED = 'life/memory';

export interface SettleOptions {
  readonly bank: Bank;
  readonly storage: Transactions;
  readonly world: World;
  /** The ecosystem's generator; life forks it and draws nothing from it itself. */
  readonly random: Random;
  readonly clock: Clock;
  /** How many calendar months before now the histories begin. */
  readonly historyMonths: number;
}

export interface Settled {
  readonly accounts: number;
  readonly days: number;
  readonly entries: number;
}

/**
 * Creates a bank's personas with logins and accounts, writes their history day by day up to the clock's now, and plans
 * the first day to come. Called again after an interruption it continues where it was; called when all is done it does
 * nothing. One transaction a calendar month, each with one event that sums it up.
 */
export async function settleCustomers(options: SettleOptions): Promise<Settled> {
  const { bank, storage, world, clock, historyMonths } = options;
  const now = clock.now();
  const bankId = bank.profile.id;
  const random = lifeRandom(options);
  const simulation = createSimulation({ bankId, world, personas: personasOf(world, bankId), random });
  if (!(await readAccounts(bank))) {
    const began = plusMonths(dateOf(now), -historyMonths);
    await storage.transaction(async (tx) => {
      const opened = await openCustomers(tx, { bank, world, personas: personasOf(world, bankId), began, now });
      await recordArrangements(tx, { bank, world, random: lifeRandom(options), accounts: opened, began });
      await bank.events.append(tx, {
        type: 'life.customers-settled',
        subject: CUSTOMERS,
        at: now,
        data: { accounts: opened },
      });
      await remember(tx, bank, { memory: newMemory(began), entries: 0, from: began });
      await bank.schedules.enqueue(tx, {
        kind: DAY,
        dueAt: endOf(plusDays(lastEndedDay(now), 1)),
        subject: plusDays(lastEndedDay(now), 1),
      });
    });
  }
  const accounts = await readAccounts(bank);
  assert(accounts, 'the customers that were settled');
  const until = lastEndedDay(now);
  let days = 0;
  let entries = 0;
  for (let memory = await recall(bank); memory.date < until; memory = await recall(bank)) {
    const from = plusDays(memory.date, 1);
    const to = earlier(endOfMonth(from), until);
    const lived = await storage.transaction((tx) => liveDays(tx, { bank, simulation, accounts, memory }, to));
    days += lived.days;
    entries += lived.entries;
  }
  return { accounts: accounts.length, days, entries };
}

/**
 * Makes personas go on living: handles `life.day`, due at 05:00 UTC every day, which books the day that then ends and
 * plans the next. Call once per bank and process, before due work runs.
 */
export function registerLife(bank: Bank, options: Pick<SettleOptions, 'world' | 'random'>): void {
  registerPopulation(bank, options);
  const random = lifeRandom({ bank, random: options.random });
  const bankId = bank.profile.id;
  const { world } = options;
  const simulation = createSimulation({ bankId, world, personas: personasOf(world, bankId), random });
  planArrangements(bank, random);
  bank.schedules.handle(DAY, async (tx, item) => {
    const date = localDate(item.subject);
    const accounts = await readAccounts(bank);
    assert(accounts, 'customers who live');
    const memory = await recall(bank);
    await liveDays(tx, { bank, simulation, accounts, memory }, date);
    const tomorrow = plusDays(date, 1);
    await bank.schedules.enqueue(tx, { kind: DAY, dueAt: endOf(tomorrow), subject: tomorrow });
  });
}

interface Lives {
  readonly bank: Bank;
  readonly simulation: Simulation;
  readonly accounts: readonly LivedAccount[];
  readonly memory: Memory;
}

/** Lives every day after the last remembered one up to `to`, and books all of it. */
async function liveDays(
  tx: Transaction,
  { bank, simulation, accounts, memory }: Lives,
  to: LocalDate,
): Promise<{ readonly days: number; readonly entries: number }> {
  const book = await openBook(tx, bank, accounts);
  const from = plusDays(memory.date, 1);
  let days = 0;
  for (let date = from; date <= to; date = plusDays(date, 1)) {
    simulation.liveDay(book, memory, date);
    days += 1;
  }
  if (days === 0) return { days, entries: 0 };
  const entries = book.take();
  await bank.ledger.postBatch(tx, entries);
  await remember(tx, bank, { memory, entries: entries.length, from });
  return { days, entries: entries.length };
}

async function remember(
  tx: Transaction,
  bank: Bank,
  { memory, entries, from }: { readonly memory: Memory; readonly entries: number; readonly from: LocalDate },
): Promise<void> {
  const data = { from, to: memory.date, entries, memory: toRemembered(memory) };
  await bank.events.append(tx, { type: 'life.days-lived', subject: REMEMBERED, at: endOf(memory.date), data });
}

async function recall(bank: Bank): Promise<Memory> {
  const [event] = await bank.events.list({ subject: REMEMBERED, limit: 1 });
  assert(event, 'a memory of the last day');
  return fromRemembered(event.data['memory']);
}

async function readAccounts(bank: Bank): Promise<readonly LivedAccount[] | undefined> {
  const [event] = await bank.events.list({ subject: CUSTOMERS, limit: 1 });
  return event?.data['accounts'] as readonly LivedAccount[] | undefined;
}

/** One generator for history and continuation alike, apart from everything else that draws from the ecosystem's. */
function lifeRandom({ bank, random }: Pick<SettleOptions, 'bank' | 'random'>): Random {
  return random.fork(`life/${bank.profile.id}`);
}

function endOfMonth(date: LocalDate): LocalDate {
  const [, , day] = parts(date);
  return plusDays(plusMonths(plusDays(date, 1 - day), 1), -1);
}

function earlier(a: LocalDate, b: LocalDate): LocalDate {
  return a < b ? a : b;
}
