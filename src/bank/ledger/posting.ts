import type { Currency, Instant, Money } from '../../kernel/index.js';

/** The integer key of an account of the ledger (customers' and the bank's own). */
export type LedgerAccountId = number;

/** The bank's own side of every customer's transaction. */
export const INTERNAL_ACCOUNTS = [
  'opening-equity', // counterpart of balances that existed before history begins
  'payroll-clearing', // salaries and benefits from employers that bank elsewhere
  'card-clearing', // card schemes
  'direct-debit-clearing',
  'payment-clearing', // credit transfers under way, and those to and from banks outside
  'interbank-clearing', // what banks of the ecosystem owe each other: over all of them it sums to zero
  'currency-position', // what the bank holds of a currency by exchanging it
  'cash-clearing', // cash machines
  'fee-income',
  'interest-income', // paid by customers
  'interest-expense', // paid to customers
  'loan-principal', // lending: counterpart of mortgages and loans
] as const;

export type InternalAccount = (typeof INTERNAL_ACCOUNTS)[number];

/** What kind of transaction a posting is for the customer. Standards map it to their code sets. */
export type TransactionCode =
  | 'salary'
  | 'benefit'
  | 'pension'
  | 'rent'
  | 'direct-debit'
  | 'standing-order'
  | 'card-payment'
  | 'cash-withdrawal'
  | 'transfer-in'
  | 'transfer-out'
  | 'fee'
  | 'interest-paid'
  | 'interest-charged'
  | 'mortgage-payment'
  | 'opening-balance'
  | 'payroll'
  | 'invoice'
  | 'refund'
  | 'tax';

/** What a customer is told of a posting. Texts and merchants are kept once, in dictionaries. */
export interface PostingDetail {
  readonly code: TransactionCode;
  /** The line on the statement: `TESCO STORES 3214 LONDON`. */
  readonly text: string;
  readonly reference?: string;
  readonly merchant?: Merchant;
  readonly counterparty?: Counterparty;
  /** The payment order behind it, if there is one. */
  readonly paymentId?: string;
  /** What the payer calls the payment, from end to end. */
  readonly endToEndId?: string;
  /** Where money was exchanged on its way. */
  readonly exchange?: PostedExchange;
}

/** One `unitCurrency` was worth `rate` (a decimal number) of `quotedCurrency`. */
export interface PostedExchange {
  readonly unitCurrency: Currency;
  readonly quotedCurrency: Currency;
  readonly rate: string;
  /** What was ordered, or arrived. */
  readonly instructed: Money;
}

export interface Merchant {
  readonly name: string;
  /** ISO 18245, four digits. */
  readonly categoryCode: string;
}

export interface Counterparty {
  readonly name: string;
  readonly scheme?: string;
  readonly identification?: string;
}

/** One side of an entry. Positive is a credit (money comes in to the account), negative a debit. */
export interface Posting {
  readonly account: LedgerAccountId;
  readonly amountMinor: bigint;
  /** Only for postings that a customer sees. */
  readonly detail?: PostingDetail;
}

/** Postings of one currency that sum to zero and are booked together. */
export interface Entry {
  readonly bank: string;
  readonly currency: Currency;
  readonly bookedAt: Instant;
  readonly postings: readonly Posting[];
}

export type HoldState = 'held' | 'posted' | 'released' | 'expired';

/** Money set aside: it lowers what is available and leaves what is booked. */
export interface Hold {
  readonly id: string;
  readonly account: LedgerAccountId;
  readonly amountMinor: bigint;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly state: HoldState;
  readonly detail: PostingDetail;
}
