import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parseInstant, SandbankError, type ClockState } from '../kernel/index.js';
import { readPostgresAddress, type PostgresAddress } from '../storage/index.js';

/** What a caller may say. Everything has a default; flags win over the environment, the environment over defaults. */
export interface SandboxOptions {
  /** Port of the public TLS listener; 0 takes any free one. Default 8443, or what the data directory remembers. */
  readonly port?: number;
  /** Port of the listener that asks for a client certificate. Default 8444, or 0 when `port` is 0. */
  readonly mtlsPort?: number;
  /** Port of the plain-http home page, on loopback only. Default 8080, or 0 when `port` is 0. */
  readonly httpPort?: number;
  /** Port to bind where clients come to `port` by way of a proxy: a second process on one database. */
  readonly listenPort?: number;
  /** The same for `mtlsPort`. */
  readonly listenMtlsPort?: number;
  /** Address to bind. Default loopback (127.0.0.1 and ::1). */
  readonly host?: string;
  /** Where the ecosystem lives. Default `.sandbank`. */
  readonly dataDir?: string;
  /** `postgres://user:password@host/name?schema=sandbank`: a database that several processes may share. */
  readonly database?: string;
  /** A throw-away ecosystem in a temporary folder: ports are free ones, nothing is kept. */
  readonly ephemeral?: boolean;
  /** Same seed, same world. Default 1. */
  readonly seed?: number;
  /** `system`, or `frozen:2026-01-31T09:00:00Z`. */
  readonly clock?: string;
  /** Folder of banks, customers and merchants. Default the one that comes with the package; fixtures/README.md says its form. */
  readonly fixturesDir?: string;
  /** How far back customers' histories reach. Default 24. */
  readonly historyMonths?: number;
  /** Check every answer against its document, not only requests. Default off; tests turn it on. */
  readonly validateResponses?: boolean;
  /** Admit https://localhost and loopback redirect URIs at registration. Default on while bound to loopback. */
  readonly developmentRedirects?: boolean;
  /** Where one-line JSON logs go. Default silent for the library, standard error for the command. */
  readonly log?: 'silent' | 'info' | 'debug';
}

export interface SandboxConfig {
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly mtlsPort: number | undefined;
  readonly httpPort: number | undefined;
  readonly listenPort: number | undefined;
  readonly listenMtlsPort: number | undefined;
  readonly dataDir: string;
  /** Undefined is the embedded one, in the data directory. */
  readonly database: PostgresAddress | undefined;
  readonly ephemeral: boolean;
  readonly seed: number | undefined;
  readonly clock: ClockState | undefined;
  readonly historyMonths: number;
  readonly validateResponses: boolean;
  readonly developmentRedirects: boolean;
  readonly log: 'silent' | 'info' | 'debug';
  readonly openapiDir: string;
  /** Of this package, from package.json. */
  readonly version: string;
  readonly fixturesDir: string;
}

