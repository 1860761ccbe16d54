import {
  instant,
  MS_PER_HOUR,
  plusDays,
  plusMs,
  startOfDay,
  type Instant,
  type LocalDate,
} from '../../../kernel/index.js';
import { instantOf, localDateOf, zoneOf } from '../../local-time.js';
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
  const { pace, settles, bankingDays = {} } = RAIL_RULES[rail];
  const dueAt = plusMs(at, profile.payments[step] * pace[step]);
  const waits = bankingDays[step];
  if (waits !== undefined) {
    const day = bankingDayAfter(localDateOf(at, zoneOf(profile)), { count: waits, country: profile.country });
    return instant(Math.max(dueAt, openingOf(day)));
  }
  return step === 'settleMs' && settles === 'banking-days' ? sentOnAt(profile, rail, dueAt) : dueAt;
}

/** What is ready on a banking day before the cut-off is sent on at once, anything else on the next banking day. */
function sentOnAt(profile: BankProfile, rail: Rail, readyAt: Instant): Instant {
  const today = localDateOf(readyAt, zoneOf(profile));
  const day = bankingDayFrom(today, profile.country);
  if (day !== today) return openingOf(day);
  const cutOffAt = cutOffOn(profile, rail, day);
  if (cutOffAt === undefined || readyAt < cutOffAt) return readyAt;
  return openingOf(bankingDayFrom(plusDays(day, 1), profile.country));
}

function cutOffOn(profile: BankProfile, rail: Rail, day: LocalDate): Instant | undefined {
  const { cutOff } = RAIL_RULES[rail];
  return cutOff && instantOf(day, cutOff, zoneOf(profile));
}

function bankingDayAfter(
  day: LocalDate,
  { count, country }: { readonly count: number; readonly country: string },
): LocalDate {
  let reached = day;
  for (let left = count; left > 0; left -= 1) reached = bankingDayFrom(plusDays(reached, 1), country);
  return reached;
}

/** When the bank of the payee answers who asks money back that has arrived. */
export function recallAnswerAt(profile: BankProfile, rail: Rail, at: Instant): Instant {
  const { recallBankingDays: count } = RAIL_RULES[rail];
  return openingOf(bankingDayAfter(localDateOf(at, zoneOf(profile)), { count, country: profile.country }));
}

/** When what should have happened to a payment. */
export interface ExpectedTimes {
  /** Sent on: from then on it cannot be called back. */
  readonly executionAt: Instant;
  /** Debited. */
  readonly settlementAt: Instant;
  /** With the payee. */
  readonly creditAt: Instant;
  /** Ready by then it is sent on on that day; absent where the rail has no cut-off. */
  readonly cutOffAt?: Instant;
}

/** Of a payment by that rail that is begun at `at`. */
export function expectedTimesOf(profile: BankProfile, rail: Rail, at: Instant): ExpectedTimes {
  const after = (step: keyof BankProfile['payments'], from: Instant): Instant =>
    stepDueAt(profile, { rail, step, at: from });
  const executionAt = after('settleMs', after('acceptMs', at));
  const settlementAt = after('debitMs', executionAt);
  const cutOffAt = cutOffOn(profile, rail, localDateOf(executionAt, zoneOf(profile)));
  return {
    executionAt,
    settlementAt,
    creditAt: after('creditMs', settlementAt),
    ...(cutOffAt !== undefined && { cutOffAt }),
  };
}

/** The instant at which a payment dated `day` is begun: on the next banking day where its rail settles on those only. */
export function beginningOf(
  profile: BankProfile,
  { rail, day, now }: { readonly rail: Rail; readonly day: LocalDate | undefined; readonly now: Instant },
): Instant {
  if (day === undefined || day <= localDateOf(now, zoneOf(profile))) return now;
  const { settles } = RAIL_RULES[rail];
  const opening = openingOf(settles === 'every-day' ? day : bankingDayFrom(day, profile.country));
  return instant(Math.max(opening, now));
}
