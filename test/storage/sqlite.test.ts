import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';

import { createIdScheme } from '../../src/kernel/index.js';
import {
  claimFile,
  countersMigrations,
  nextId,
  openSqlite,
  type SqlTransaction,
  type Storage,
} from '../../src/storage/index.js';

describe('storage on SQLite', () => {
  let folder: string;
  let storage: Storage;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sandbank-storage-'));
    storage = openSqlite({ file: join(folder, 'a.db'), durability: 'OFF' });
    await storage.migrate([countersMigrations]);
    await storage.transaction((tx) => tx.run('CREATE TABLE things (name TEXT PRIMARY KEY)'));
  });
  afterEach(async () => {
    await storage.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const names = async () =>
    (await storage.read.all<{ name: string }>('SELECT name FROM things ORDER BY 1')).map(({ name }) => name);
  const insert = (tx: SqlTransaction, name: string) => tx.run('INSERT INTO things VALUES (?)', [name]);

  test('a transaction is invisible until its commit, and others wait for it', async () => {
    let seen: readonly string[] = ['?'];
    const first = storage.transaction(async (tx) => {
      await insert(tx, 'a');
      seen = await names();
      await new Promise<void>((resolve) => setImmediate(resolve));
      await insert(tx, 'b');
    });
    const second = storage.transaction(async (tx) => tx.all('SELECT name FROM things'));
    await first;
    expect(seen).toEqual([]);
    expect(await second).toHaveLength(2);
  });

  test('a failed transaction leaves nothing, not even the numbers it drew', async () => {
    const ids = createIdScheme('key');
    const draw = (fail: boolean) =>
      storage.transaction(async (tx) => {
        const id = await nextId(tx, ids, 'payment');
        await insert(tx, id);
        if (fail) throw new Error('no');
        return id;
      });
    await expect(draw(true)).rejects.toThrow('no');
    const id = await draw(false);
    expect(await names()).toEqual([id]);
    expect(await draw(false)).not.toBe(id);
  });

  test('a transaction that is used after its end is refused and changes nothing', async () => {
    let leaked: SqlTransaction | undefined;
    await storage.transaction(async (tx) => {
      leaked = tx;
    });
    await expect(insert(leaked!, 'late')).rejects.toThrow('after its end');
    const running = storage.transaction(async (tx) => {
      await insert(tx, 'mine');
      await insert(leaked!, 'late').catch(() => undefined);
    });
    await running;
    expect(await names()).toEqual(['mine']);
  });

  test('work after the commit cannot make the commit look like a failure', async () => {
    const ran: string[] = [];
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    await storage.transaction(async (tx) => {
      await insert(tx, 'a');
      tx.afterCommit(() => {
        throw new Error('a listener is broken');
      });
      tx.afterCommit(() => ran.push('second'));
    });
    expect(await names()).toEqual(['a']);
    expect(ran).toEqual(['second']);
    expect(warned).toHaveBeenCalledWith(expect.stringContaining('a listener is broken'));
    warned.mockRestore();
    const failed = storage.transaction(async (tx) => {
      tx.afterCommit(() => ran.push('never'));
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(ran).toEqual(['second']);
  });

  test('migrations are applied once, and a database from a newer program is refused', async () => {
    let runs = 0;
    const module = {
      module: 'm',
      steps: {
        '001': async (tx: SqlTransaction) => {
          await insert(tx, `run ${(runs += 1)}`);
        },
      },
    };
    await storage.migrate([countersMigrations, module]);
    await storage.migrate([countersMigrations, module]);
    expect(runs).toBe(1);
    await expect(storage.migrate([countersMigrations])).rejects.toMatchObject({ code: 'configuration.invalid' });
  });

  test('a step that fails half way is not remembered, and is applied whole the next time', async () => {
    let broken = true;
    const step = async (tx: SqlTransaction) => {
      await tx.run('CREATE TABLE half (a TEXT)');
      if (broken) throw new Error('power cut');
    };
    const module = { module: 'm', steps: { '001': step } };
    await expect(storage.migrate([countersMigrations, module])).rejects.toThrow('power cut');
    broken = false;
    await storage.migrate([countersMigrations, module]);
    expect(await storage.read.all('SELECT * FROM half')).toEqual([]);
  });

  test('a claimed file is claimed once, until it is let go', () => {
    const file = join(folder, 'claim');
    const release = claimFile(file);
    expect(release).toBeDefined();
    expect(claimFile(file)).toBeUndefined();
    release?.();
    const again = claimFile(file);
    expect(again).toBeDefined();
    again?.();
  });
});
