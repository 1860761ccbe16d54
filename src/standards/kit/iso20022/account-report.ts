import type { Instant, LocalDate, Money } from '../../../kernel/index.js';
import type { BankTransactionCode } from './bank-transaction-codes.js';
import type { MessageAccount, MessageAgent, MessageParty } from './parties.js';
import type { Remittance } from './remittance.js';

/** What is told of one account: the content of camt.052 (a report) and camt.053 (a statement). */
export interface AccountReport {
  readonly messageId: string;
  readonly createdAt: Instant;
  readonly reportId: string;
  readonly sequenceNumber?: number;
  readonly period?: { readonly from: Instant; readonly to: Instant };
  readonly account: MessageAccount;
  readonly owner?: MessageParty;
  readonly servicer?: MessageAgent;
  readonly balances: readonly ReportedBalance[];
  /** In the order they are to be written. */
  readonly entries: readonly ReportedEntry[];
  /** Said of the whole report. */
  readonly text?: string;
}

export type ReportedBalanceType =
  | 'opening-booked'
  | 'closing-booked'
  | 'interim-booked'
  | 'opening-available'
  | 'closing-available'
  | 'interim-available'
  | 'forward-available'
  | 'previously-closed-booked'
  | 'expected';

export interface ReportedBalance {
  readonly type: ReportedBalanceType;
  /** Not negative; an overdrawn account has a balance in `debit`. */
  readonly amount: Money;
  readonly direction: 'credit' | 'debit';
  /** A day, or an instant of it. */
  readonly at: LocalDate | Instant;
  /** The overdraft, where the bank tells of it. */
  readonly creditLine?: { readonly included: boolean; readonly amount?: Money };
}

export interface ReportedEntry {
  /** The bank's reference of the entry: unique in the account and stable. */
  readonly reference: string;
  readonly amount: Money;
  readonly direction: 'credit' | 'debit';
  readonly status: 'booked' | 'pending' | 'information';
  readonly bookedAt?: LocalDate;
  readonly valueAt?: LocalDate;
  readonly code: BankTransactionCode;
  readonly isReversal?: boolean;
  readonly text?: string;
  readonly details?: ReportedDetails;
}

/** The transaction behind an entry. */
export interface ReportedDetails {
  readonly messageId?: string;
  readonly paymentInformationId?: string;
  readonly instructionId?: string;
  readonly endToEndId?: string;
  readonly transactionId?: string;
  readonly mandateId?: string;
  readonly debtor?: MessageParty;
  readonly debtorAccount?: MessageAccount;
  readonly debtorAgent?: MessageAgent;
  readonly creditor?: MessageParty;
  readonly creditorAccount?: MessageAccount;
  readonly creditorAgent?: MessageAgent;
  readonly remittance?: Remittance;
  readonly text?: string;
}
