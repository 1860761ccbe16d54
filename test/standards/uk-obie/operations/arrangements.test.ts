import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MS_PER_DAY } from '../../../../src/kernel/index.js';
import { codesOf, openWorld, type World } from '../world.js';
import type { Json } from '../json.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const list = async (operationId: string, permissions: readonly string[], more: object = {}): Promise<Json> => {
  const consent = await world.consentFor(['ReadAccountsBasic', ...permissions]);
  const { status, body } = await world.ask(operationId, { params: { AccountId: world.current.id }, consent, ...more });
  expect(status).toBe(200);
  return Object.values(body.Data)[0];
};

describe('uk-obie what a customer has arranged', () => {
  test('GetAccountsAccountIdStandingOrders: dates and amounts by the clock; the payee is detail', async () => {
    const [basic] = await list('GetAccountsAccountIdStandingOrders', ['ReadStandingOrdersBasic']);
    expect(basic).toMatchObject({
      AccountId: world.current.id,
      NextPaymentDateTime: '2026-12-05T00:00:00+00:00',
      NextPaymentAmount: { Amount: '800.00', Currency: 'GBP' },
      LastPaymentDateTime: '2026-11-05T09:00:00+00:00',
      LastPaymentAmount: { Amount: '800.00', Currency: 'GBP' },
      StandingOrderStatusCode: 'ACTV',
      MandateRelatedInformation: { Frequency: { Type: 'MNTH', PointInTime: '05' }, Classification: 'FIXE' },
      RemittanceInformation: { Unstructured: ['RENT'] },
    });
    expect(basic).not.toHaveProperty('CreditorAccount');
    const [detail] = await list('GetStandingOrders', ['ReadStandingOrdersDetail']);
    expect(detail.CreditorAccount).toEqual({
      SchemeName: 'UK.OBIE.SortCodeAccountNumber',
      Identification: '20304011112222',
      Name: 'Hill Road Homes',
    });
  });

  test('GetAccountsAccountIdDirectDebits: who collects, and what last', async () => {
    expect(await list('GetAccountsAccountIdDirectDebits', ['ReadDirectDebits'])).toMatchObject([
      {
        Name: 'Leeds Water',
        DirectDebitStatusCode: 'ACTV',
        PreviousPaymentDateTime: '2026-11-23T09:00:00+00:00',
        PreviousPaymentAmount: { Amount: '15.00', Currency: 'GBP' },
      },
    ]);
  });

  test('GetAccountsAccountIdBeneficiaries: to whom they lead is detail', async () => {
    const [basic] = await list('GetAccountsAccountIdBeneficiaries', ['ReadBeneficiariesBasic']);
    expect(basic).toMatchObject({ BeneficiaryType: 'Ordinary', Reference: 'RENT' });
    expect(basic).not.toHaveProperty('CreditorAccount');
    const [detail] = await list('GetBeneficiaries', ['ReadBeneficiariesDetail']);
    expect(detail.CreditorAccount.Name).toBe('Hill Road Homes');
  });

  test('GetAccountsAccountIdScheduledPayments: until the day has come', async () => {
    await world.payLater('2026-11-30');
    const [basic, ...rest] = await list('GetAccountsAccountIdScheduledPayments', ['ReadScheduledPaymentsBasic']);
    expect(rest).toEqual([]);
    expect(basic).toMatchObject({
      ScheduledPaymentDateTime: '2026-11-30T00:00:00+00:00',
      ScheduledType: 'Execution',
      InstructedAmount: { Amount: '42.00', Currency: 'GBP' },
      Reference: 'BIRTHDAY',
    });
    expect(basic).not.toHaveProperty('CreditorAccount');
    const [detail] = await list('GetScheduledPayments', ['ReadScheduledPaymentsDetail']);
    expect(detail.CreditorAccount).toMatchObject({ Name: 'Ben Okafor' });
    await world.advance(7 * MS_PER_DAY);
    expect(await list('GetScheduledPayments', ['ReadScheduledPaymentsDetail'])).toEqual([]);
  });
});

describe('uk-obie statements', () => {
  const STATEMENTS = [
    'ReadStatementsDetail',
    'ReadTransactionsDetail',
    'ReadTransactionsCredits',
    'ReadTransactionsDebits',
  ];
  const ask = async (operationId: string, more: { params?: object; query?: object; consent?: object } = {}) => {
    const consent = await world.consentFor(['ReadAccountsBasic', ...STATEMENTS], more.consent ?? {});
    const params = { AccountId: world.current.id, ...more.params };
    return world.ask(operationId, { params, consent, query: { ...more.query } });
  };
  const months = (body: Json): readonly string[] => body.Data.Statement.map((one: Json) => one.StatementReference);

  test('GetAccountsAccountIdStatements: one a month, newest first, each opening with what the one before closed with', async () => {
    const { body } = await ask('GetAccountsAccountIdStatements');
    expect(months(body)).toEqual(['2026-11', '2026-10', '2026-09', '2026-08']);
    const balances = body.Data.Statement.map(({ StatementAmount }: Json) =>
      ['StartingBalance', 'ClosingBalance'].map(
        (type) => StatementAmount.find(({ Type }: Json) => Type === `UK.OBIE.${type}`).Amount.Amount,
      ),
    );
    for (const [index, [, closing]] of balances.slice(1).entries()) expect(balances[index][0]).toBe(closing);
  });

  test('GetAccountsAccountIdStatements: sums are detail', async () => {
    const [basic] = await list('GetAccountsAccountIdStatements', ['ReadStatementsBasic']);
    expect(basic).toHaveProperty('StatementValue');
    expect(basic).not.toHaveProperty('StatementAmount');
  });

  test('GetStatements: the filter is over the time at which they were written', async () => {
    const { body } = await ask('GetStatements', {
      query: { fromStatementDateTime: '2026-10-01T00:00:00', toStatementDateTime: '2026-11-01T23:59:59' },
    });
    const ofCurrent = body.Data.Statement.filter(({ AccountId }: Json) => AccountId === world.current.id);
    expect(ofCurrent.map((one: Json) => one.StatementReference)).toEqual(['2026-10', '2026-09']);
    expect((await ask('GetStatements', { query: { fromStatementDateTime: 'soon' } })).status).toBe(400);
  });

  test('GetAccountsAccountIdStatementsStatementIdTransactions: what was booked in the period, and nothing pending', async () => {
    const params = { StatementId: `${world.current.id}-s202610` };
    const { status, body } = await ask('GetAccountsAccountIdStatementsStatementIdTransactions', { params });
    expect(status).toBe(200);
    expect(body.Data.Transaction.map((one: Json) => one.TransactionInformation)).toEqual(['LANTERN BOOKS LEEDS']);
    expect(body.Meta).toEqual({ TotalPages: 1 });
  });

  test('one that is not of the account, not cut yet or beyond the history of the consent is not there', async () => {
    for (const StatementId of [`${world.current.id}-s202612`, `${world.card.id}-s202610`, 'nothing']) {
      const answer = await ask('GetAccountsAccountIdStatementsStatementId', { params: { StatementId } });
      expect([answer.status, codesOf(answer.body)]).toEqual([400, ['U002 StatementId']]);
    }
    const consent = { TransactionFromDateTime: '2026-10-15T00:00:00Z' };
    expect(months((await ask('GetAccountsAccountIdStatements', { consent })).body)).toEqual(['2026-11']);
    const params = { StatementId: `${world.current.id}-s202610` };
    expect((await ask('GetAccountsAccountIdStatementsStatementId', { consent, params })).status).toBe(400);
  });
});
