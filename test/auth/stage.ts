import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';

import express from 'express';

import { authMigrations, createAuthorizationServer, type AuthorizationServer } from '../../src/auth/index.js';
import type { JourneyOutcome } from '../../src/auth/journey/index.js';
import type { SecurityRequirements } from '../../src/auth/profiles/index.js';
import { bankMigrations, createBank, type Account, type Bank, type BankProfile } from '../../src/bank/index.js';
import { createDirectory, directoryMigrations, type Directory } from '../../src/directory/index.js';
import { createClock, createIdScheme, wallClock, type VirtualClock } from '../../src/kernel/index.js';
import { createRecorder, observeMigrations, type Recorder } from '../../src/observe/index.js';
import { countersMigrations, type Storage } from '../../src/storage/index.js';
import { openTestStorage } from '../support/databases.js';

export const ACR = 'urn:openbanking:psd2:sca';
export const PASSWORD = 'correct horse';
export const CUSTOMER_NUMBER = '20000001';
export const OTHER_CUSTOMER_NUMBER = '20000002';

const PROFILE: BankProfile = {
  id: 'bramble',
  name: 'Bramble Bank',
  country: 'GB',
  currency: 'GBP',
  sortCode: '402050',
  bic: 'BRMBGB2L',
  payments: { acceptMs: 1_000, settleMs: 1_000, debitMs: 1_000, creditMs: 1_000 },
};

/** What a standard with these scopes and this claim would demand. */
export const REQUIREMENTS: SecurityRequirements = {
  profiles: ['fapi1-advanced', 'fapi2-security'],
  scopes: { accounts: ['account-access'], payments: ['payment'], fundsconfirmations: ['funds-check'] },
  scopeRoles: { accounts: ['AISP'], payments: ['PISP'], fundsconfirmations: ['CBPII'] },
  acrValues: [ACR, 'urn:openbanking:psd2:ca'],
  signingAlgorithms: ['PS256'],
  idTokenClaims: ['openbanking_intent_id'],
  idTokenClaimsOf: (consentId) => ({ openbanking_intent_id: consentId }),
  accessTokenSeconds: 600,
  refreshTokenSeconds: 90 * 86_400,
};

export interface Stage {
  readonly publicOrigin: string;
  readonly mtlsOrigin: string;
  readonly issuer: string;
  readonly storage: Storage;
  readonly clock: VirtualClock;
  readonly directory: Directory;
  readonly bank: Bank;
  readonly recorder: Recorder;
  readonly server: AuthorizationServer;
  readonly partyId: string;
  readonly account: Account;
  /** A second customer. */
  readonly other: Customer;
  close(): Promise<void>;
}

export interface Customer {
  readonly partyId: string;
  readonly account: Account;
}

