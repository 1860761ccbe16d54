import { describe, expect, test } from '@jest/globals';
import type { Recurrence } from '../../../../src/bank/index.js';
import { toFrequency, toStandingOrder } from '../../../../src/standards/uk-obie/mapping/arrangement.js';
import { localDate } from '../../../../src/kernel/index.js';

describe('uk-obie how often a payment repeats', () => {
  test.each<[Recurrence, object]>([
    [{ every: 'day' }, { Type: 'DAIL' }],
    [{ every: 'weeks', weeks: 1 }, { Type: 'WEEK' }],
    [{ every: 'weeks', weeks: 2 }, { Type: 'FRTN' }],
    [{ every: 'weeks', weeks: 4 }, { Type: 'FOWK' }],
    [{ every: 'weeks', weeks: 3 }, { Type: 'ADHO' }],
    [
      { every: 'months', months: 1, day: 5 },
      { Type: 'MNTH', PointInTime: '05' },
    ],
    [
      { every: 'months', months: 3, day: 31 },
      { Type: 'QURT', PointInTime: '31' },
    ],
    [
      { every: 'months', months: 6, day: 1 },
      { Type: 'MIAN', PointInTime: '01' },
    ],
    [
      { every: 'months', months: 12, day: 1 },
      { Type: 'YEAR', PointInTime: '01' },
    ],
    [{ every: 'months', months: 2, day: 7 }, { Type: 'IntrvlMnthDay:02:07' }],
    [{ every: 'year', inMonths: [1], day: 31 }, { Type: 'YEAR' }],
    [{ every: 'year', inMonths: [1, 7], day: 31 }, { Type: 'ADHO' }],
    [{ every: 'last-working-day' }, { Type: 'LWMH' }],
  ])('%j is %j', (recurrence, expected) => {
    expect(toFrequency(recurrence)).toEqual(expected);
  });

  test('an order that has never been paid has no last payment, and one without an end no final one', () => {
    const order = toStandingOrder(
      {
        id: 'order',
        accountId: 'account',
        payee: { name: 'Somebody' },
        recurrence: { every: 'day' },
        start: localDate('2026-01-05'),
      },
      ['standing-orders.detail'],
    );
    expect(order).toEqual({
      AccountId: 'account',
      StandingOrderId: 'order',
      StandingOrderStatusCode: 'ACTV',
      MandateRelatedInformation: {
        MandateIdentification: 'order',
        Classification: 'FIXE',
        Frequency: { Type: 'DAIL' },
      },
    });
  });
});
