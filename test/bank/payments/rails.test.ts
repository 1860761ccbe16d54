import { describe, expect, test } from '@jest/globals';

import type { AccountIdentifier, BankProfile, PaymentInstruction, PaymentSchedule } from '../../../src/bank/index.js';
import {
  bankingDayFrom,
  bankingDayUntil,
  easterSunday,
  isBankingDay,
} from '../../../src/bank/payments/rails/banking-days.js';
import { instantOf, localDateOf, type TimeOfDay, type TimeZone } from '../../../src/bank/local-time.js';
import { nextRun, refuseImpossibleSchedule, type PaymentRun } from '../../../src/bank/payments/rails/payment-runs.js';
import { refuseUnsupported } from '../../../src/bank/payments/rails/rail-checks.js';
import { railsOf } from '../../../src/bank/payments/rails/rail-rules.js';
import { beginningOf, expectedTimesOf } from '../../../src/bank/payments/rails/rail-times.js';
import { formatInstant, localDate, parseInstant, type LocalDate } from '../../../src/kernel/index.js';
import { PROFILE } from '../sample-bank.js';

const GERMAN: BankProfile = { ...PROFILE, id: 'dogger', country: 'DE', currency: 'EUR' };
const IBAN: AccountIdentifier = { scheme: 'iban', identification: 'DE89370400440532013000' };
const TODAY = localDate('2026-01-05');

function instruction(more: Partial<PaymentInstruction> = {}): PaymentInstruction {
  return {
    amount: { amountMinor: 100n, currency: 'EUR' },
    creditor: IBAN,
    endToEndId: 'e',
    instructionId: 'i',
    rail: 'sepa-credit-transfer',
    ...more,
  };
}

