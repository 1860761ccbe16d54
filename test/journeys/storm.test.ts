import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Sandbox } from '../../src/index.js';
import { customerOf, type Customer } from '../support/customer.js';
import { newThirdParty, startTestSandbox } from '../support/test-sandbox.js';
import type { ThirdParty } from '../support/third-party.js';
import {
  accessTo,
  approvedPayment,
  bodyOf,
  payeeOf,
  planPayment,
  postPayment,
  postPaymentConsent,
  readPayment,
  transactionsOf,
  type PaymentPlan,
} from '../support/uk-bank.js';

const ORDERS = 12;

interface Prepared {
  readonly plan: PaymentPlan;
  readonly consentId: string;
  readonly token: string;
}

describe('many things at once', () => {
  let sandbox: Sandbox;
  let tpp: ThirdParty;
  let payer: Customer;
  let payee: Customer;

  beforeAll(async () => {
    sandbox = await startTestSandbox();
    tpp = await newThirdParty(sandbox);
    [payer, payee] = [await customerOf(sandbox, 'salaried-renter'), await customerOf(sandbox, 'freelancer')];
  });

  afterAll(async () => {
    await tpp?.close();
    await sandbox?.stop();
  });

  const prepare = async (count: number): Promise<readonly Prepared[]> => {
    const prepared: Prepared[] = [];
    for (let index = 0; index < count; index += 1) {
      const plan = planPayment({ amount: `0.${String(10 + index)}`, payee: payeeOf(payee) });
      prepared.push({ plan, ...(await approvedPayment(tpp, payer, plan, payer.accounts[0]?.id)) });
    }
    return prepared;
  };

  test('orders, reads, new consents and a clock that jumps: no answer is a 5xx, and every order is one payment', async () => {
    const prepared = await prepare(ORDERS);
    const account = payer.accounts[0]?.id ?? '';
    const access = await accessTo(tpp, payer);
    const clientToken = await tpp.clientToken('payments');
    const statuses: number[] = [];
    const ids = new Map<string, string>();
    const seen = async (answer: Promise<{ readonly status: number }>): Promise<void> => {
      statuses.push((await answer).status);
    };
    const ordering = prepared.map(async (each) => {
      const answer = await postPayment(tpp, each.plan, each);
      statuses.push(answer.status);
      ids.set(each.plan.reference, bodyOf(answer, 201).Data.DomesticPaymentId);
    });
    const reading = Array.from({ length: 20 }, (_each, index) =>
      seen(
        tpp.call('GET', `/aisp/accounts/${account}/${index % 2 === 0 ? 'transactions' : 'balances'}`, {
          token: access.token,
        }),
      ),
    );
    const lodging = Array.from({ length: 10 }, () =>
      seen(postPaymentConsent(tpp, planPayment({ amount: '9.99', payee: payeeOf(payee) }), { token: clientToken })),
    );
    const moving = Array.from({ length: 10 }, () => sandbox.clock.advance('PT1M'));
    await Promise.all([...ordering, ...reading, ...lodging, ...moving]);
    expect(statuses.filter((status) => status >= 300)).toEqual([]);

    await sandbox.clock.advance('PT10M');
    const again = await accessTo(tpp, payer);
    const transactions = await transactionsOf(tpp, again.token, account);
    for (const { plan } of prepared) {
      expect(bodyOf(await readPayment(tpp, ids.get(plan.reference) ?? ''), 200).Data.Status).toBe('ACCC');
      expect(transactions.filter(({ TransactionReference }) => TransactionReference === plan.reference).length).toBe(1);
    }
    expect(await sandbox.verify()).toMatchObject({ ok: true });
  });

  test('a reset in the middle of calls leaves a whole world, and calls that are answered properly or not at all', async () => {
    const access = await accessTo(tpp, payer);
    const outcomes: number[] = [];
    let over = false;
    const caller = async (): Promise<void> => {
      while (!over) {
        const call = tpp.call('GET', '/aisp/accounts', { token: access.token });
        outcomes.push(
          await call.then(
            ({ status }) => status,
            () => 0,
          ),
        );
      }
    };
    const callers = [caller(), caller(), caller()];
    await sandbox.reset();
    over = true;
    await Promise.all(callers);
    expect([...new Set(outcomes)].filter((status) => ![0, 200, 401, 503].includes(status))).toEqual([]);
    expect(await sandbox.verify()).toMatchObject({ ok: true });
    expect((await accessTo(tpp, await customerOf(sandbox, 'salaried-renter'))).accounts.length).toBeGreaterThan(0);
  });

  test('a sandbox that is stopped in the middle of calls stops', async () => {
    const other = await startTestSandbox();
    const client = await newThirdParty(other);
    const access = await accessTo(client, await customerOf(other, 'freelancer'));
    const calls = Array.from({ length: 20 }, () =>
      client.call('GET', '/aisp/accounts', { token: access.token }).then(
        ({ status }) => status,
        () => 0,
      ),
    );
    await other.stop();
    expect((await Promise.all(calls)).filter((status) => ![0, 200, 503].includes(status))).toEqual([]);
    await client.close();
  });
});
