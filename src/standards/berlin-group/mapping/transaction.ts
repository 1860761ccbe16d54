import { dateOf } from '../../../kernel/index.js';
import type { Account, Transaction } from '../../../bank/index.js';
import { bankTransactionCode } from '../../kit/iso20022/index.js';
import { maskPan, referenceOf, toReference } from './account-reference.js';
import { toAmount } from './amount.js';

export const MAX_NAME = 70;
export const MAX_REMITTANCE = 140;
export const MAX_ADDITIONAL = 500;
export const MAX_REFERENCE = 35;

/** A line of an account. `address` is that of the list; the whole of a line has nothing to link to. */
export function toTransaction(
  transaction: Transaction,
  { account, address }: { readonly account: Account; readonly address?: string },
): Readonly<Record<string, unknown>> {
  const { id, status, amountMinor, direction, currency, reference, text } = transaction;
  const isBooked = status === 'booked';
  const code = bankTransactionCode(transaction);
  return {
    transactionId: id,
    ...(isBooked && id.length <= MAX_REFERENCE && { entryReference: id, bookingDate: dateOf(transaction.bookedAt) }),
    ...(transaction.endToEndId !== undefined && { endToEndId: transaction.endToEndId.slice(0, MAX_REFERENCE) }),
    valueDate: dateOf(transaction.valueAt),
    transactionAmount: toAmount(direction === 'debit' ? -amountMinor : amountMinor, currency),
    ...exchangeOf(transaction),
    ...partiesOf(transaction, account),
    remittanceInformationUnstructured: (reference ?? text).slice(0, MAX_REMITTANCE),
    additionalInformation: text.slice(0, MAX_ADDITIONAL),
    bankTransactionCode: `${code.domain}-${code.family}-${code.subFamily}`,
    proprietaryBankTransactionCode: transaction.code.slice(0, MAX_REFERENCE),
    ...(transaction.balanceAfterMinor !== undefined && {
      balanceAfterTransaction: {
        balanceAmount: toAmount(transaction.balanceAfterMinor, currency),
        balanceType: 'interimBooked',
        referenceDate: dateOf(transaction.bookedAt),
      },
    }),
    ...(address !== undefined && {
      _links: { transactionDetails: { href: `${address}/${encodeURIComponent(id)}` } },
    }),
  };
}

/** One rate: money is exchanged at most once on its way through a bank. */
function exchangeOf({ exchange, direction, currency, bookedAt }: Transaction): Readonly<Record<string, unknown>> {
  if (!exchange) return {};
  const { unitCurrency, quotedCurrency, rate } = exchange;
  const other = unitCurrency === currency ? quotedCurrency : unitCurrency;
  const [sourceCurrency, targetCurrency] = direction === 'debit' ? [currency, other] : [other, currency];
  return {
    currencyExchange: [
      { sourceCurrency, exchangeRate: rate, unitCurrency, targetCurrency, quotationDate: dateOf(bookedAt) },
    ],
  };
}

/** The other side: who was paid, or who paid. */
function partiesOf(
  { counterparty, merchant, direction }: Transaction,
  account: Account,
): Readonly<Record<string, unknown>> {
  const name = (counterparty?.name ?? merchant?.name)?.slice(0, MAX_NAME);
  const other = referenceOf(counterparty?.scheme, counterparty?.identification);
  const own = toReference(account);
  const isDebit = direction === 'debit';
  const [creditorName, debtorName] = isDebit
    ? [name, account.holderName.slice(0, MAX_NAME)]
    : [account.holderName.slice(0, MAX_NAME), name];
  const [creditorAccount, debtorAccount] = isDebit ? [other, own] : [own, other];
  return {
    ...(creditorName !== undefined && { creditorName }),
    ...(creditorAccount && { creditorAccount }),
    ...(debtorName !== undefined && { debtorName }),
    ...(debtorAccount && { debtorAccount }),
  };
}

export function toCardTransaction(transaction: Transaction, account: Account): Readonly<Record<string, unknown>> {
  const { id, status, amountMinor, direction, currency, merchant, text } = transaction;
  const pan = account.identifiers.find(({ scheme }) => scheme === 'pan')?.identification;
  const category = merchant?.categoryCode;
  return {
    ...(id.length <= MAX_REFERENCE && { cardTransactionId: id }),
    transactionDate: dateOf(transaction.valueAt),
    ...(status === 'booked' && { bookingDate: dateOf(transaction.bookedAt) }),
    valueDate: dateOf(transaction.valueAt),
    transactionAmount: toAmount(direction === 'debit' ? -amountMinor : amountMinor, currency),
    ...(category !== undefined && /^\d{4}$/.test(category) && { merchantCategoryCode: category }),
    ...(pan !== undefined && { maskedPAN: maskPan(pan) }),
    transactionDetails: (merchant?.name ?? text).slice(0, 1_000),
    invoiced: false,
    proprietaryBankTransactionCode: transaction.code.slice(0, MAX_REFERENCE),
  };
}
