import { instant, isSandbankError, money, type Currency, type Instant, type Money } from '../../kernel/index.js';
import type { SqlTransaction } from '../../storage/index.js';
import type { Account } from '../accounts/index.js';
import type { PaymentInstruction } from '../consents/index.js';
import { bought, formatRate } from '../exchange/index.js';
import { readHistorySpan, type InternalAccount, type Posting, type PostingDetail } from '../ledger/index.js';
import type { PaymentModules } from './payment-modules.js';
import { exchangeOf, type PaymentTerms } from './payment-terms.js';

/** Where and when money is moved. */
export interface Books {
  readonly tx: SqlTransaction;
  readonly modules: Pick<PaymentModules, 'profile' | 'ledger' | 'exchange'>;
  readonly at: Instant;
}

/**
 * From the payer's account to clearing. Money that is exchanged goes through what the bank holds of the two currencies,
 * since an entry has one currency.
 */
export async function bookDeparture(
  books: Books,
  departure: {
    readonly debtor: Account;
    readonly terms: PaymentTerms;
    readonly instruction: PaymentInstruction;
    readonly detail: PostingDetail;
  },
): Promise<void> {
  const { debtor, terms, instruction, detail } = departure;
  const { debit, transferred, charge } = terms;
  const at = await bookingTimeOf(books, debtor);
  const exchange = exchangeOf(terms, instruction.amount);
  const leaves = { account: debtor.ledgerAccount, amountMinor: -debit.amountMinor };
  const postings: Posting[] = [{ ...leaves, detail: { ...detail, ...(exchange && { exchange }) } }];
  let rest = debit.amountMinor;
  if (charge) {
    const isInside = instruction.charges === 'creditor';
    if (isInside) rest -= charge.amountMinor;
    else
      postings.push({ account: debtor.ledgerAccount, amountMinor: -charge.amountMinor, detail: chargeDetail(detail) });
    postings.push(await internal(books, 'fee-income', charge));
  }
  const side = exchange ? 'currency-position' : 'payment-clearing';
  await post(books, { at, currency: debit.currency }, [
    ...postings,
    await internal(books, side, money(rest, debit.currency)),
  ]);
  if (exchange)
    await bookBetween(books, { from: 'currency-position', to: 'payment-clearing', amount: transferred, at });
}

/** From one of the bank's own accounts to a customer's, exchanged where it arrives in another currency than hers. */
export async function bookArrival(
  books: Books,
  arrival: {
    readonly account: Account;
    readonly amount: Money;
    readonly from: InternalAccount;
    readonly detail: PostingDetail;
  },
): Promise<void> {
  const { account, amount, from, detail } = arrival;
  const { currency } = account;
  const at = await bookingTimeOf(books, account);
  if (currency === amount.currency) {
    const arrives = { account: account.ledgerAccount, amountMinor: amount.amountMinor, detail };
    await post(books, { at, currency }, [arrives, await internal(books, from, negative(amount))]);
    return;
  }
  const rate = books.modules.exchange.rate({ sell: amount.currency, buy: currency }, books.at);
  // The smallest amounts are worth less than a minor unit, and nothing cannot be booked.
  const got = bought(amount, rate, currency).amountMinor || 1n;
  const exchange = {
    unitCurrency: amount.currency,
    quotedCurrency: currency,
    rate: formatRate(rate),
    instructed: amount,
  };
  await bookBetween(books, { from, to: 'currency-position', amount, at });
  await post(books, { at, currency }, [
    { account: account.ledgerAccount, amountMinor: got, detail: { ...detail, exchange } },
    await internal(books, 'currency-position', money(-got, currency)),
  ]);
}

/** From a customer's account to one of the bank's own, in the currency of the account: what goes back. */
export async function bookWithdrawal(
  books: Books,
  withdrawal: {
    readonly account: Account;
    readonly amount: Money;
    readonly to: InternalAccount;
    readonly detail: PostingDetail;
  },
): Promise<void> {
  const { account, amount, to, detail } = withdrawal;
  const leaves = { account: account.ledgerAccount, amountMinor: -amount.amountMinor, detail };
  const at = await bookingTimeOf(books, account);
  await post(books, { at, currency: amount.currency }, [leaves, await internal(books, to, amount)]);
}

/** Between two of the bank's own accounts. */
export async function bookBetween(
  books: Books,
  move: { readonly from: InternalAccount; readonly to: InternalAccount; readonly amount: Money; readonly at: Instant },
): Promise<void> {
  const { from, to, amount, at } = move;
  await post(books, { at, currency: amount.currency }, [
    await internal(books, from, negative(amount)),
    await internal(books, to, amount),
  ]);
}

/** Can this bank turn the one into the other? */
export function isExchangeable(
  { exchange }: Pick<PaymentModules, 'exchange'>,
  pair: { readonly sell: Currency; readonly buy: Currency },
  at: Instant,
): boolean {
  try {
    exchange.rate(pair, at);
    return true;
  } catch (error) {
    if (isSandbankError(error) && error.code === 'payment.unsupported-currency') return false;
    throw error;
  }
}

/**
 * The instant of the step; the account's last one where that is later (a step that failed and was tried again, a machine
 * whose clock was set back): accounts are booked in order of time.
 */
async function bookingTimeOf({ tx, at }: Books, account: Account): Promise<Instant> {
  const span = await readHistorySpan(tx, account.ledgerAccount);
  return instant(Math.max(at, span?.last ?? at));
}

async function internal({ tx, modules }: Books, name: InternalAccount, amount: Money): Promise<Posting> {
  return { account: await modules.ledger.internal(tx, name, amount.currency), amountMinor: amount.amountMinor };
}

async function post(
  { tx, modules }: Books,
  { at, currency }: { readonly at: Instant; readonly currency: Currency },
  postings: readonly Posting[],
): Promise<void> {
  await modules.ledger.post(tx, { bank: modules.profile.id, currency, bookedAt: at, postings }, { force: true });
}

function negative({ amountMinor, currency }: Money): Money {
  return money(-amountMinor, currency);
}

function chargeDetail({ text, paymentId, counterparty }: PostingDetail): PostingDetail {
  return {
    code: 'fee',
    text: `CHARGE FOR PAYMENT TO ${text}`,
    ...(counterparty && { counterparty }),
    ...(paymentId !== undefined && { paymentId }),
  };
}
