import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';

import { createIdScheme } from '../../src/kernel/index.js';
import {
  claimFile,
  countersMigrations,
  nextId,
  onlyOn,
  type SqlTransaction,
  type Storage,
} from '../../src/storage/index.js';
import { createDatabase, DIALECTS, type TestDatabase } from '../support/databases.js';

describe.each(DIALECTS)('storage on %s', (dialect) => {
  let database: TestDatabase;
  let storage: Storage;

  beforeEach(async () => {
    database = await createDatabase(dialect);
    storage = await database.open();
    await storage.migrate([countersMigrations]);
    await storage.transaction((tx) => tx.run('CREATE TABLE things (name TEXT PRIMARY KEY)'));
  });
  afterEach(async () => {
    await storage.close();
    await database.drop();
  });
  const names = async () =>
    (await storage.read.all<{ name: string }>('SELECT name FROM things ORDER BY 1')).map(({ name }) => name);
  const insert = (tx: SqlTransaction, name: string) => tx.run('INSERT INTO things (name) VALUES (?)', [name]);

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

  test('whole numbers are bigints of any size, bytes are bytes, text is ordered by bytes', async () => {
    await storage.transaction(async (tx) => {
      await tx.run('CREATE TABLE kinds (id INTEGER PRIMARY KEY, n INTEGER, b BLOB, t TEXT) STRICT');
      for (const [n, t] of [
        [2n ** 62n, 'b'],
        [-1, 'B'],
        [0, 'ä'],
        [1, "a'?"],
      ] as const)
        await tx.run("INSERT INTO kinds (n, b, t) VALUES (?, ?, ?) -- what? 'not' a ?", [
          n,
          new Uint8Array([0, 255]),
          t,
        ]);
    });
    const rows = await storage.read.all<{ n: bigint; b: Uint8Array; t: string }>(
      'SELECT n, b, t FROM kinds ORDER BY t',
    );
    expect(rows.map(({ t }) => t)).toEqual(['B', "a'?", 'b', 'ä']);
    expect(rows.map(({ n }) => n)).toEqual([-1n, 1n, 2n ** 62n, 0n]);
    expect([...(rows[0]?.b ?? [])]).toEqual([0, 255]);
    const sums = await storage.read.get(
      "SELECT count(*) AS count, max(n) AS most, sum(id) AS sum, t = 'b' AS truth FROM kinds WHERE n > ?1 OR n = ?1 GROUP BY t = 'b' ORDER BY 1 DESC",
      [-1],
    );
    expect(sums).toEqual({ count: 3n, most: 1n, sum: 9n, truth: 0n });
  });

  test('many rows at once: every value as it was, and nothing of it where one row is refused', async () => {
    await storage.transaction((tx) =>
      tx.run('CREATE TABLE many (id INTEGER PRIMARY KEY, t TEXT NOT NULL, b BLOB) STRICT'),
    );
    const texts = ['plain', 'tab\there', 'line\nbreak\r', 'back\\slash \\N', '', 'ä€😀'];
    const target = { table: 'many', columns: ['id', 't', 'b'] };
    const rows = texts.map((text, index) => [index + 1, text, index % 2 === 0 ? new Uint8Array([92, index]) : null]);
    expect(await storage.transaction((tx) => tx.copyIn(target, rows))).toBe(texts.length);
    const read = await storage.read.all<{ id: bigint; t: string; b: Uint8Array | null }>(
      'SELECT * FROM many ORDER BY id',
    );
    expect(read.map(({ t }) => t)).toEqual(texts);
    expect(read.map(({ b }) => b && [...b])).toEqual(rows.map(([, , bytes]) => bytes && [...(bytes as Uint8Array)]));
    const refused = storage.transaction((tx) =>
      tx.copyIn(target, [
        [100, 'new', null],
        [1, 'twice', null],
      ]),
    );
    await expect(refused).rejects.toThrow(/unique/i);
    expect(await storage.read.all('SELECT id FROM many WHERE id = 100')).toEqual([]);
    expect(await storage.transaction(async (tx) => (await tx.all('SELECT id FROM many')).length)).toBe(texts.length);
  });

  test('triggers in the words of SQLite refuse and count on both', async () => {
    await storage.transaction(async (tx) => {
      await tx.run('CREATE TABLE totals (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL, most INTEGER NOT NULL) STRICT');
      await tx.run('CREATE TABLE parts (id INTEGER PRIMARY KEY, amount INTEGER NOT NULL) STRICT');
      await tx.run('INSERT INTO totals (id, sum, most) VALUES (1, 0, 0)');
      await tx.run(`CREATE TRIGGER parts_count AFTER INSERT ON parts WHEN NEW.amount <> 0 BEGIN
        SELECT RAISE(ABORT, 'too much; really') WHERE NEW.amount > 100;
        UPDATE totals SET sum = sum + NEW.amount, most = max(most, NEW.amount) WHERE id = 1;
      END`);
      await tx.run(`CREATE TRIGGER parts_kept BEFORE DELETE ON parts BEGIN SELECT RAISE(ABORT, 'parts are kept'); END`);
      await tx.run(onlyOn('sqlite', 'INSERT INTO things (name) VALUES (1)'));
      await tx.run(onlyOn('postgresql', 'INSERT INTO things (name) VALUES (1)'));
    });
    const add = (amount: number) =>
      storage.transaction((tx) => tx.run('INSERT INTO parts (amount) VALUES (?)', [amount]));
    await add(7);
    await add(5);
    await expect(add(101)).rejects.toThrow('too much; really');
    expect(await storage.read.get('SELECT sum, most FROM totals')).toEqual({ sum: 12n, most: 7n });
    await expect(storage.transaction((tx) => tx.run('DELETE FROM parts'))).rejects.toThrow('parts are kept');
    await storage.transaction((tx) => tx.run('DROP TRIGGER parts_kept'));
    expect(await storage.transaction((tx) => tx.run('DELETE FROM parts'))).toEqual({ changes: 2 });
    expect(await names()).toEqual(['1']);
  });

  test('rows that are numbered by nobody else come in the order of arrival', async () => {
    await storage.transaction((tx) => tx.run('CREATE TABLE runs (id TEXT PRIMARY KEY, n INTEGER) STRICT'));
    for (const id of ['c', 'a', 'b']) {
      await storage.transaction((tx) => tx.run('INSERT INTO runs (id, n) VALUES (?, 1)', [id]));
    }
    await storage.transaction((tx) => tx.run("UPDATE runs SET n = 2 WHERE id = 'c'"));
    const rows = await storage.read.all<{ id: string }>('SELECT id FROM runs ORDER BY rowid');
    expect(rows.map(({ id }) => id)).toEqual(['c', 'a', 'b']);
  });

  test('the query builder speaks the dialect', async () => {
    await storage.transaction((tx) => insert(tx, 'built'));
    const query = storage.read.kysely<{ things: { name: string } }>().selectFrom('things').select('name');
    expect(await query.where('name', '=', 'built').limit(1).execute()).toEqual([{ name: 'built' }]);
  });
});

describe('a data directory', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sandbank-claim-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
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
