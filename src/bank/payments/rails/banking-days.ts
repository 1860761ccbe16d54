import { dayOfWeek, daysInMonth, fromParts, parts, plusDays, type LocalDate } from '../../../kernel/index.js';

/** Is it a day on which banks of that country settle with each other? */
export function isBankingDay(date: LocalDate, country: string): boolean {
  if (isWeekend(date)) return false;
  const [year] = parts(date);
  return !holidaysOf(country, year).includes(date);
}

/** The day itself where it is a banking day, or else the next one. */
export function bankingDayFrom(date: LocalDate, country: string): LocalDate {
  return isBankingDay(date, country) ? date : bankingDayFrom(plusDays(date, 1), country);
}

/** The day itself where it is a banking day, or else the last one before it. */
export function bankingDayUntil(date: LocalDate, country: string): LocalDate {
  return isBankingDay(date, country) ? date : bankingDayUntil(plusDays(date, -1), country);
}

/** England for the United Kingdom; everybody else keeps the days of TARGET, on which the euro area settles. */
function holidaysOf(country: string, year: number): readonly LocalDate[] {
  return country === 'GB' ? englishHolidays(year) : targetHolidays(year);
}

/** The closing days of TARGET, for good since 2002: two around Easter and four fixed ones, never moved off a weekend. */
function targetHolidays(year: number): readonly LocalDate[] {
  const easter = easterSunday(year);
  return [
    fromParts(year, 1, 1),
    plusDays(easter, -2),
    plusDays(easter, 1),
    fromParts(year, 5, 1),
    fromParts(year, 12, 25),
    fromParts(year, 12, 26),
  ];
}

/** Bank holidays of England and Wales as the law has them; those proclaimed for one year only are not known. */
function englishHolidays(year: number): readonly LocalDate[] {
  const easter = easterSunday(year);
  const days = [
    plusDays(easter, -2),
    plusDays(easter, 1),
    firstMonday(year, 5),
    lastMonday(year, 5),
    lastMonday(year, 8),
  ];
  // One that falls on a weekend is kept on the next weekday that is none already.
  for (const fixed of [fromParts(year, 1, 1), fromParts(year, 12, 25), fromParts(year, 12, 26)]) {
    let kept = fixed;
    while (isWeekend(kept) || days.includes(kept)) kept = plusDays(kept, 1);
    days.push(kept);
  }
  return days;
}

/** The Gregorian computus (Meeus, Jones, Butcher). */
export function easterSunday(year: number): LocalDate {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const inCentury = year % 100;
  const skipped = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const moon = (19 * golden + century - Math.floor(century / 4) - skipped + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(inCentury / 4) - moon - (inCentury % 4)) % 7;
  const correction = Math.floor((golden + 11 * moon + 22 * weekday) / 451);
  const day = moon + weekday - 7 * correction + 114;
  return fromParts(year, Math.floor(day / 31), (day % 31) + 1);
}

function isWeekend(date: LocalDate): boolean {
  return dayOfWeek(date) === 0 || dayOfWeek(date) === 6;
}

function firstMonday(year: number, month: number): LocalDate {
  const first = fromParts(year, month, 1);
  return plusDays(first, (8 - dayOfWeek(first)) % 7);
}

function lastMonday(year: number, month: number): LocalDate {
  const last = fromParts(year, month, daysInMonth(year, month));
  return plusDays(last, -((dayOfWeek(last) + 6) % 7));
}
