import type { AbroadTerms, BankProfile, Product } from '../bank/index.js';
import { COUNTRY_CODES, countryOf } from './countries.js';
import type { Fields } from './fixture-fields.js';
import { LANGUAGES } from './wording.js';

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
  /** Ids of standard versions that the bank speaks, the usual one first: `uk-obie/4.0`. */
  readonly standards: readonly string[];
  /** What the bank leaves open in a standard, by the standard's id; the standard reads it. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** ISO 639-1. The first is the language of statements. */
  readonly languages: readonly string[];
  readonly interest: InterestRules;
  /** How fast and how reliably its APIs answer; at once and always where the file does not say. */
  readonly latency?: AnswerTimes;
}

/** Figures as banks publish them. Shares are in hundredths of a percent. */
export interface AnswerTimes {
  readonly meanMs: number;
  readonly availabilityBps: number;
  readonly failuresBps: number;
}

/** How simple interest on daily balances is counted, and when it is booked. */
export interface InterestRules {
  readonly daysAYear: number;
  /** Months on whose first day interest up to then is booked. */
  readonly months: readonly number[];
}

const ACCOUNT_TYPES = ['current', 'savings', 'credit-card', 'loan', 'mortgage'] as const;
const HOUR_MS = 3_600_000;

/** `id`: the name of the bank's folder. */
export function readBankFile(fields: Fields, id: string): BankFile {
  const profile = readProfile(fields);
  if (profile.id !== id) fields.fail('id', `${id}, as the folder is called`);
  const standards = fields.texts('standards', /^[a-z0-9-]+\/[a-z0-9.-]+$/);
  const families = [...new Set(standards.map((version) => version.slice(0, version.indexOf('/'))))];
  const file = {
    profile,
    brand: readBrand(fields.object('brand')),
    products: fields.inCurrency(profile.currency).objects('products').map(readProduct),
    standards,
    settings: Object.fromEntries(families.filter((id) => fields.has(id)).map((id) => [id, fields.raw(id)])),
    languages: fields.texts('languages', /^[a-z]{2}$/),
    interest: readInterest(fields.object('interest')),
    ...(fields.has('latency') && { latency: readLatency(fields.object('latency')) }),
  };
  if (!LANGUAGES.includes(file.languages[0] ?? '')) {
    fields.fail('languages', `a list that begins with one of ${LANGUAGES.join(', ')}`);
  }
  fields.end();
  return file;
}

const MINUTE_MS = 60_000;

function readLatency(fields: Fields): AnswerTimes {
  const latency = {
    meanMs: fields.whole('meanMs', 1, MINUTE_MS),
    availabilityBps: fields.basisPoints('availabilityPercent'),
    failuresBps: fields.basisPoints('failuresPercent'),
  };
  if (latency.availabilityBps > 10_000) fields.fail('availabilityPercent', 'at most "100.00"');
  if (latency.failuresBps > latency.availabilityBps) fields.fail('failuresPercent', 'at most what is available');
  fields.end();
  return latency;
}

const EVERY_MONTH = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const BOOKED = { monthly: EVERY_MONTH, quarterly: [1, 4, 7, 10] } as const;

function readInterest(fields: Fields): InterestRules {
  const interest = {
    daysAYear: fields.whole('daysAYear', 360, 366),
    months: BOOKED[fields.oneOf('booked', ['monthly', 'quarterly'])],
  };
  fields.end();
  return interest;
}

function readProfile(fields: Fields): BankProfile {
  const payments = fields.object('payments');
  const sortCode = fields.optionalText('sortCode');
  if (sortCode !== undefined && !/^\d{6}$/.test(sortCode)) fields.fail('sortCode', 'six digits in quotes');
  const bankCode = fields.optionalText('bankCode');
  if (bankCode !== undefined && !/^\d{8}$/.test(bankCode)) fields.fail('bankCode', 'eight digits in quotes');
  const profile = {
    id: matching(fields, 'id', /^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and hyphens'),
    name: fields.text('name'),
    country: fields.oneOf('country', COUNTRY_CODES),
    currency: matching(fields, 'currency', /^[A-Z]{3}$/, 'three capital letters (ISO 4217)'),
    ...(sortCode !== undefined && { sortCode }),
    ...(bankCode !== undefined && { bankCode }),
    bic: matching(fields, 'bic', /^[A-Z0-9]{8}(?:[A-Z0-9]{3})?$/, 'a BIC of 8 or 11 characters'),
    ...(fields.has('abroad') && { abroad: readAbroad(fields.object('abroad').inCurrency(fields.text('currency'))) }),
    payments: {
      acceptMs: payments.whole('acceptMs', 0, HOUR_MS),
      settleMs: payments.whole('settleMs', 0, HOUR_MS),
      debitMs: payments.whole('debitMs', 0, HOUR_MS),
      creditMs: payments.whole('creditMs', 0, HOUR_MS),
    },
  };
  payments.end();
  // Its customers spend its currency in the shops of its country.
  const { currency } = countryOf(profile.country) ?? {};
  if (profile.currency !== currency) {
    fields.fail('currency', `${String(currency)}, the currency of ${profile.country}`);
  }
  return profile;
}

function readAbroad(fields: Fields): AbroadTerms {
  const abroad = {
    marginBps: fields.basisPoints('marginPercent'),
    chargeMinor: fields.amount('charge'),
    quoteValidForMs: fields.whole('quoteValidForMs', 1_000, 24 * HOUR_MS),
  };
  fields.end();
  return abroad;
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
  const percent = (key: string): number => (fields.has(key) ? fields.basisPoints(key) : 0);
  const amount = (key: string): bigint => (fields.has(key) ? fields.amount(key) : 0n);
  const product = {
    id: fields.text('id'),
    name: fields.text('name'),
    type: fields.oneOf('type', ACCOUNT_TYPES),
    category: fields.oneOf('category', ['personal', 'business']),
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
