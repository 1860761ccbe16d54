import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  bankMigrations,
  createBank,
  type Account,
  type Authorisation,
  type Bank,
  type BankProfile,
  type Consent,
} from '../../../src/bank/index.js';
import { createDocumentShelf, createLog, createShell, createStandardRouter } from '../../../src/http/index.js';
import { tagListener } from '../../../src/http/listener-tag.js';
import { createClock, createIdScheme, instant, plusMs, wallClock } from '../../../src/kernel/index.js';
import { createRecorder, observeMigrations } from '../../../src/observe/index.js';
import { berlinGroup } from '../../../src/standards/berlin-group/index.js';
import type { Operation, StandardVersion } from '../../../src/standards/standard.js';
import { countersMigrations, openSqlite, type Storage } from '../../../src/storage/index.js';
import { settling, type Booked } from '../cast.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests name the members they expect
export type Json = any;

export const START = instant(Date.UTC(2026, 10, 25, 9));
export const BASE = 'https://localhost:8444/dogger/psd2';
export const version = berlinGroup.versions[0]!;
const OPENAPI = new URL('../../../openapi/', import.meta.url).pathname;

const PROFILE: BankProfile = {
  id: 'dogger',
  name: 'Dogger Bank',
  country: 'DE',
  currency: 'EUR',
  bankCode: '90040050',
  bic: 'DGGRDEFFXXX',
  payments: { acceptMs: 1_000, settleMs: 1_000, debitMs: 1_000, creditMs: 1_000 },
};

export const PETRA = { customerNumber: '20000001', password: 'richtig pferd' };
export const SHOP_IBAN = 'DE02120300000000202051';

export interface Caller {
  readonly id: string;
  readonly roles: readonly string[];
}
export const TPP: Caller = { id: 'PSDDE-BAFIN-100001', roles: ['AISP', 'PISP', 'CBPII'] };
export const OTHER: Caller = { id: 'PSDDE-BAFIN-100002', roles: ['AISP', 'PISP', 'CBPII'] };

export interface Asked {
  readonly body?: unknown;
  readonly xml?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly caller?: Caller | { readonly refused: string };
}

export interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly text: string;
  readonly headers: Headers;
}

/**
 * The standard over a real bank on a real database, behind the real pipeline: every answer is held against the document.
 * Only the certificate is told instead of shown.
 */
