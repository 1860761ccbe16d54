import { assert, currencyExponent, money, type Currency, type Money } from '../../kernel/index.js';

/** How many of the bought currency one of the sold buys, in units of 10^-10: exact, and fine enough for any pair we know. */
export type Rate = bigint;

const RATE_DECIMALS = 10;
export const RATE_ONE: Rate = 10n ** BigInt(RATE_DECIMALS);

/** Reads a decimal number greater than zero; undefined for anything else, or more than ten decimals. */
export function parseRate(text: string): Rate | undefined {
  const match = /^(\d{1,12})(?:\.(\d{1,10}))?$/.exec(text);
  if (!match) return undefined;
  const rate = BigInt(match[1] ?? '0') * RATE_ONE + BigInt((match[2] ?? '').padEnd(RATE_DECIMALS, '0'));
  return rate > 0n ? rate : undefined;
}

/** `1.1352`: no zeros at the end. */
export function formatRate(rate: Rate): string {
  const fraction = (rate % RATE_ONE).toString().padStart(RATE_DECIMALS, '0').replace(/0+$/, '');
  return `${(rate / RATE_ONE).toString()}${fraction === '' ? '' : `.${fraction}`}`;
}

/** As banks write rates: cut to six digits that count, which is never more than it was. */
export function inSixDigits(rate: Rate): Rate {
  const dropped = Math.max(rate.toString().length - 6, 0);
  const unit = 10n ** BigInt(dropped);
  return (rate / unit) * unit;
}

/** What `sold` buys, rounded down. */
export function bought(sold: Money, rate: Rate, currency: Currency): Money {
  const [numerator, denominator] = factors(rate, { from: sold.currency, to: currency });
  return money((sold.amountMinor * numerator) / denominator, currency);
}

/** What must be sold for `wanted`, rounded up. */
export function soldFor(wanted: Money, rate: Rate, currency: Currency): Money {
  const [numerator, denominator] = factors(rate, { from: currency, to: wanted.currency });
  return money((wanted.amountMinor * denominator + numerator - 1n) / numerator, currency);
}

/** Minor units of `to` for one of `from`, as a fraction. */
function factors(rate: Rate, pair: { readonly from: Currency; readonly to: Currency }): readonly [bigint, bigint] {
  return [rate * 10n ** exponentOf(pair.to), RATE_ONE * 10n ** exponentOf(pair.from)];
}

function exponentOf(currency: Currency): bigint {
  const exponent = currencyExponent(currency);
  assert(exponent !== undefined, `${currency} is a currency of the sandbox`);
  return BigInt(exponent);
}
