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
  let database: Awaited<ReturnType<typeof openTemporaryStorage>>;
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
      ...(wall && { wall }),
    });
  };

  beforeEach(async () => {
    database = await openTemporaryStorage();
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

describe('a clock that runs at a speed', () => {
  let database: Awaited<ReturnType<typeof openTemporaryStorage>>;
  let machine: { now: number };
  let clock: VirtualClock;
  let bank: Bank;
  let driver: ClockDriver;
  let kept: ClockState[];
  let complaints: string[];

  beforeEach(async () => {
    database = await openTemporaryStorage();
    await database.storage.migrate([countersMigrations, ...bankMigrations]);
    machine = { now: 1_000_000_000_000 };
    const wall: Clock = { now: () => instant(machine.now) };
    clock = createClock({ mode: 'frozen', at: START }, wall);
    bank = createBank({ profile: PROFILE, storage: database.storage, clock, ids: createIdScheme('driver') });
    [kept, complaints] = [[], []];
    driver = createClockDriver({
      clock,
      banks: [bank],
      wall,
      persist: async (state) => void kept.push(state),
      onStopped: (reason) => void complaints.push(reason),
    });
  });
  afterEach(() => database.close());

  const enqueue = (afterMs: number, subject: string) =>
    database.storage.transaction((tx) =>
      bank.schedules.enqueue(tx, { dueAt: plusMs(START, afterMs), kind: 'work', subject }),
    );
  const pass = (ms: number): Promise<void> => {
    machine.now += ms;
    return driver.tick();
  };

  test('shows its start plus wall time times speed, with all due work done on its own instant', async () => {
    const done: (readonly [string, number])[] = [];
    bank.schedules.handle('work', async (_tx, { subject }) => void done.push([subject, clock.now() - START]));
    await enqueue(30_000, 'after half a minute');
    await enqueue(45_000, 'later');
    await driver.runAt(60);
    await pass(250);
    expect([clock.now() - START, done.length]).toEqual([15_000, 0]);
    await pass(250);
    expect(clock.now() - START).toBe(30_000);
    expect(done).toEqual([['after half a minute', 30_000]]);
    expect({ mode: clock.mode, speed: clock.speed }).toEqual({ mode: 'running', speed: 60 });
  });

  test('stands still between two turns, and for good once it is frozen', async () => {
    await driver.runAt(60);
    await pass(250);
    machine.now += 10_000;
    expect(clock.now() - START).toBe(15_000);
    await driver.freeze();
    await pass(250);
    expect({ mode: clock.mode, at: clock.now() - START }).toEqual({ mode: 'frozen', at: 15_000 });
    expect(kept.at(-1)).toEqual({ mode: 'frozen', at: plusMs(START, 15_000) });
  });

  test('is frozen while it follows a machine whose clock goes on meanwhile, and nothing due before is left', async () => {
    const ticking: Clock = { now: () => instant((machine.now += 1)) };
    clock = createClock({ mode: 'system', offsetMs: 0 }, ticking);
    bank = createBank({ profile: PROFILE, storage: database.storage, clock, ids: createIdScheme('driver') });
    driver = createClockDriver({
      clock,
      banks: [bank],
      wall: ticking,
      persist: async (state) => void kept.push(state),
    });
    const done: string[] = [];
    bank.schedules.handle('work', async (_tx, { subject }) => void done.push(subject));
    await database.storage.transaction((tx) =>
      bank.schedules.enqueue(tx, { dueAt: plusMs(clock.now(), 3), kind: 'work', subject: 'in between' }),
    );
    const { now } = await driver.freeze();
    expect(clock.mode).toBe('frozen');
    expect(clock.now()).toBe(now);
    expect(kept.at(-1)).toEqual({ mode: 'frozen', at: now });
    expect(done).toEqual(['in between']);
    await driver.runAt(60);
    expect(clock.now()).toBe(now);
  });

  test('goes on after a restart where it stood, at its speed', async () => {
    await driver.runAt(60);
    await pass(500);
    const restarted = createClock(kept.at(-1)!, { now: () => instant(machine.now + 86_400_000) });
    expect({ at: restarted.now() - START, speed: restarted.speed }).toEqual({ at: 30_000, speed: 60 });
  });

  test('counts from where it was advanced to', async () => {
    await driver.runAt(60);
    await driver.moveBy('P1D');
    await pass(250);
    expect(clock.now() - START).toBe(MS_PER_DAY + 15_000);
  });

  test('at speed 1 follows the clock of the machine from where it stands', async () => {
    await driver.runAt(1);
    machine.now += 4_000;
    expect({ mode: clock.mode, at: clock.now() - START }).toEqual({ mode: 'system', at: 4_000 });
    await driver.freeze();
    machine.now += 4_000;
    expect(clock.now() - START).toBe(4_000);
  });

  test('is stopped, with the reason, where the work does not keep up', async () => {
    bank.schedules.handle('work', async () => void (machine.now += 30_000));
    await enqueue(10_000, 'half a minute of work');
    await driver.runAt(60);
    await pass(250);
    expect(clock.mode).toBe('frozen');
    expect(driver.stopped()).toContain('30 s behind at 60 times');
    expect(complaints).toEqual([driver.stopped()]);
    const { at } = kept.at(-1) as { at: number };
    expect(at).toBe(clock.now());
    await driver.runAt(10);
    expect(driver.stopped()).toBeUndefined();
  });

  test('does not make up for the time that the machine slept', async () => {
    await driver.runAt(60);
    await pass(250);
    await pass(8 * 3_600_000);
    expect({ mode: clock.mode, at: clock.now() - START }).toEqual({ mode: 'running', at: 15_000 });
    await pass(250);
    expect(clock.now() - START).toBe(30_000);
  });

  test.each([0, -1, 86_401, Number.NaN, Number.POSITIVE_INFINITY])('has no speed %p', async (speed) => {
    expect(() => driver.runAt(speed)).toThrow(expect.objectContaining({ code: 'field.invalid' }));
    expect(clock.mode).toBe('frozen');
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
