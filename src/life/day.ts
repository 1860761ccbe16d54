import { dateOf, instant, MS_PER_HOUR, plusDays, startOfDay, type Instant, type LocalDate } from '../kernel/index.js';
import { DAY_ENDS_AT_HOUR } from './moment.js';

/** When the bank's day of that date is over. */
export function endOf(date: LocalDate): Instant {
  return instant(startOfDay(date) + DAY_ENDS_AT_HOUR * MS_PER_HOUR);
}

export function lastEndedDay(now: Instant): LocalDate {
  const today = dateOf(now);
  return endOf(today) <= now ? today : plusDays(today, -1);
}
