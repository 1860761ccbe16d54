import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

import { startSandbox, type NewTpp, type Sandbox } from '../../src/index.js';
import { createAuthority } from '../http/certificates.js';
import { createThirdParty, type PendingConsent, type ThirdParty } from '../support/third-party.js';
import {
  accountIdsOf,
  bodyOf,
  lodgeAccess,
  planPayment,
  postPaymentConsent,
  type PaymentPlan,
} from '../support/uk-bank.js';

/** Where third parties take their customers back: a server of the test on its own origin, as a real one would be. */
export interface Callback {
  readonly http: string;
  readonly https: string;
  /** Referer headers that browsers sent here; there must be none. */
  readonly referrers: readonly string[];
  close(): Promise<void>;
}

export interface Stage {
  readonly browser: Browser;
  readonly sandbox: Sandbox;
  readonly callback: Callback;
  thirdParty(input?: Partial<NewTpp>): Promise<ThirdParty>;
  /** A fresh browser profile: no cookies, no cache. */
  visit(options?: BrowserContextOptions): Promise<Page>;
  login(persona: string): Promise<{ readonly customerNumber: string; readonly password: string }>;
  code(persona: string): Promise<string>;
  close(): Promise<void>;
}

export const BUSINESS_TIME = 'frozen:2026-11-25T09:00:00Z';

export async function openStage(browser: Browser): Promise<Stage> {
  const sandbox = await startSandbox({
    ephemeral: true,
    seed: 1,
    clock: BUSINESS_TIME,
    historyMonths: 3,
    validateResponses: true,
  });
  const callback = await openCallback();
  const parties: ThirdParty[] = [];
  const bank = sandbox.bank('bramble');
  const login: Stage['login'] = async (persona) => {
    const found = (await bank.customers()).find((one) => one.persona === persona);
    if (!found) throw new Error(`no persona ${persona}`);
    return found;
  };
  return {
    browser,
    sandbox,
    callback,
    login,
    thirdParty: async (input = {}) => {
      const tpp = await sandbox.createTpp({
        name: 'Lantern Budgets',
        banks: ['bramble'],
        redirectUris: [callback.http],
        ...input,
      });
      const party = await createThirdParty({ tpp, status: sandbox.status, caPem: sandbox.caPem });
      parties.push(party);
      return party;
    },
    visit: async (options = {}) => {
      const context = await browser.newContext({ ignoreHTTPSErrors: true, ...options });
      context.setDefaultTimeout(10_000);
      return context.newPage();
    },
    code: async (persona) => {
      const code = await bank.latestCode((await login(persona)).customerNumber);
      if (code === undefined) throw new Error(`no code for ${persona}`);
      return code;
    },
    close: async () => {
      await Promise.all(parties.map((party) => party.close()));
      await callback.close();
      await sandbox.stop();
    },
  };
}

async function openCallback(): Promise<Callback> {
  const authority = await createAuthority('A third party');
  const identity = await authority.issue('localhost', ['localhost']);
  const answer =
    '<!doctype html><html lang="en"><title>Back at the third party</title><h1 id="back">Welcome back</h1></html>';
  const referrers: string[] = [];
  const welcome: RequestListener = ({ headers, url }, response) => {
    if (headers.referer !== undefined && url?.startsWith('/callback') === true) referrers.push(headers.referer);
    response.setHeader('content-type', 'text/html').end(answer);
  };
  const plain = createHttpServer(welcome);
  const secure = createHttpsServer({ key: identity.keyPem, cert: identity.certificatePem }, welcome);
  const [plainPort, securePort] = [await listen(plain), await listen(secure)];
  return {
    http: `http://127.0.0.1:${plainPort}/callback`,
    https: `https://localhost:${securePort}/callback`,
    referrers,
    close: async () => {
      for (const server of [plain, secure]) {
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      }
    },
  };
}

async function listen(server: Server): Promise<string> {
  server.listen(0);
  await once(server, 'listening');
  return String((server.address() as AddressInfo).port);
}

/** The address for the customer of a consent to share accounts. */
export async function askForAccounts(
  tpp: ThirdParty,
  data: Readonly<Record<string, unknown>> = {},
): Promise<PendingConsent> {
  return tpp.beginConsent(await lodgeAccess(tpp, data), 'accounts');
}

/** The address for the customer of a payment. */
export async function askForPayment(
  tpp: ThirdParty,
  payment: Parameters<typeof planPayment>[0],
): Promise<{ readonly pending: PendingConsent; readonly plan: PaymentPlan; readonly consentId: string }> {
  const plan = planPayment(payment);
  const consentId = bodyOf(await postPaymentConsent(tpp, plan), 201).Data.ConsentId;
  return { plan, consentId, pending: await tpp.beginConsent(consentId, 'payments') };
}

/** Waits until the browser stands at the third party, and answers the whole address, fragment and all. */
export async function arrival(page: Page): Promise<URL> {
  await page.waitForSelector('#back', { state: 'attached' });
  return new URL(page.url());
}

/** Redeems the code the browser came back with and reads the accounts it opens. */
export async function sharedAccounts(tpp: ThirdParty, pending: PendingConsent, page: Page): Promise<readonly string[]> {
  const tokens = await tpp.finishConsent(pending, await arrival(page));
  return accountIdsOf(tpp, tokens.access_token);
}
