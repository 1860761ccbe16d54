import {
  daysInMonth,
  fromParts,
  parts,
  plusDays,
  plusMonths,
  SandbankError,
  type LocalDate,
} from '../../../kernel/index.js';
import type { PaymentSchedule } from '../../consents/index.js';
import { bankingDayFrom, bankingDayUntil } from './banking-days.js';

/** One time that a periodic payment runs. */
export interface PaymentRun {
  /** Counts the planned days from the beginning, those left out as well. */
  readonly index: number;
  readonly day: LocalDate;
}

const DAYS: Readonly<Partial<Record<PaymentSchedule['frequency'], number>>> = {
  daily: 1,
  weekly: 7,
  'every-two-weeks': 14,
};
const MONTHS: Readonly<Partial<Record<PaymentSchedule['frequency'], number>>> = {
  monthly: 1,
  'every-two-months': 2,
  quarterly: 3,
  'semi-annual': 6,
  annual: 12,
  'in-months': 1,
};

/**
 * The next run after one, or the first; undefined once the end has passed. A planned day that is no banking day moves as
 * the schedule says, but not to before its start or `notBefore`, where it moves on instead. What would fall on or before
 * the day of the run before (a daily payment over a weekend), lies before `notBefore` or is not of its months, is left
 * out.
 */
export function nextRun(
  schedule: PaymentSchedule,
  place: { readonly country: string; readonly notBefore: LocalDate; readonly after?: PaymentRun },
): PaymentRun | undefined {
  const earliest = place.notBefore > schedule.start ? place.notBefore : schedule.start;
  for (let index = (place.after?.index ?? -1) + 1; ; index += 1) {
    const planned = plannedDay(schedule, index);
    const day = moved(planned, { schedule, earliest, country: place.country });
    if (schedule.end !== undefined && day > schedule.end) return undefined;
    const isFollowing = place.after === undefined || day > place.after.day;
    const isOfItsMonths = schedule.months?.includes(parts(planned)[1]) ?? true;
    if (isOfItsMonths && planned >= schedule.start && day >= earliest && isFollowing) return { index, day };
  }
}

/** Counted from the start each time, so that a short month does not shorten those after it. */
function plannedDay({ start, frequency, dayOfExecution }: PaymentSchedule, index: number): LocalDate {
  const days = DAYS[frequency];
  if (days !== undefined) return plusDays(start, index * days);
  const [startYear, startMonth, startDay] = parts(start);
  const [year, month] = parts(plusMonths(fromParts(startYear, startMonth, 1), index * (MONTHS[frequency] ?? 1)));
  return fromParts(year, month, Math.min(dayOfExecution ?? startDay, daysInMonth(year, month)));
}

function moved(
  planned: LocalDate,
  place: { readonly schedule: PaymentSchedule; readonly earliest: LocalDate; readonly country: string },
): LocalDate {
  const { schedule, earliest, country } = place;
  if (schedule.ifClosed === 'preceding') {
    const day = bankingDayUntil(planned, country);
    if (day >= earliest) return day;
  }
  return bankingDayFrom(planned, country);
}

/** Throws `payment.execution-date-invalid` or `field.invalid` for a schedule that can never run as it is written. */
export function refuseImpossibleSchedule(schedule: PaymentSchedule, today: LocalDate, country: string): void {
  const { start, end, dayOfExecution } = schedule;
  refuseWrongMonths(schedule);
  if (
    dayOfExecution !== undefined &&
    !(Number.isInteger(dayOfExecution) && dayOfExecution >= 1 && dayOfExecution <= 31)
  ) {
    throw new SandbankError('field.invalid', 'A day of execution is a day of the month.', {
      path: 'dayOfExecution',
      expected: '1 to 31',
      actual: String(dayOfExecution),
    });
  }
  if (start < today) {
    throw new SandbankError('payment.execution-date-invalid', 'A periodic payment does not begin in the past.', {
      expected: `${today} or later`,
      actual: start,
    });
  }
  if (nextRun(schedule, { country, notBefore: today }) === undefined) {
    throw new SandbankError('payment.execution-date-invalid', 'The periodic payment ends before it has run once.', {
      expected: 'an end on or after the first run',
      actual: end ?? '',
    });
  }
}

function refuseWrongMonths({ frequency, months }: PaymentSchedule): void {
  const isGood =
    months === undefined
      ? frequency !== 'in-months'
      : frequency === 'in-months' &&
        months.length > 0 &&
        months.every((month) => Number.isInteger(month) && month >= 1 && month <= 12);
  if (isGood) return;
  throw new SandbankError('field.invalid', 'A payment in chosen months says which, and no other does.', {
    path: 'months',
    expected: frequency === 'in-months' ? 'months from 1 to 12' : 'none',
    actual: months?.join(', ') ?? 'none',
  });
}
