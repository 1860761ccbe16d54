import { expect } from '@jest/globals';

import type { ApiAnswer, CallOptions } from '../../support/third-party.js';
import {
  bodyOf,
  lodgeAccess,
  planPayment,
  payeeOf,
  postPaymentConsent,
  type TransactionPage,
} from '../../support/uk-bank.js';
import type { NegativeRow, Refusal } from './table.js';
import type { World } from './world.js';

export const CONSENTS = '/aisp/account-access-consents';
const outOfReach: Refusal = { status: 403, uk: 'U011' };
const notAllowed: Refusal = { status: 403, uk: 'U042' };
const unknown: Refusal = { status: 400, uk: 'U011' };

interface Reading extends CallOptions {
  readonly path: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
}

/** A call of lantern, with its token for all accounts unless said otherwise. */
export function calls(
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
  calls('an account that does not exist is not found', { refused: unknown, because: /account exists/ }, () => ({
    path: '/aisp/accounts/nobodys-account',
  })),
  calls(
    "another customer's account is out of reach",
    { refused: outOfReach, because: /covers the account/ },
    async (world) => ({
      path: `/aisp/accounts/${(await world.customerOf('pensioner')).accounts[0]?.id ?? ''}/balances`,
    }),
  ),
  calls(
    'an account that the customer did not choose is out of reach',
    { refused: outOfReach, because: /covers the account/ },
    async (world) => {
      const [first, second] = world.customer.accounts;
      const access = await world.once('one account', () => world.accessOf(first?.id ?? ''));
      return { path: `/aisp/accounts/${second?.id ?? ''}/transactions`, token: access.token };
    },
  ),
  calls(
    'balances are not read without their permission',
    { refused: notAllowed, because: /every capability/ },
    async (world) => ({
      path: `/aisp/accounts/${firstAccount(world)}/balances`,
      token: await narrowToken(world, ['ReadAccountsBasic']),
    }),
  ),
  calls(
    'all balances are not read without their permission either',
    { refused: notAllowed, because: /every capability/ },
    async (world) => ({
      path: '/aisp/balances',
      token: await narrowToken(world, ['ReadAccountsBasic']),
    }),
  ),
  calls(
    'transactions are not read without their permission',
    { refused: notAllowed, because: /capabilit/ },
    async (world) => ({
      path: `/aisp/accounts/${firstAccount(world)}/transactions`,
      token: await narrowToken(world, ['ReadAccountsBasic']),
    }),
  ),
  calls(
    'the customer is not named without permission',
    { refused: notAllowed, because: /every capability/ },
    async (world) => ({
      path: '/aisp/party',
      token: await narrowToken(world, ['ReadAccountsBasic']),
    }),
  ),
  calls('a token for payments reads no accounts', { refused: notAllowed, because: /scopes/ }, async (world) => ({
    path: '/aisp/accounts',
    token: (await world.paymentAccess()).token,
  })),
  calls(
    'a consent that does not exist is not found',
    { refused: unknown, because: /carries out/ },
    async ({ lantern }) => ({
      path: `${CONSENTS}/nobodys-consent`,
      token: await lantern.clientToken('accounts'),
    }),
  ),
  calls(
    "another third party's consent is out of reach",
    { refused: outOfReach, because: /carries out/ },
    async ({ lantern, rival }) => ({
      path: `${CONSENTS}/${await lodgeAccess(rival)}`,
      token: await lantern.clientToken('accounts'),
    }),
  ),
  calls(
    "another third party's consent is not deleted",
    { refused: outOfReach, because: /carries out/ },
    async ({ lantern, rival }) => ({
      path: `${CONSENTS}/${await lodgeAccess(rival)}`,
      method: 'DELETE',
      token: await lantern.clientToken('accounts'),
    }),
  ),
  calls(
    'a consent for a payment is no consent for accounts',
    { refused: unknown, because: /carries out/ },
    async ({ lantern, customer }) => {
      const lodged = await postPaymentConsent(lantern, planPayment({ amount: '1.00', payee: payeeOf(customer) }));
      return {
        path: `${CONSENTS}/${bodyOf(lodged, 201).Data.ConsentId}`,
        token: await lantern.clientToken('accounts'),
      };
    },
  ),
  calls('a deleted consent is not found', { refused: unknown, because: /carries out/ }, async ({ lantern }) => {
    const path = `${CONSENTS}/${await lodgeAccess(lantern)}`;
    const token = await lantern.clientToken('accounts');
    await lantern.call('DELETE', path, { token });
    return { path, token };
  }),
];

