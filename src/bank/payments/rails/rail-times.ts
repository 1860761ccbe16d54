import {
  dateOf,
  instant,
  MS_PER_HOUR,
  plusMs,
  startOfDay,
  type Instant,
  type LocalDate,
} from '../../../kernel/index.js';
import type { BankProfile } from '../../profile.js';
import type { Rail } from '../../rail.js';
import { bankingDayFrom } from './banking-days.js';
import { RAIL_RULES } from './rail-rules.js';

/** 05:00 UTC: when the bank begins with the payments of a day, after what it books at night. */
export function openingOf(day: LocalDate): Instant {
  return plusMs(startOfDay(day), 5 * MS_PER_HOUR);
}

/** When a step of a payment falls due that began to wait for it at `at`. */
export function stepDueAt(
  profile: BankProfile,
  { rail, step, at }: { readonly rail: Rail; readonly step: keyof BankProfile['payments']; readonly at: Instant },
): Instant {
  const { pace, settles } = RAIL_RULES[rail];
  const dueAt = plusMs(at, profile.payments[step] * pace[step]);
  if (step !== 'settleMs' || settles === 'every-day') return dueAt;
  const day = bankingDayFrom(dateOf(dueAt), profile.country);
  return day === dateOf(dueAt) ? dueAt : openingOf(day);
}

/** When a payment that is begun at `at` should have been debited. */
export function settlementAt(profile: BankProfile, rail: Rail, at: Instant): Instant {
  let reached = at;
  for (const step of ['acceptMs', 'settleMs', 'debitMs'] as const) {
    reached = stepDueAt(profile, { rail, step, at: reached });
  }
  return reached;
}

/** The instant at which a payment dated `day` is begun: on the next banking day where its rail settles on those only. */
export function beginningOf(
  profile: BankProfile,
  { rail, day, now }: { readonly rail: Rail; readonly day: LocalDate | undefined; readonly now: Instant },
): Instant {
  if (day === undefined || day <= dateOf(now)) return now;
  const { settles } = RAIL_RULES[rail];
  const opening = openingOf(settles === 'every-day' ? day : bankingDayFrom(day, profile.country));
  return instant(Math.max(opening, now));
}
