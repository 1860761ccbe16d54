import { SandbankError } from './errors.js';
import { assert } from './assert.js';

/** ISO 4217 alphabetic code. */
export type Currency = string;

/** An amount in minor units of its currency. Never negative on the wire; postings carry a sign of their own. */
export interface Money {
  readonly amountMinor: bigint;
  readonly currency: Currency;
}

/** ISO 4217 minor-unit exponents that differ from 2, and the currencies the sandbox knows. */
const EXPONENTS: Readonly<Record<string, number>> = {
  AED: 2,
  AUD: 2,
  BHD: 3,
  BRL: 2,
  CAD: 2,
  CHF: 2,
  CLP: 0,
  CZK: 2,
  DKK: 2,
  EUR: 2,
  GBP: 2,
  HKD: 2,
  HUF: 2,
  INR: 2,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KRW: 0,
  KWD: 3,
  NOK: 2,
  NZD: 2,
  OMR: 3,
  PLN: 2,
  SAR: 2,
  SEK: 2,
  SGD: 2,
  TND: 3,
  USD: 2,
  VND: 0,
  ZAR: 2,
};

/** Digits after the decimal point of a currency; undefined for a currency the sandbox does not know. */
export function currencyExponent(currency: Currency): number | undefined {
  return Object.hasOwn(EXPONENTS, currency) ? EXPONENTS[currency] : undefined;
}

/**
 * The largest amount: 18 digits of minor units. More would not fit into the integers of a database (2^63 is 9.2e18),
 * and no balance comes near it.
 */
const LARGEST_MINOR = 999_999_999_999_999_999n;

export function money(amountMinor: bigint, currency: Currency): Money {
  return { amountMinor, currency };
}

/**
 * Reads a decimal string such as `165.88` exactly. Trailing zeros beyond the currency's exponent are harmless
 * (`1.500` GBP is 1.50); any other further digit is refused with `payment.amount-invalid`, since it cannot be booked.
 */
export function parseMoney(text: string, currency: Currency): Money {
  const exponent = currencyExponent(currency);
  if (exponent === undefined) {
    throw new SandbankError('payment.unsupported-currency', `The currency ${currency} is not supported.`, {
      expected: 'a supported ISO 4217 code',
      actual: currency,
    });
  }
  const match = /^(\d{1,18})(?:\.(\d{1,18}))?$/.exec(text);
  if (!match) {
    throw new SandbankError('payment.amount-invalid', 'The amount is not a decimal number.', { actual: text });
  }
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  if (fraction.length > exponent) {
    throw new SandbankError(
      'payment.amount-invalid',
      `An amount in ${currency} has at most ${String(exponent)} decimals.`,
      { expected: `at most ${String(exponent)} decimals`, actual: text },
    );
  }
  const amountMinor = BigInt((match[1] ?? '0') + fraction.padEnd(exponent, '0'));
  if (amountMinor > LARGEST_MINOR) {
    throw new SandbankError('payment.amount-invalid', 'The amount is too large.', {
      expected: `at most ${formatMoney(money(LARGEST_MINOR, currency))}`,
      actual: text,
    });
  }
  return money(amountMinor, currency);
}

/** Writes minor units as a plain decimal string with the currency's own number of decimals. */
export function formatMoney(value: Money): string {
  const exponent = currencyExponent(value.currency);
  assert(exponent !== undefined, `known currency ${value.currency}`);
  const sign = value.amountMinor < 0n ? '-' : '';
  const digits = (value.amountMinor < 0n ? -value.amountMinor : value.amountMinor)
    .toString()
    .padStart(exponent + 1, '0');
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}
