import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { createSchedules, schedulesMigrations, type Schedules } from '../../../src/bank/index.js';
import { plusMs } from '../../../src/kernel/index.js';
import { openTemporaryStorage, START } from '../sample-bank.js';

describe('due work', () => {
  let database: Awaited<ReturnType<typeof openTemporaryStorage>>;
  let schedules: Schedules;

  beforeEach(async () => {
    database = await openTemporaryStorage();
    await database.storage.migrate([schedulesMigrations]);
    await database.storage.transaction((tx) => tx.run('CREATE TABLE done (subject TEXT, at INTEGER)'));
    schedules = createSchedules({ bank: 'bramble', storage: database.storage });
  });
  afterEach(() => database.close());

  const enqueue = (afterMs: number, subject: string, kind = 'work') =>
    database.storage.transaction((tx) => schedules.enqueue(tx, { dueAt: plusMs(START, afterMs), kind, subject }));
  const done = async () =>
    (await database.storage.read.all<{ subject: string }>('SELECT subject FROM done ORDER BY rowid')).map(
      ({ subject }) => subject,
    );
  const work = () =>
    schedules.handle('work', async (tx, item) => {
      await tx.run('INSERT INTO done VALUES (?, ?)', [item.subject, item.dueAt]);
    });

  test('is done in order of time, each on its own instant, and what is later waits', async () => {
    work();
    await enqueue(20, 'second');
    await enqueue(10, 'first');
    await enqueue(20, 'third');
    await enqueue(31, 'later');
    expect(await schedules.nextDueAt()).toBe(plusMs(START, 10));
    const items = await schedules.runDue(plusMs(START, 30));
    expect(items.map(({ subject, dueAt }) => [subject, dueAt - START])).toEqual([
      ['first', 10],
      ['second', 20],
      ['third', 20],
    ]);
    expect(await done()).toEqual(['first', 'second', 'third']);
    expect(await schedules.nextDueAt()).toBe(plusMs(START, 31));
  });

  test('that brings further work due in the same span does that as well, in its place', async () => {
    schedules.handle('work', async (tx, item) => {
      await tx.run('INSERT INTO done VALUES (?, ?)', [item.subject, item.dueAt]);
      if (item.subject === 'a')
        await schedules.enqueue(tx, { dueAt: plusMs(item.dueAt, 5), kind: 'work', subject: 'a, then' });
    });
    await enqueue(0, 'a');
    await enqueue(10, 'b');
    await schedules.runDue(plusMs(START, 10));
    expect(await done()).toEqual(['a', 'a, then', 'b']);
  });

  test('is done once by ten runs at the same time', async () => {
    work();
    const subjects = Array.from({ length: 40 }, (_, index) => `item ${index}`);
    for (const subject of subjects) await enqueue(1, subject);
    const runs = await Promise.all(Array.from({ length: 10 }, () => schedules.runDue(plusMs(START, 1))));
    expect(runs.flat()).toHaveLength(40);
    expect(await done()).toEqual(subjects);
  });

  test('that fails changes nothing, lets others pass, is tried again and is parked after five failures', async () => {
    let broken = true;
    schedules.handle('work', async (tx, item) => {
      await tx.run('INSERT INTO done VALUES (?, ?)', [item.subject, item.dueAt]);
      if (item.subject === 'bad' && broken) throw new Error('not today');
    });
    await enqueue(0, 'bad');
    await enqueue(1, 'good');
    const run = () => schedules.runDue(plusMs(START, 5));
    expect((await run()).map(({ subject }) => subject)).toEqual(['good']);
    expect(await done()).toEqual(['good']);
    for (let attempt = 2; attempt <= 4; attempt += 1) await run();
    expect(await schedules.parked()).toEqual([]);
    await run();
    expect(await schedules.parked()).toMatchObject([{ subject: 'bad', failures: 5, lastError: 'Error: not today' }]);
    broken = false;
    expect(await run()).toEqual([]);
    expect(await schedules.nextDueAt()).toBeUndefined();
  });

  test('that failed is done later as of then, and not before what was done in the meantime', async () => {
    let broken = true;
    const seen: (readonly [string, number])[] = [];
    schedules.handle('work', async (_tx, item) => {
      if (item.subject === 'bad' && broken) throw new Error('not today');
      seen.push([item.subject, item.dueAt - START]);
    });
    await enqueue(0, 'bad');
    await enqueue(5, 'good');
    await schedules.runDue(plusMs(START, 10));
    await enqueue(12, 'later');
    broken = false;
    await schedules.runDue(plusMs(START, 20));
    expect(seen).toEqual([
      ['good', 5],
      ['bad', 10],
      ['later', 12],
    ]);
  });

  test('tells what comes after an instant, so that what failed at it does not hide the rest', async () => {
    work();
    await enqueue(0, 'first');
    await enqueue(10, 'second');
    expect(await schedules.nextDueAt(START)).toBe(plusMs(START, 10));
    expect(await schedules.nextDueAt(plusMs(START, 10))).toBeUndefined();
  });

  test('that recovers before the fifth failure is done', async () => {
    let attempts = 0;
    schedules.handle('work', async (tx, item) => {
      attempts += 1;
      if (attempts < 3) throw new Error('not yet');
      await tx.run('INSERT INTO done VALUES (?, ?)', [item.subject, item.dueAt]);
    });
    await enqueue(0, 'slow');
    for (let run = 0; run < 4; run += 1) await schedules.runDue(START);
    expect(await done()).toEqual(['slow']);
  });

  test('of a kind nobody handles, or of another bank, waits', async () => {
    await enqueue(0, 'strange', 'unheard-of');
    const other = createSchedules({ bank: 'dogger', storage: database.storage });
    other.handle('unheard-of', async () => undefined);
    expect(await schedules.nextDueAt()).toBeUndefined();
    expect(await schedules.runDue(START)).toEqual([]);
    expect(await other.runDue(START)).toEqual([]);
    schedules.handle('unheard-of', async () => undefined);
    expect(await schedules.runDue(START)).toHaveLength(1);
  });

  test('that became needless is struck off, and only that', async () => {
    work();
    for (const subject of ['needless', 'needed', 'needless']) await enqueue(1, subject);
    await enqueue(1, 'needless', 'other work');
    const strike = () =>
      database.storage.transaction((tx) => schedules.strike(tx, { kind: 'work', subject: 'needless' }));
    expect([await strike(), await strike()]).toEqual([2, 0]);
    await schedules.runDue(plusMs(START, 1));
    expect(await done()).toEqual(['needed']);
  });

  test('has one handler a kind', () => {
    work();
    expect(work).toThrow('one handler');
  });
});
