import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { createEventLog, eventsMigrations, type EventLog } from '../../../src/bank/index.js';
import { openTemporaryStorage, START } from '../sample-bank.js';

describe('the event log', () => {
  let database: Awaited<ReturnType<typeof openTemporaryStorage>>;
  let events: EventLog;

  beforeEach(async () => {
    database = await openTemporaryStorage();
    await database.storage.migrate([eventsMigrations]);
    events = createEventLog({ bank: 'bramble', storage: database.storage });
  });
  afterEach(() => database.close());

  const append = (subject: string, data: Record<string, unknown> = {}) =>
    database.storage.transaction((tx) => events.append(tx, { type: 'thing.happened', subject, at: START, data }));

  test('tells what happened, newest first, of one bank and of one subject', async () => {
    await append('a', { amountMinor: 9_007_199_254_740_993n });
    await append('b');
    expect(await events.list()).toEqual([
      { type: 'thing.happened', bank: 'bramble', subject: 'b', at: START, data: {} },
      { type: 'thing.happened', bank: 'bramble', subject: 'a', at: START, data: { amountMinor: '9007199254740993' } },
    ]);
    expect(await events.list({ subject: 'a' })).toHaveLength(1);
    expect(await events.list({ limit: 1 })).toMatchObject([{ subject: 'b' }]);
    expect(await createEventLog({ bank: 'dogger', storage: database.storage }).list()).toEqual([]);
  });

  test('cannot be rewritten', async () => {
    await append('a');
    for (const sql of ["UPDATE bank_events SET subject = 'b'", 'DELETE FROM bank_events']) {
      await expect(database.storage.transaction((tx) => tx.run(sql))).rejects.toThrow('append-only');
    }
  });

  test('forgets an event whose transaction was rolled back', async () => {
    const failed = database.storage.transaction(async (tx) => {
      await events.append(tx, { type: 'thing.happened', subject: 'a', at: START, data: {} });
      throw new Error('after all not');
    });
    await expect(failed).rejects.toThrow('after all not');
    expect(await events.list()).toEqual([]);
  });
});
