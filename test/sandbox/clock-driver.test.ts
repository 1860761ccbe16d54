import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { bankMigrations, createBank, type Bank } from '../../src/bank/index.js';
import {
  createClock,
  createIdScheme,
  instant,
  MS_PER_DAY,
  plusMs,
  type Clock,
  type ClockState,
  type VirtualClock,
} from '../../src/kernel/index.js';
import { addDuration, createClockDriver, type ClockDriver } from '../../src/sandbox/clock-driver.js';
import { countersMigrations } from '../../src/storage/index.js';
import { openTemporaryStorage, PROFILE, START } from '../bank/sample-bank.js';

describe('the clock driver', () => {
  let database: ReturnType<typeof openTemporaryStorage>;
  let clock: VirtualClock;
  let banks: readonly Bank[];
  let driver: ClockDriver;
  let kept: ClockState[];

  const begin = (state: ClockState, wall?: Clock): void => {
    clock = createClock(state, wall);
    kept = [];
    banks = ['bramble', 'dogger'].map((id) =>
      createBank({ profile: { ...PROFILE, id }, storage: database.storage, clock, ids: createIdScheme('driver') }),
    );
    driver = createClockDriver({
      clock,
      banks,
      persist: async (state_) => {
        kept.push(state_);
      },
    });
  };

  beforeEach(async () => {
    database = openTemporaryStorage();
    await database.storage.migrate([countersMigrations, ...bankMigrations]);
    begin({ mode: 'frozen', at: START });
  });
  afterEach(() => database.close());

  const enqueue = (bank: number, afterMs: number, subject: string) =>
    database.storage.transaction((tx) =>
      banks[bank]!.schedules.enqueue(tx, { dueAt: plusMs(START, afterMs), kind: 'work', subject }),
    );

  test('keeps where it goes before anything is done on the way', async () => {
    const order: string[] = [];
    banks[0]!.schedules.handle('work', async () => void order.push(`done while ${kept.length} kept`));
    await enqueue(0, 10, 'a');
    await driver.moveTo(plusMs(START, 20));
    expect(order).toEqual(['done while 1 kept']);
    expect(kept).toEqual([{ mode: 'frozen', at: plusMs(START, 20) }]);
  });

  test('goes from instant to instant across banks, also when an item fails on the way', async () => {
    const seen: (readonly [string, number, number])[] = [];
    for (const bank of banks) {
      bank.schedules.handle('work', async (_tx, { subject, dueAt }) => {
        if (subject === 'bad') throw new Error('broken for good');
        seen.push([subject, dueAt - START, clock.now() - START]);
      });
    }
    await enqueue(0, 5, 'bad');
    await enqueue(1, 10, 'b at 10');
    await enqueue(0, 20, 'a at 20');
    await enqueue(1, 30, 'b at 30');
    const move = await driver.moveTo(plusMs(START, 40));
    expect(seen).toEqual([
      ['b at 10', 10, 10],
      ['a at 20', 20, 20],
      ['b at 30', 30, 30],
    ]);
    expect(move.done).toHaveLength(3);
    expect(clock.now()).toBe(plusMs(START, 40));
  });

  test('adds durations to where the clock stands when their turn comes', async () => {
    await Promise.all([driver.moveBy('P1D'), driver.moveBy('P1D'), driver.moveBy('PT1S')]);
    expect(clock.now() - START).toBe(2 * MS_PER_DAY + 1_000);
  });

  test('of a running clock moves on while another move is under way, and by nothing at all', async () => {
    let wall = 1_000_000_000_000;
    begin({ mode: 'system', offsetMs: 0 }, { now: () => instant((wall += 1)) });
    await driver.moveToNext();
    await driver.moveBy('PT0S');
    await Promise.all([driver.moveBy('PT1S'), driver.moveBy('PT1S')]);
    expect(clock.offsetMs).toBeGreaterThanOrEqual(1_990);
  });

  test('of a running clock that was restarted never stands before where it stood', async () => {
    let wall = 1_000_000_000_000;
    begin({ mode: 'system', offsetMs: 0 }, { now: () => instant((wall += 3)) });
    await driver.moveBy('P2D');
    const restarted = createClock(kept.at(-1)!, { now: () => instant(wall) });
    expect(restarted.now()).toBeGreaterThanOrEqual(clock.now() - 6);
  });

  test('refuses to go back and to where the calendar ends, and changes nothing', async () => {
    await expect(driver.moveTo(plusMs(START, -1))).rejects.toMatchObject({ code: 'clock.cannot-go-back' });
    await expect(driver.moveTo(instant(Number.NaN))).rejects.toMatchObject({ code: 'field.invalid' });
    await expect(driver.moveTo(instant(Date.UTC(9_999, 11, 31)))).rejects.toMatchObject({ code: 'field.invalid' });
    await expect(driver.moveBy('P999Y')).resolves.toBeDefined();
    for (let turn = 0; turn < 8; turn += 1) await driver.moveBy('P999Y').catch(() => undefined);
    await expect(driver.moveBy('P999Y')).rejects.toMatchObject({ code: 'field.invalid' });
    for (const state of kept) expect(Number.isFinite((state as { at: number }).at)).toBe(true);
  });

  test('frees what was set aside when its time has come, though nothing else is due', async () => {
    const [bank] = banks;
    const account = await database.storage.transaction(async (tx) => {
      const opened = await bank!.accounts.open(tx, {
        product: { id: 'current', name: 'Current', type: 'current', category: 'personal' },
        currency: 'GBP',
        holderName: 'MS A CLARKE',
        holders: [{ partyId: 'amelia', role: 'sole' }],
        openedAt: START,
        overdraftLimitMinor: 100n,
      });
      await bank!.ledger.hold(tx, {
        account: opened.ledgerAccount,
        amountMinor: 40n,
        at: START,
        expiresAt: START,
        detail: { code: 'fee', text: 'HELD' },
      });
      return opened;
    });
    await driver.catchUp();
    expect((await bank!.accounts.balance(account.id)).availableMinor).toBe(0n);
  });
});

describe('durations', () => {
  test.each([
    ['P91D', '2026-04-06T09:00:00.000Z'],
    ['P1Y6M', '2027-07-05T09:00:00.000Z'],
    ['P1W', '2026-01-12T09:00:00.000Z'],
    ['PT2H30M', '2026-01-05T11:30:00.000Z'],
  ])('%s leads to %s', (duration, expected) => {
    expect(new Date(addDuration(START, duration)).toISOString()).toBe(expected);
  });

  test.each(['P', 'PT', '1D', 'P-1D', 'P1.5D', ''])('%s is none', (duration) => {
    expect(() => addDuration(START, duration)).toThrow(expect.objectContaining({ code: 'field.invalid' }));
  });
});
