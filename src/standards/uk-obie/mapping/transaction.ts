import { formatInstant } from '../../../kernel/index.js';
import type { Capability, Counterparty, PostedExchange, Transaction } from '../../../bank/index.js';
import { isIdentifierScheme, PROPRIETARY_CODES, TRANSACTION_CODES } from '../codes.js';
import { toAmount, toIndicator, type CreditDebitIndicator, type WireAmount } from './amount.js';
import { toIdentifier, type WireIdentifier } from './identifier.js';

export interface WireTransaction extends TransactionDetail {
  readonly AccountId: string;
  readonly TransactionId: string;
  readonly TransactionReference?: string;
  readonly CreditDebitIndicator: CreditDebitIndicator;
  readonly Status: 'BOOK' | 'PDNG';
  readonly TransactionMutability: 'Mutable' | 'Immutable';
  readonly BookingDateTime: string;
  readonly ValueDateTime: string;
  readonly Amount: WireAmount;
  readonly CurrencyExchange?: WireExchange;
  readonly BankTransactionCode: { readonly Code: string; readonly SubCode: string };
  readonly ProprietaryBankTransactionCode: { readonly Code: string; readonly Issuer: string };
}

interface WireExchange {
  readonly SourceCurrency: string;
  readonly TargetCurrency: string;
  readonly UnitCurrency: string;
  readonly ExchangeRate: number;
  readonly InstructedAmount: WireAmount;
}

/** Only under ReadTransactionsDetail (4.0.1, transactions, data model). */
interface TransactionDetail {
  readonly TransactionInformation?: string;
  readonly Balance?: {
    readonly CreditDebitIndicator: CreditDebitIndicator;
    readonly Type: 'ITBD';
    readonly Amount: WireAmount;
  };
  readonly MerchantDetails?: { readonly MerchantName: string; readonly MerchantCategoryCode: string };
  readonly CreditorAccount?: Partial<WireIdentifier>;
  readonly DebtorAccount?: Partial<WireIdentifier>;
}

export interface TransactionContext {
  readonly capabilities: readonly Capability[];
  /** Who issues the proprietary codes: the bank. */
  readonly issuer: string;
}

export const MAX_INFORMATION = 500;
export const MAX_REFERENCE = 210;
export const MAX_ISSUER = 35;
export const MAX_NAME = 350;

export function toTransaction(transaction: Transaction, context: TransactionContext): WireTransaction {
  const { accountId, id, reference, direction, status, code } = transaction;
  const iso = TRANSACTION_CODES[code][direction];
  const bookedAt = formatInstant(transaction.bookedAt);
  return {
    AccountId: accountId,
    TransactionId: id,
    ...(hasText(reference) && { TransactionReference: reference.slice(0, MAX_REFERENCE) }),
    CreditDebitIndicator: direction === 'credit' ? 'Credit' : 'Debit',
    Status: status === 'booked' ? 'BOOK' : 'PDNG',
    TransactionMutability: status === 'booked' ? 'Immutable' : 'Mutable',
    BookingDateTime: bookedAt,
    ValueDateTime: transaction.valueAt === transaction.bookedAt ? bookedAt : formatInstant(transaction.valueAt),
    Amount: toAmount(transaction.amountMinor, transaction.currency),
    ...(transaction.exchange && { CurrencyExchange: toExchange(transaction, transaction.exchange) }),
    BankTransactionCode: { Code: iso.family, SubCode: iso.subFamily },
    ProprietaryBankTransactionCode: { Code: PROPRIETARY_CODES[code], Issuer: context.issuer.slice(0, MAX_ISSUER) },
    ...(context.capabilities.includes('transactions.detail') && detailOf(transaction, context.capabilities)),
  };
}

function toExchange({ direction, currency }: Transaction, exchange: PostedExchange): WireExchange {
  const { unitCurrency, quotedCurrency, rate, instructed } = exchange;
  const other = unitCurrency === currency ? quotedCurrency : unitCurrency;
  const [source, target] = direction === 'debit' ? [currency, other] : [other, currency];
  return {
    SourceCurrency: source,
    TargetCurrency: target,
    UnitCurrency: unitCurrency,
    ExchangeRate: Number(rate),
    InstructedAmount: toAmount(instructed.amountMinor, instructed.currency),
  };
}

function detailOf(transaction: Transaction, capabilities: readonly Capability[]): TransactionDetail {
  const { text, balanceAfterMinor, currency, merchant, counterparty, direction } = transaction;
  const other = counterparty && counterpartyOf(counterparty, capabilities);
  return {
    ...(hasText(text) && { TransactionInformation: text.slice(0, MAX_INFORMATION) }),
    ...(balanceAfterMinor !== undefined && {
      Balance: {
        CreditDebitIndicator: toIndicator(balanceAfterMinor),
        Type: 'ITBD',
        Amount: toAmount(balanceAfterMinor, currency),
      },
    }),
    ...(merchant && {
      MerchantDetails: {
        MerchantName: merchant.name.slice(0, MAX_NAME),
        MerchantCategoryCode: merchant.categoryCode,
      },
    }),
    // Money that comes in has a debtor at the other end, money that goes out a creditor.
    ...(other && (direction === 'credit' ? { DebtorAccount: other } : { CreditorAccount: other })),
  };
}

export function counterpartyOf(
  counterparty: Counterparty,
  capabilities: readonly Capability[],
): Partial<WireIdentifier> | undefined {
  const { name, scheme, identification } = counterparty;
  if (scheme !== undefined && isIdentifierScheme(scheme) && hasText(identification)) {
    const fullCardNumbers = capabilities.includes('accounts.full-card-numbers');
    return toIdentifier({ scheme, identification, name }, { fullCardNumbers });
  }
  // An account whose scheme the core does not name is better left out than mislabelled.
  return hasText(name) ? { Name: name.slice(0, MAX_NAME) } : undefined;
}

function hasText(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
