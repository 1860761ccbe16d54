import type { Fields } from './fixture-fields.js';
import { matching } from './bank-file.js';

/** A kind of shop: when people go there and what they spend. */
export interface MerchantCategory {
  readonly category: string;
  readonly price: PriceRange;
  /** How many visits a day gets compared with the average, by kind of day. */
  readonly rhythm: { readonly weekday: number; readonly saturday: number; readonly sunday: number };
  /** Opening hours, UTC: from inclusive, to exclusive. */
  readonly hours: { readonly from: number; readonly to: number };
  /** Of a thousand purchases, how many come back as a refund some days later. */
  readonly refundsPerThousand: number;
  readonly merchants: readonly FixtureMerchant[];
}

/** Most prices are nearer to the least than to the most: the mean is a quarter of the way. */
export interface PriceRange {
  readonly fromMinor: bigint;
  readonly toMinor: bigint;
}

export interface FixtureMerchant {
  readonly name: string;
  /** ISO 18245. */
  readonly categoryCode: string;
  /** Where its branches are; none for a merchant on the web. */
  readonly towns: readonly string[];
}

export function readMerchantCategory(fields: Fields): MerchantCategory {
  const price = fields.object('price');
  const rhythm = fields.object('rhythm');
  const hours = fields.object('hours');
  const code = categoryCode(fields);
  const category = {
    category: fields.text('category'),
    price: { fromMinor: price.amount('from'), toMinor: price.amount('to') },
    rhythm: readRhythm(rhythm),
    hours: { from: hours.whole('from', 6, 22), to: hours.whole('to', 7, 23) },
    refundsPerThousand: fields.has('refundsPerThousand') ? fields.whole('refundsPerThousand', 0, 1000) : 0,
    merchants: fields.objects('merchants').map((merchant) => readMerchant(merchant, code)),
  };
  if (category.price.toMinor < category.price.fromMinor) price.fail('to', 'at least the amount in from');
  if (category.hours.to <= category.hours.from) hours.fail('to', 'later than from');
  if (category.merchants.length === 0) fields.fail('merchants', 'a list with at least one merchant');
  for (const part of [price, rhythm, hours, fields]) part.end();
  return category;
}

/** Where shops stay closed on Sundays, a file gives those a number of their own. */
function readRhythm(fields: Fields): MerchantCategory['rhythm'] {
  const weekend = fields.decimal('weekend', 0, 10);
  const sunday = fields.has('sunday') ? fields.decimal('sunday', 0, 10) : weekend;
  return { weekday: fields.decimal('weekday', 0, 10), saturday: weekend, sunday };
}

function readMerchant(fields: Fields, code: string): FixtureMerchant {
  const towns = fields.has('towns') ? fields.list('towns').map(String) : [];
  const merchant = {
    name: fields.text('name'),
    categoryCode: fields.has('categoryCode') ? categoryCode(fields) : code,
    towns,
  };
  fields.end();
  return merchant;
}

function categoryCode(fields: Fields): string {
  return matching(fields, 'categoryCode', /^\d{4}$/, 'four digits in quotes (ISO 18245)');
}
