import { expect, test } from '@jest/globals';

import { bankMigrations, createBank } from '../../src/bank/index.js';
import {
  createClock,
  createIdScheme,
  createRandom,
  instant,
  MS_PER_DAY,
  parseInstant,
} from '../../src/kernel/index.js';
import { loadWorld, measureRealism, registerLife, settlePopulation } from '../../src/life/index.js';
import { countersMigrations } from '../../src/storage/index.js';
import { openTestStorage, TEST_DIALECT } from '../support/databases.js';

test(`a drawn population settles, goes on living and adds up on ${TEST_DIALECT}`, async () => {
  const { storage, close } = await openTestStorage();
  await storage.migrate([countersMigrations, ...bankMigrations]);
  const clock = createClock({ mode: 'frozen', at: parseInstant('2026-11-25T09:00:00Z') ?? instant(0) });
  const world = loadWorld('fixtures');
  const [file] = world.banks;
  if (!file) throw new Error('a bank');
  const bank = createBank({ profile: file.profile, storage, clock, ids: createIdScheme('test') });
  const random = createRandom(1);
  registerLife(bank, { world, random });
  const settled = await settlePopulation({ bank, storage, world, random, clock, customers: 20, months: 3 });
  // The same on every database: what is drawn does not ask where it is kept.
  expect(settled.transactions).toBeGreaterThan(3_000);
  const until = instant(clock.now() + 3 * MS_PER_DAY);
  clock.moveTo(until);
  await bank.schedules.runDue(until);
  expect(await bank.schedules.parked()).toEqual([]);
  const { runningBalances, transactions } = await measureRealism({ bank, sql: storage.read, world });
  expect(transactions).toBeGreaterThan(settled.transactions - 60);
  expect(runningBalances).toEqual({ lines: transactions, wrong: 0 });
  const trial = await bank.trialBalance();
  expect([trial.differences, trial.unbalancedEntries]).toEqual([[], 0]);
  await close();
});
