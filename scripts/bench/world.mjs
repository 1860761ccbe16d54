/** Our own server as a user starts it, and a third party with a consent, a token and its certificate. */
import { readFileSync } from 'node:fs';

import { Agent, fetch } from 'undici';

import { createThirdParty } from '../../dist/cli/demo/third-party.js';
import { startServer } from './servers.mjs';

export const SANDBANK = new URL('../sandbank.cjs', import.meta.url);

export const startSandbank = (dataDir, { args = [], nodeArgs = [] } = {}) =>
  startServer({
    script: SANDBANK,
    nodeArgs,
    args: ['start', '--data-dir', dataDir, '--port', '0', '--json', ...args],
    readyLine: (line) => (line.includes('"event":"ready"') ? JSON.parse(line) : undefined),
  });

const PERMISSIONS = [
  'ReadAccountsDetail',
  'ReadBalances',
  'ReadTransactionsDetail',
  'ReadTransactionsCredits',
  'ReadTransactionsDebits',
];

/** A third party at Bramble Bank that may read the accounts of one customer, and pay for her. */
export async function createCaller({ status, customer: wanted }) {
  const caPem = readFileSync(status.caFile, 'utf8');
  const control = controlOf(status, caPem);
  const tpp = await control('POST', '/tpps', { name: 'Bench', roles: ['AISP', 'PISP'] });
  const { baseUrl } = status.banks.find(({ id }) => id === 'bramble').standards[0];
  const party = await createThirdParty({ tpp, bank: 'bramble', baseUrl, caPem });
  const { customers } = await control('GET', '/banks/bramble/customers');
  const customer = customers.find(wanted) ?? customers[0];
  const payer = customers.find(({ persona }) => persona === 'salaried-renter') ?? customers[0];
  const approve = async ({ Data }, scope, who = customer) => {
    const pending = await party.beginConsent(Data.ConsentId, scope);
    const back = await control('POST', '/banks/bramble/authorise', {
      authorizationUrl: pending.authorizationUrl,
      customer: who.customerNumber,
      decision: 'approve',
    });
    return party.finishConsent(pending, back.redirectTo);
  };
  const lodge = async (path, { token, body, ...rest }) => {
    const answer = await party.call('POST', path, { token, body, ...rest });
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const reading = { Data: { Permissions: PERMISSIONS }, Risk: {} };
  const readToken = await approve(
    await lodge('/aisp/account-access-consents', { token: await party.clientToken('accounts'), body: reading }),
    'accounts',
  );
  return {
    party,
    tpp,
    payer,
    baseUrl,
    customer,
    control,
    readToken,
    approve,
    lodge,
    connect: { ca: caPem, cert: tpp.transport.chainPem, key: tpp.transport.privateKeyPem },
    close: () => party.close(),
  };
}

function controlOf(status, caPem) {
  const token = readFileSync(status.controlTokenFile, 'utf8').trim();
  const dispatcher = new Agent({ connect: { ca: caPem } });
  return async (method, path, body) => {
    const answer = await fetch(`${status.publicOrigin}/_sandbox${path}`, {
      method,
      dispatcher,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (answer.status >= 400) throw new Error(`${method} ${path}: HTTP ${answer.status} ${text}`);
    return JSON.parse(text);
  };
}

/** The account with the fullest first page, its first page as it is sent, and a page deep in its history. */
export async function pagesOf(caller) {
  const { party, readToken: token, baseUrl } = caller;
  const { body: accounts } = await party.call('GET', '/aisp/accounts', { token });
  let best;
  for (const { AccountId } of accounts.Data.Account) {
    const path = `/aisp/accounts/${AccountId}/transactions`;
    const { body } = await party.call('GET', path, { token });
    const bytes = Buffer.byteLength(JSON.stringify(body));
    if (!best || bytes > best.bytes) best = { path, body, bytes };
  }
  const rows = best.body.Data.Transaction.length;
  if (rows < 100) throw new Error(`a page of 100 rows is wanted, the fullest account gives ${rows}`);
  let deep = best.body.Links.Next;
  for (let step = 0; step < 5 && deep; step += 1) {
    const { body } = await party.call('GET', deep.slice(baseUrl.length), { token });
    if (!body.Links.Next) break;
    deep = body.Links.Next;
  }
  const to = best.body.Data.Transaction[50].BookingDateTime;
  const base = new URL(baseUrl).pathname;
  return {
    bytes: best.bytes,
    body: best.body,
    first: `${base}${best.path}`,
    deep: `${base}${deep.slice(baseUrl.length)}`,
    range: `${base}${best.path}?toBookingDateTime=${encodeURIComponent(to)}`,
  };
}

export const requestOf = (path, token) => () => ({
  method: 'GET',
  path,
  headers: { accept: 'application/json', authorization: `Bearer ${token}` },
});
