import {
  currencyExponent,
  formatInstant,
  MS_PER_DAY,
  assert,
  type Currency,
  type Instant,
} from '../../kernel/index.js';

/**
 * What templates of hot lists are put together from: JSON text straight from values, without an object a line. Each gives
 * exactly what `JSON.stringify` gives for what the slow mapping writes.
 */

/** A text as a JSON string. */
export function jsonString(text: string): string {
  return JSON.stringify(text);
}

/** An amount without its sign, as digits: `formatMoney` for one currency. */
export function amountWriter(currency: Currency): (amountMinor: bigint) => string {
  const exponent = currencyExponent(currency);
  assert(exponent !== undefined, `known currency ${currency}`);
  return (amountMinor) => {
    const digits = (amountMinor < 0n ? -amountMinor : amountMinor).toString();
    if (exponent === 0) return digits;
    const padded = digits.length > exponent ? digits : digits.padStart(exponent + 1, '0');
    return `${padded.slice(0, -exponent)}.${padded.slice(-exponent)}`;
  };
}

/** Gives again what it gave last while it is asked the same: lines in order of time share their days. */
export function rememberLast<In, Out>(make: (value: In) => Out): (value: In) => Out {
  let last: { readonly value: In; readonly made: Out } | undefined;
  return (value) => {
    if (last?.value !== value) last = { value, made: make(value) };
    return last.made;
  };
}

/** `formatInstant` for lines in order of time: the day is written once for all that fall on it. */
export function instantWriter(): (at: Instant) => string {
  let dayFrom = Number.NaN;
  let day = '';
  return (at) => {
    if (!(at >= dayFrom && at < dayFrom + MS_PER_DAY)) {
      dayFrom = Math.floor(at / MS_PER_DAY) * MS_PER_DAY;
      day = formatInstant(dayFrom as Instant).slice(0, -OF_A_DAY);
    }
    const seconds = Math.floor((at - dayFrom) / 1_000);
    const minutes = Math.floor(seconds / 60);
    return `${day}${TWO_DIGITS[Math.floor(minutes / 60)] ?? ''}:${TWO_DIGITS[minutes % 60] ?? ''}:${TWO_DIGITS[seconds % 60] ?? ''}+00:00`;
  };
}

const OF_A_DAY = '00:00:00+00:00'.length;
const TWO_DIGITS: readonly string[] = Array.from({ length: 60 }, (_, index) => String(index).padStart(2, '0'));
