import { describe, expect, test } from '@jest/globals';
import { formatInstantMs, isSandbankError } from '../../../src/kernel/index.js';
import { echoDate, readDate, readQueryDate } from '../../../src/standards/uk-obie/dates.js';

describe('uk-obie dates', () => {
  test.each([
    ['2026-11-25T08:10:31', 'from', '2026-11-25T08:10:31.000Z'],
    ['2026-11-25T08:10:31.5', 'to', '2026-11-25T08:10:31.500Z'],
    ['2026-11-25', 'from', '2026-11-25T00:00:00.000Z'],
    ['2026-11-25', 'to', '2026-11-25T23:59:59.999Z'],
    ['2026-11-25T08:10:31Z', 'from', '2026-11-25T08:10:31.000Z'],
    ['2026-11-25T08:10:31+05:00', 'from', '2026-11-25T08:10:31.000Z'],
    ['2026-11-25T08:10:31-0500', 'to', '2026-11-25T08:10:31.000Z'],
    ['2026-11-25T08:10:31 01:00', 'from', '2026-11-25T08:10:31.000Z'],
  ] as const)('the filter %s (%s) is %s: a zone does not count', (text, end, expected) => {
    expect(formatInstantMs(readQueryDate(text, 'fromBookingDateTime', end))).toBe(expected);
  });

  test.each(['yesterday', '2026-02-30T00:00:00', '25/11/2026', '2026-13-01', 'T10:00'])('%s is no date', (text) => {
    const refusal = (read: () => unknown): unknown => {
      try {
        return read();
      } catch (error) {
        return isSandbankError(error) ? [error.code, error.details.path] : error;
      }
    };
    expect(refusal(() => readQueryDate(text, 'toBookingDateTime', 'to'))).toEqual([
      'field.invalid-date',
      'toBookingDateTime',
    ]);
    expect(refusal(() => readDate(text, 'Data.X'))).toEqual(['field.invalid-date', 'Data.X']);
  });

  test('a date with a zone is repeated as it was sent, one without gets UTC', () => {
    expect(echoDate('2026-11-25T08:00:00+01:00')).toBe('2026-11-25T08:00:00+01:00');
    expect(echoDate('2026-11-25T08:00:00.123Z')).toBe('2026-11-25T08:00:00.123Z');
    expect(echoDate('2026-11-25T08:00:00')).toBe('2026-11-25T08:00:00+00:00');
    expect(echoDate('2026-11-25T08:00+0100')).toBe('2026-11-25T07:00:00+00:00');
  });
});