const addressRows: readonly NegativeRow[] = [
  calls(
    'a path that the standard does not have is not found',
    { refused: { status: 404, empty: true }, because: /path belongs/ },
    () => ({ path: '/aisp/treasures' }),
  ),
  calls(
    'a path is found in its own case only',
    { refused: { status: 404, empty: true }, because: /path belongs/ },
    () => ({ path: '/aisp/Accounts' }),
  ),
  calls(
    'a path with an encoded way up is not found',
    { refused: { status: 404, empty: true }, because: /path belongs/ },
    () => ({ path: '/aisp/accounts/%2e%2e%2f%2e%2e%2fpisp/x' }),
  ),
  calls(
    'a method that a resource does not take is refused with those it takes',
    {
      refused: { status: 405, empty: true },
      because: /path and method/,
      afterwards: ({ headers }) => expect(headers.get('allow')).toMatch(/\bGET\b/),
    },
    () => ({ path: '/aisp/accounts', method: 'DELETE' }),
  ),
  calls(
    'a method override changes nothing',
    { refused: { status: 405, empty: true }, because: /path and method/ },
    () => ({
      path: '/aisp/accounts',
      method: 'POST',
      body: {},
      headers: { 'x-http-method-override': 'GET' },
    }),
  ),
  calls(
    'an answer in XML is not to be had',
    { refused: { status: 406, empty: true }, because: /media type of the answer/ },
    () => ({
      path: '/aisp/accounts',
      headers: { accept: 'text/xml' },
    }),
  ),
  calls(
    'a page that the bank never linked to is refused',
    { refused: { status: 400, uk: 'U002' }, because: /carries out/ },
    (world) => ({
      path: `/aisp/accounts/${firstAccount(world)}/transactions?page=-1`,
    }),
  ),
  calls(
    'a page link that was tampered with is refused',
    { refused: { status: 400, uk: 'U002' }, because: /carries out/ },
    async (world) => {
      const next = await world.once('next page', () => nextPage(world));
      const url = new URL(next);
      url.searchParams.set('page', `${url.searchParams.get('page') ?? ''}x`);
      return { path: url.href };
    },
  ),
  calls(
    "the page link of one account does not work for another's",
    { refused: { status: 400, uk: 'U002' }, because: /carries out/ },
    async (world) => {
      const next = await world.once('next page', () => nextPage(world));
      const other = world.customer.accounts.find(({ id }) => !next.includes(id));
      return { path: next.replace(/accounts\/[^/]+/, `accounts/${other?.id ?? ''}`) };
    },
  ),
  calls(
    'a filter that is no date is refused',
    { refused: { status: 400, uk: 'U003' }, because: /fits the document|carries out/ },
    (world) => ({
      path: `/aisp/accounts/${firstAccount(world)}/transactions?fromBookingDateTime=yesterday`,
    }),
  ),
  calls(
    'a filter of a day that never was is refused',
    { refused: { status: 400, uk: 'U003' }, because: /fits the document|carries out/ },
    (world) => ({
      path: `/aisp/accounts/${firstAccount(world)}/transactions?toBookingDateTime=2026-02-30T00:00:00`,
    }),
  ),
  calls(
    'a filter that is given twice is no date',
    { refused: { status: 400, uk: 'U003' }, because: /fits the document|carries out/ },
    (world) => ({
      path: `/aisp/accounts/${firstAccount(world)}/transactions?fromBookingDateTime=2026-06-01T00:00:00&fromBookingDateTime=2026-06-02T00:00:00`,
    }),
  ),
  calls(
    'a header that is not as the document says is refused',
    { refused: { status: 400, uk: 'U006' }, because: /fits the document/ },
    () => ({
      path: '/aisp/accounts',
      headers: { 'x-fapi-auth-date': 'yesterday' },
    }),
  ),
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

export const resourceRows: readonly NegativeRow[] = [...reachRows, ...addressRows];
