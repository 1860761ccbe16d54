import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { codesOf, ibanOf, openWorld, type Json, type World } from '../world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const booked = async (consentId: string, query: string): Promise<readonly string[]> => {
  const path = `/v1/accounts/${world.giro.id}/transactions?bookingStatus=booked&${query}`;
  const { status, body } = await world.ask('GET', path, { headers: { 'consent-id': consentId } });
  expect(status).toBe(200);
  return body.transactions.booked.map(({ transactionAmount }: Json) => transactionAmount.amount);
};

async function payEmil(amount: string): Promise<void> {
  const { body } = await world.ask('POST', '/v1/payments/sepa-credit-transfers', {
    body: {
      debtorAccount: { iban: ibanOf(world.giro) },
      instructedAmount: { currency: 'EUR', amount },
      creditorAccount: { iban: ibanOf(world.emils) },
      creditorName: 'Emil Okafor',
    },
    headers: { 'tpp-redirect-uri': 'https://tpp.example/back' },
  });
  await world.redirect(body.paymentId, []);
  await world.advance(60_000);
}

describe('berlin-group getTransactionList with deltaList', () => {
  test('tells everything once, then what has come since, through consents that replace each other', async () => {
    const first = await world.consent({ allPsd2: 'allAccounts' });
    expect(await booked(first, 'deltaList=true')).toHaveLength(5);
    expect(await booked(first, 'deltaList=true')).toEqual([]);
    await payEmil('5.00');
    expect(await booked(first, 'dateFrom=2026-09-01&dateTo=2026-10-31')).toHaveLength(2);
    expect(await booked(first, 'deltaList=true')).toEqual(['-5.00']);
    await payEmil('6.00');
    const second = await world.consent({ allPsd2: 'allAccounts' });
    expect(await booked(second, 'deltaList=true')).toEqual(['-6.00']);
    await payEmil('7.00');
    expect((await booked(second, 'dateFrom=2026-11-01'))[0]).toBe('-7.00');
    expect(await booked(second, 'deltaList=true')).toEqual([]);
  });
});

describe('berlin-group createConsent with restrictedTo', () => {
  const accountsOf = async (access: Json, accounts: readonly string[] = []): Promise<readonly string[]> => {
    const headers = { 'consent-id': await world.consent(access, {}, accounts) };
    const { body } = await world.ask('GET', '/v1/accounts', { headers });
    const cards = await world.ask('GET', '/v1/card-accounts', { headers });
    return [
      ...body.accounts.map((one: Json) => one.cashAccountType),
      ...cards.body.cardAccounts.map((one: Json) => one.maskedPan.slice(-4)),
    ];
  };

  test('opens accounts of those types alone', async () => {
    expect(await accountsOf({ allPsd2: 'allAccounts' })).toEqual(['CACC', 'SVGS', '1115']);
    expect(await accountsOf({ allPsd2: 'allAccounts', restrictedTo: ['SVGS'] })).toEqual(['SVGS']);
    expect(await accountsOf({ availableAccounts: 'allAccounts', restrictedTo: ['CACC', 'CARD'] })).toEqual([
      'CACC',
      '1115',
    ]);
    const offered = { accounts: [], balances: [], restrictedTo: ['CACC'] };
    expect(await accountsOf(offered, [world.giro.id])).toEqual(['CACC']);
    await expect(accountsOf(offered, [world.savings.id])).rejects.toMatchObject({
      code: 'consent.account-not-covered',
    });
  });

  test.each<[string, Json, string]>([
    [
      'types that the bank has no accounts of',
      { allPsd2: 'allAccounts', restrictedTo: ['TAXE'] },
      'PARAMETER_NOT_SUPPORTED',
    ],
    [
      'named accounts as well',
      { accounts: [{ iban: 'DE02120300000000202051' }], restrictedTo: ['CACC'] },
      'PARAMETER_NOT_CONSISTENT',
    ],
  ])('refuses %s', async (_what, access, code) => {
    const answer = await world.ask('POST', '/v1/consents', {
      body: {
        access,
        recurringIndicator: true,
        validUntil: '2027-03-31',
        frequencyPerDay: 4,
        combinedServiceIndicator: false,
      },
      headers: { 'tpp-redirect-uri': 'https://tpp.example/back' },
    });
    expect([answer.status, codesOf(answer)]).toEqual([400, [code]]);
  });
});

describe('berlin-group periodic payments in chosen months', () => {
  test('run in those months, and are told so among the standing orders', async () => {
    const { body } = await world.ask('POST', '/v1/periodic-payments/sepa-credit-transfers', {
      body: {
        debtorAccount: { iban: ibanOf(world.giro) },
        instructedAmount: { currency: 'EUR', amount: '40.00' },
        creditorAccount: { iban: ibanOf(world.emils) },
        creditorName: 'Emil Okafor',
        startDate: '2026-12-01',
        frequency: 'MonthlyVariable',
        monthsOfExecution: ['2', '6', '11'],
        dayOfExecution: '15',
      },
      headers: { 'tpp-redirect-uri': 'https://tpp.example/back' },
    });
    await world.redirect(body.paymentId, []);
    const echoed = await world.ask('GET', body._links.self.href);
    expect(echoed.body).toMatchObject({ frequency: 'MonthlyVariable', monthsOfExecution: ['2', '6', '11'] });
    const headers = { 'consent-id': await world.consent({ allPsd2: 'allAccounts' }) };
    const path = `/v1/accounts/${world.giro.id}/transactions?bookingStatus=information`;
    const list = await world.ask('GET', path, { headers });
    expect(list.body.transactions.information).toMatchObject([
      {
        valueDate: '2027-02-15',
        additionalInformationStructured: {
          standingOrderDetails: {
            frequency: 'MonthlyVariable',
            monthsOfExecution: ['2', '6', '11'],
            dayOfExecution: '15',
          },
        },
      },
    ]);
  });
});
