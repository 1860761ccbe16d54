import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Sandbox } from '../../src/index.js';
import { customerOf, type Customer } from '../support/customer.js';
import { newThirdParty, startTestSandbox } from '../support/test-sandbox.js';
import type { ThirdParty } from '../support/third-party.js';
import {
  accessTo,
  accountIdsOf,
  approvedPayment,
  balancesOf,
  bodyOf,
  payeeOf,
  planPayment,
  postPayment,
  postPaymentConsent,
  transactionsOf,
  type WireConsent,
  type WireErrors,
  type WireTransaction,
} from '../support/uk-bank.js';

describe('what a consent covers', () => {
  let sandbox: Sandbox;
  let tpp: ThirdParty;
  let renter: Customer;
  let freelancer: Customer;

  beforeAll(async () => {
    sandbox = await startTestSandbox();
    tpp = await newThirdParty(sandbox);
    [renter, freelancer] = [await customerOf(sandbox, 'salaried-renter'), await customerOf(sandbox, 'freelancer')];
  });

  afterAll(async () => {
    await tpp?.close();
    await sandbox?.stop();
  });

  const firstTransactions = async (
    permissions: readonly string[],
    data: object = {},
  ): Promise<readonly WireTransaction[]> => {
    const access = await accessTo(tpp, renter, { data: { Permissions: permissions, ...data } });
    return transactionsOf(tpp, access.token, renter.accounts[0]?.id ?? '');
  };

  test('credits alone show what came in, debits alone what went out, and together they are the whole list', async () => {
    const basic = ['ReadAccountsBasic', 'ReadTransactionsBasic'];
    const credits = await firstTransactions([...basic, 'ReadTransactionsCredits']);
    const debits = await firstTransactions([...basic, 'ReadTransactionsDebits']);
    const all = await firstTransactions([...basic, 'ReadTransactionsCredits', 'ReadTransactionsDebits']);
    expect(new Set(credits.map(({ CreditDebitIndicator }) => CreditDebitIndicator))).toEqual(new Set(['Credit']));
    expect(new Set(debits.map(({ CreditDebitIndicator }) => CreditDebitIndicator))).toEqual(new Set(['Debit']));
    const ids = (list: readonly WireTransaction[]): readonly string[] =>
      list.map(({ TransactionId }) => TransactionId).sort();
    expect(ids([...credits, ...debits])).toEqual(ids(all));
  });

  test('without detail neither text nor running balance nor the identifiers of the account are told', async () => {
    const permissions = [
      'ReadAccountsBasic',
      'ReadTransactionsBasic',
      'ReadTransactionsCredits',
      'ReadTransactionsDebits',
    ];
    const access = await accessTo(tpp, renter, { data: { Permissions: permissions } });
    const [transaction] = await transactionsOf(tpp, access.token, access.accounts[0] ?? '');
    expect(transaction).toBeDefined();
    for (const field of ['TransactionInformation', 'Balance', 'MerchantDetails', 'CreditorAccount', 'DebtorAccount']) {
      expect(transaction).not.toHaveProperty(field);
    }
    const { Data } = bodyOf(
      await tpp.call<{ Data: { Account: object[] } }>('GET', '/aisp/accounts', { token: access.token }),
      200,
    );
    for (const account of Data.Account) expect(account).not.toHaveProperty('Account');
    const refused = await tpp.call('GET', `/aisp/accounts/${access.accounts[0] ?? ''}/balances`, {
      token: access.token,
    });
    expect(refused.status).toBe(403);
  });

  test('the agreed window of transactions holds against every filter', async () => {
    const [from, to] = ['2026-05-01T00:00:00+00:00', '2026-05-31T23:59:59+00:00'];
    const inMay = await firstTransactions(
      ['ReadAccountsBasic', 'ReadTransactionsBasic', 'ReadTransactionsCredits', 'ReadTransactionsDebits'],
      { TransactionFromDateTime: from, TransactionToDateTime: to },
    );
    expect(inMay.length).toBeGreaterThan(0);
    expect(inMay.filter(({ BookingDateTime }) => !BookingDateTime.startsWith('2026-05-'))).toEqual([]);
  });

  test('authorised again with other accounts, it covers those and no longer the others', async () => {
    const [first, second] = renter.accounts.map(({ id }) => id);
    if (first === undefined || second === undefined) throw new Error('the test needs a customer with two accounts');
    const access = await accessTo(tpp, renter, { accounts: [first] });
    const again = await tpp.beginConsent(access.consentId, 'accounts');
    const tokens = await tpp.finishConsent(again, await renter.share(again.authorizationUrl, [second]));
    expect(await accountIdsOf(tpp, tokens.access_token)).toEqual([second]);
    const old = await tpp.call('GET', `/aisp/accounts/${first}/balances`, { token: access.token });
    expect([401, 403]).toContain(old.status);
  });

  test('denied at a second authorisation, it stays as it was', async () => {
    const access = await accessTo(tpp, renter);
    const again = await tpp.beginConsent(access.consentId, 'accounts');
    const back = await renter.deny(again.authorizationUrl);
    await expect(tpp.finishConsent(again, back)).rejects.toMatchObject({ error: 'access_denied' });
    expect((await tpp.call('GET', '/aisp/accounts', { token: access.token })).status).toBe(200);
  });

  test('a newly opened account is empty: no money, no transactions, no error', async () => {
    const access = await accessTo(tpp, await customerOf(sandbox, 'new-empty-account'));
    const account = access.accounts[0] ?? '';
    expect(await balancesOf(tpp, access.token, account)).toEqual({ booked: 0n, available: 0n });
    expect(await transactionsOf(tpp, access.token, account)).toEqual([]);
  });

  test('a signatory shares the accounts of the company', async () => {
    const signatories = (await sandbox.bank('bramble').customers()).filter(
      ({ persona }) => persona === 'small-company',
    );
    const company = await customerOf(sandbox, 'small-company');
    expect(signatories.length).toBeGreaterThan(1);
    expect([...(await accessTo(tpp, company)).accounts].sort()).toEqual(company.accounts.map(({ id }) => id).sort());
  });

  test('two journeys of one customer at the same time do not get in each other’s way', async () => {
    const [one, two] = [await planAccess(), await planAccess()];
    const [first, second] = [await renter.open(one.authorizationUrl), await renter.open(two.authorizationUrl)];
    for (const journey of [second, first]) {
      await journey.logIn();
      await journey.enterCode();
    }
    await first.chooseAccounts([renter.accounts[0]?.id ?? '']);
    await second.chooseAccounts([renter.accounts[1]?.id ?? '']);
    const tokens = [
      await tpp.finishConsent(one, await first.approve()),
      await tpp.finishConsent(two, await second.approve()),
    ];
    const seen = await Promise.all(tokens.map((each) => accountIdsOf(tpp, each.access_token)));
    expect(seen).toEqual([[renter.accounts[0]?.id], [renter.accounts[1]?.id]]);
  });

  async function planAccess() {
    const answer = await tpp.call<WireConsent>('POST', '/aisp/account-access-consents', {
      token: await tpp.clientToken('accounts'),
      body: { Data: { Permissions: ['ReadAccountsBasic'] }, Risk: {} },
    });
    return tpp.beginConsent(bodyOf(answer, 201).Data.ConsentId, 'accounts');
  }

  describe('a payment', () => {
    test('from a named account asks the customer for no account, and from that account it is made', async () => {
      const debtor = renter.accounts[0];
      const plan = planPayment({
        amount: '1.05',
        payee: payeeOf(freelancer),
        debtor: { identification: debtor?.identification ?? '', name: renter.name },
      });
      const consentId = bodyOf(await postPaymentConsent(tpp, plan), 201).Data.ConsentId;
      const pending = await tpp.beginConsent(consentId, 'payments');
      const journey = await renter.open(pending.authorizationUrl);
      await journey.logIn();
      expect(journey.page.has('accounts-submit')).toBe(false);
      expect(journey.page.text('payment-amount')).toContain('1.05');
      expect(journey.page.text('payment-payee')).toContain(freelancer.name);
      const tokens = await tpp.finishConsent(pending, await journey.approve());
      expect(tokens.refresh_token).toBeUndefined();
      const order = bodyOf(await postPayment(tpp, plan, { consentId, token: tokens.access_token }), 201);
      expect(order.Data.Status).toBe('RCVD');
      expect(order.Data.Debtor?.Identification ?? debtor?.identification).toBe(debtor?.identification);
    });

    test('from somebody else’s account is rejected after the login', async () => {
      const plan = planPayment({
        amount: '1.06',
        payee: payeeOf(renter),
        debtor: { identification: freelancer.accounts[0]?.identification ?? '', name: freelancer.name },
      });
      const consentId = bodyOf(await postPaymentConsent(tpp, plan), 201).Data.ConsentId;
      const pending = await tpp.beginConsent(consentId, 'payments');
      const journey = await renter.open(pending.authorizationUrl);
      await journey.logIn();
      expect(journey.page.has('sca-submit')).toBe(false);
      await journey.close();
      const consent = await tpp.call<WireConsent>('GET', `/pisp/domestic-payment-consents/${consentId}`, {
        token: await tpp.clientToken('payments'),
      });
      expect(bodyOf(consent, 200).Data.Status).toBe('RJCT');
    });

    test('ordered ten times at once under one key is one payment', async () => {
      const plan = planPayment({ amount: '1.07', payee: payeeOf(freelancer) });
      const approved = await approvedPayment(tpp, renter, plan, renter.accounts[0]?.id);
      const answers = await Promise.all(Array.from({ length: 10 }, () => postPayment(tpp, plan, approved)));
      expect(new Set(answers.map((answer) => bodyOf(answer, 201).Data.DomesticPaymentId)).size).toBe(1);
      await expectDebited(plan.reference, ['1.07']);
    });

    test('ordered ten times at once under ten keys is one payment and nine refusals', async () => {
      const plan = planPayment({ amount: '1.08', payee: payeeOf(freelancer) });
      const approved = await approvedPayment(tpp, renter, plan, renter.accounts[0]?.id);
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_each, index) =>
          postPayment(tpp, { ...plan, orderKey: `${plan.orderKey}-${index}` }, approved),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 9 }, () => 400)]);
      const refusals = answers.filter(({ status }) => status === 400) as unknown as readonly {
        readonly body: WireErrors;
      }[];
      expect(new Set(refusals.map(({ body }) => body.Errors[0]?.ErrorCode))).toEqual(new Set(['U009']));
      await expectDebited(plan.reference, ['1.08']);
    });

    test('consents asked for ten times at once under one key are one consent', async () => {
      const plan = planPayment({ amount: '1.09', payee: payeeOf(freelancer) });
      const answers = await Promise.all(Array.from({ length: 10 }, () => postPaymentConsent(tpp, plan)));
      expect(new Set(answers.map((answer) => bodyOf(answer, 201).Data.ConsentId)).size).toBe(1);
    });

    async function expectDebited(reference: string, amounts: readonly string[]): Promise<void> {
      await sandbox.clock.advance('PT10M');
      const access = await accessTo(tpp, renter);
      const mine = (await transactionsOf(tpp, access.token, renter.accounts[0]?.id ?? '')).filter(
        ({ TransactionReference }) => TransactionReference === reference,
      );
      expect(mine.map(({ Amount }) => Amount.Amount)).toEqual(amounts);
      expect(await sandbox.verify()).toMatchObject({ ok: true });
    }
  });

  test('an authorization code redeemed twice at once gives tokens at most once', async () => {
    const pending = await planAccess();
    const back = await renter.share(pending.authorizationUrl);
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => tpp.finishConsent(pending, back)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
  });
});
