import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { findWrite, idempotencyMigrations, purgeWrites, rememberWrite } from '../../../src/bank/index.js';
import { MS_PER_DAY, plusMs } from '../../../src/kernel/index.js';
import { keyOf, openTemporaryStorage, START } from '../sample-bank.js';

describe('remembered writes', () => {
  let database: Awaited<ReturnType<typeof openTemporaryStorage>>;
  beforeEach(async () => {
    database = await openTemporaryStorage();
    await database.storage.migrate([idempotencyMigrations]);
  });
  afterEach(() => database.close());

  const write = { bank: 'bramble', kind: 'consent', idempotency: keyOf('k') };
  const find = (more: Partial<typeof write> = {}, at = START) =>
    database.storage.transaction((tx) => findWrite(tx, { ...write, ...more }, at));
  const remember = () => database.storage.transaction((tx) => rememberWrite(tx, write, 'made'));

  test('a key stands for what it made until it expires', async () => {
    expect(await find()).toBeUndefined();
    await remember();
    expect(await find()).toBe('made');
    expect(await find({}, plusMs(START, MS_PER_DAY - 1))).toBe('made');
    expect(await find({}, plusMs(START, MS_PER_DAY))).toBeUndefined();
  });

  test('the same key at another bank, or of another client, is another key', async () => {
    await remember();
    expect(await find({ bank: 'dogger' })).toBeUndefined();
    expect(await find({ idempotency: keyOf('k', { clientId: 'other' }) })).toBeUndefined();
  });

  test('a key that comes again with another body, or for another kind of write, is refused', async () => {
    await remember();
    const refused = { code: 'idempotency.body-changed' };
    await expect(find({ idempotency: keyOf('k', { fingerprint: 'changed' }) })).rejects.toMatchObject(refused);
    await expect(find({ kind: 'payment' })).rejects.toMatchObject(refused);
  });

  test('a key is forgotten with the write that was rolled back', async () => {
    const failed = database.storage.transaction(async (tx) => {
      await rememberWrite(tx, write, 'made');
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await find()).toBeUndefined();
  });

  test('expired keys of the bank are purged, and no others', async () => {
    await remember();
    const purge = (bank: string, at: typeof START) => database.storage.transaction((tx) => purgeWrites(tx, bank, at));
    expect(await purge('bramble', plusMs(START, MS_PER_DAY - 1))).toBe(0);
    expect(await purge('dogger', plusMs(START, MS_PER_DAY))).toBe(0);
    expect(await purge('bramble', plusMs(START, MS_PER_DAY))).toBe(1);
  });
});