/** The only place that reads the environment. Throws `configuration.invalid`. */
export function readConfig(options: SandboxOptions, environment: NodeJS.ProcessEnv = process.env): SandboxConfig {
  const host = options.host ?? environment['SANDBANK_HOST'];
  const loopback = host === undefined || isLoopback(host);
  const ephemeral = options.ephemeral ?? flag(environment, 'SANDBANK_EPHEMERAL') ?? false;
  const port = options.port ?? wholeNumber(environment, 'SANDBANK_PORT') ?? (ephemeral ? 0 : undefined);
  const follow = port === 0 ? 0 : undefined;
  const developmentRedirects =
    options.developmentRedirects ?? flag(environment, 'SANDBANK_DEVELOPMENT_REDIRECTS') ?? loopback;
  if (!loopback) {
    // Promise P13: beyond loopback nothing runs with published passwords and developer switches.
    throw new SandbankError(
      'configuration.invalid',
      'This version only binds to loopback: its test customers have published passwords.',
      { expected: '127.0.0.1, ::1 or localhost', actual: host },
    );
  }
  const database = options.database ?? environment['SANDBANK_DATABASE'];
  if (database !== undefined && ephemeral) {
    throw new SandbankError(
      'configuration.invalid',
      'What is in a database of its own is not thrown away at the end.',
      {
        path: 'ephemeral',
        expected: 'either a database or a throw-away ecosystem',
      },
    );
  }
  const listenPort = options.listenPort ?? wholeNumber(environment, 'SANDBANK_LISTEN_PORT');
  const listenMtlsPort = options.listenMtlsPort ?? wholeNumber(environment, 'SANDBANK_LISTEN_MTLS_PORT');
  if ((listenPort === undefined) !== (listenMtlsPort === undefined))
    throw invalid('listenPort', 'given together with listenMtlsPort', 'one of them alone');
  const root = packageRoot();
  const clock = options.clock ?? environment['SANDBANK_CLOCK'];
  const historyMonths = options.historyMonths ?? wholeNumber(environment, 'SANDBANK_HISTORY_MONTHS') ?? 24;
  if (!Number.isInteger(historyMonths) || historyMonths < 1 || historyMonths > 120) {
    throw invalid('historyMonths', 'a whole number from 1 to 120', String(historyMonths));
  }
  return {
    host,
    port: checkedPort('port', port),
    mtlsPort: checkedPort('mtlsPort', options.mtlsPort ?? wholeNumber(environment, 'SANDBANK_MTLS_PORT') ?? follow),
    httpPort: checkedPort('httpPort', options.httpPort ?? wholeNumber(environment, 'SANDBANK_HTTP_PORT') ?? follow),
    listenPort: checkedPort('listenPort', listenPort),
    listenMtlsPort: checkedPort('listenMtlsPort', listenMtlsPort),
    database: database === undefined ? undefined : readPostgresAddress(database),
    dataDir: resolve(options.dataDir ?? environment['SANDBANK_DATA_DIR'] ?? '.sandbank'),
    ephemeral,
    seed: options.seed ?? wholeNumber(environment, 'SANDBANK_SEED'),
    clock: clock === undefined ? undefined : readClock(clock),
    historyMonths,
    validateResponses: options.validateResponses ?? flag(environment, 'SANDBANK_VALIDATE_RESPONSES') ?? false,
    developmentRedirects,
    log: options.log ?? 'silent',
    openapiDir: join(root, 'openapi'),
    version: (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version,
    fixturesDir: resolve(options.fixturesDir ?? environment['SANDBANK_FIXTURES'] ?? join(root, 'fixtures')),
  };
}

/** `system` or `frozen:<ISO>`. */
export function readClock(text: string): ClockState {
  if (text === 'system') return { mode: 'system', offsetMs: 0 };
  const at = text.startsWith('frozen:') ? parseInstant(text.slice('frozen:'.length)) : undefined;
  if (at === undefined) throw invalid('clock', 'system, or frozen:<ISO date-time>', text);
  return { mode: 'frozen', at };
}

/** The folder that holds package.json, whether this file runs from src or from dist. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new SandbankError('configuration.invalid', 'The installation is incomplete: package.json is missing.');
    folder = parent;
  }
  return folder;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function checkedPort(name: string, port: number | undefined): number | undefined {
  if (port !== undefined && (!Number.isInteger(port) || port < 0 || port > 65_535))
    throw invalid(name, 'a port from 0 to 65535', String(port));
  return port;
}

function wholeNumber(environment: NodeJS.ProcessEnv, name: string): number | undefined {
  const text = environment[name];
  if (text === undefined || text === '') return undefined;
  if (!/^\d+$/.test(text)) throw invalid(name, 'a whole number', text);
  return Number(text);
}

function flag(environment: NodeJS.ProcessEnv, name: string): boolean | undefined {
  const text = environment[name];
  if (text === undefined || text === '') return undefined;
  if (text === '1' || text === 'true') return true;
  if (text === '0' || text === 'false') return false;
  throw invalid(name, 'true or false', text);
}

function invalid(name: string, expected: string, actual: string): SandbankError {
  return new SandbankError('configuration.invalid', `${name} must be ${expected}.`, { path: name, expected, actual });
}
