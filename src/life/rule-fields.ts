import { localDate, parseInstant, type LocalDate } from '../kernel/index.js';
import type { Schedule } from './calendar.js';
import type { Fields } from './fixture-fields.js';

/** Minor units; equal ends for a fixed amount. */
export interface AmountRange {
  readonly fromMinor: bigint;
  readonly toMinor: bigint;
}

/** Whole numbers, both inclusive. */
export interface WholeRange {
  readonly from: number;
  readonly to: number;
}

export function regular(fields: Fields): {
  readonly amount: AmountRange;
  readonly reference: string;
  readonly when: Schedule;
} {
  return { amount: readAmount(fields), reference: fields.text('reference'), when: readSchedule(fields.object('when')) };
}

export function positiveAmount(fields: Fields, key: string): bigint {
  const amount = fields.amount(key);
  return amount > 0n ? amount : fields.fail(key, 'an amount above zero');
}

export function readAmount(fields: Fields): AmountRange {
  if (typeof fields.raw('amount') === 'string') {
    const fixed = positiveAmount(fields, 'amount');
    return { fromMinor: fixed, toMinor: fixed };
  }
  const range = fields.object('amount');
  const amount = { fromMinor: positiveAmount(range, 'from'), toMinor: positiveAmount(range, 'to') };
  if (amount.toMinor < amount.fromMinor) range.fail('to', 'at least the amount in from');
  range.end();
  return amount;
}

export function readWholes(fields: Fields, key: string, most: number): WholeRange {
  const range = fields.object(key);
  const wholes = { from: range.whole('from', 1, most), to: range.whole('to', 1, most) };
  if (wholes.to < wholes.from) range.fail('to', 'at least the number in from');
  range.end();
  return wholes;
}

export function readSchedule(fields: Fields): Schedule {
  const shift = fields.has('shift') ? fields.oneOf('shift', ['next', 'previous', 'none']) : 'next';
  const schedule = scheduleOf(fields, shift);
  fields.end();
  return schedule;
}

function scheduleOf(fields: Fields, shift: 'next' | 'previous' | 'none'): Schedule {
  if (fields.has('weeks')) {
    return { every: 'weeks', weeks: fields.whole('weeks', 1, 52), from: readDate(fields, 'from'), shift };
  }
  if (fields.raw('day') === 'last-working-day') return { every: 'last-working-day' };
  const months = fields.has('months')
    ? fields
        .list('months')
        .map((month) =>
          typeof month === 'number' && month >= 1 && month <= 12
            ? month
            : fields.fail('months', 'a list of numbers from 1 to 12'),
        )
    : undefined;
  return { every: 'month', day: fields.whole('day', 1, 31), ...(months && { months }), shift };
}

function readDate(fields: Fields, key: string): LocalDate {
  const text = fields.text(key);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && parseInstant(text) !== undefined
    ? localDate(text)
    : fields.fail(key, 'a date such as 2024-01-05');
}
