import { gzipSync } from 'node:zlib';
import { expect } from '@jest/globals';

import type { ApiAnswer, CallOptions } from '../../support/third-party.js';
import { bodyOf, lodgeAccess, planPayment, payeeOf, PERMISSIONS, postPaymentConsent, type TransactionPage } from '../../support/uk-bank.js';
import type { NegativeRow, Refusal } from './table.js';
import type { World } from './world.js';

const CONSENTS = '/aisp/account-access-consents';
const outOfReach: Refusal = { status: 403, uk: 'U011' };
const notAllowed: Refusal = { status: 403, uk: 'U042' };
const unknown: Refusal = { status: 400, uk: 'U011' };
const malformed: Refusal = { status: 400, uk: 'U010' };

interface Reading extends CallOptions {
  readonly path: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
}

/** A call of lantern, with its token for all accounts unless said otherwise. */
function calls(
  name: string,
  expected: { readonly refused: Refusal; readonly because: RegExp; readonly afterwards?: (answer: ApiAnswer) => void },
  how: (world: World) => Promise<Reading> | Reading,
): NegativeRow {
  const { refused, because, afterwards } = expected;
  return {
    name,
    refused,
    because,
    given: async (world) => {
      const { path, method = 'GET', ...call } = await how(world);
      return {
        send: () => world.lantern.call(method, path, { token: world.access.token, ...call }),
        ...(afterwards && { afterwards }),
      };
    },
  };
}

function firstAccount({ customer }: World): string {
  return customer.accounts[0]?.id ?? '';
}

/** A consent with fewer permissions than the others. */
async function narrowToken(world: World, permissions: readonly string[]): Promise<string> {
  const { token } = await world.once(permissions.join(), () => world.freshAccess({ Permissions: permissions }));
  return token;
}

const reachRows: readonly NegativeRow[] = [
  calls('an account that does not exist is not found', { refused: unknown, because: /account exists/ }, () => ({ path: '/aisp/accounts/nobodys-account' })),
  calls("another customer's account is out of reach", { refused: outOfReach, because: /covers the account/ }, async (world) => ({
    path: `/aisp/accounts/${(await world.customerOf('pensioner')).accounts[0]?.id ?? ''}/balances`,
  })),
  calls('an account that the customer did not choose is out of reach', { refused: outOfReach, because: /covers the account/ }, async (world) => {
    const [first, second] = world.customer.accounts;
    const access = await world.once('one account', () => world.accessOf(first?.id ?? ''));
    return { path: `/aisp/accounts/${second?.id ?? ''}/transactions`, token: access.token };
  }),
  calls('balances are not read without their permission', { refused: notAllowed, because: /every capability/ }, async (world) => ({
    path: `/aisp/accounts/${firstAccount(world)}/balances`,
    token: await narrowToken(world, ['ReadAccountsBasic']),
  })),
  calls('all balances are not read without their permission either', { refused: notAllowed, because: /every capability/ }, async (world) => ({
    path: '/aisp/balances',
    token: await narrowToken(world, ['ReadAccountsBasic']),
  })),
  calls('transactions are not read without their permission', { refused: notAllowed, because: /capabilit/ }, async (world) => ({
    path: `/aisp/accounts/${firstAccount(world)}/transactions`,
    token: await narrowToken(world, ['ReadAccountsBasic']),
  })),
  calls('the customer is not named without permission', { refused: notAllowed, because: /every capability/ }, async (world) => ({
    path: '/aisp/party',
    token: await narrowToken(world, ['ReadAccountsBasic']),
  })),
  calls('a token for payments reads no accounts', { refused: notAllowed, because: /scopes/ }, async (world) => ({
    path: '/aisp/accounts',
    token: (await world.paymentAccess()).token,
  })),
  calls('a consent that does not exist is not found', { refused: unknown, because: /carries out/ }, async ({ lantern }) => ({
    path: `${CONSENTS}/nobodys-consent`,
    token: await lantern.clientToken('accounts'),
  })),
  calls("another third party's consent is out of reach", { refused: outOfReach, because: /carries out/ }, async ({ lantern, rival }) => ({
    path: `${CONSENTS}/${await lodgeAccess(rival)}`,
    token: await lantern.clientToken('accounts'),
  })),
  calls("another third party's consent is not deleted", { refused: outOfReach, because: /carries out/ }, async ({ lantern, rival }) => ({
    path: `${CONSENTS}/${await lodgeAccess(rival)}`,
    method: 'DELETE',
    token: await lantern.clientToken('accounts'),
  })),
  calls('a consent for a payment is no consent for accounts', { refused: unknown, because: /carries out/ }, async ({ lantern, customer }) => {
    const lodged = await postPaymentConsent(lantern, planPayment({ amount: '1.00', payee: payeeOf(customer) }));
    return { path: `${CONSENTS}/${bodyOf(lodged, 201).Data.ConsentId}`, token: await lantern.clientToken('accounts') };
  }),
  calls('a deleted consent is not found', { refused: unknown, because: /carries out/ }, async ({ lantern }) => {
    const path = `${CONSENTS}/${await lodgeAccess(lantern)}`;
    const token = await lantern.clientToken('accounts');
    await lantern.call('DELETE', path, { token });
    return { path, token };
  }),
];

