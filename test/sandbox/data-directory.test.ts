import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { startSandbox, type SandboxOptions } from '../../src/index.js';
import { SandbankError } from '../../src/kernel/index.js';
import { openDataDirectory } from '../../src/sandbox/data-directory.js';

describe('a data directory', () => {
  let dataDir: string;
  let options: SandboxOptions;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'sandbank-test-'));
    options = { dataDir, port: 0, seed: 3, clock: 'frozen:2026-03-31T12:00:00Z', historyMonths: 1 };
  });

  afterEach(() => {
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('keeps addresses, customers, trust and the clock over a restart', async () => {
    const first = await startSandbox(options);
    const before = { status: first.status, ca: first.caPem, customers: await first.bank('bramble').customers() };
    await first.clock.advance('P3D');
    await first.stop();

    const second = await startSandbox({ dataDir });
    expect(second.status.publicOrigin).toBe(before.status.publicOrigin);
    expect(second.caPem).toBe(before.ca);
    expect(await second.bank('bramble').customers()).toEqual(before.customers);
    expect(second.clock.now()).toBe('2026-04-03T12:00:00.000Z');
    expect((await second.verify()).ok).toBe(true);
    await second.stop();
  });

  test('is used by one sandbox at a time', async () => {
    const first = await startSandbox(options);
    await expect(startSandbox(options)).rejects.toMatchObject({
      code: 'configuration.invalid',
      details: { exitCode: 5 },
    });
    await first.stop();
    const second = await startSandbox(options);
    await second.stop();
  });

  // In a container every process has the same few numbers: one that is gone may seem to be this one, or its parent.
  test.each([999_999_999, process.pid, process.ppid])('is taken over from process %i that is gone', async (pid) => {
    writeFileSync(join(dataDir, 'sandbank.pid'), String(pid));
    const release = openDataDirectory({ path: dataDir, ephemeral: false }).release;
    expect(() => openDataDirectory({ path: dataDir, ephemeral: false })).toThrow('already runs');
    release();
  });

  test('gets a new control token where a crash left an empty one', () => {
    writeFileSync(join(dataDir, 'control-token'), '');
    const { controlToken, release } = openDataDirectory({ path: dataDir, ephemeral: false });
    expect(controlToken).toMatch(/^[\w-]{32}$/);
    release();
  });

  test('goes on with the world of before when a reset cannot be finished', async () => {
    const sandbox = await startSandbox(options);
    await sandbox.clock.advance('P2D');
    const before = { customers: await sandbox.bank('bramble').customers(), now: sandbox.clock.now() };
    // A kept table that the new world does not know: the copy fails when the old database has been moved aside.
    const database = new DatabaseSync(join(dataDir, 'sandbank.db'));
    database.exec('ALTER TABLE auth_clients ADD COLUMN strange TEXT');
    database.close();
    await expect(sandbox.reset()).rejects.toThrow();
    expect(sandbox.clock.now()).toBe(before.now);
    expect(await sandbox.bank('bramble').customers()).toEqual(before.customers);
    expect((await sandbox.verify()).ok).toBe(true);
    await sandbox.clock.advance('P1D');
    await sandbox.stop();
    const again = await startSandbox({ dataDir });
    expect(again.clock.now()).toBe('2026-04-03T12:00:00.000Z');
    await again.stop();
  });

  test('belongs to one seed and to the ports once chosen', async () => {
    const first = await startSandbox(options);
    await first.stop();
    await expect(startSandbox({ ...options, seed: 4 })).rejects.toMatchObject({
      details: { path: 'seed', expected: '3' },
    });
    await expect(startSandbox({ ...options, port: 1 })).rejects.toMatchObject({ code: 'configuration.invalid' });
  });

  test('is undone to the world of before when a reset was cut off', async () => {
    const first = await startSandbox(options);
    const customers = await first.bank('bramble').customers();
    await first.stop();
    const { renameSync } = await import('node:fs');
    renameSync(join(dataDir, 'sandbank.db'), join(dataDir, 'sandbank.db.before-reset'));
    writeFileSync(join(dataDir, 'sandbank.db'), 'half a database');

    const second = await startSandbox({ dataDir });
    expect(await second.bank('bramble').customers()).toEqual(customers);
    await second.stop();
  });
});

describe('configuration', () => {
  test.each<[string, SandboxOptions]>([
    ['an address beyond loopback', { host: '0.0.0.0' }],
    ['a clock that is neither system nor frozen', { clock: 'yesterday' }],
    ['a port out of range', { port: 70_000 }],
    ['a history of no months', { historyMonths: 0 }],
    ['a database of its own that is to be thrown away', { database: 'postgres://user:secret@localhost/db' }],
    ['one port behind a proxy and not the other', { ephemeral: false, listenPort: 9443 }],
  ])('refuses %s', async (_name, options) => {
    await expect(startSandbox({ ephemeral: true, ...options })).rejects.toMatchObject({
      code: 'configuration.invalid',
    });
  });

  test('keeps the password of a database address out of the message', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sandbank-config-'));
    const said = async (database: string): Promise<string> => {
      const refused = await startSandbox({ database, dataDir: folder }).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(SandbankError);
      const { message, details } = refused as SandbankError;
      return `${message} ${JSON.stringify(details)}`;
    };
    expect(await said('mysql://user:secret@localhost/db')).not.toContain('secret');
    // Port 1 is nobody's.
    const unanswered = await said('postgres://user:secret@127.0.0.1:1/db');
    expect(unanswered).toContain('The database does not answer.');
    expect(unanswered).not.toContain('secret');
    rmSync(folder, { recursive: true, force: true });
  });
});
