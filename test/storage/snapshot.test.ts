import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import {
  copySqlite,
  countersMigrations,
  nextCounter,
  openSqlite,
  readSqliteSnapshot,
  readStamp,
  restoreSqlite,
  type SqlReader,
  type Storage,
} from '../../src/storage/index.js';

describe('snapshots of a database', () => {
  let folder: string;
  let storage: Storage;
  let file: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sandbank-snapshot-'));
    file = join(folder, 'world.db');
    storage = openSqlite({ file, durability: 'OFF' });
    await storage.migrate([countersMigrations]);
  });

  afterEach(async () => {
    await storage.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const draw = (kind = 'payment') => storage.transaction((tx) => nextCounter(tx, kind));
  const lastOf = async (sql: SqlReader, kind = 'payment'): Promise<bigint | undefined> =>
    (await sql.get<{ last: bigint }>('SELECT last FROM counters WHERE kind = ?', [kind]))?.last;

  test('reads of one snapshot see one instant, while others write', async () => {
    await draw();
    await storage.snapshot(async (sql) => {
      expect(await lastOf(sql)).toBe(1n);
      await draw();
      expect(await lastOf(sql)).toBe(1n);
      expect(await lastOf(storage.read)).toBe(2n);
      await expect(sql.all('DELETE FROM counters')).rejects.toThrow(/readonly/);
    });
    expect(await storage.snapshot(lastOf)).toBe(2n);
  });

  test('a copy is of one instant, one file, and has its name only when it is complete', async () => {
    await draw();
    const copy = join(folder, 'copy.db');
    const copying = copySqlite({ from: file, to: copy, stamp: { name: 'one' } });
    await draw();
    await copying;
    expect(readStamp(copy)).toEqual({ name: 'one' });
    expect([1n, 2n]).toContain(await readSqliteSnapshot(copy, lastOf));
    const refused = copySqlite({
      from: file,
      to: join(folder, 'refused.db'),
      check: () => Promise.reject(new Error('not good enough')),
    });
    await expect(refused).rejects.toThrow('not good enough');
    expect(readdirSync(folder).filter((name) => name.startsWith('copy') || name.startsWith('refused'))).toEqual([
      'copy.db',
    ]);
  });

  test.each([
    ['of-the-copy', 1n],
    ['highest', 3n],
  ] as const)('a restored database counts on from %s', async (counters, expected) => {
    await draw();
    const copy = join(folder, 'copy.db');
    await copySqlite({ from: file, to: copy, stamp: { name: 'one' } });
    await draw();
    await draw();
    await draw('client');
    await storage.close();
    const to = join(folder, 'restored.db');
    await restoreSqlite({
      copy,
      to,
      kept: { from: file, tables: [{ table: 'counters', where: "kind = 'client'" }] },
      counters,
    });
    expect(await readSqliteSnapshot(to, lastOf)).toBe(expected);
    expect(await readSqliteSnapshot(to, (sql) => lastOf(sql, 'client'))).toBe(1n);
    expect(readStamp(to)).toBeUndefined();
  });

  test('what is no copy of ours has no stamp', () => {
    copyFileSync(file, join(folder, 'other.db'));
    expect(readStamp(join(folder, 'other.db'))).toBeUndefined();
    expect(existsSync(join(folder, 'other.db'))).toBe(true);
  });
});
