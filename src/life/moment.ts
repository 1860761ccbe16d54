import type { PostingDetail } from '../bank/index.js';
import type { Random } from '../kernel/index.js';
import {
  instant,
  MS_PER_HOUR,
  MS_PER_MINUTE,
  MS_PER_SECOND,
  startOfDay,
  type Instant,
  type LocalDate,
} from '../kernel/index.js';
import type { BankFile, BankProduct } from './bank-file.js';
import type { Book } from './book.js';
import type { WorkingDays } from './calendar.js';
import type { Cast } from './cast.js';
import type { Memory } from './memory.js';
import type { Persona } from './persona.js';
import type { Favourites } from './shops.js';
import type { Spells } from './spells.js';
import type { Wording } from './wording.js';

/**
 * A day of the bank ends at 05:00 UTC: what people did the day before, from six in the morning to eleven at night, and
 * then the bank's own night work.
 */
export const DAY_ENDS_AT_HOUR = 5;

/** What may happen at an instant. Whether it does depends on the balances when its turn comes. */
export interface Happening {
  readonly at: Instant;
  readonly act: (at: Instant) => void;
}

/** What a rule sees of the day for which it plans. */
export interface DayContext {
  /** The day of the night work. People's daytime is the day before. */
  readonly date: LocalDate;
  readonly daytime: LocalDate;
  /** Midnight before the daytime; its weekday, 0 is Sunday; its month, 1 is January. */
  readonly dawn: Instant;
  readonly weekday: number;
  readonly month: number;
  readonly bank: BankFile;
  readonly wording: Wording;
  readonly book: Book;
  readonly memory: Memory;
  readonly workingDays: WorkingDays;
  readonly cast: Cast;
  readonly favourites: Favourites;
  readonly spells: Spells;
  /** What a statement says whenever a rule applies; put together once. */
  said(rule: object, say: () => PostingDetail): PostingDetail;
  /** The conditions of an account, by its full name. */
  productOf(account: string): BankProduct;
  plan(happening: Happening): void;
}

/** One rule of one persona on one day. */
export interface RuleContext extends DayContext {
  readonly persona: Persona;
  /** Names the rule in streams of randomness: `salaried-renter/3`. */
  readonly place: string;
  /** This rule's own stream on this day. */
  random(): Random;
}

/** Full name of an account that a rule of a persona mentions. */
export function fullName(persona: Persona, account: string): string {
  return account.includes('/') ? account : `${persona.id}/${account}`;
}

/** The hours of night work, in the order in which money should come before it goes. */
export const NIGHT = {
  credits: 0,
  standingOrders: 1,
  directDebits: 2,
  settlements: 3,
  closing: 4,
} as const;

/** Some second of an hour of the night. */
export function inTheNight(date: LocalDate, hour: number, random: Random): Instant {
  return instant(
    startOfDay(date) + hour * MS_PER_HOUR + random.int(0, 59) * MS_PER_MINUTE + random.int(0, 59) * MS_PER_SECOND,
  );
}

/** Some second between two hours of a day that begins at `dawn`; `to` is exclusive. */
export function inTheDay(
  dawn: Instant,
  hours: { readonly from: number; readonly to: number },
  random: Random,
): Instant {
  const seconds = random.int(0, (hours.to - hours.from) * 3600 - 1);
  return instant(dawn + hours.from * MS_PER_HOUR + seconds * MS_PER_SECOND);
}

export function drawAmount(range: { readonly fromMinor: bigint; readonly toMinor: bigint }, random: Random): bigint {
  return range.fromMinor === range.toMinor
    ? range.fromMinor
    : BigInt(random.int(Number(range.fromMinor), Number(range.toMinor)));
}
