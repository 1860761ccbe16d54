import { describe, expect, test } from '@jest/globals';
import type { Account, Recurrence, StandingOrder } from '../../../../src/bank/index.js';
import { instant, localDate } from '../../../../src/kernel/index.js';
import { standingOrdersOf } from '../../../../src/standards/berlin-group/operations/standing-orders.js';
import type { Call } from '../../../../src/standards/standard.js';

const ACCOUNT = {
  id: 'giro',
  currency: 'EUR',
  product: { type: 'current' },
  identifiers: [{ scheme: 'iban', identification: 'DE89370400440532013000' }],
} as unknown as Account;

const ORDER: StandingOrder = {
  id: 'order',
  accountId: 'giro',
  payee: { name: 'Hausverwaltung Sander', scheme: 'iban', identification: 'DE02120300000000202051' },
  reference: 'MIETE',
  recurrence: { every: 'months', months: 1, day: 1 },
  start: localDate('2024-12-02'),
  ifClosed: 'following',
  next: { at: instant(Date.UTC(2026, 11, 1)), amount: { amountMinor: 84_000n, currency: 'EUR' } },
};

/** The bank alone answers; what a consent allows is the business of the list of transactions. */
async function told(order: StandingOrder): Promise<unknown> {
  const bank = { arrangements: { standingOrders: () => Promise.resolve([order]) } };
  const [one] = await standingOrdersOf({ bank } as unknown as Call, ACCOUNT);
  return one;
}

describe('berlin-group standing orders', () => {
  test('arranged at the bank itself, with payee, next day and rhythm', async () => {
    expect(await told(ORDER)).toMatchObject({
      transactionId: 'order',
      valueDate: '2026-12-01',
      transactionAmount: { currency: 'EUR', amount: '-840.00' },
      creditorName: 'Hausverwaltung Sander',
      creditorAccount: { iban: 'DE02120300000000202051' },
      remittanceInformationUnstructured: 'MIETE',
      additionalInformationStructured: {
        standingOrderDetails: {
          startDate: '2024-12-02',
          frequency: 'Monthly',
          dayOfExecution: '1',
          executionRule: 'following',
        },
      },
    });
  });

  test.each<[Recurrence, object | undefined]>([
    [{ every: 'day' }, { frequency: 'Daily' }],
    [{ every: 'weeks', weeks: 2 }, { frequency: 'EveryTwoWeeks' }],
    [
      { every: 'months', months: 6, day: 15 },
      { frequency: 'SemiAnnual', dayOfExecution: '15' },
    ],
    [
      { every: 'year', inMonths: [2, 9], day: 12 },
      { frequency: 'MonthlyVariable', monthsOfExecution: ['2', '9'], dayOfExecution: '12' },
    ],
    [{ every: 'last-working-day' }, { frequency: 'Monthly', dayOfExecution: '31', executionRule: 'preceding' }],
    [{ every: 'weeks', weeks: 3 }, undefined],
    [{ every: 'months', months: 5, day: 1 }, undefined],
  ])('%j is told as %j', async (recurrence, expected) => {
    const { ifClosed: _rule, ...order } = ORDER;
    const details = ((await told({ ...order, recurrence })) as Record<string, { standingOrderDetails?: object }>)[
      'additionalInformationStructured'
    ]?.standingOrderDetails;
    expect(details).toEqual(expected && { startDate: '2024-12-02', ...expected });
  });
});
