import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { describe, expect, test } from '@jest/globals';

import { openSqlite, type Storage } from '../../src/storage/index.js';

const READ = 'SELECT text FROM notes WHERE id = ?';

async function notes(): Promise<{ readonly storage: Storage; readonly file: string; read(): Promise<unknown> }> {
  const file = join(mkdtempSync(join(tmpdir(), 'read-memory-')), 'a.db');
  const storage = openSqlite({ file, durability: 'OFF' });
  await storage.transaction(async (tx) => {
    await tx.run('CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)');
    await tx.run("INSERT INTO notes VALUES (1, 'first')");
  });
  return { storage, file, read: async () => (await storage.read.get<{ text: string }>(READ, [1]))?.text };
}

const write = (storage: Storage, text: string): Promise<unknown> =>
  storage.transaction((tx) => tx.run('UPDATE notes SET text = ? WHERE id = 1', [text]));

describe('what was read is kept, and never longer than it is true', () => {
  test('a commit of our own is seen by the very next read', async () => {
    const { storage, read } = await notes();
    for (const text of ['second', 'third', 'fourth']) {
      await read();
      await write(storage, text);
      expect(await read()).toBe(text);
    }
    await storage.close();
  });

  test('reads under way while a commit falls between leave nothing behind', async () => {
    const { storage, read } = await notes();
    for (let round = 0; round < 50; round += 1) {
      const [, , after] = await Promise.all([read(), write(storage, `round ${String(round)}`).then(read), read()]);
      expect(typeof after).toBe('string');
      expect(await read()).toBe(`round ${String(round)}`);
    }
    await storage.close();
  });

  test('a commit of another connection is seen in the next turn of the event loop', async () => {
    const { storage, file, read } = await notes();
    expect(await read()).toBe('first');
    const other = new DatabaseSync(file);
    other.exec("UPDATE notes SET text = 'elsewhere' WHERE id = 1");
    await new Promise((resolve) => setImmediate(resolve));
    expect(await read()).toBe('elsewhere');
    other.close();
    await storage.close();
  });

  test('what is not there yet is found once it is', async () => {
    const { storage } = await notes();
    expect(await storage.read.get(READ, [2])).toBeUndefined();
    await storage.transaction((tx) => tx.run("INSERT INTO notes VALUES (2, 'new')"));
    expect(await storage.read.get(READ, [2])).toMatchObject({ text: 'new' });
    await storage.close();
  });

  test('texts and numbers that look alike are different questions, and lists are the reader’s own', async () => {
    const { storage } = await notes();
    const kind = 'SELECT typeof(?) AS kind, ? AS other';
    expect(await storage.read.get(kind, ['1', 1])).toMatchObject({ kind: 'text' });
    expect(await storage.read.get(kind, [1n, '1'])).toMatchObject({ kind: 'integer' });
    const list = await storage.read.all('SELECT text FROM notes');
    list.pop();
    expect(await storage.read.all('SELECT text FROM notes')).toHaveLength(1);
    await storage.close();
  });
});
