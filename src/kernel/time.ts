import { SandbankError } from './errors.js';

declare const instantBrand: unique symbol;
declare const localDateBrand: unique symbol;

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number & { readonly [instantBrand]: true };

/** A calendar day, `YYYY-MM-DD`. */
export type LocalDate = string & { readonly [localDateBrand]: true };

export const MS_PER_SECOND = 1_000;
export const MS_PER_MINUTE = 60_000;
export const MS_PER_HOUR = 3_600_000;
export const MS_PER_DAY = 86_400_000;

/** Business time: balances, schedules, consents, the lives of access and refresh tokens. */
export interface Clock {
  now(): Instant;
}

/** A clock whose hands can be moved forward. It never goes back. */
export interface VirtualClock extends Clock {
  readonly mode: ClockState['mode'];
  /** Business seconds in a second of wall time: 1 with the system's clock, 0 where it stands still. */
  readonly speed: number;
  /** How far business time runs ahead of (or, when frozen in the past, behind) wall time, in milliseconds. */
  readonly offsetMs: number;
  /** Throws `clock.cannot-go-back`. */
  moveTo(instant: Instant): void;
  /**
   * From now on stands still, follows the system's clock, or is driven at a speed, as said for this very instant: a clock
   * that runs goes on between two looks at it. Returns the new state. Throws `clock.cannot-go-back`.
   */
  change(next: (now: Instant) => ClockState): ClockState;
}

/**
 * What a virtual clock needs to continue where it stood before a restart. A `running` one is moved by whoever drives it,
 * step by step, so that it never shows an instant whose due work has not been done.
 */
export type ClockState =
  | { readonly mode: 'system'; readonly offsetMs: number }
  | { readonly mode: 'frozen'; readonly at: Instant }
  | { readonly mode: 'running'; readonly at: Instant; readonly speed: number };

/** Proof freshness: request objects, assertions, codes, replay windows, the Date header. */
export const wallClock: Clock = { now: () => instant(Date.now()) };

export function instant(epochMs: number): Instant {
  return Math.trunc(epochMs) as Instant;
}

export function plusMs(at: Instant, ms: number): Instant {
  return instant(at + ms);
}

/** Reads an ISO 8601 date-time with offset, or a plain date as midnight UTC; undefined if it is neither. */
export function parseInstant(text: string): Instant | undefined {
  if (!/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i.test(text))
    return undefined;
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) || !text.includes('T') ? text : `${text}Z`;
  const normal = zoned
    .replace(',', '.')
    .replace(/([+-]\d{2})(\d{2})$/, '$1:$2')
    .replace(/t/, 'T')
    .replace(/z$/, 'Z');
  const epochMs = Date.parse(normal);
  if (Number.isNaN(epochMs)) return undefined;
  // Date.parse lets 31 February roll over into March; a calendar does not.
  const [year, month, day] = text.slice(0, 10).split('-').map(Number) as [number, number, number];
  return day <= daysInMonth(year, month) ? instant(epochMs) : undefined;
}

/** `2026-11-25T08:10:31+00:00`: whole seconds with an explicit offset, as bank APIs write it. */
export function formatInstant(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19)}+00:00`;
}

/** Full precision, for logs and the control API. */
export function formatInstantMs(at: Instant): string {
  return new Date(at).toISOString();
}

export function localDate(text: string): LocalDate {
  return text as LocalDate;
}

/** The day in UTC. Banks of the default ecosystem book by UTC days, which keeps days equal on every machine. */
export function dateOf(at: Instant): LocalDate {
  return new Date(at).toISOString().slice(0, 10) as LocalDate;
}

export function startOfDay(date: LocalDate): Instant {
  return instant(Date.parse(`${date}T00:00:00Z`));
}

export function plusDays(date: LocalDate, days: number): LocalDate {
  return dateOf(instant(startOfDay(date) + days * MS_PER_DAY));
}

/** Adds calendar months; the day is cut to the month's last (31 January + 1 month = 28 or 29 February). */
export function plusMonths(date: LocalDate, months: number): LocalDate {
  const [year, month, day] = parts(date);
  const index = year * 12 + (month - 1) + months;
  const targetYear = Math.floor(index / 12);
  const targetMonth = (index % 12) + 1;
  return fromParts(targetYear, targetMonth, Math.min(day, daysInMonth(targetYear, targetMonth)));
}

/** 0 is Sunday, 6 Saturday. */
export function dayOfWeek(date: LocalDate): number {
  return new Date(startOfDay(date)).getUTCDay();
}

/** [year, month 1-12, day 1-31] */
export function parts(date: LocalDate): readonly [number, number, number] {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  return [year, month, day];
}

export function fromParts(year: number, month: number, day: number): LocalDate {
  const pad = (value: number, width: number): string => String(value).padStart(width, '0');
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}` as LocalDate;
}

export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

export function createClock(state: ClockState, wall: Clock = wallClock): VirtualClock {
  let current = state;
  let latest = instant(Number.MIN_SAFE_INTEGER);
  /** A machine whose own clock is set back makes business time wait, not go back. */
  const now = (): Instant => {
    if (current.mode !== 'system') return current.at;
    latest = instant(Math.max(latest, wall.now() + current.offsetMs));
    return latest;
  };
  const refuseBack = (target: Instant, shown: Instant): void => {
    if (target >= shown) return;
    throw new SandbankError('clock.cannot-go-back', 'The clock only moves forward; reset the sandbox to start over.', {
      expected: `at or after ${formatInstantMs(shown)}`,
      actual: formatInstantMs(target),
    });
  };
  return {
    get mode() {
      return current.mode;
    },
    get speed() {
      if (current.mode === 'running') return current.speed;
      return current.mode === 'system' ? 1 : 0;
    },
    get offsetMs() {
      return current.mode === 'system' ? current.offsetMs : current.at - wall.now();
    },
    now,
    moveTo(target) {
      refuseBack(target, now());
      current =
        current.mode === 'system' ? { mode: 'system', offsetMs: target - wall.now() } : { ...current, at: target };
    },
    change(next) {
      const shown = now();
      const state = next(shown);
      if (state.mode !== 'system') refuseBack(state.at, shown);
      // What was shown until now is the least that a clock shows which follows the system's.
      latest = shown;
      current = state;
      return state;
    },
  };
}

/** Runs work when the event loop has done what came in with this turn, and all that followed from it at once. */
export function afterThisTurn(work: () => void): void {
  setImmediate(work);
}
