import { describe, expect, test } from '@jest/globals';

import { localDate } from '../../src/kernel/index.js';
import { createWorkingDays } from '../../src/life/calendar.js';
import { easterSunday, englishHolidays, germanHolidays } from '../../src/life/holidays.js';

describe('the calendar of England', () => {
  test.each([
    [2024, '2024-03-31'],
    [2025, '2025-04-20'],
    [2026, '2026-04-05'],
    [2027, '2027-03-28'],
    [2038, '2038-04-25'],
  ])('Easter of %d is on %s', (year, date) => {
    expect(easterSunday(year)).toBe(date);
  });

  test('bank holidays have substitutes where they fall on a weekend', () => {
    expect(englishHolidays(2026)).toEqual([
      '2026-01-01',
      '2026-04-03',
      '2026-04-06',
      '2026-05-04',
      '2026-05-25',
      '2026-08-31',
      '2026-12-25',
      '2026-12-28',
    ]);
    expect(englishHolidays(2022).slice(0, 1)).toEqual(['2022-01-03']);
    expect(englishHolidays(2022).slice(-2)).toEqual(['2022-12-26', '2022-12-27']);
    expect(englishHolidays(2027).slice(-2)).toEqual(['2027-12-27', '2027-12-28']);
  });

  test('the last working day of a month may be days before its end', () => {
    const { isDue } = createWorkingDays(englishHolidays);
    expect(isDue({ every: 'last-working-day' }, localDate('2026-05-29'))).toBe(true);
    expect(isDue({ every: 'last-working-day' }, localDate('2026-05-28'))).toBe(false);
    expect(isDue({ every: 'last-working-day' }, localDate('2026-05-31'))).toBe(false);
  });

  test('a day that is no working day moves on or back as the schedule says', () => {
    const { isDue } = createWorkingDays(englishHolidays);
    const first = { every: 'month', day: 1 } as const;
    expect(isDue({ ...first, shift: 'next' }, localDate('2026-01-02'))).toBe(true);
    expect(isDue({ ...first, shift: 'next' }, localDate('2026-01-01'))).toBe(false);
    expect(isDue({ ...first, shift: 'previous' }, localDate('2025-12-31'))).toBe(true);
    expect(isDue({ ...first, shift: 'none' }, localDate('2026-01-01'))).toBe(true);
    expect(isDue({ every: 'month', day: 31, shift: 'none' }, localDate('2026-02-28'))).toBe(true);
  });

  test('every four weeks is thirteen times a year', () => {
    const { isDue } = createWorkingDays(englishHolidays);
    const schedule = { every: 'weeks', weeks: 4, from: localDate('2024-01-09'), shift: 'previous' } as const;
    let due = 0;
    for (let day = 0; day < 364; day += 1) {
      const date = localDate(new Date(Date.UTC(2026, 0, 3 + day)).toISOString().slice(0, 10));
      if (isDue(schedule, date)) due += 1;
    }
    expect(due).toBe(13);
  });
});

describe('the calendar of Germany', () => {
  test('has the nine holidays of all states, of which four move with Easter and none has a substitute', () => {
    expect(germanHolidays(2026)).toEqual([
      '2026-01-01',
      '2026-04-03',
      '2026-04-06',
      '2026-05-01',
      '2026-05-14',
      '2026-05-25',
      '2026-10-03',
      '2026-12-25',
      '2026-12-26',
    ]);
    expect(germanHolidays(2027).slice(1, 6)).toEqual([
      '2027-03-26',
      '2027-03-29',
      '2027-05-01',
      '2027-05-06',
      '2027-05-17',
    ]);
  });

  test('works where England rests, and rests where England works', () => {
    const german = createWorkingDays(germanHolidays);
    const english = createWorkingDays(englishHolidays);
    for (const [date, inGermany, inEngland] of [
      ['2026-05-04', true, false],
      ['2026-08-31', true, false],
      ['2026-05-14', false, true],
      ['2026-12-28', true, false],
      ['2026-05-01', false, true],
    ] as const) {
      expect(german.isWorkingDay(localDate(date))).toBe(inGermany);
      expect(english.isWorkingDay(localDate(date))).toBe(inEngland);
    }
  });
});
