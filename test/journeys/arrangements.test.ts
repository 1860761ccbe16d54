import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Sandbox } from '../../src/index.js';
import { customerOf, type Customer } from '../support/customer.js';
import { newThirdParty, startTestSandbox } from '../support/test-sandbox.js';
import type { ThirdParty } from '../support/third-party.js';
import { accessTo, bodyOf, type WireErrors } from '../support/uk-bank.js';

const Permissions = [
  'ReadAccountsBasic',
  'ReadStandingOrdersDetail',
  'ReadDirectDebits',
  'ReadBeneficiariesDetail',
  'ReadScheduledPaymentsDetail',
  'ReadStatementsDetail',
  'ReadTransactionsDetail',
  'ReadTransactionsCredits',
  'ReadTransactionsDebits',
];

interface Listed {
  readonly Data: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;
}

/** What a customer has arranged with her bank and what it writes to her, over the wire, and again a month later. */
describe('standing orders, direct debits, payees and statements', () => {
  let sandbox: Sandbox;
  let tpp: ThirdParty;
  let customer: Customer;
  let token: string;
  let account: string;

  beforeAll(async () => {
    sandbox = await startTestSandbox({ clock: `frozen:${new Date().toISOString()}` });
    tpp = await newThirdParty(sandbox);
    customer = await customerOf(sandbox, 'salaried-renter');
    account = customer.accounts[0]?.id ?? '';
    token = (await accessTo(tpp, customer, { data: { Permissions } })).token;
  }, 60_000);

  afterAll(async () => {
    await tpp?.close();
    await sandbox?.stop();
  });

  const read = async (path: string, member: string) => {
    const answer = await tpp.call<Listed>('GET', `/aisp${path}`, { token });
    return bodyOf(answer, 200).Data[member] ?? [];
  };

  test.each([
    ['standing-orders', 'StandingOrder'],
    ['direct-debits', 'DirectDebit'],
    ['beneficiaries', 'Beneficiary'],
    ['scheduled-payments', 'ScheduledPayment'],
    ['statements', 'Statement'],
  ])('/%s of the account are among those of all accounts', async (path, member) => {
    const own = await read(`/accounts/${account}/${path}`, member);
    const all = await read(`/${path}`, member);
    expect(all).toEqual(expect.arrayContaining([...own]));
    expect(own.every(({ AccountId }) => AccountId === account)).toBe(true);
    // She has none that waits for its day.
    expect(own.length > 0).toBe(member !== 'ScheduledPayment');
  });

  test('a statement has the transactions of its month, and no file', async () => {
    const [latest] = await read(`/accounts/${account}/statements`, 'Statement');
    const path = `/accounts/${account}/statements/${latest?.['StatementId'] ?? ''}`;
    expect(await read(path, 'Statement')).toEqual([latest]);
    const lines = await read(`${path}/transactions`, 'Transaction');
    expect(lines.length).toBeGreaterThan(10);
    for (const { BookingDateTime = '' } of lines) {
      expect(BookingDateTime >= (latest?.['StartDateTime'] ?? '')).toBe(true);
      expect(BookingDateTime <= (latest?.['EndDateTime'] ?? '')).toBe(true);
    }
    expect((await tpp.call('GET', `/aisp${path}/file`, { token })).status).toBe(501);
  });

  test('without their permissions they are refused', async () => {
    const access = await accessTo(tpp, customer, { data: { Permissions: ['ReadAccountsBasic', 'ReadBalances'] } });
    for (const path of ['standing-orders', 'direct-debits', 'beneficiaries', 'scheduled-payments', 'statements']) {
      const answer = await tpp.call<WireErrors>('GET', `/aisp/accounts/${account}/${path}`, { token: access.token });
      expect({ path, status: answer.status }).toEqual({ path, status: 403 });
    }
  });

  test('a month later the dates have moved on, what was due is paid, and there is a statement more', async () => {
    const before = await read(`/accounts/${account}/standing-orders`, 'StandingOrder');
    const statements = await read(`/accounts/${account}/statements`, 'Statement');
    const { summary } = await sandbox.clock.advance('P31D');
    expect(summary.find(({ kind, bank }) => bank === 'bramble' && kind === 'statement.cut')?.count).toBeGreaterThan(0);
    token = (await accessTo(tpp, customer, { data: { Permissions } })).token;
    const after = await read(`/accounts/${account}/standing-orders`, 'StandingOrder');
    for (const one of after) {
      const was = before.find(({ StandingOrderId }) => StandingOrderId === one['StandingOrderId']);
      expect(one['LastPaymentDateTime']?.slice(0, 10)).toBe(was?.['NextPaymentDateTime']?.slice(0, 10));
      expect((one['NextPaymentDateTime'] ?? '') > sandbox.clock.now()).toBe(true);
    }
    expect(await read(`/accounts/${account}/statements`, 'Statement')).toHaveLength(statements.length + 1);
  });
});
