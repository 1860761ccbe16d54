import {
  dayOfWeek,
  daysInMonth,
  fromParts,
  parts,
  plusDays,
  plusMonths,
  startOfDay,
  MS_PER_DAY,
  type LocalDate,
} from '../kernel/index.js';

/** When something regular happens. `shift`: where a day that is no working day goes. */
export type Schedule =
  | { readonly every: 'month'; readonly day: number; readonly months?: readonly number[]; readonly shift: Shift }
  | { readonly every: 'last-working-day' }
  | { readonly every: 'weeks'; readonly weeks: number; readonly from: LocalDate; readonly shift: Shift };

export type Shift = 'next' | 'previous' | 'none';

/** Longest run of days without a working day, with room: Christmas or Easter with a weekend. */
const LONGEST_CLOSURE_DAYS = 6;

/** Working days of England. Answers are kept, since every rule of every persona asks every day. */
export interface WorkingDays {
  isWorkingDay(date: LocalDate): boolean;
  isDue(schedule: Schedule, date: LocalDate): boolean;
}

export function createWorkingDays(): WorkingDays {
  const holidays = new Map<number, ReadonlySet<LocalDate>>();
  const isWorkingDay = (date: LocalDate): boolean => {
    const weekday = dayOfWeek(date);
    if (weekday === 0 || weekday === 6) return false;
    const [year] = parts(date);
    let ofYear = holidays.get(year);
    if (!ofYear) {
      ofYear = new Set(bankHolidays(year));
      holidays.set(year, ofYear);
    }
    return !ofYear.has(date);
  };
  /** The nominal days whose business is done on this one. */
  const nominalDays = (date: LocalDate, shift: Shift): readonly LocalDate[] => {
    if (shift === 'none') return [date];
    if (!isWorkingDay(date)) return [];
    const step = shift === 'next' ? -1 : 1;
    const days = [date];
    for (let away = 1; away <= LONGEST_CLOSURE_DAYS; away += 1) {
      const other = plusDays(date, step * away);
      if (isWorkingDay(other)) break;
      days.push(other);
    }
    return days;
  };
  const nominal = new Map<string, readonly LocalDate[]>();
  const nominalOnce = (date: LocalDate, shift: Shift): readonly LocalDate[] => {
    const key = `${date}${shift}`;
    let days = nominal.get(key);
    if (!days) {
      if (nominal.size > 100) nominal.clear();
      days = nominalDays(date, shift);
      nominal.set(key, days);
    }
    return days;
  };
  return {
    isWorkingDay,
    isDue(schedule, date) {
      switch (schedule.every) {
        case 'month':
          return nominalOnce(date, schedule.shift).some((day) => isNominal(schedule, day));
        case 'weeks':
          return nominalOnce(date, schedule.shift).some((day) => weeksApart(schedule.from, day) % schedule.weeks === 0);
        case 'last-working-day': {
          const [year, month, day] = parts(date);
          if (day < daysInMonth(year, month) - LONGEST_CLOSURE_DAYS || !isWorkingDay(date)) return false;
          for (let later = day + 1; later <= daysInMonth(year, month); later += 1) {
            if (isWorkingDay(fromParts(year, month, later))) return false;
          }
          return true;
        }
      }
    },
  };
}

/** A day beyond the end of a month means its last day. */
function isNominal(schedule: Extract<Schedule, { every: 'month' }>, date: LocalDate): boolean {
  const [year, month, day] = parts(date);
  if (schedule.months && !schedule.months.includes(month)) return false;
  return day === Math.min(schedule.day, daysInMonth(year, month));
}

/** Whole weeks between two days, or NaN where they fall on different weekdays. */
function weeksApart(from: LocalDate, to: LocalDate): number {
  const days = (startOfDay(to) - startOfDay(from)) / MS_PER_DAY;
  return days % 7 === 0 ? days / 7 : Number.NaN;
}

/**
 * Bank holidays of England and Wales by the rules of the Banking and Financial Dealings Act 1971 and the yearly
 * proclamations; single occasions (jubilees, coronations) are left out.
 */
export function bankHolidays(year: number): readonly LocalDate[] {
  const easter = easterSunday(year);
  return [
    substitute(fromParts(year, 1, 1)),
    plusDays(easter, -2),
    plusDays(easter, 1),
    firstMonday(year, 5),
    lastMonday(year, 5),
    lastMonday(year, 8),
    ...christmas(year),
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
function christmas(year: number): readonly LocalDate[] {
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
