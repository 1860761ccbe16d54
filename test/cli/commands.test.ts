import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const BIN = resolve('scripts/sandbank.cjs');

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function sandbank(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [BIN, ...args]);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

describe('the command', () => {
  let folder: string;
  let dataDir: string;
  let running: ChildProcess;
  let ready: { event: string; pid: number; publicOrigin: string; caFile: string; banks: { id: string }[] };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sandbank-cli-'));
    dataDir = join(folder, 'data');
    running = spawn(process.execPath, [
      BIN,
      'start',
      '--data-dir',
      dataDir,
      '--port',
      '0',
      '--history-months',
      '2',
      '--json',
    ]);
    const lines = createInterface({ input: running.stdout as NodeJS.ReadableStream });
    const [line] = (await once(lines, 'line')) as [string];
    ready = JSON.parse(line) as typeof ready;
  });

  afterAll(async () => {
    if (running.exitCode === null) {
      running.kill('SIGTERM');
      await once(running, 'close');
    }
    rmSync(folder, { recursive: true, force: true });
  });

  test('start --json prints one ready line with every address', () => {
    expect(ready.event).toBe('ready');
    expect(ready.pid).toBe(running.pid);
    expect(ready.banks.map(({ id }) => id)).toContain('bramble');
    expect(readFileSync(ready.caFile, 'utf8')).toContain('BEGIN CERTIFICATE');
  });

  test('demo goes through an account journey and a payment', async () => {
    const { code, out } = await sandbank('demo', '--data-dir', dataDir, '--json');
    expect(code).toBe(0);
    const steps = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { title: string; result: string });
    expect(steps.at(-1)?.result).toContain('ACCC');
    expect(steps.some(({ result }) => result.includes('login, code, accounts, review'))).toBe(true);
  });

  test('clock shows, moves, runs and freezes business time', async () => {
    const clock = (...args: string[]) => sandbank('clock', ...args, '--data-dir', dataDir);
    expect((await clock()).out).toContain('runs with the clock of this machine');
    const frozen = JSON.parse((await clock('freeze', '--json')).out) as { mode: string };
    expect(frozen.mode).toBe('frozen');
    const { code, out } = await clock('advance', 'P35D', '--items', '3');
    expect(code).toBe(0);
    expect(out).toMatch(/bramble\n/);
    expect(out).toMatch(/booked: salary +\d+ +\d+\.\d\d GBP/);
    expect(out).toMatch(/statements: cut +\d+/);
    expect(out).toMatch(/First of all\n(?: .+\n){3} .*and \d+ more/);
    const next = JSON.parse((await clock('next', '--json')).out) as { from: string; now: string };
    expect(next.now > next.from).toBe(true);
    expect((await clock('set', '2020-01-01')).code).toBe(1);
    expect((await clock('run', '60')).out).toContain('60 times');
    expect((await clock('run', 'fast')).code).toBe(2);
    expect((await clock('run')).code).toBe(0);
  });

  test('tpp create writes a folder that a client can use', async () => {
    const out = join(folder, 'my-app');
    const { code } = await sandbank('tpp', 'create', 'My app', '--out', out, '--role', 'AISP', '--data-dir', dataDir);
    expect(code).toBe(0);
    const client = JSON.parse(readFileSync(join(out, 'client.json'), 'utf8')) as {
      registrations: { clientId: string }[];
      seal: { keyId: string };
    };
    expect(client.registrations[0]?.clientId).toBeTruthy();
    expect(client.seal.keyId).toMatch(/^SN=[0-9A-F]+,CA=CN=/);
    for (const file of ['transport.key', 'transport.pem', 'signing.key', 'signing.pem', 'ca.pem']) {
      expect(readFileSync(join(out, file), 'utf8')).toContain('-----BEGIN');
    }
  });

  test('explain tells why the last refused request was refused', async () => {
    const { createTlsClient } = await import('../../src/sandbox/tls-client.js');
    const client = createTlsClient({ ca: readFileSync(ready.caFile, 'utf8') });
    const refused = await client.call(`${ready.publicOrigin}/bramble/open-banking/v4.0/aisp/accounts`);
    await client.close();
    const { code, out } = await sandbank(
      'explain',
      String(refused.headers['x-fapi-interaction-id']),
      '--data-dir',
      dataDir,
    );
    expect(code).toBe(0);
    expect(out).toMatch(/refused .*[\s\S]*expected[\s\S]*found[\s\S]*remedy/);
  });

  test('doctor finds everything well', async () => {
    const { code, out } = await sandbank('doctor', '--data-dir', dataDir, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true });
  });

  test('verify finds nothing wrong with a sandbox that runs', async () => {
    const { code, out } = await sandbank('verify', '--data-dir', dataDir);
    expect(code).toBe(0);
    expect(out).toMatch(/^all \d+ claims hold\n$/);
  });

  test('snapshot saves a world, lists it, comes back to it and forgets it', async () => {
    const of = (...args: string[]) => sandbank('snapshot', ...args, '--data-dir', dataDir, '--json');
    const before = JSON.parse((await of('save', 'morning')).out) as { name: string; now: string };
    expect(before.name).toBe('morning');
    expect(await of('save', '../elsewhere')).toMatchObject({ code: 1 });
    const { snapshots } = JSON.parse((await of('list')).out) as { snapshots: unknown[] };
    expect(snapshots).toEqual([expect.objectContaining(before)]);
    const loaded = await of('load', 'morning');
    expect(loaded.code).toBe(0);
    expect(JSON.parse(loaded.out)).toMatchObject({ publicOrigin: ready.publicOrigin });
    expect((await of('delete', 'morning')).code).toBe(0);
    const gone = await of('load', 'morning');
    expect([gone.code, gone.err]).toEqual([1, expect.stringContaining('There is no snapshot of this name.')]);
  });

  test('backup copies a sandbox that runs, verified, and replaces nothing', async () => {
    const copy = join(folder, 'copy.db');
    const { code, out } = await sandbank('backup', copy, '--data-dir', dataDir);
    expect(code).toBe(0);
    expect(out).toMatch(/copy\.db: \d+\.\d MB, all \d+ claims hold/);
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect((await sandbank('backup', copy, '--data-dir', dataDir)).code).toBe(5);
  });

  test('a second start on the same data directory ends with 5', async () => {
    const { code, err } = await sandbank('start', '--data-dir', dataDir);
    expect(code).toBe(5);
    expect(err).toContain(`Process ${String(ready.pid)} runs a sandbox`);
  });

  test('a taken port ends with 5', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code } = await sandbank('start', '--data-dir', join(folder, 'other'), '--port', String(port));
    server.close();
    expect(code).toBe(5);
  });

  test.each([
    [2, ['start', '--port', 'many']],
    [2, ['swim']],
    [3, ['start', '--ephemeral', '--clock', 'yesterday']],
    [4, ['demo', '--data-dir', 'nowhere']],
    [4, ['verify', '--data-dir', 'nowhere']],
    [4, ['backup', 'copy.db', '--data-dir', 'nowhere']],
    [4, ['snapshot', 'save', 'one', '--data-dir', 'nowhere']],
    [0, ['--help']],
    [0, ['tpp', 'create', '--help']],
    [0, ['--version']],
  ])('ends with %i for: sandbank %j', async (expected, args) => {
    expect((await sandbank(...args)).code).toBe(expected);
  });

  test('stops in order on SIGTERM', async () => {
    running.kill('SIGTERM');
    const [code] = (await once(running, 'close')) as [number | null];
    expect(code).toBe(0);
  });

  test('verify reads a stopped data directory, and ends with 1 and the place of a penny that is lost', async () => {
    expect((await sandbank('verify', '--data-dir', dataDir)).code).toBe(0);
    {
      using database = new DatabaseSync(join(dataDir, 'sandbank.db'));
      database.exec('DROP TRIGGER ledger_accounts_balance');
      database.exec('UPDATE ledger_accounts SET booked_minor = booked_minor - 1 WHERE id = 1');
    }
    const { code, out } = await sandbank('verify', '--data-dir', dataDir);
    expect(code).toBe(1);
    expect(out).toMatch(
      /broken bramble: every kept balance equals the sum of its postings\n\s+ledger account 1\n\s+expected {2}-?\d+\n\s+found {5}-?\d+\n1 of \d+ claims do not hold/,
    );
    const json = await sandbank('verify', '--data-dir', dataDir, '--json');
    expect(JSON.parse(json.out)).toMatchObject({ ok: false });
  });
});
