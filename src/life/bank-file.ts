import type { BankProfile, Product } from '../bank/index.js';
import type { Fields } from './fixture-fields.js';

/** How a bank looks on its screens. */
export interface BankBrand {
  readonly tagline: string;
  /** Colours as #rrggbb. */
  readonly brand: string;
  readonly brandDark: string;
  readonly brandTint: string;
  readonly accent: string;
}

/** A product with its conditions. Rates are in basis points a year, amounts in minor units. */
export interface BankProduct extends Product {
  readonly creditRateBps: number;
  readonly debitRateBps: number;
  readonly monthlyFeeMinor: bigint;
  readonly unpaidFeeMinor: bigint;
}

/** A bank as its file describes it. */
export interface BankFile {
  readonly profile: BankProfile;
  readonly brand: BankBrand;
  readonly products: readonly BankProduct[];
}

const ACCOUNT_TYPES = ['current', 'savings', 'credit-card', 'loan', 'mortgage'] as const;
const HOUR_MS = 3_600_000;

export function readBankFile(fields: Fields): BankFile {
  const profile = readProfile(fields);
  const brand = readBrand(fields.object('brand'));
  const products = fields.objects('products').map(readProduct);
  fields.end();
  return { profile, brand, products };
}

function readProfile(fields: Fields): BankProfile {
  const payments = fields.object('payments');
  const sortCode = fields.optionalText('sortCode');
  if (sortCode !== undefined && !/^\d{6}$/.test(sortCode)) fields.fail('sortCode', 'six digits in quotes');
  const profile = {
    id: matching(fields, 'id', /^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and hyphens'),
    name: fields.text('name'),
    country: matching(fields, 'country', /^[A-Z]{2}$/, 'two capital letters (ISO 3166-1)'),
    currency: matching(fields, 'currency', /^[A-Z]{3}$/, 'three capital letters (ISO 4217)'),
    ...(sortCode !== undefined && { sortCode }),
    bic: matching(fields, 'bic', /^[A-Z0-9]{8}(?:[A-Z0-9]{3})?$/, 'a BIC of 8 or 11 characters'),
    payments: {
      acceptMs: payments.whole('acceptMs', 0, HOUR_MS),
      settleMs: payments.whole('settleMs', 0, HOUR_MS),
      debitMs: payments.whole('debitMs', 0, HOUR_MS),
      creditMs: payments.whole('creditMs', 0, HOUR_MS),
    },
  };
  payments.end();
  return profile;
}

function readBrand(fields: Fields): BankBrand {
  const colour = (key: string): string => matching(fields, key, /^#[0-9a-f]{6}$/, 'a colour such as #0f4c5c in quotes');
  const brand = {
    tagline: fields.text('tagline'),
    brand: colour('brand'),
    brandDark: colour('brandDark'),
    brandTint: colour('brandTint'),
    accent: colour('accent'),
  };
  fields.end();
  return brand;
}

function readProduct(fields: Fields): BankProduct {
  const percent = (key: string): number => (fields.has(key) ? Number(fields.amount(key)) : 0);
  const amount = (key: string): bigint => (fields.has(key) ? fields.amount(key) : 0n);
  const product = {
    id: fields.text('id'),
    name: fields.text('name'),
    type: fields.oneOf('type', ACCOUNT_TYPES),
    category: fields.oneOf('category', ['personal', 'business']),
    // A percentage with two decimals has as many hundredths as it has basis points.
    creditRateBps: percent('creditRatePercent'),
    debitRateBps: percent('debitRatePercent'),
    monthlyFeeMinor: amount('monthlyFee'),
    unpaidFeeMinor: amount('unpaidFee'),
  };
  fields.end();
  return product;
}

export function matching(fields: Fields, key: string, pattern: RegExp, expected: string): string {
  const text = fields.text(key);
  return pattern.test(text) ? text : fields.fail(key, expected);
}