const addressRows: readonly NegativeRow[] = [
  calls('a path that the standard does not have is not found', { refused: { status: 404, empty: true }, because: /path belongs/ }, () => ({ path: '/aisp/treasures' })),
  calls('a path is found in its own case only', { refused: { status: 404, empty: true }, because: /path belongs/ }, () => ({ path: '/aisp/Accounts' })),
  calls('a path with an encoded way up is not found', { refused: { status: 404, empty: true }, because: /path belongs/ }, () => ({ path: '/aisp/accounts/%2e%2e%2f%2e%2e%2fpisp/x' })),
  calls(
    'a method that a resource does not take is refused with those it takes',
    {
      refused: { status: 405, empty: true },
      because: /path and method/,
      afterwards: ({ headers }) => expect(headers.get('allow')).toMatch(/\bGET\b/),
    },
    () => ({ path: '/aisp/accounts', method: 'DELETE' }),
  ),
  calls('a method override changes nothing', { refused: { status: 405, empty: true }, because: /path and method/ }, () => ({
    path: '/aisp/accounts',
    method: 'POST',
    body: {},
    headers: { 'x-http-method-override': 'GET' },
  })),
  calls('an answer in XML is not to be had', { refused: { status: 406, empty: true }, because: /media type of the answer/ }, () => ({
    path: '/aisp/accounts',
    headers: { accept: 'text/xml' },
  })),
  calls('a page that the bank never linked to is refused', { refused: { status: 400, uk: 'U002' }, because: /carries out/ }, (world) => ({
    path: `/aisp/accounts/${firstAccount(world)}/transactions?page=-1`,
  })),
  calls('a page link that was tampered with is refused', { refused: { status: 400, uk: 'U002' }, because: /carries out/ }, async (world) => {
    const next = await world.once('next page', () => nextPage(world));
    const url = new URL(next);
    url.searchParams.set('page', `${url.searchParams.get('page') ?? ''}x`);
    return { path: url.href };
  }),
  calls("the page link of one account does not work for another's", { refused: { status: 400, uk: 'U002' }, because: /carries out/ }, async (world) => {
    const next = await world.once('next page', () => nextPage(world));
    const other = world.customer.accounts.find(({ id }) => !next.includes(id));
    return { path: next.replace(/accounts\/[^/]+/, `accounts/${other?.id ?? ''}`) };
  }),
  calls('a filter that is no date is refused', { refused: { status: 400, uk: 'U003' }, because: /fits the document|carries out/ }, (world) => ({
    path: `/aisp/accounts/${firstAccount(world)}/transactions?fromBookingDateTime=yesterday`,
  })),
  calls('a filter of a day that never was is refused', { refused: { status: 400, uk: 'U003' }, because: /fits the document|carries out/ }, (world) => ({
    path: `/aisp/accounts/${firstAccount(world)}/transactions?toBookingDateTime=2026-02-30T00:00:00`,
  })),
  calls('a filter that is given twice is no date', { refused: { status: 400, uk: 'U003' }, because: /fits the document|carries out/ }, (world) => ({
    path: `/aisp/accounts/${firstAccount(world)}/transactions?fromBookingDateTime=2026-06-01T00:00:00&fromBookingDateTime=2026-06-02T00:00:00`,
  })),
  calls('a header that is not as the document says is refused', { refused: { status: 400, uk: 'U006' }, because: /fits the document/ }, () => ({
    path: '/aisp/accounts',
    headers: { 'x-fapi-auth-date': 'yesterday' },
  })),
];

