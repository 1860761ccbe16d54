import { instant, MS_PER_HOUR, type Instant } from '../../kernel/index.js';

/** Months counted from the year 0. */
export type MonthIndex = number;

/** The night of the first is over: see the README of life. */
const CUT_AFTER_MS = 6 * MS_PER_HOUR;

export function monthOf(at: Instant): MonthIndex {
  const date = new Date(at);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

export function startOfMonth(month: MonthIndex): Instant {
  const date = new Date(0);
  date.setUTCFullYear(Math.floor(month / 12), month % 12, 1);
  return instant(date.getTime());
}

/** When the statement of a month is written. */
export function cutOf(month: MonthIndex): Instant {
  return instant(startOfMonth(month + 1) + CUT_AFTER_MS);
}

/** The last month whose statement was written by then. */
export function lastCutMonth(at: Instant): MonthIndex {
  return monthOf(instant(at - CUT_AFTER_MS)) - 1;
}

/** `202601` */
export function monthText(month: MonthIndex): string {
  return `${String(Math.floor(month / 12)).padStart(4, '0')}${String((month % 12) + 1).padStart(2, '0')}`;
}

export function readMonthText(text: string): MonthIndex | undefined {
  const [, year, month] = /^(\d{4})(0[1-9]|1[0-2])$/.exec(text) ?? [];
  return year === undefined ? undefined : Number(year) * 12 + Number(month) - 1;
}
