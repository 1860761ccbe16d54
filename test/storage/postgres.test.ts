import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';

import { countersMigrations, nextCounter, readPostgresAddress, type Storage } from '../../src/storage/index.js';
import { createDatabase, type TestDatabase } from '../support/databases.js';

const WORKERS = 3;

describe('several programs on one PostgreSQL database', () => {
  let database: TestDatabase;
  let storages: readonly Storage[];
  let outside: Client;

  beforeEach(async () => {
    database = await createDatabase('postgresql');
    storages = await Promise.all(Array.from({ length: WORKERS }, () => database.open()));
    outside = new Client({ connectionString: readPostgresAddress(database.url ?? '').url });
    await outside.connect();
  });
  afterEach(async () => {
    await outside.end();
    for (const storage of storages) await storage.close();
    await database.drop();
  });
  const [first, second] = [() => storages[0] as Storage, () => storages[1] as Storage];

  test('of three that migrate at once each step is applied once, and all find it applied', async () => {
    let runs = 0;
    const module = {
      module: 'm',
      steps: {
        '001': async (tx: Parameters<(typeof countersMigrations.steps)[string]>[0]) => {
          runs += 1;
          await tx.run('CREATE TABLE raced (a INTEGER)');
        },
      },
    };
    await Promise.all(storages.map((storage) => storage.migrate([countersMigrations, module])));
    expect(runs).toBe(1);
    for (const storage of storages) expect(await storage.read.all('SELECT * FROM raced')).toEqual([]);
  });

  test('numbers are drawn once, however many draw them', async () => {
    await first().migrate([countersMigrations]);
    const draws = storages.flatMap((storage) =>
      Array.from({ length: 20 }, () => storage.transaction((tx) => nextCounter(tx, 'payment'))),
    );
    const numbers = (await Promise.all(draws)).map(Number).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 20 * WORKERS }, (_each, index) => index + 1));
  });

  test('a transaction waits for the one of another program, and reads what that one wrote', async () => {
    await first().migrate([countersMigrations]);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const one = first().transaction(async (tx) => {
      await nextCounter(tx, 'payment');
      await held;
    });
    const other = second().transaction((tx) => nextCounter(tx, 'payment'));
    release();
    await one;
    expect(await other).toBe(2n);
  });

  test('work that is done alone is done one after the other, and others see that it is going on', async () => {
    const order: string[] = [];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let begun: () => void = () => undefined;
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const one = first().alone('clock', async () => {
      begun();
      await held;
      order.push('one');
    });
    await hasBegun;
    expect(await second().isAtWork('clock')).toBe(true);
    expect(await second().isAtWork('reset')).toBe(false);
    const other = second().alone('clock', () => {
      order.push('other');
      return Promise.resolve();
    });
    release();
    await Promise.all([one, other]);
    expect(order).toEqual(['one', 'other']);
    expect(await second().isAtWork('clock')).toBe(false);
  });

  test('a connection that is cut refuses what was under way and nothing after it', async () => {
    await first().migrate([countersMigrations]);
    const cut = async (): Promise<void> => {
      await outside.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sandbank' AND pid <> pg_backend_pid()",
      );
    };
    const broken = first().transaction(async (tx) => {
      await nextCounter(tx, 'payment');
      await cut();
      await nextCounter(tx, 'payment');
    });
    await expect(broken).rejects.toMatchObject({ code: 'internal', message: 'The database does not answer.' });
    expect(await first().transaction((tx) => nextCounter(tx, 'payment'))).toBe(1n);
    await cut();
    expect(await first().read.get('SELECT last FROM counters')).toEqual({ last: 1n });
    await cut();
    expect(await first().transaction((tx) => nextCounter(tx, 'payment'))).toBe(2n);
  });

  test('a plan of before a migration of another program is made anew', async () => {
    await first().transaction((tx) => tx.run('CREATE TABLE plans (a INTEGER)'));
    expect(await second().read.all('SELECT * FROM plans')).toEqual([]);
    await first().transaction(async (tx) => {
      await tx.run('ALTER TABLE plans ADD COLUMN b TEXT');
      await tx.run("INSERT INTO plans (a, b) VALUES (1, 'x')");
    });
    expect(await second().read.all('SELECT a, b FROM plans')).toEqual([{ a: 1n, b: 'x' }]);
    expect(await second().read.all('SELECT * FROM plans')).toMatchObject([{ a: 1n, b: 'x' }]);
  });

  test.each(['mysql://x/y', 'no address', 'postgres://u@h/d?schema=Bad', 'postgres://u@h/d?schema=pg_x'])(
    'refuses the address %s without repeating it',
    (text) => {
      expect(() => readPostgresAddress(text)).toThrow(expect.objectContaining({ code: 'configuration.invalid' }));
    },
  );
});
