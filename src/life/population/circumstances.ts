import type { Random } from '../../kernel/index.js';
import type { Country } from '../countries.js';
import type { MerchantCategory } from '../merchants.js';
import type { Household, Housing, Population, Town } from './population-file.js';

/** Everything that a persona is drawn from. */
export interface Drawing {
  readonly bank: string;
  readonly population: Population;
  readonly country: Country;
  readonly merchants: ReadonlyMap<string, MerchantCategory>;
}

/** What was drawn so far, for the parts that follow from it. Amounts are minor units a month. */
export interface Circumstances extends Drawing {
  readonly random: Random;
  readonly household: Household;
  readonly town: Town;
  readonly housing: Housing;
  readonly age: number;
  readonly size: number;
  readonly income: number;
  /** Income compared with that of the usual household of the country. */
  readonly wealth: number;
  readonly has: { readonly savings: boolean; readonly card: boolean; readonly overdraft: boolean };
  readonly limit: number;
}
