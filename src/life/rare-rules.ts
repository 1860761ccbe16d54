import type { Schedule } from './calendar.js';
import type { Fields } from './fixture-fields.js';
import { positiveAmount, readAmount, readWholes, regular, type AmountRange, type WholeRange } from './rule-fields.js';

/** Work that can be lost: for some months there is support instead of wages. */
export interface JobRule {
  readonly kind: 'job';
  readonly from: string;
  readonly into: string;
  readonly amount: AmountRange;
  readonly reference: string;
  readonly when: Schedule;
  readonly lostPerYear: number;
  readonly monthsWithout: WholeRange;
  readonly support: Support;
}

/** What the state or an insurance pays instead, or on top. */
export interface Support {
  readonly from: string;
  readonly amount: AmountRange;
  readonly reference: string;
}

/** A car that breaks down, a boiler, a dentist: a large purchase that nobody planned. */
export interface SurpriseRule {
  readonly kind: 'surprise';
  readonly account: string;
  readonly town: string;
  readonly category: string;
  readonly perYear: number;
  readonly amount: AmountRange;
}

/** A child is born: first a lot is bought, then something every week, and there is support every month. */
export interface ArrivalRule {
  readonly kind: 'arrival';
  readonly account: string;
  readonly town: string;
  readonly category: string;
  readonly perYear: number;
  readonly months: WholeRange;
  readonly first: AmountRange;
  readonly perWeek: number;
  readonly floorMinor: bigint;
  readonly support: Support;
}

/** Journeys abroad, paid by card in the currency of the place. */
export interface AbroadRule {
  readonly kind: 'abroad';
  readonly account: string;
  readonly perYear: number;
  readonly days: WholeRange;
  readonly perDay: number;
  readonly floorMinor: bigint;
  /** Of what was paid, in basis points. */
  readonly feeBps: number;
  readonly places: readonly ForeignPlace[];
}

export interface ForeignPlace {
  readonly town: string;
  readonly currency: string;
  /** How many units of it one of ours buys, in ten thousandths. */
  readonly rate: number;
  /** Of its minor units. */
  readonly price: AmountRange;
  readonly merchants: readonly { readonly name: string; readonly categoryCode: string }[];
}

export type RareRule = JobRule | SurpriseRule | ArrivalRule | AbroadRule;

export const RARE_READERS: {
  readonly [Kind in RareRule['kind']]: (fields: Fields) => Extract<RareRule, { kind: Kind }>;
} = {
  job: (fields) => ({
    kind: 'job',
    from: fields.text('from'),
    into: fields.text('into'),
    ...regular(fields),
    lostPerYear: fields.decimal('lostPerYear', 0, 4),
    monthsWithout: readWholes(fields, 'monthsWithout', 24),
    support: readSupport(fields.object('support')),
  }),
  surprise: (fields) => ({
    kind: 'surprise',
    account: fields.text('account'),
    town: fields.text('town'),
    category: fields.text('category'),
    perYear: fields.decimal('perYear', 0, 12),
    amount: readAmount(fields),
  }),
  arrival: (fields) => ({
    kind: 'arrival',
    account: fields.text('account'),
    town: fields.text('town'),
    category: fields.text('category'),
    perYear: fields.decimal('perYear', 0, 1),
    months: readWholes(fields, 'months', 36),
    first: readAmountOf(fields, 'first'),
    perWeek: fields.decimal('perWeek', 0, 7),
    floorMinor: fields.amount('floor'),
    support: readSupport(fields.object('support')),
  }),
  abroad: (fields) => ({
    kind: 'abroad',
    account: fields.text('account'),
    perYear: fields.decimal('perYear', 0, 12),
    days: readWholes(fields, 'days', 60),
    perDay: fields.decimal('perDay', 0, 10),
    floorMinor: fields.amount('floor'),
    feeBps: fields.basisPoints('feePercent'),
    places: fields.objects('places').map(readPlace),
  }),
};

export function readSupport(fields: Fields): Support {
  const support = { from: fields.text('from'), amount: readAmount(fields), reference: fields.text('reference') };
  fields.end();
  return support;
}

export function readPlace(own: Fields): ForeignPlace {
  const currency = own.text('currency');
  if (!/^[A-Z]{3}$/.test(currency)) own.fail('currency', 'three capital letters (ISO 4217)');
  const fields = own.inCurrency(currency);
  const place = {
    town: fields.text('town'),
    currency,
    rate: Math.round(fields.decimal('rate', 0.0001, 100_000) * 10_000),
    price: readAmountOf(fields, 'price'),
    merchants: fields.objects('merchants').map((merchant) => {
      const read = { name: merchant.text('name'), categoryCode: merchant.text('categoryCode') };
      if (!/^\d{4}$/.test(read.categoryCode)) merchant.fail('categoryCode', 'four digits in quotes (ISO 18245)');
      merchant.end();
      return read;
    }),
  };
  if (place.merchants.length === 0) fields.fail('merchants', 'a list with at least one merchant');
  own.end();
  return place;
}

export function readAmountOf(fields: Fields, key: string): AmountRange {
  const range = fields.object(key);
  const amount = { fromMinor: positiveAmount(range, 'from'), toMinor: positiveAmount(range, 'to') };
  if (amount.toMinor < amount.fromMinor) range.fail('to', 'at least the amount in from');
  range.end();
  return amount;
}
