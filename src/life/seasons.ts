import { parts, type LocalDate } from '../kernel/index.js';
import type { Fields } from './fixture-fields.js';

/** What each month, January first, makes of the usual. */
export type Season = readonly number[];
export type Seasons = Readonly<Record<string, Season>>;

const MONTHS = 12;
const MOST = 10;

export function seasonal(season: Season, date: LocalDate): number {
  return season[parts(date)[1] - 1] ?? 1;
}

/** Rounded to the minor unit. */
export function inSeason(amountMinor: bigint, season: Season | undefined, date: LocalDate): bigint {
  return season === undefined ? amountMinor : BigInt(Math.round(Number(amountMinor) * seasonal(season, date)));
}

export function readSeason(fields: Fields, key: string): Season {
  const factors = fields.list(key).filter((one) => typeof one === 'number' && one >= 0 && one <= MOST) as number[];
  return factors.length === MONTHS && fields.list(key).length === MONTHS
    ? factors
    : fields.fail(key, `a list of ${String(MONTHS)} numbers from 0 to ${String(MOST)}, January first`);
}

export function readSeasons(fields: Fields): Seasons {
  return Object.fromEntries(fields.keys().map((category) => [category, readSeason(fields, category)]));
}
