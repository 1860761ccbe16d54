import {
  assert,
  dateOf,
  instant,
  localDate,
  MS_PER_MINUTE,
  startOfDay,
  type Instant,
  type LocalDate,
} from '../kernel/index.js';

/** A time of the day where the bank is: `17:40`. */
export type TimeOfDay = `${number}:${number}`;

export const TIME_ZONES = [
  'UTC',
  'Europe/London',
  'Europe/Berlin',
  'Australia/Sydney',
  'America/Sao_Paulo',
  'America/New_York',
  'Asia/Dubai',
] as const;
export type TimeZone = (typeof TIME_ZONES)[number];

const ZONE_OF_COUNTRY: Readonly<Record<string, TimeZone>> = {
  GB: 'Europe/London',
  DE: 'Europe/Berlin',
  AU: 'Australia/Sydney',
  BR: 'America/Sao_Paulo',
  US: 'America/New_York',
  AE: 'Asia/Dubai',
};

/** By their making formats are a hundred times as dear as by their use. */
const FORMATS = Object.fromEntries(
  TIME_ZONES.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' }),
  ]),
) as Readonly<Record<TimeZone, Intl.DateTimeFormat>>;

/** What clocks on the wall of a bank show; of a country that is not known UTC. */
export function zoneOf({ country, timeZone }: { readonly country: string; readonly timeZone?: TimeZone }): TimeZone {
  return timeZone ?? ZONE_OF_COUNTRY[country] ?? 'UTC';
}

/** The calendar day on which an instant lies there. */
export function localDateOf(at: Instant, zone: TimeZone): LocalDate {
  return dateOf(instant(at + offsetMs(at, zone)));
}

/**
 * The instant at which clocks there show that time. One that the beginning of summer time skips comes an hour later; of
 * one that comes twice it is the first.
 */
export function instantOf(day: LocalDate, time: TimeOfDay, zone: TimeZone): Instant {
  const [hours = NaN, minutes = NaN] = time.split(':').map(Number);
  const asIfUtc = instant(startOfDay(day) + (hours * 60 + minutes) * MS_PER_MINUTE);
  assert(!Number.isNaN(asIfUtc), `${time} is a time of the day`);
  // The offset of a day before is that of before a change, which is the one to be tried first.
  const before = instant(asIfUtc - offsetMs(instant(asIfUtc - 86_400_000), zone));
  if (offsetMs(before, zone) === asIfUtc - before) return before;
  const after = instant(asIfUtc - offsetMs(instant(asIfUtc + 86_400_000), zone));
  return offsetMs(after, zone) === asIfUtc - after ? after : before;
}

/** How far the clocks there are ahead of UTC. */
function offsetMs(at: Instant, zone: TimeZone): number {
  const shown = new Map(FORMATS[zone].formatToParts(at).map(({ type, value }) => [type, value]));
  const day = localDate(`${shown.get('year')}-${shown.get('month')}-${shown.get('day')}`);
  const seconds = Number(shown.get('hour')) * 3600 + Number(shown.get('minute')) * 60 + Number(shown.get('second'));
  return startOfDay(day) + seconds * 1000 - Math.floor(at / 1000) * 1000;
}
