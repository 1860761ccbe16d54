import { formatMoney, money, SandbankError, type Instant, type Money } from '../../kernel/index.js';
import type { SqlReader } from '../../storage/index.js';
import type { Account } from '../accounts/index.js';
import type { PaymentInstruction } from '../consents/index.js';
import { bought, formatRate, soldFor, type Rate } from '../exchange/index.js';
import type { PostedExchange } from '../ledger/index.js';
import { EXCHANGING_RAILS } from '../rail.js';
import type { PaymentModules } from './payment-modules.js';

/** What a payment moves, fixed when its money is set aside. */
export interface PaymentTerms {
  /** Taken from the account for the payee; where the payee bears the charge it is in here. */
  readonly debit: Money;
  /** What arrives. */
  readonly transferred: Money;
  /** In the currency of the account. */
  readonly charge?: Money;
  /** How many of what arrives one of the account's currency buys, as a decimal number; absent: nothing is exchanged. */
  readonly rate?: string;
}

/**
 * Works a payment out. Throws `payment.unsupported-currency` where the rail exchanges nothing or the amount is in neither
 * of the two currencies, `payment.quote-*` for a contract that does not stand, `payment.amount-invalid` where nothing is
 * left for the payee.
 */
export async function termsOf(
  sql: SqlReader,
  { profile, exchange }: Pick<PaymentModules, 'profile' | 'exchange'>,
  payment: {
    readonly instruction: PaymentInstruction;
    readonly debtor: Pick<Account, 'currency'>;
    readonly at: Instant;
  },
): Promise<PaymentTerms> {
  const { instruction, debtor, at } = payment;
  const { amount, transferCurrency: buy = amount.currency, rail } = instruction;
  const { currency: sell } = debtor;
  refuseCurrencies({ instruction, sell, buy, mayExchange: EXCHANGING_RAILS.includes(rail) });
  if (sell === buy) return { debit: amount, transferred: amount };
  const { contract, rate: asked } = instruction.exchange ?? {};
  const rate =
    contract === undefined
      ? exchange.rate({ sell, buy }, at)
      : await exchange.agreed(sql, { id: contract, sell, buy, at, ...(asked !== undefined && { rate: asked }) });
  // A bank's charge is in its own currency, which its customers' accounts are in.
  const charge = money(sell === profile.currency ? exchange.terms.chargeMinor : 0n, sell);
  return termsAtRate({ instruction, sell, buy, rate, charge });
}

/** The sum that the account must have. */
export function takenOf({ debit, charge }: PaymentTerms, { charges }: Pick<PaymentInstruction, 'charges'>): Money {
  const onTop = charges === 'creditor' ? 0n : (charge?.amountMinor ?? 0n);
  return money(debit.amountMinor + onTop, debit.currency);
}

/** As the payer reads it on the statement. */
export function exchangeOf({ debit, transferred, rate }: PaymentTerms, instructed: Money): PostedExchange | undefined {
  if (rate === undefined) return undefined;
  return { unitCurrency: debit.currency, quotedCurrency: transferred.currency, rate, instructed };
}

function refuseCurrencies(payment: {
  readonly instruction: PaymentInstruction;
  readonly sell: string;
  readonly buy: string;
  readonly mayExchange: boolean;
}): void {
  const { instruction, sell, buy, mayExchange } = payment;
  const { currency } = instruction.amount;
  if (sell === buy ? currency === sell : mayExchange && (currency === sell || currency === buy)) return;
  throw new SandbankError('payment.unsupported-currency', `This account pays in ${sell}.`, {
    expected: mayExchange ? `${sell}, or the currency that arrives` : sell,
    actual: currency === sell ? buy : currency,
  });
}

/** What a payment moves at a rate. Throws `payment.amount-invalid` where nothing is left for the payee. */
export function termsAtRate(payment: {
  readonly instruction: PaymentInstruction;
  readonly sell: string;
  readonly buy: string;
  readonly rate: Rate;
  readonly charge: Money;
}): PaymentTerms {
  const { instruction, sell, buy, rate, charge } = payment;
  const { amount, charges } = instruction;
  const debit = amount.currency === sell ? amount : soldFor(amount, rate, sell);
  const isInside = charges === 'creditor';
  const sold = money(debit.amountMinor - (isInside ? charge.amountMinor : 0n), sell);
  const transferred = amount.currency === buy && !isInside ? amount : bought(sold, rate, buy);
  if (sold.amountMinor <= 0n || transferred.amountMinor <= 0n) {
    throw new SandbankError('payment.amount-invalid', 'Nothing would be left for the payee.', {
      expected: `more than the charge of ${formatMoney(charge)} ${charge.currency}`,
      actual: formatMoney(amount),
    });
  }
  return { debit, transferred, ...(charge.amountMinor > 0n && { charge }), rate: formatRate(rate) };
}