/** The second page of the account with the most transactions. */
async function nextPage({ lantern, access }: World): Promise<string> {
  for (const account of access.accounts) {
    const path = `/aisp/accounts/${account}/transactions`;
    const page = bodyOf(await lantern.call<TransactionPage>('GET', path, { token: access.token }), 200);
    if (page.Links.Next !== undefined) return page.Links.Next;
  }
  throw new Error('no account of the customer has two pages');
}

/** A consent request that is right but for what is changed. */
function lodges(
  name: string,
  expected: { readonly refused: Refusal; readonly because: RegExp },
  how: CallOptions | ((data: Readonly<Record<string, unknown>>) => unknown),
): NegativeRow {
  return calls(name, expected, async ({ lantern }) => ({
    path: CONSENTS,
    method: 'POST',
    token: await lantern.clientToken('accounts'),
    ...(typeof how === 'function' ? { body: how({ Permissions: PERMISSIONS }) } : how),
  }));
}

const good = JSON.stringify({ Data: { Permissions: PERMISSIONS }, Risk: {} });
const fits = /fits the document/;
const readable = /well-formed JSON/;

const bodyRows: readonly NegativeRow[] = [
  lodges('a body that is no JSON is refused', { refused: malformed, because: readable }, { payload: '{"Data":' }),
  lodges('an empty body is refused', { refused: malformed, because: readable }, { payload: '' , headers: { 'content-type': 'application/json' } }),
  lodges('a body that is a list is refused', { refused: { status: 400, uk: 'U002' }, because: fits }, { payload: '[]' }),
  lodges('a body that is nested without end is refused', { refused: malformed, because: readable }, { payload: `{"Data":${'['.repeat(10_000)}${']'.repeat(10_000)}}` }),
  lodges('a body with __proto__ is refused', { refused: malformed, because: readable }, { payload: good.replace('"Risk"', '"__proto__":{"polluted":true},"Risk"') }),
  lodges('a body with a member twice is refused', { refused: malformed, because: readable }, { payload: good.replace('"Risk"', '"Risk":{},"Risk"') }),
  lodges('a body with half a character is refused', { refused: malformed, because: readable }, { payload: good.replace('ReadBalances', String.raw`Read\ud800`) }),
  lodges('a body beyond all numbers is refused', { refused: malformed, because: readable }, { payload: good.replace('"Risk":{}', '"Risk":1e400') }),
  lodges('a body of two megabytes is refused', { refused: { status: 413, empty: true }, because: /too large/ }, { payload: good + ' '.repeat(2_097_152) }),
  lodges('a body that is plain text is refused', { refused: { status: 415, empty: true }, because: /media type that the operation takes/ }, { payload: good, headers: { 'content-type': 'text/plain' } }),
  lodges('a body in another character set is refused', { refused: { status: 415, empty: true }, because: /media type that the operation takes/ }, { payload: good, headers: { 'content-type': 'application/json; charset=utf-16' } }),
  lodges('a form is refused', { refused: { status: 415, empty: true }, because: /media type that the operation takes/ }, { payload: 'Data=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
  {
    name: 'a compressed body is refused',
    given: async (world) => {
      const token = await world.lantern.clientToken('accounts');
      return {
        send: () =>
          world.raw(world.lantern.tpp.transport).send(`${world.lantern.baseUrl}${CONSENTS}`, {
            method: 'POST',
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-encoding': 'gzip' },
            body: gzipSync(good),
          }),
      };
    },
    refused: { status: 415, empty: true },
    because: /not compressed/,
  },
  lodges('a consent without data is refused', { refused: { status: 400, uk: 'U004' }, because: fits }, () => ({ Risk: {} })),
  lodges('a consent without Risk is refused', { refused: { status: 400, uk: 'U004' }, because: fits }, (Data) => ({ Data })),
  lodges('a consent without permissions is refused', { refused: { status: 400, uk: 'U004' }, because: fits }, () => ({ Data: {}, Risk: {} })),
  lodges('a consent for nothing is refused', { refused: { status: 400, uk: 'U002' }, because: /fits the document|carries out/ }, () => ({ Data: { Permissions: [] }, Risk: {} })),
  lodges('a consent with a permission that does not exist is refused', { refused: { status: 400, uk: 'U002' }, because: fits }, () => ({
    Data: { Permissions: ['ReadAccountsBasic', 'ReadEverything'] },
    Risk: {},
  })),
  lodges('a consent without the list of accounts is refused', { refused: { status: 400, uk: 'U002' }, because: /carries out/ }, () => ({ Data: { Permissions: ['ReadBalances'] }, Risk: {} })),
  lodges('a consent for transactions of no direction is refused', { refused: { status: 400, uk: 'U002' }, because: /carries out/ }, () => ({
    Data: { Permissions: ['ReadAccountsBasic', 'ReadTransactionsDetail'] },
    Risk: {},
  })),
  lodges('a consent for credits of no detail is refused', { refused: { status: 400, uk: 'U002' }, because: /carries out/ }, () => ({
    Data: { Permissions: ['ReadAccountsBasic', 'ReadTransactionsCredits'] },
    Risk: {},
  })),
  lodges('a consent with a field nobody knows is refused', { refused: { status: 400, uk: 'U005' }, because: /fits the document|carries out/ }, (Data) => ({
    Data: { ...Data, ExpirationDatetime: '2027-01-01T00:00:00Z' },
    Risk: {},
  })),
  lodges('a consent that sets its own status is refused', { refused: { status: 400, uk: 'U005' }, because: /fits the document|carries out/ }, (Data) => ({
    Data: { ...Data, Status: 'AUTH', ConsentId: 'mine' },
    Risk: {},
  })),
  lodges('a consent until a day that never was is refused', { refused: { status: 400, uk: 'U003' }, because: /fits the document|carries out/ }, (Data) => ({
    Data: { ...Data, ExpirationDateTime: '2027-02-30T00:00:00Z' },
    Risk: {},
  })),
  lodges('a consent that ended before it began is refused', { refused: { status: 400, uk: 'U003' }, because: /carries out/ }, (Data) => ({
    Data: { ...Data, ExpirationDateTime: '2026-06-15T00:00:00Z' },
    Risk: {},
  })),
  lodges('a period of transactions that ends before it begins is refused', { refused: { status: 400, uk: 'U003' }, because: /carries out/ }, (Data) => ({
    Data: { ...Data, TransactionFromDateTime: '2026-06-02T00:00:00Z', TransactionToDateTime: '2026-06-01T00:00:00Z' },
    Risk: {},
  })),
];

export const resourceRows: readonly NegativeRow[] = [...reachRows, ...addressRows, ...bodyRows];
