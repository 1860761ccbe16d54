import { hash32, SandbankError, startOfDay, MS_PER_DAY, type Currency, type LocalDate } from '../../kernel/index.js';
import { RATE_ONE, type Rate } from './rate.js';

/** Rates of the middle on one day, from a fixture: how many of each currency one of the base is worth. */
export interface ReferenceRates {
  readonly base: Currency;
  readonly perBase: Readonly<Record<Currency, Rate>>;
  /** Of the ecosystem: another seed, other days. */
  readonly seed: string;
}

/** Waves of days, and how far each takes a rate from its reference at most, in millionths. */
const WAVES = [
  { days: 120, reach: 18_000n },
  { days: 21, reach: 6_000n },
  { days: 3, reach: 2_000n },
] as const;
const MILLION = 1_000_000n;
const HASH_RANGE = 2n ** 32n;

/** The middle between buying and selling on a day: how many of `buy` one of `sell` is worth. Throws `payment.unsupported-currency`. */
export function middleRate(
  rates: ReferenceRates,
  { sell, buy }: { readonly sell: Currency; readonly buy: Currency },
  day: LocalDate,
): Rate {
  return (perBaseOn(rates, buy, day) * RATE_ONE) / perBaseOn(rates, sell, day);
}

function perBaseOn(rates: ReferenceRates, currency: Currency, day: LocalDate): Rate {
  if (currency === rates.base) return RATE_ONE;
  const reference = Object.hasOwn(rates.perBase, currency) ? rates.perBase[currency] : undefined;
  if (reference === undefined) {
    throw new SandbankError('payment.unsupported-currency', 'This bank does not exchange that currency.', {
      expected: [rates.base, ...Object.keys(rates.perBase)].join(', '),
      actual: currency,
    });
  }
  const dayNumber = Math.floor(startOfDay(day) / MS_PER_DAY);
  const drift = WAVES.reduce(
    (sum, wave) => sum + height(`${rates.seed}/${currency}/${wave.days}`, wave, dayNumber),
    0n,
  );
  return (reference * (MILLION + drift)) / MILLION;
}

/** Between two heights that are drawn for the ends of a wave, along a straight line: integers, the same on every machine. */
function height(
  name: string,
  { days, reach }: { readonly days: number; readonly reach: bigint },
  dayNumber: number,
): bigint {
  const wave = Math.floor(dayNumber / days);
  const into = BigInt(dayNumber - wave * days);
  const drawn = (index: number): bigint => (BigInt(hash32(`${name}/${index}`)) * 2n * reach) / HASH_RANGE - reach;
  const span = BigInt(days);
  return (drawn(wave) * (span - into) + drawn(wave + 1) * into) / span;
}
