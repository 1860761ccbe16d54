import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { bodyOf, transactionsOf, type TransactionPage } from '../../support/uk-bank.js';
import { openWorld, type World } from './world.js';

/** Not refused, but not told either: what an answer leaves out because nobody agreed to it. */
describe('what a bank leaves out', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  }, 60_000);

  afterAll(async () => {
    await world?.close();
  });

  async function transactionsWith(
    data: Readonly<Record<string, unknown>>,
  ): Promise<Awaited<ReturnType<typeof transactionsOf>>> {
    const { lantern } = world;
    const { token, accounts } = await world.freshAccess(data);
    const lists = await Promise.all(accounts.map((account) => transactionsOf(lantern, token, account)));
    return lists.flat();
  }

  test.each([
    ['ReadTransactionsCredits', 'Credit'],
    ['ReadTransactionsDebits', 'Debit'],
  ])('with %s alone every row is a %s', async (permission, indicator) => {
    const rows = await transactionsWith({ Permissions: ['ReadAccountsBasic', 'ReadTransactionsBasic', permission] });
    expect(new Set(rows.map(({ CreditDebitIndicator }) => CreditDebitIndicator))).toEqual(new Set([indicator]));
  });

  test('basic transactions carry no details', async () => {
    const Permissions = [
      'ReadAccountsBasic',
      'ReadTransactionsBasic',
      'ReadTransactionsCredits',
      'ReadTransactionsDebits',
    ];
    const rows = await transactionsWith({ Permissions });
    expect(rows.length).toBeGreaterThan(0);
    const detail = [
      'TransactionInformation',
      'Balance',
      'MerchantDetails',
      'CreditorAccount',
      'DebtorAccount',
      'CreditorAgent',
      'DebtorAgent',
    ];
    expect(rows.flatMap((row) => Object.keys(row)).filter((name) => detail.includes(name))).toEqual([]);
  });

  test('basic accounts carry no numbers', async () => {
    const { token } = await world.freshAccess({ Permissions: ['ReadAccountsBasic'] });
    const answer = await world.lantern.call<{ Data: { Account: readonly object[] } }>('GET', '/aisp/accounts', {
      token,
    });
    const names = bodyOf(answer, 200).Data.Account.flatMap((account) => Object.keys(account));
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => ['Account', 'Servicer', 'StatementFrequencyAndFormat'].includes(name))).toEqual([]);
  });

  test('rows outside the period that was agreed are not there, whatever the filter asks for', async () => {
    const [from, to] = ['2026-06-01T00:00:00+00:00', '2026-06-07T23:59:59+00:00'];
    const { token, accounts } = await world.freshAccess({ TransactionFromDateTime: from, TransactionToDateTime: to });
    for (const account of accounts) {
      const path = `/aisp/accounts/${account}/transactions?fromBookingDateTime=2020-01-01T00:00:00&toBookingDateTime=2030-01-01T00:00:00`;
      const page = bodyOf(await world.lantern.call<TransactionPage>('GET', path, { token }), 200);
      for (const { BookingDateTime } of page.Data.Transaction) {
        expect(Date.parse(BookingDateTime)).toBeGreaterThanOrEqual(Date.parse(from));
        expect(Date.parse(BookingDateTime)).toBeLessThanOrEqual(Date.parse(to));
      }
    }
  });

  test('a filter that leaves nothing is an empty list', async () => {
    const { lantern, access } = world;
    const path = `/aisp/accounts/${access.accounts[0] ?? ''}/transactions?fromBookingDateTime=2030-01-01T00:00:00`;
    const page = bodyOf(await lantern.call<TransactionPage>('GET', path, { token: access.token }), 200);
    expect(page.Data.Transaction).toEqual([]);
  });

  test("whether another client's token lives is not told, and it is not revoked", async () => {
    const { lantern, rival, access } = world;
    const { token } = access;
    const looked = await rival.postForm('introspection_endpoint', { ...(await rival.credentials()), token });
    expect(looked.body).toEqual({ active: false });
    await rival.postForm('revocation_endpoint', { ...(await rival.credentials()), token });
    expect((await lantern.call('GET', '/aisp/accounts', { token })).status).toBe(200);
  });

  test.each(['<script>', 'one two', '../../etc', randomUUID() + randomUUID()])(
    'an interaction id that is no UUID (%s) is not repeated',
    async (interactionId) => {
      const { lantern, access } = world;
      const answer = await lantern.call('GET', '/aisp/accounts', { token: access.token, interactionId });
      expect(answer.headers.get('x-fapi-interaction-id')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    },
  );

  test('an error names no file, no statement and no line of a program', async () => {
    const { lantern, access } = world;
    const answers = await Promise.all([
      lantern.call('GET', '/aisp/accounts/%00', { token: access.token }),
      lantern.call('GET', "/aisp/accounts/'; DROP TABLE accounts; --", { token: access.token }),
      lantern.call('GET', `/aisp/accounts/${'9'.repeat(4_000)}`, { token: access.token }),
    ]);
    for (const { status, text } of answers) {
      expect(status).toBeLessThan(500);
      expect(text).not.toMatch(/\.ts|\.js|node_modules|SELECT|sqlite|at /i);
    }
  });
});
