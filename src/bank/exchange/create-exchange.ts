import { dateOf, formatInstant, plusMs, SandbankError, type Clock, type IdScheme } from '../../kernel/index.js';
import { nextId, type Storage } from '../../storage/index.js';
import type { AbroadTerms, BankProfile } from '../profile.js';
import type { CurrencyPair, Exchange } from './exchange.js';
import { insertQuote, selectQuote } from './quote-rows.js';
import { formatRate, inSixDigits, parseRate, RATE_ONE } from './rate.js';
import { middleRate, type ReferenceRates } from './reference-rates.js';

const DEFAULT_TERMS: AbroadTerms = { marginBps: 150, chargeMinor: 500n, quoteValidForMs: 900_000 };
const BPS = 10_000n;

export interface ExchangeOptions {
  readonly profile: BankProfile;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly ids: IdScheme;
  /** Without them the bank exchanges nothing. */
  readonly rates?: ReferenceRates;
}

export function createExchange(options: ExchangeOptions): Exchange {
  const { profile, storage, clock, ids, rates } = options;
  const terms = profile.abroad ?? DEFAULT_TERMS;
  const exchange: Exchange = {
    terms,
    rate(pair, at) {
      if (pair.sell === pair.buy) return RATE_ONE;
      if (!rates) throw unsupported(profile, pair);
      return inSixDigits((middleRate(rates, pair, dateOf(at)) * (BPS - BigInt(terms.marginBps))) / BPS);
    },
    async quote(pair) {
      const madeAt = clock.now();
      const rate = exchange.rate(pair, madeAt);
      return storage.transaction(async (tx) => {
        const id = await nextId(tx, ids, 'quote');
        const quote = { ...pair, id, rate, madeAt, validUntil: plusMs(madeAt, terms.quoteValidForMs) };
        await insertQuote(tx, profile.id, quote);
        return quote;
      });
    },
    async agreed(sql, { id, sell, buy, rate, at }) {
      const quote = await selectQuote(sql, profile.id, id);
      const isOfPair = quote?.sell === sell && quote.buy === buy;
      if (!isOfPair || (rate !== undefined && parseRate(rate) !== quote.rate)) {
        throw new SandbankError('payment.quote-unknown', 'The bank agreed to no such rate under that contract.', {
          expected: isOfPair ? formatRate(quote.rate) : `a contract for ${sell} into ${buy}`,
          actual: isOfPair ? (rate ?? '') : id,
        });
      }
      if (at < quote.validUntil) return quote.rate;
      throw new SandbankError('payment.quote-expired', 'The bank stood by that rate for a time that is over.', {
        expected: `before ${formatInstant(quote.validUntil)}`,
        actual: formatInstant(at),
      });
    },
  };
  return exchange;
}

function unsupported({ currency }: BankProfile, { sell, buy }: CurrencyPair): SandbankError {
  return new SandbankError('payment.unsupported-currency', 'This bank exchanges no money.', {
    expected: currency,
    actual: sell === currency ? buy : sell,
  });
}
