import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { bankMigrations, createBank, type Bank } from '../../src/bank/index.js';
import { createClock, createIdScheme } from '../../src/kernel/index.js';
import { toTrialBalances } from '../../src/sandbox/control/trial-balances.js';
import { verifyEcosystem } from '../../src/sandbox/verification.js';
import { countersMigrations } from '../../src/storage/index.js';
import { openTemporaryStorage, PROFILE, START } from '../bank/sample-bank.js';

describe('verification', () => {
  let database: ReturnType<typeof openTemporaryStorage>;
  let bank: Bank;

  beforeEach(async () => {
    database = openTemporaryStorage();
    await database.storage.migrate([countersMigrations, ...bankMigrations]);
    const clock = createClock({ mode: 'frozen', at: START });
    bank = createBank({ profile: PROFILE, storage: database.storage, clock, ids: createIdScheme('verify') });
    await database.storage.transaction((tx) =>
      bank.ledger.openAccount(tx, { currency: 'GBP', overdraftLimitMinor: 0n }),
    );
  });
  afterEach(() => database.close());

  const failing = async () => (await verifyEcosystem([bank])).checks.filter(({ ok }) => !ok).map(({ name }) => name);
  const bend = (...statements: string[]) =>
    database.storage.transaction(async (tx) => {
      for (const sql of statements) await tx.run(sql);
    });

  test('of a sound bank finds nothing', async () => {
    expect(await verifyEcosystem([bank])).toMatchObject({ ok: true });
    expect(toTrialBalances([await bank.trialBalance()].map((balance) => ({ bank: 'bramble', balance })))).toMatchObject(
      {
        balanced: true,
      },
    );
  });

  test('tells of money that is held for nothing, and says it in JSON', async () => {
    await bend('DROP TRIGGER ledger_accounts_held', 'UPDATE ledger_accounts SET held_minor = 7');
    expect(await failing()).toEqual(['bramble: what every account has set aside equals the sum of its holds']);
    const shown = toTrialBalances([{ bank: 'bramble', balance: await bank.trialBalance() }]);
    expect(JSON.parse(JSON.stringify(shown))).toMatchObject({
      balanced: false,
      banks: [{ heldDifferences: [{ keptMinor: '7', derivedMinor: '0' }] }],
    });
  });

  test('tells of a penny that is neither in flight nor outside, and of banks that disagree on what they owe', async () => {
    const position = {
      bank: 'bramble',
      currency: 'GBP',
      bookedMinor: 0n,
      waitingMinor: 5n,
      inFlightMinor: 3n,
      outsideMinor: 2n,
    };
    expect(await verifyEcosystem([bank], [position])).toMatchObject({ ok: true });
    expect(toTrialBalances([], [position])).toMatchObject({ balanced: true, clearing: [{ waitingMinor: '5' }] });
    for (const wrong of [{ waitingMinor: 4n }, { bookedMinor: 1n }]) {
      expect(await verifyEcosystem([bank], [{ ...position, ...wrong }])).toMatchObject({ ok: false });
      expect(toTrialBalances([], [{ ...position, ...wrong }])).toMatchObject({ balanced: false });
    }
  });

  test('tells of work that was set aside because it failed', async () => {
    bank.schedules.handle('work', async () => Promise.reject(new Error('broken')));
    await database.storage.transaction((tx) =>
      bank.schedules.enqueue(tx, { dueAt: START, kind: 'work', subject: 'a payment' }),
    );
    for (let run = 0; run < 5; run += 1) await bank.catchUp(START);
    const { ok, checks } = await verifyEcosystem([bank]);
    expect(ok).toBe(false);
    expect(checks.find((check) => !check.ok)).toEqual({
      name: 'bramble: no due work was given up',
      ok: false,
      detail: 'work (a payment): Error: broken',
    });
  });
});