function refusalOf(more: Partial<PaymentInstruction>, product: 'single' | 'bulk' | 'periodic' = 'single'): string {
  try {
    refuseUnsupported(GERMAN, { instruction: instruction(more), product, today: TODAY });
    return 'taken';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('rails', () => {
  test('a bank is on those of its country unless its profile says others', () => {
    expect(railsOf(PROFILE)).toEqual(['faster-payments', 'bacs', 'chaps', 'cross-border']);
    expect(railsOf(GERMAN)).toContain('sepa-instant');
    expect(railsOf({ ...GERMAN, rails: ['sepa-credit-transfer'] })).toEqual(['sepa-credit-transfer']);
  });

  test.each<[string, Partial<PaymentInstruction>, 'single' | 'bulk' | 'periodic', string]>([
    ['what it carries', {}, 'single', 'taken'],
    ['a rail of another country', { rail: 'faster-payments' }, 'single', 'payment.unsupported-rail'],
    ['pounds by SEPA', { amount: { amountMinor: 1n, currency: 'GBP' } }, 'single', 'payment.unsupported-currency'],
    [
      'a sort code by SEPA',
      { creditor: { scheme: 'sort-code-account-number', identification: '40205012345678' } },
      'single',
      'account.unsupported-identifier',
    ],
    ['nothing', { amount: { amountMinor: 0n, currency: 'EUR' } }, 'single', 'payment.amount-invalid'],
    [
      '100,000.00 at once',
      { rail: 'sepa-instant', amount: { amountMinor: 10_000_000n, currency: 'EUR' } },
      'single',
      'taken',
    ],
    [
      '100,000.01 at once',
      { rail: 'sepa-instant', amount: { amountMinor: 10_000_001n, currency: 'EUR' } },
      'single',
      'payment.amount-invalid',
    ],
    ['140 characters', { reference: 'x'.repeat(140) }, 'single', 'taken'],
    ['141 characters', { reference: 'x'.repeat(141) }, 'single', 'field.invalid'],
    ['many by TARGET', { rail: 'target-2' }, 'bulk', 'payment.product-unsupported'],
    ['again and again across borders', { rail: 'cross-border' }, 'periodic', 'payment.product-unsupported'],
    ['today', { executionDate: TODAY }, 'single', 'taken'],
    ['yesterday', { executionDate: localDate('2026-01-04') }, 'single', 'payment.execution-date-invalid'],
    ['in more than a year', { executionDate: localDate('2027-01-06') }, 'single', 'payment.execution-date-invalid'],
  ])('%s', (_what, more, product, expected) => {
    expect(refusalOf(more, product)).toBe(expected);
  });

  test('that settle on banking days only wait over a weekend, and instant ones do not', () => {
    const saturday = parseInstant('2026-01-10T12:00:00Z')!;
    const at = (rail: PaymentInstruction['rail']) =>
      formatInstant(expectedTimesOf(GERMAN, rail, saturday).settlementAt);
    expect(at('sepa-instant')).toBe('2026-01-10T12:00:03+00:00');
    expect(at('sepa-credit-transfer')).toBe('2026-01-12T05:00:01+00:00');
  });

  test('begin a dated payment at 05:00 of its day, or of the banking day after it', () => {
    const now = parseInstant('2026-01-05T09:00:00Z')!;
    const on = (day: string, rail: PaymentInstruction['rail'] = 'sepa-credit-transfer') =>
      formatInstant(beginningOf(GERMAN, { rail, day: localDate(day), now }));
    expect(on('2026-01-05')).toBe('2026-01-05T09:00:00+00:00');
    expect(on('2026-01-06')).toBe('2026-01-06T05:00:00+00:00');
    expect(on('2026-01-10')).toBe('2026-01-12T05:00:00+00:00');
    expect(on('2026-01-10', 'sepa-instant')).toBe('2026-01-10T05:00:00+00:00');
  });
});

describe('cut-offs', () => {
  test.each<[string, PaymentInstruction['rail'], string, string, string, string]>([
    [
      'at once, at night and on Sundays',
      'faster-payments',
      '2026-01-11T23:59:00Z',
      '11T23:59:02',
      '11T23:59:03',
      '11T23:59:04',
    ],
    ['Bacs on Monday: Wednesday', 'bacs', '2026-01-05T12:00:00Z', '05T12:00:02', '07T05:00:00', '07T05:00:01'],
    ['Bacs before 22:30', 'bacs', '2026-01-05T22:29:57Z', '05T22:29:59', '07T05:00:00', '07T05:00:01'],
    ['Bacs at 22:30: a day later', 'bacs', '2026-01-05T22:29:58Z', '06T05:00:00', '08T05:00:00', '08T05:00:01'],
    ['Bacs on Thursday: Monday', 'bacs', '2026-01-08T12:00:00Z', '08T12:00:02', '12T05:00:00', '12T05:00:01'],
    ['Bacs over Easter', 'bacs', '2026-04-02T12:00:00Z', '02T12:00:02', '08T05:00:00', '08T05:00:01'],
    ['Bacs on Saturday', 'bacs', '2026-01-10T12:00:00Z', '12T05:00:00', '14T05:00:00', '14T05:00:01'],
    ['CHAPS the same day', 'chaps', '2026-01-05T17:39:57Z', '05T17:39:59', '05T17:40:00', '05T17:40:01'],
    ['CHAPS after the cut-off', 'chaps', '2026-01-05T17:39:58Z', '06T05:00:00', '06T05:00:01', '06T05:00:02'],
    ['CHAPS in summer, before', 'chaps', '2026-07-06T16:39:57Z', '06T16:39:59', '06T16:40:00', '06T16:40:01'],
    ['CHAPS in summer, after', 'chaps', '2026-07-06T16:39:58Z', '07T05:00:00', '07T05:00:01', '07T05:00:02'],
    ['CHAPS on Friday after the cut-off', 'chaps', '2026-01-09T18:00:00Z', '12T05:00:00', '12T05:00:01', '12T05:00:02'],
    ['SEPA the next day', 'sepa-credit-transfer', '2026-01-05T14:59:57Z', '05T14:59:59', '05T15:00:00', '06T05:00:00'],
    ['SEPA after 16:00', 'sepa-credit-transfer', '2026-01-05T14:59:58Z', '06T05:00:00', '06T05:00:01', '07T05:00:00'],
    ['SEPA in summer', 'sepa-credit-transfer', '2026-07-06T13:59:58Z', '07T05:00:00', '07T05:00:01', '08T05:00:00'],
    ['SEPA on Friday', 'sepa-credit-transfer', '2026-01-09T12:00:00Z', '09T12:00:02', '09T12:00:03', '12T05:00:00'],
    // In Berlin it is Saturday already.
    [
      'SEPA late on Friday',
      'sepa-credit-transfer',
      '2026-01-09T23:30:00Z',
      '12T05:00:00',
      '12T05:00:01',
      '13T05:00:00',
    ],
    ['SEPA instant at Christmas', 'sepa-instant', '2026-12-25T12:00:00Z', '25T12:00:02', '25T12:00:03', '25T12:00:04'],
    ['TARGET on the day', 'target-2', '2026-01-05T15:59:57Z', '05T15:59:59', '05T16:00:00', '05T16:00:01'],
    ['TARGET after 17:00', 'target-2', '2026-01-05T15:59:58Z', '06T05:00:00', '06T05:00:01', '06T05:00:02'],
  ])('%s', (...[, rail, begun, ...expected]) => {
    const profile = rail.startsWith('sepa') || rail === 'target-2' ? GERMAN : PROFILE;
    const { executionAt, settlementAt, creditAt } = expectedTimesOf(profile, rail, parseInstant(begun)!);
    expect([executionAt, settlementAt, creditAt].map((at) => formatInstant(at).slice(8, 19))).toEqual(expected);
  });

  test('are told, in the time of the bank', () => {
    const cutOffAt = (rail: PaymentInstruction['rail'], at: string) => {
      const { cutOffAt: told } = expectedTimesOf(PROFILE, rail, parseInstant(at)!);
      return told === undefined ? undefined : formatInstant(told);
    };
    expect(cutOffAt('faster-payments', '2026-07-06T12:00:00Z')).toBeUndefined();
    expect(cutOffAt('chaps', '2026-07-06T12:00:00Z')).toBe('2026-07-06T16:40:00+00:00');
    expect(cutOffAt('chaps', '2026-01-06T12:00:00Z')).toBe('2026-01-06T17:40:00+00:00');
    expect(cutOffAt('chaps', '2026-01-06T18:00:00Z')).toBe('2026-01-07T17:40:00+00:00');
  });

  test.each<[string, LocalDate, TimeOfDay, TimeZone, string]>([
    ['in winter', localDate('2026-01-05'), '17:40', 'Europe/London', '2026-01-05T17:40:00+00:00'],
    ['in summer', localDate('2026-07-05'), '17:40', 'Europe/Berlin', '2026-07-05T15:40:00+00:00'],
    [
      'on the day on which summer time begins',
      localDate('2026-03-29'),
      '16:00',
      'Europe/Berlin',
      '2026-03-29T14:00:00+00:00',
    ],
    ['before it begins', localDate('2026-03-29'), '00:30', 'Europe/London', '2026-03-29T00:30:00+00:00'],
    ['in the hour that is skipped', localDate('2026-03-29'), '01:30', 'Europe/London', '2026-03-29T01:30:00+00:00'],
    ['on the day on which it ends', localDate('2026-10-25'), '16:00', 'Europe/Berlin', '2026-10-25T15:00:00+00:00'],
    ['in the hour that comes twice', localDate('2026-10-25'), '02:30', 'Europe/Berlin', '2026-10-25T00:30:00+00:00'],
    ['where it is a day ahead', localDate('2026-01-06'), '08:00', 'Australia/Sydney', '2026-01-05T21:00:00+00:00'],
  ])('clocks %s', (_what, day, ...[time, zone, expected]) => {
    const at = instantOf(day, time, zone);
    expect(formatInstant(at)).toBe(expected);
    expect(localDateOf(at, zone)).toBe(day);
  });
});

describe('banking days', () => {
  test.each([
    [2000, '2000-04-23'],
    [2008, '2008-03-23'],
    [2024, '2024-03-31'],
    [2026, '2026-04-05'],
    [2038, '2038-04-25'],
    [2285, '2285-03-22'],
  ])('Easter of %d is %s', (year, day) => {
    expect(easterSunday(year)).toBe(day);
  });

  const closed = (country: string, year: number): string[] => {
    const days: string[] = [];
    for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += 86_400_000) {
      const date = new Date(at);
      const day = date.toISOString().slice(0, 10) as LocalDate;
      if (date.getUTCDay() % 6 !== 0 && !isBankingDay(day, country)) days.push(day.slice(5));
    }
    return days;
  };

  test('of TARGET leave out Easter, May Day and Christmas', () => {
    expect(closed('DE', 2026)).toEqual(['01-01', '04-03', '04-06', '05-01', '12-25']);
  });

  test('of England move a holiday off the weekend', () => {
    expect(closed('GB', 2026)).toEqual(['01-01', '04-03', '04-06', '05-04', '05-25', '08-31', '12-25', '12-28']);
    expect(closed('GB', 2027)).toEqual(['01-01', '03-26', '03-29', '05-03', '05-31', '08-30', '12-27', '12-28']);
    expect(closed('GB', 2033)).toContain('01-03');
  });

  test('around Easter are four days apart', () => {
    expect(bankingDayFrom(localDate('2026-04-03'), 'DE')).toBe('2026-04-07');
    expect(bankingDayUntil(localDate('2026-04-06'), 'DE')).toBe('2026-04-02');
  });
});

describe('runs of a periodic payment', () => {
  const runs = (schedule: PaymentSchedule, count = 5, notBefore = schedule.start): string[] => {
    const days: string[] = [];
    let after: PaymentRun | undefined;
    while (days.length < count) {
      after = nextRun(schedule, { country: 'DE', notBefore, ...(after && { after }) });
      if (!after) break;
      days.push(after.day);
    }
    return days;
  };
  const monthly: PaymentSchedule = { start: localDate('2028-01-31'), frequency: 'monthly', ifClosed: 'following' };

  test('on the last day of each month pass a leap February and are whole again in March', () => {
    expect(runs(monthly)).toEqual(['2028-01-31', '2028-02-29', '2028-03-31', '2028-05-02', '2028-05-31']);
    expect(runs({ ...monthly, ifClosed: 'preceding' })).toEqual([
      '2028-01-31',
      '2028-02-29',
      '2028-03-31',
      '2028-04-28',
      '2028-05-31',
    ]);
  });

  test('keep the day of execution, the first one in the month after a later start', () => {
    expect(runs({ ...monthly, start: localDate('2026-01-15'), dayOfExecution: 10 }, 3)).toEqual([
      '2026-02-10',
      '2026-03-10',
      '2026-04-10',
    ]);
    expect(runs({ ...monthly, start: localDate('2026-06-15'), dayOfExecution: 31 }, 2)).toEqual([
      '2026-06-30',
      '2026-07-31',
    ]);
  });

  test('are as far apart as their frequency', () => {
    const from = { start: localDate('2026-01-05'), ifClosed: 'following' } as const;
    expect(runs({ ...from, frequency: 'weekly' }, 3)).toEqual(['2026-01-05', '2026-01-12', '2026-01-19']);
    expect(runs({ ...from, frequency: 'every-two-weeks' }, 2)).toEqual(['2026-01-05', '2026-01-19']);
    expect(runs({ ...from, frequency: 'every-two-months' }, 2)).toEqual(['2026-01-05', '2026-03-05']);
    expect(runs({ ...from, frequency: 'quarterly' }, 2)).toEqual(['2026-01-05', '2026-04-07']);
    expect(runs({ ...from, frequency: 'semi-annual' }, 2)).toEqual(['2026-01-05', '2026-07-06']);
    expect(runs({ ...from, frequency: 'annual' }, 2)).toEqual(['2026-01-05', '2027-01-05']);
  });

  test('in chosen months keep their day, and the turn of the year between them', () => {
    const chosen = { frequency: 'in-months', months: [11, 2], dayOfExecution: 31, ifClosed: 'preceding' } as const;
    const start = localDate('2026-01-05');
    expect(runs({ ...chosen, start }, 4)).toEqual(['2026-02-27', '2026-11-30', '2027-02-26', '2027-11-30']);
    expect(runs({ ...chosen, start, end: localDate('2026-12-31') })).toEqual(['2026-02-27', '2026-11-30']);
  });

  test('every day are one on each banking day', () => {
    const daily = { start: localDate('2026-01-08'), frequency: 'daily', ifClosed: 'following' } as const;
    expect(runs(daily, 4)).toEqual(['2026-01-08', '2026-01-09', '2026-01-12', '2026-01-13']);
  });

  test('end with their end, and none falls after it', () => {
    expect(runs({ ...monthly, end: localDate('2028-04-30') })).toEqual(['2028-01-31', '2028-02-29', '2028-03-31']);
  });

  test('do not come before their start', () => {
    const saturday = { start: localDate('2026-01-10'), frequency: 'monthly', ifClosed: 'preceding' } as const;
    expect(runs(saturday, 2)).toEqual(['2026-01-12', '2026-02-10']);
  });

  test('that were missed before it was agreed to are left out', () => {
    expect(runs(monthly, 1, localDate('2028-02-10'))).toEqual(['2028-02-29']);
  });

  test.each([
    ['begins in the past', { start: localDate('2025-12-31') }, 'payment.execution-date-invalid'],
    ['ends before it runs', { end: localDate('2028-01-01') }, 'payment.execution-date-invalid'],
    ['runs in months that it does not name', { frequency: 'in-months' }, 'field.invalid'],
    ['runs in no month', { frequency: 'in-months', months: [] }, 'field.invalid'],
    ['runs in a thirteenth month', { frequency: 'in-months', months: [13] }, 'field.invalid'],
    ['runs every month and in some', { months: [1] }, 'field.invalid'],
    [
      'has no run in its months',
      { frequency: 'in-months', months: [3], end: localDate('2028-02-28') },
      'payment.execution-date-invalid',
    ],
    ['runs on no day of the month', { dayOfExecution: 32 }, 'field.invalid'],
  ] as readonly [string, Partial<PaymentSchedule>, string][])('one that %s is refused', (_what, more, code) => {
    expect(() => refuseImpossibleSchedule({ ...monthly, ...more }, TODAY, 'DE')).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
