import type { Currency, Instant } from '../../kernel/index.js';
import type { SqlReader, SqlTransaction } from '../../storage/index.js';
import type { Bulk } from './bulk.js';
import type { Entry, Hold, InternalAccount, LedgerAccountId, PostingDetail } from './posting.js';

/** The double-entry ledger of one bank. Writes take the caller's transaction, so that money moves with its reason. */
export interface Ledger {
  openAccount(
    tx: SqlTransaction,
    options: { readonly currency: Currency; readonly overdraftLimitMinor: bigint },
  ): Promise<LedgerAccountId>;
  /** The bank's own account of that name and currency; opened on first use. */
  internal(tx: SqlTransaction, name: InternalAccount, currency: Currency): Promise<LedgerAccountId>;
  /**
   * Books an entry. Asserts that its postings sum to zero (the database checks it again at commit) and refuses with
   * `payment.insufficient-funds` a debit that would take a customer's available balance below the arranged limit,
   * unless `force` (fees, interest and history that really happened). A customer's account is booked in order of time:
   * an entry may be of the same instant as the account's last one, never of an earlier one.
   * Returns the sequence number of each posting in its account, in the order given.
   */
  post(tx: SqlTransaction, entry: Entry, options?: { readonly force?: boolean }): Promise<readonly number[]>;
  /** Books many entries at once with prepared statements, each as by `post` with `force`. Used by the simulation. */
  postBatch(tx: SqlTransaction, entries: readonly Entry[]): Promise<void>;
  /**
   * Books the history of many accounts at once, each entry gathering a span of time: the fast way in. The database checks
   * the whole of it as it checks single postings. Like `force`: it happened, whatever the limit. Returns how many lines.
   */
  postBulk(tx: SqlTransaction, bulk: Bulk): Promise<number>;
  /** Sets money aside, or throws `payment.insufficient-funds` and changes nothing. */
  hold(
    tx: SqlTransaction,
    options: {
      readonly account: LedgerAccountId;
      readonly amountMinor: bigint;
      readonly at: Instant;
      readonly expiresAt: Instant;
      readonly detail: PostingDetail;
    },
  ): Promise<Hold>;
  /**
   * Ends a hold without moving money; `posted` says that the money is booked in the same transaction. A hold that
   * already ended stays as it is. Says whether it was still held.
   */
  release(tx: SqlTransaction, holdId: string, why: 'released' | 'expired' | 'posted'): Promise<boolean>;
  /** Ends every hold of the bank that is past its time. Returns how many. */
  expireHolds(tx: SqlTransaction, now: Instant): Promise<number>;
  balance(sql: SqlReader, account: LedgerAccountId): Promise<LedgerBalance>;
  /** What stands on the bank's own account of that name, per currency in which it has one. */
  internalBalances(
    sql: SqlReader,
    name: InternalAccount,
  ): Promise<readonly { readonly currency: Currency; readonly bookedMinor: bigint }[]>;
  /** What entries of payment orders have left on the bank's own account of that name, where that is not nothing. */
  paymentsIn(
    sql: SqlReader,
    name: InternalAccount,
  ): Promise<readonly { readonly currency: Currency; readonly bookedMinor: bigint }[]>;
  /** Sum of all booked balances per currency, which is zero, with each account's balance derived again from postings. */
  trialBalance(sql: SqlReader): Promise<TrialBalance>;
}

export interface LedgerBalance {
  readonly currency: Currency;
  readonly bookedMinor: bigint;
  readonly heldMinor: bigint;
  readonly overdraftLimitMinor: bigint;
}

export interface TrialBalance {
  readonly currencies: readonly { readonly currency: Currency; readonly sumMinor: bigint }[];
  /** Accounts whose kept balance differs from the sum of their postings. Empty unless something is broken. */
  readonly differences: readonly BalanceDifference[];
  /** The same for money set aside. */
  readonly heldDifferences: readonly BalanceDifference[];
  /** Entries whose postings do not sum to zero. 0 unless something is broken. */
  readonly unbalancedEntries: number;
  readonly accounts: number;
  readonly postings: number;
}

export interface BalanceDifference {
  readonly account: LedgerAccountId;
  readonly keptMinor: bigint;
  readonly derivedMinor: bigint;
}
