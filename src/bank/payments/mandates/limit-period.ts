import {
  dateOf,
  dayOfWeek,
  fromParts,
  money,
  MS_PER_DAY,
  parts,
  plusDays,
  plusMonths,
  startOfDay,
  type LocalDate,
  type Money,
} from '../../../kernel/index.js';
import type { Consent, LimitPeriod, PaymentMandate, PeriodicLimit } from '../../consents/index.js';

/** One period of a limit: from the first day to the day before `until`, by the days of the bank's books. */
export interface LimitedPeriod {
  readonly from: LocalDate;
  readonly until: LocalDate;
  readonly allowed: Money;
}

interface Length {
  readonly days?: number;
  readonly months?: number;
}

const LENGTHS: Readonly<Record<LimitPeriod, Length>> = {
  day: { days: 1 },
  week: { days: 7 },
  fortnight: { days: 14 },
  month: { months: 1 },
  'half-year': { months: 6 },
  year: { months: 12 },
};

/** The day on which a mandate begins: that of its consent, or a later one that it names. */
export function beginningOfMandate(mandate: PaymentMandate, { createdAt }: Pick<Consent, 'createdAt'>): LocalDate {
  return dateOf(mandate.validFrom !== undefined && mandate.validFrom > createdAt ? mandate.validFrom : createdAt);
}

/** The period of a limit in which a day lies; of a day before the mandate the first one. */
export function periodOf(
  limit: PeriodicLimit,
  { begins, day }: { readonly begins: LocalDate; readonly day: LocalDate },
): LimitedPeriod {
  const within = day < begins ? begins : day;
  const { from, until } =
    limit.alignment === 'consent' ? fromConsent(limit, begins, within) : inCalendar(limit, within);
  if (from >= begins) return { from, until, allowed: limit.amount };
  // Of the amount what the days that are left of the period are of its days, in whole minor units.
  const { amountMinor, currency } = limit.amount;
  const share = (amountMinor * daysBetween(begins, until)) / daysBetween(from, until);
  return { from: begins, until, allowed: money(share, currency) };
}

/** Months are counted from the beginning each time, so that a short one does not shorten those after it. */
function fromConsent({ period }: PeriodicLimit, begins: LocalDate, day: LocalDate): Omit<LimitedPeriod, 'allowed'> {
  const { days, months = 1 } = LENGTHS[period];
  if (days !== undefined) {
    const past = Number(daysBetween(begins, day));
    const from = plusDays(begins, past - (past % days));
    return { from, until: plusDays(from, days) };
  }
  const [firstYear, firstMonth] = parts(begins);
  const [year, month] = parts(day);
  const index = Math.floor(((year - firstYear) * 12 + month - firstMonth) / months);
  const at = (one: number): LocalDate => plusMonths(begins, one * months);
  const isOfTheOneBefore = at(index) > day;
  return isOfTheOneBefore ? { from: at(index - 1), until: at(index) } : { from: at(index), until: at(index + 1) };
}

function inCalendar({ period }: PeriodicLimit, day: LocalDate): Omit<LimitedPeriod, 'allowed'> {
  const { days, months = 1 } = LENGTHS[period];
  if (days !== undefined) {
    const from = period === 'day' ? day : plusDays(day, -((dayOfWeek(day) + 6) % 7));
    return { from, until: plusDays(from, days) };
  }
  const [year, month] = parts(day);
  const from = fromParts(year, month - ((month - 1) % months), 1);
  return { from, until: plusMonths(from, months) };
}

function daysBetween(from: LocalDate, until: LocalDate): bigint {
  return BigInt((startOfDay(until) - startOfDay(from)) / MS_PER_DAY);
}