export async function openWorld(settings?: unknown) {
  const folder = mkdtempSync(join(tmpdir(), 'sandbank-bg-'));
  const storage = openSqlite({ file: join(folder, 'bank.db'), durability: 'OFF' });
  await storage.migrate([countersMigrations, observeMigrations, ...bankMigrations]);
  const clock = createClock({ mode: 'frozen', at: START });
  const bank = createBank({ profile: PROFILE, storage, clock, ids: createIdScheme('test') });
  const recorder = createRecorder({ storage, wall: wallClock });
  const lines: string[] = [];
  const log = createLog('info', {
    write: (line) => {
      if (/failure|violations/.test(line)) lines.push(line);
    },
  });
  let caller: Asked['caller'] = TPP;
  const pages: { authorisationId: string; done: string; failed?: string }[] = [];
  const seenRead = new Map<string, Set<string>>();
  const router = await createStandardRouter({
    version: observed(version, seenRead),
    bank,
    documents: createDocumentShelf(OPENAPI),
    ports: {
      tokens: { resolve: async () => undefined },
      clients: { find: async () => undefined },
      certificates: { judge: async () => judged(caller ?? TPP) },
      signer: { key: () => Promise.reject(new Error('nothing is signed')) },
      pages: {
        urlFor: async (input) => {
          pages.push(input);
          return `https://localhost:8443/dogger/authorise/${input.authorisationId}`;
        },
      },
    },
    recorder,
    wall: wallClock,
    log,
    validateResponses: true,
    baseUrl: BASE,
    settings: version.readSettings?.(settings),
  });
  const app = createShell({
    recorder,
    log,
    wall: wallClock,
    newInteractionId: () => '00000000-0000-4000-8000-000000000000',
    interactionHeaders: ['x-request-id'],
    mount: (shell) => shell.use('/dogger/psd2', router),
  });
  const server = createServer((request, response) => {
    tagListener(request, 'mtls');
    app(request, response);
  });
  const origin = await listening(server);
  let requests = 0;

  const ask = async (method: string, path: string, asked: Asked = {}): Promise<Answer> => {
    caller = asked.caller ?? TPP;
    requests += 1;
    const address = path.startsWith(BASE) ? path.slice(BASE.length) : path;
    const given = {
      'x-request-id': requestId(requests),
      ...(asked.body !== undefined && { 'content-type': 'application/json' }),
      ...(asked.xml !== undefined && { 'content-type': 'application/xml' }),
      'psu-ip-address': '192.0.2.7',
      ...asked.headers,
    };
    const headers = Object.entries(given).filter((pair): pair is [string, string] => pair[1] !== undefined);
    const content = asked.xml ?? (asked.body === undefined ? undefined : JSON.stringify(asked.body));
    const response = await fetch(`${origin}/dogger/psd2${address}`, {
      method,
      headers: headers,
      ...(content !== undefined && { body: content }),
    });
    const text = await response.text();
    if (response.status === 500) throw new Error(`${method} ${path}: ${lines.at(-1) ?? text}`);
    const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
    return { status: response.status, body: isJson ? JSON.parse(text) : null, text, headers: response.headers };
  };

  const people = await settle(bank, storage);
  const code = async (): Promise<string> => {
    const inbox = await bank.messages.inbox(people.petra.id);
    return inbox.find((message) => message.code !== undefined)!.code!;
  };
  const redirect = (id: string, accounts: readonly string[], purpose: Authorisation['purpose'] = 'consent') =>
    inBrowser(bank, { id, accounts, purpose, partyId: people.petra.id });
  return {
    bank,
    storage,
    clock,
    ask,
    pages,
    /** By operation: what its handler looked for among headers (in lower case) and parameters. */
    seenRead,
    ...people,
    code,
    /** The customer goes through the bank's pages of the newest authorisation. */
    redirect,
    /** Makes a consent and has it authorised. */
    async consent(access: Json, more: Json = {}, accounts: readonly string[] = []): Promise<string> {
      const { body } = await ask('POST', '/v1/consents', {
        body: { ...CONSENT, access, ...more },
        headers: { 'tpp-redirect-uri': 'https://tpp.example/back' },
      });
      await redirect(body.consentId, accounts);
      return body.consentId;
    },
    advance: async (ms: number) => {
      const until = plusMs(clock.now(), ms);
      clock.moveTo(until);
      await bank.catchUp(until);
    },
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      await recorder.flush();
      await storage.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

export const CONSENT = {
  recurringIndicator: true,
  validUntil: '2027-03-31',
  frequencyPerDay: 4,
  combinedServiceIndicator: false,
};

/** Reproducible, and different for every request. */
export function requestId(index: number): string {
  const hex = createHash('sha256').update(String(index)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function codesOf({ body }: Answer): readonly string[] {
  return body.tppMessages.map((message: Json) => message.code);
}

/** The same standard, noting which headers and parameters each handler reads. */
function observed(original: StandardVersion, seenRead: Map<string, Set<string>>): StandardVersion {
  const listeningTo = (operationId: string, operation: Operation): Operation => ({
    ...operation,
    handle(call) {
      const names = seenRead.get(operationId) ?? new Set();
      seenRead.set(operationId, names);
      const noting = <T extends object>(values: T): T =>
        new Proxy(values, {
          get(target, name) {
            names.add(String(name));
            return Reflect.get(target, name) as unknown;
          },
        });
      return operation.handle({ ...call, headers: noting(call.headers), query: noting(call.query) });
    },
  });
  const apis = original.apis.map((api) => ({
    ...api,
    operations: Object.fromEntries(
      Object.entries(api.operations).map(([id, operation]) => [id, listeningTo(id, operation)]),
    ),
  }));
  return { ...original, apis };
}

function judged(caller: NonNullable<Asked['caller']>) {
  if ('refused' in caller) return { trusted: false, reason: caller.refused } as const;
  return {
    trusted: true,
    organisationId: caller.id,
    softwareId: 'software',
    thumbprintS256: 'thumbprint',
    subjectDn: `CN=${caller.id}`,
    organisationIdentifier: caller.id,
    organisationName: 'Lantern',
    roles: caller.roles,
  } as const;
}

function listening(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}

async function inBrowser(
  bank: Bank,
  wanted: {
    readonly id: string;
    readonly accounts: readonly string[];
    readonly purpose: Authorisation['purpose'];
    readonly partyId: string;
  },
): Promise<Consent> {
  const { consents } = bank;
  const run = (await consents.authorisationsOf(wanted.id, wanted.purpose)).at(-1)!;
  await consents.authenticate(run.id, PETRA);
  if (wanted.accounts.length > 0) await consents.chooseAccounts(run.id, wanted.accounts);
  await consents.sendChallenge(run.id);
  const [message] = await bank.messages.inbox(wanted.partyId);
  await consents.answerChallenge(run.id, message!.code!);
  return consents.approve(run.id, 'shown');
}

/** Petra with a current account, savings and a card, and Emil, whom she pays. */
async function settle(bank: Bank, storage: Storage) {
  return storage.transaction(async (tx) => {
    const { person, open, book } = await settling({
      bank,
      tx,
      at: START,
      password: PETRA.password,
      mobile: '+4915112345678',
      address: {
        streetName: 'Deichstraße',
        buildingNumber: '7',
        postCode: '20459',
        townName: 'Hamburg',
        country: 'DE',
      },
      product: { id: 'giro', name: 'Dogger Giro', type: 'current', category: 'personal' },
    });
    const petra = await person('Frau Petra Brandt', PETRA.customerNumber);
    const emil = await person('Herr Emil Okafor', '20000002');
    const giro = await open(petra, { nickname: 'Haushalt', overdraftLimitMinor: 50_000n });
    const savings = await open(petra, {
      product: { id: 'tagesgeld', name: 'Dogger Tagesgeld', type: 'savings', category: 'personal' },
    });
    const card = await open(petra, {
      product: { id: 'karte', name: 'Dogger Kreditkarte', type: 'credit-card', category: 'personal' },
      overdraftLimitMinor: 200_000n,
      identifiers: [{ scheme: 'pan', identification: '5555341244441115' }],
    });
    const emils = await open(emil);
    for (const entry of HISTORY) await book(giro, entry);
    await book(savings, { daysAgo: 30, amountMinor: 100_000n, code: 'opening-balance', text: 'ERÖFFNUNG' });
    await book(card, {
      daysAgo: 5,
      amountMinor: -4_599n,
      code: 'card-payment',
      text: 'HAFENKINO HAMBURG',
      merchant: { name: 'Hafenkino', categoryCode: '7832' },
    });
    return { petra, emil, giro, savings, card, emils };
  });
}

export function ibanOf({ identifiers }: Account): string {
  return identifiers.find(({ scheme }) => scheme === 'iban')!.identification;
}

const HISTORY: readonly Booked[] = [
  { daysAgo: 90, amountMinor: 30_000n, code: 'opening-balance', text: 'ERÖFFNUNG' },
  {
    daysAgo: 60,
    amountMinor: 210_000n,
    code: 'salary',
    text: 'GEHALT LERCHENHOF BÄCKEREI',
    reference: 'GEHALT SEPTEMBER',
    counterparty: { name: 'Lerchenhof Bäckerei GmbH', scheme: 'iban', identification: SHOP_IBAN },
  },
  {
    daysAgo: 40,
    amountMinor: -2_490n,
    code: 'card-payment',
    text: 'LATERNE BUCHHANDLUNG',
    merchant: { name: 'Laterne Bücher', categoryCode: '5942' },
  },
  {
    daysAgo: 20,
    amountMinor: -80_000n,
    code: 'standing-order',
    text: 'MIETE DEICHSTRASSE',
    reference: 'MIETE',
    counterparty: { name: 'Hausverwaltung Nordwind', scheme: 'iban', identification: 'DE02500105170137075030' },
  },
  {
    daysAgo: 2,
    amountMinor: -1_500n,
    code: 'direct-debit',
    text: 'HAMBURG WASSER',
    counterparty: { name: 'Hamburg Wasser' },
  },
];
