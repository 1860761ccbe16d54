import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { X509Certificate } from 'node:crypto';

import type { Bank, Consent } from '../../src/bank/index.js';
import type { FaultRules } from '../../src/faults/index.js';
import {
  bindListeners,
  createDocumentShelf,
  createLog,
  createShell,
  createStandardRouter,
  type Listeners,
  type ListenOptions,
  type PipelinePorts,
  type ResolvedToken,
} from '../../src/http/index.js';
import { createClock, instant, SandbankError, wallClock } from '../../src/kernel/index.js';
import type { StandardVersion } from '../../src/standards/standard.js';
import { createRecorder, observeMigrations, type Recorder } from '../../src/observe/index.js';
import { openSqlite } from '../../src/storage/index.js';
import { createAuthority, type Authority, type Identity } from './certificates.js';
import { send, type HttpCall, type HttpReply } from './client.js';
import { createToy, type Toy } from './toy-standard.js';

export interface Rig {
  readonly toy: Toy;
  readonly listeners: Listeners;
  readonly recorder: Recorder;
  readonly authority: Authority;
  readonly tpp: Identity;
  readonly stranger: Identity;
  readonly logLines: string[];
  readonly tokens: Map<string, ResolvedToken>;
  readonly consents: Map<string, Consent>;
  /** Calls the resource over mTLS with the TPP's certificate; `token` becomes the Authorization header. */
  call(path: string, options?: Partial<HttpCall> & { readonly token?: string }): Promise<HttpReply>;
  stop(): Promise<void>;
}

interface RigOptions {
  readonly bodyLimitBytes?: number;
  readonly timeouts?: NonNullable<ListenOptions['timeouts']>;
  /** Another standard than the toy, with the documents in `test/http/openapi`. */
  readonly version?: StandardVersion;
  /** What the directory makes of a certificate that the authority of the rig issued. */
  readonly verdictOn?: (certificate: X509Certificate) => Partial<Verdict>;
  readonly settings?: unknown;
  readonly faults?: FaultRules;
  readonly pages?: NonNullable<PipelinePorts['pages']>;
}

type Verdict = Awaited<ReturnType<PipelinePorts['certificates']['judge']>>;

export const CLIENT = 'client-1';
/** Long enough to be recognised wherever it might leak. */
export const tokenNamed = (name: string): string => `${name}-4f9d2c7be81a4c06b3d5e7f90a1b2c3d`;

