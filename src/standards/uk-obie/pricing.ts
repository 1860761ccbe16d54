import {
  formatInstant,
  isSandbankError,
  money,
  SandbankError,
  type ErrorCode,
  type Money,
} from '../../kernel/index.js';
import {
  formatRate,
  parseRate,
  takenOf,
  termsAtRate,
  type Bank,
  type PaymentInstruction,
  type Rate,
} from '../../bank/index.js';
import { toAmount } from './mapping/amount.js';
import { INITIATION } from './mapping/instruction-parts.js';
import type { QuotedTerms } from './mapping/payment-wire.js';

const RATE = `${INITIATION}.ExchangeRateInformation`;

/** What the core refuses of an exchange without a name for its field, and the field it is here. */
const FIELDS: Readonly<Partial<Record<ErrorCode, string>>> = {
  'payment.unsupported-currency': `${INITIATION}.CurrencyOfTransfer`,
  'payment.quote-unknown': `${RATE}.ContractIdentification`,
  'payment.quote-expired': RATE,
  'payment.amount-invalid': `${INITIATION}.InstructedAmount.Amount`,
};

/** A payment abroad as it goes into its consent, with what the third party and the customer are told of its cost. */
export interface Priced {
  readonly instruction: PaymentInstruction;
  readonly quoted: QuotedTerms;
}

/**
 * Prices a payment from an account in the bank's own currency. An actual rate becomes a contract here, so that the order
 * is made at it or not at all (4.0.1: the quote of the consent holds until it expires).
 */
export async function priced(bank: Bank, instruction: PaymentInstruction): Promise<Priced> {
  const { amount, transferCurrency: buy = amount.currency } = instruction;
  const sell = bank.profile.currency;
  if (buy === sell) return { instruction, quoted: { Taken: wire(amount), Transferred: wire(amount) } };
  const { rate, exchange, until } = await rateFor(bank, instruction, { sell, buy });
  const charge = money(bank.exchange.terms.chargeMinor, sell);
  const terms = termsAtRate({ instruction, sell, buy, rate, charge });
  return {
    instruction: { ...instruction, exchange },
    quoted: {
      Taken: wire(takenOf(terms, instruction)),
      Transferred: wire(terms.transferred),
      ...(terms.charge && { Charge: wire(terms.charge) }),
      Rate: {
        UnitCurrency: sell,
        QuotedCurrency: buy,
        RateType: exchange.type,
        Rate: formatRate(rate),
        ...(exchange.contract !== undefined && { Contract: exchange.contract }),
        ...(until !== undefined && { ExpirationDateTime: until }),
      },
    },
  };
}

async function rateFor(
  bank: Bank,
  { exchange = { type: 'indicative' } }: PaymentInstruction,
  pair: { readonly sell: string; readonly buy: string },
): Promise<{
  readonly rate: Rate;
  readonly exchange: NonNullable<PaymentInstruction['exchange']>;
  readonly until?: string;
}> {
  switch (exchange.type) {
    case 'agreed': {
      const rate = parseRate(exchange.rate ?? '');
      if (rate !== undefined) return { rate, exchange };
      throw new SandbankError('field.invalid', 'The agreed rate is no rate.', { path: `${RATE}.ExchangeRate` });
    }
    case 'actual': {
      const { id, rate, validUntil } = await bank.exchange.quote(pair);
      return {
        rate,
        exchange: { type: 'actual', contract: id, rate: formatRate(rate) },
        until: formatInstant(validUntil),
      };
    }
    case 'indicative':
      return { rate: bank.exchange.rate(pair, bank.clock.now()), exchange };
  }
}

/** Runs what may refuse an exchange, and names the field where the core names none. */
export async function withFields<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!isSandbankError(error) || error.details.path !== undefined) throw error;
    const path = FIELDS[error.code];
    if (path === undefined) throw error;
    throw new SandbankError(error.code, error.message, { ...error.details, path }, { cause: error });
  }
}

function wire({ amountMinor, currency }: Money): QuotedTerms['Taken'] {
  return toAmount(amountMinor, currency);
}