/** A bank with its authorization server on two real TLS listeners, one customer, and forms that speak JSON. */
export async function openStage(options: { readonly developmentRedirects?: boolean } = {}): Promise<Stage> {
  const { storage, close } = await openTestStorage();
  await storage.migrate([
    countersMigrations,
    observeMigrations,
    directoryMigrations,
    ...bankMigrations,
    authMigrations,
  ]);
  const clock = createClock({ mode: 'system', offsetMs: 0 });
  const ids = createIdScheme('stage');
  const recorder = createRecorder({ storage, wall: wallClock });
  const app = express();
  const reserved = await Promise.all([reserve(), reserve()]);
  const [publicPort, mtlsPort] = reserved.map(({ port }) => port);
  const [publicOrigin, mtlsOrigin] = [`https://localhost:${publicPort}`, `https://localhost:${mtlsPort}`];
  const issuer = `${publicOrigin}/bramble`;
  const directory = await createDirectory({ storage, clock, ids, issuer: `${publicOrigin}/directory`, hosts: [] });
  const bank = createBank({ profile: PROFILE, storage, clock, ids });
  const { partyId, account } = await openCustomer({ bank, storage, clock }, CUSTOMER_NUMBER);
  const other = await openCustomer({ bank, storage, clock }, OTHER_CUSTOMER_NUMBER);
  const server = await createAuthorizationServer({
    bank,
    storage,
    clock,
    wall: wallClock,
    ids,
    directory,
    recorder,
    issuer,
    mtlsBase: `${mtlsOrigin}/bramble`,
    requirements: REQUIREMENTS,
    consentIdOf: ({ claims }) => {
      const idToken = claims?.['id_token'] as { openbanking_intent_id?: { value?: string } } | undefined;
      return idToken?.openbanking_intent_id?.value;
    },
    viewOf: (consent) =>
      consent.subject.kind === 'payment'
        ? {
            kind: 'payment',
            amount: consent.subject.instruction.amount,
            payee: { name: 'Larkrise', account: '11223387654321' },
          }
        : { kind: 'account-access', clusters: [{ title: 'Your accounts', items: ['Name'] }] },
    renderErrorPage: ({ code, message }) => `<!doctype html><p>${message}</p><code id="error-code">${code}</code>`,
    ...options,
  });
  app.use((request, response, next) => {
    const trace = recorder.begin({
      interactionId: request.get('x-fapi-interaction-id') ?? randomUUID(),
      listener: 'mtls',
      method: request.method,
      path: request.path,
    });
    response.on('finish', () => recorder.finish(trace, response.statusCode));
    recorder.within(trace, next);
  });
  app.use('/bramble/interaction', express.json(), screens(server));
  app.use('/bramble', server.callback);
  const { keyPem, chainPem } = await directory.serverCertificate([]);
  const tls = { key: keyPem, cert: chainPem, ca: directory.rootCertificatePem };
  const listeners = [
    createServer(tls, app),
    createServer({ ...tls, requestCert: true, rejectUnauthorized: false }, app),
  ];
  await Promise.all(listeners.map((listener, index) => listen(listener, reserved[index]!)));
  return {
    publicOrigin,
    mtlsOrigin,
    issuer,
    storage,
    clock,
    directory,
    bank,
    recorder,
    server,
    partyId,
    account,
    other,
    close: async () => {
      await Promise.all(
        listeners.map(
          (listener) =>
            new Promise<void>((done) => {
              listener.close(() => done());
              listener.closeAllConnections();
            }),
        ),
      );
      await close();
    },
  };
}

/** The journey over HTTP, as the web would do it, but with JSON in place of pages. */
function screens(server: AuthorizationServer): express.Router {
  const { journey } = server;
  const router = express.Router();
  const answer = (response: express.Response, outcome: JourneyOutcome): void => {
    response.json(
      JSON.parse(
        JSON.stringify(outcome, (_key, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)),
      ),
    );
  };
  const actions = {
    login: journey.submitLogin,
    code: journey.submitCode,
    resend: journey.resendCode,
    accounts: journey.submitAccounts,
    review: journey.decide,
    confirm: journey.confirm,
    cancel: journey.cancel,
  } as Record<string, (visit: never, form: never) => Promise<JourneyOutcome>>;
  router.get('/:uid', async (request, response) => {
    answer(response, await journey.current({ uid: request.params.uid, request, response }));
  });
  router.post('/:uid/:step', async (request, response) => {
    const visit = { uid: request.params.uid, request, response };
    answer(response, await actions[request.params.step]!(visit as never, request.body as never));
  });
  return router;
}

async function openCustomer(
  { bank, storage, clock }: Pick<Stage, 'bank' | 'storage' | 'clock'>,
  customerNumber: string,
): Promise<Customer> {
  return storage.transaction(async (tx) => {
    const party = await bank.parties.add(
      tx,
      {
        kind: 'person',
        name: 'Ms Amelia Clarke',
        fullLegalName: 'Amelia Clarke',
        email: 'amelia@example.com',
        mobile: '07700900123',
        address: {
          streetName: 'High Street',
          buildingNumber: '1',
          postCode: 'BS1 1AA',
          townName: 'Bristol',
          country: 'GB',
        },
        createdAt: clock.now(),
      },
      { customerNumber, password: PASSWORD },
    );
    const account = await bank.accounts.open(tx, {
      product: { id: 'current', name: 'Bramble Current', type: 'current', category: 'personal' },
      currency: 'GBP',
      holderName: 'MS A CLARKE',
      holders: [{ partyId: party.id, role: 'sole' }],
      openedAt: clock.now(),
      overdraftLimitMinor: 0n,
    });
    return { partyId: party.id, account };
  });
}

/** A port that is free now and is taken a moment later by the listener. */
async function reserve(): Promise<{ readonly port: number }> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((done) => {
    probe.close(() => done());
  });
  return { port };
}

async function listen(listener: Server, { port }: { readonly port: number }): Promise<void> {
  await new Promise<void>((done) => listener.listen(port, '127.0.0.1', done));
}
