import type { Currency, Instant } from '../../kernel/index.js';
import type { SqlReader } from '../../storage/index.js';
import type { AbroadTerms } from '../profile.js';
import type { Rate } from './rate.js';

/** What is given and what is got for it, as the customer of the bank sees it. */
export interface CurrencyPair {
  readonly sell: Currency;
  readonly buy: Currency;
}

/** A rate that the bank stands by until a moment. */
export interface Quote extends CurrencyPair {
  /** The contract under which it is used. */
  readonly id: string;
  readonly rate: Rate;
  readonly madeAt: Instant;
  readonly validUntil: Instant;
}

/** The bank's rates of exchange. */
export interface Exchange {
  readonly terms: AbroadTerms;
  /** The bank's rate of that instant. Throws `payment.unsupported-currency`. */
  rate(pair: CurrencyPair, at: Instant): Rate;
  /** The rate of this moment, kept under a contract. Throws as `rate`. */
  quote(pair: CurrencyPair): Promise<Quote>;
  /**
   * The rate of a contract. Throws `payment.quote-unknown` where there is none of this bank and pair (or it is at another
   * rate than the one given), `payment.quote-expired` after its end.
   */
  agreed(
    sql: SqlReader,
    contract: CurrencyPair & { readonly id: string; readonly rate?: string; readonly at: Instant },
  ): Promise<Rate>;
}