export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), 'http-test-'));
  const storage = openSqlite({ file: join(folder, 'records.db'), durability: 'OFF' });
  await storage.migrate([observeMigrations]);
  const [authority, elsewhere] = await Promise.all([createAuthority('Test Root'), createAuthority('Elsewhere')]);
  const [server, tpp, stranger] = await Promise.all([
    authority.issue('localhost', ['localhost']),
    authority.issue('tpp'),
    elsewhere.issue('tpp'),
  ]);
  const recorder = createRecorder({ storage, wall: wallClock });
  const logLines: string[] = [];
  const log = createLog('info', { write: (line) => void logLines.push(line) });
  const toy = createToy();
  const tokens = new Map<string, ResolvedToken>();
  const consents = new Map<string, Consent>();
  const listeners = await bindListeners({
    ports: { public: 0, mtls: 0, http: 0 },
    closeWithinMs: 500,
    ...(options.timeouts && { timeouts: options.timeouts }),
  });
  const baseUrl = `${listeners.origins.mtls}/bank/toy/v1`;
  const router = await createStandardRouter({
    version: options.version ?? toy.version,
    bank: fakeBank(consents),
    documents: createDocumentShelf(join(import.meta.dirname, 'openapi')),
    ports: {
      tokens: { resolve: async (token) => tokens.get(token) },
      clients: { find: async (id) => (id === CLIENT ? registered : undefined) },
      certificates: {
        judge: async (certificate) => {
          if (!certificate) return { trusted: false, reason: 'none' };
          const thumbprintS256 = certificate.fingerprint256.replaceAll(':', '');
          const seen = {
            subjectDn: certificate.subject,
            thumbprintS256: Buffer.from(thumbprintS256, 'hex').toString('base64url'),
          };
          if (!authority.issued(certificate)) return { ...seen, trusted: false, reason: 'unknown-authority' };
          const verdict = { ...seen, trusted: true, organisationId: 'org', softwareId: 'soft' };
          return { ...verdict, ...options.verdictOn?.(certificate) } as Verdict;
        },
      },
      proofs: {
        check: async ({ proof, url, method }) => {
          if (proof !== `${method} ${url}`) throw new SandbankError('token.wrong-certificate', 'No good proof.');
        },
      },
      ...(options.pages && { pages: options.pages }),
      signer: {
        key: async () => ({ kid: 'k', organisationId: 'bank', trustAnchor: 'localhost', privateKey: {} as CryptoKey }),
      },
    },
    recorder,
    wall: wallClock,
    log,
    validateResponses: true,
    baseUrl,
    settings: options.settings,
    ...(options.faults && { faults: options.faults }),
    ...(options.bodyLimitBytes !== undefined && { bodyLimitBytes: options.bodyLimitBytes }),
  });
  const app = createShell({
    recorder,
    log,
    wall: wallClock,
    newInteractionId: randomUUID,
    direct: [{ path: '/bank/toy/v1', handler: router }],
    mount: (shell) => {
      shell.use('/bank/toy/v1', router);
      shell.get('/boom', () => {
        throw new Error('SELECT secret FROM somewhere');
      });
    },
  });
  listeners.serve({
    app,
    tls: { keyPem: server.keyPem, chainPem: server.certificatePem, clientCaPem: authority.certificatePem },
  });
  return {
    toy,
    listeners,
    recorder,
    authority,
    tpp,
    stranger,
    logLines,
    tokens,
    consents,
    call(path, { token, ...call } = {}) {
      return send(`${baseUrl}${path}`, {
        ca: authority.certificatePem,
        identity: tpp,
        ...call,
        headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...call.headers },
      });
    },
    async stop() {
      await listeners.close();
      await recorder.flush();
      await storage.close();
      await rm(folder, { recursive: true });
    },
  };
}

const registered = {
  clientId: CLIENT,
  organisationId: 'org',
  softwareId: 'soft',
  name: 'A third party',
  keys: async () => [],
};

export function consentOf(id: string, changes: Partial<Consent> = {}): Consent {
  const at = instant(0);
  return {
    id,
    bank: 'bank',
    clientId: CLIENT,
    standard: 'toy/1.0',
    subject: { kind: 'account-access', capabilities: ['accounts.list', 'accounts.identifiers'], recurring: true },
    status: 'authorised',
    statusReason: { actor: 'psu', code: 'authorised' },
    createdAt: at,
    statusAt: at,
    accounts: [{ accountId: 'a1', linkedAt: at }],
    execution: 'by-client',
    reauthorisable: false,
    wire: '{}',
    ...changes,
  };
}

/** As much of a bank as the pipeline asks of one. */
function fakeBank(consents: ReadonlyMap<string, Consent>): Bank {
  const bank = {
    profile: { id: 'bank' },
    clock: createClock({ mode: 'frozen', at: instant(1_700_000_000_000) }),
    consents: {
      get: async (id: string, { clientId }: { clientId?: string } = {}) => {
        const consent = consents.get(id);
        if (!consent) throw new SandbankError('consent.not-found', 'There is no such consent.');
        if (consent.clientId !== clientId) throw new SandbankError('consent.of-another-client', 'Not yours.');
        return consent;
      },
    },
    accounts: {
      get: async (id: string) => {
        if (!['a1', 'a2'].includes(id)) throw new SandbankError('account.not-found', 'There is no such account.');
        return { id, identifiers: [{ scheme: 'iban', identification: `IBAN${id.toUpperCase()}` }] };
      },
    },
  };
  return bank as unknown as Bank;
}
