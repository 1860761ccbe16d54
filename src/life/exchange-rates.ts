import { parseRate, type Rate, type ReferenceRates } from '../bank/index.js';
import { currencyExponent } from '../kernel/index.js';
import { matching } from './bank-file.js';
import type { Fields } from './fixture-fields.js';

const RATE = 'a decimal number greater than zero in quotes';

/** Reads `exchange-rates.yaml`: `base`, and `perBase` with how many of each currency one of the base is worth. */
export function readExchangeRates(fields: Fields): Omit<ReferenceRates, 'seed'> {
  const base = matching(fields, 'base', /^[A-Z]{3}$/, 'three capital letters (ISO 4217)');
  const rates = fields.object('perBase');
  const perBase: Record<string, Rate> = {};
  for (const currency of rates.keys()) {
    if (currencyExponent(currency) === undefined) rates.fail(currency, 'a currency of the sandbox');
    perBase[currency] = parseRate(rates.text(currency)) ?? rates.fail(currency, RATE);
  }
  rates.end();
  fields.end();
  return { base, perBase };
}
