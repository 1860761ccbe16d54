import {
  dayOfWeek,
  daysInMonth,
  fromParts,
  parts,
  plusDays,
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

/** Working days of a bank. Answers are kept, since every rule of every persona asks every day. */
export interface WorkingDays {
  isWorkingDay(date: LocalDate): boolean;
  isDue(schedule: Schedule, date: LocalDate): boolean;
}

export function createWorkingDays(holidaysOf: (year: number) => readonly LocalDate[]): WorkingDays {
  const holidays = new Map<number, ReadonlySet<LocalDate>>();
  const isWorkingDay = (date: LocalDate): boolean => {
    const weekday = dayOfWeek(date);
    if (weekday === 0 || weekday === 6) return false;
    const [year] = parts(date);
    let ofYear = holidays.get(year);
    if (!ofYear) {
      ofYear = new Set(holidaysOf(year));
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
