import { dayOfWeek, fromParts, parts, plusDays, plusMonths, type LocalDate } from '../kernel/index.js';

/**
 * Bank holidays of England and Wales by the rules of the Banking and Financial Dealings Act 1971 and the yearly
 * proclamations; single occasions (jubilees, coronations) are left out.
 */
export function englishHolidays(year: number): readonly LocalDate[] {
  const easter = easterSunday(year);
  return [
    substitute(fromParts(year, 1, 1)),
    plusDays(easter, -2),
    plusDays(easter, 1),
    firstMonday(year, 5),
    lastMonday(year, 5),
    lastMonday(year, 8),
    ...englishChristmas(year),
  ];
}

/**
 * The holidays that all German states keep. None of them moves when it falls on a weekend, and those of single states
 * are left out. On Ascension, Whit Monday and 3 October euro payments would settle (TARGET is closed on six days only),
 * but German banks do not work.
 */
export function germanHolidays(year: number): readonly LocalDate[] {
  const easter = easterSunday(year);
  return [
    fromParts(year, 1, 1),
    plusDays(easter, -2),
    plusDays(easter, 1),
    fromParts(year, 5, 1),
    plusDays(easter, 39),
    plusDays(easter, 50),
    fromParts(year, 10, 3),
    fromParts(year, 12, 25),
    fromParts(year, 12, 26),
  ];
}

/** Gregorian Easter by the method of Meeus, Jones and Butcher. */
export function easterSunday(year: number): LocalDate {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const ofCentury = year % 100;
  const correction = Math.floor((century + 8) / 25);
  const moon = Math.floor((century - correction + 1) / 3);
  const epact = (19 * golden + century - Math.floor(century / 4) - moon + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(ofCentury / 4) - epact - (ofCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const days = epact + weekday - 7 * late + 114;
  return fromParts(year, Math.floor(days / 31), (days % 31) + 1);
}

function substitute(date: LocalDate): LocalDate {
  const weekday = dayOfWeek(date);
  return plusDays(date, weekday === 6 ? 2 : weekday === 0 ? 1 : 0);
}

/** 25 and 26 December; each that falls on a weekend has its substitute on the next free weekday. */
function englishChristmas(year: number): readonly LocalDate[] {
  const day = dayOfWeek(fromParts(year, 12, 25));
  const dates = { 0: [26, 27], 5: [25, 28], 6: [27, 28] }[day] ?? [25, 26];
  return dates.map((date) => fromParts(year, 12, date));
}

function firstMonday(year: number, month: number): LocalDate {
  const first = fromParts(year, month, 1);
  return plusDays(first, (8 - dayOfWeek(first)) % 7);
}

function lastMonday(year: number, month: number): LocalDate {
  return plusDays(firstMonday(...next(year, month)), -7);
}

function next(year: number, month: number): readonly [number, number] {
  const [nextYear, nextMonth] = parts(plusMonths(fromParts(year, month, 1), 1));
  return [nextYear, nextMonth];
}
