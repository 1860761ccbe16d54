import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { bankMigrations, createBank, type Bank, type BankProfile } from '../../src/bank/index.js';
import {
  bindListeners,
  createDocumentShelf,
  createLog,
  createShell,
  createStandardRouter,
} from '../../src/http/index.js';
import { createClock, createIdScheme, instant, MS_PER_DAY, plusMs, wallClock } from '../../src/kernel/index.js';
import { createRecorder, observeMigrations } from '../../src/observe/index.js';
import type { StandardVersion } from '../../src/standards/standard.js';
import { countersMigrations, openSqlite, type Storage } from '../../src/storage/index.js';
import { createAuthority, type Identity } from '../http/certificates.js';
import { send, type HttpCall, type HttpReply } from '../http/client.js';

const START = instant(Date.UTC(2026, 10, 25, 9));
const PROFILE: BankProfile = {
  id: 'nursery',
  name: 'Nursery Bank',
  country: 'DE',
  currency: 'EUR',
  bankCode: '90040050',
  bic: 'NRSYDEFFXXX',
  payments: { acceptMs: 1_000, settleMs: 1_000, debitMs: 1_000, creditMs: 1_000 },
};
const TILDA = { customerNumber: '30000001', password: 'wooden blocks' };

/** Any version of a standard over a real bank and real TLS. The name in a certificate says who it is and as what. */
export async function serve(version: StandardVersion, openapiDir: string) {
  const folder = await mkdtemp(join(tmpdir(), 'toy-test-'));
  const storage = openSqlite({ file: join(folder, 'bank.db'), durability: 'OFF' });
  await storage.migrate([countersMigrations, observeMigrations, ...bankMigrations]);
  const clock = createClock({ mode: 'frozen', at: START });
  const bank = createBank({ profile: PROFILE, storage, clock, ids: createIdScheme('test') });
  const people = await settle(bank, storage);
  const authority = await createAuthority('Nursery Root');
  const server = await authority.issue('localhost', ['localhost']);
  const listeners = await bindListeners({ ports: { public: 0, mtls: 0 }, closeWithinMs: 500 });
  const path = `/nursery/${version.basePath}`;
  const recorder = createRecorder({ storage, wall: wallClock });
  const log = createLog('silent');
  const router = await createStandardRouter({
    version,
    bank,
    documents: createDocumentShelf(openapiDir),
    ports: {
      tokens: { resolve: async () => undefined },
      clients: { find: async () => undefined },
      certificates: {
        judge: async (certificate) => {
          if (!certificate || !authority.issued(certificate)) return { trusted: false, reason: 'none' };
          const [name = '', role = ''] = certificate.subject.replace('CN=', '').split(' as ');
          const seen = { subjectDn: certificate.subject, thumbprintS256: certificate.fingerprint256 };
          return { ...seen, trusted: true, organisationId: name, softwareId: name, roles: [role] };
        },
      },
      signer: { key: () => Promise.reject(new Error('nothing is signed')) },
    },
    recorder,
    wall: wallClock,
    log,
    validateResponses: true,
    baseUrl: `${listeners.origins.mtls}${path}`,
  });
  const app = createShell({
    recorder,
    log,
    wall: wallClock,
    newInteractionId: randomUUID,
    interactionHeaders: [version.wire.interactionHeader],
    mount: (shell) => shell.use(path, router),
  });
  const tls = { keyPem: server.keyPem, chainPem: server.certificatePem, clientCaPem: authority.certificatePem };
  listeners.serve({ app, tls });
  return {
    bank,
    ...people,
    identity: (name: string): Promise<Identity> => authority.issue(name),
    /** The path is below the version, or an address that the bank gave. */
    call: (to: string, call: Omit<HttpCall, 'ca'>): Promise<HttpReply> =>
      send(to.startsWith('https:') ? to : `${listeners.origins.mtls}${path}${to}`, {
        ca: authority.certificatePem,
        ...call,
      }),
    authorise: (consentId: string, accounts: readonly string[]) => authorise(bank, { consentId, accounts, ...people }),
    async stop() {
      await listeners.close();
      await recorder.flush();
      await storage.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function authorise(
  { consents, messages }: Bank,
  wanted: { readonly consentId: string; readonly accounts: readonly string[]; readonly tilda: string },
): Promise<void> {
  const { id } = await consents.startAuthorisation(wanted.consentId, 'redirect');
  await consents.authenticate(id, TILDA);
  await consents.chooseAccounts(id, wanted.accounts);
  await consents.sendChallenge(id);
  const [message] = await messages.inbox(wanted.tilda);
  await consents.answerChallenge(id, message!.code!);
  await consents.approve(id, 'shown');
}

/** Tilda with a current account that has five movements, and a savings account. */
async function settle(bank: Bank, storage: Storage) {
  return storage.transaction(async (tx) => {
    const tilda = await bank.parties.add(
      tx,
      {
        kind: 'person',
        name: 'Frau Tilda Sand',
        fullLegalName: 'Tilda Sand',
        email: 'tilda@example.com',
        mobile: '+4915112345678',
        address: {
          streetName: 'Kieselweg',
          buildingNumber: '1',
          postCode: '20459',
          townName: 'Hamburg',
          country: 'DE',
        },
        createdAt: START,
      },
      TILDA,
    );
    const open = (type: 'current' | 'savings') =>
      bank.accounts.open(tx, {
        product: { id: type, name: type, type, category: 'personal' },
        currency: 'EUR',
        holderName: 'TILDA SAND',
        holders: [{ partyId: tilda.id, role: 'sole' }],
        openedAt: plusMs(START, -100 * MS_PER_DAY),
        overdraftLimitMinor: 0n,
      });
    const [purse, savings] = [await open('current'), await open('savings')];
    const equity = await bank.ledger.internal(tx, 'opening-equity', 'EUR');
    for (const [index, amountMinor] of [10_000n, -500n, -250n, 1_000n, -1n].entries()) {
      const text = `MOVE ${index + 1}`;
      const code = amountMinor > 0n ? 'transfer-in' : 'card-payment';
      const bookedAt = plusMs(START, (index - 50) * MS_PER_DAY);
      const detail = { code: index === 0 ? 'opening-balance' : code, text } as const;
      const postings = [
        { account: purse.ledgerAccount, amountMinor, detail: detail as never },
        { account: equity, amountMinor: -amountMinor },
      ];
      await bank.ledger.post(tx, { bank: PROFILE.id, currency: 'EUR', bookedAt, postings }, { force: true });
    }
    return { tilda: tilda.id, purse: purse.id, savings: savings.id };
  });
}
