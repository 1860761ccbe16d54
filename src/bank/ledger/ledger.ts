import type { Currency, Instant } from '../../kernel/index.js';
import type { SqlReader, SqlTransaction } from '../../storage/index.js';
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
   * unless `force` (fees, interest and history that really happened).
   * Returns the sequence number of each posting in its account, in the order given.
   */
  post(tx: SqlTransaction, entry: Entry, options?: { readonly force?: boolean }): Promise<readonly number[]>;
  /** Books many entries at once with prepared statements, each as by `post` with `force`. Used by the simulation. */
  postBatch(tx: SqlTransaction, entries: readonly Entry[]): Promise<void>;
  /** Sets money aside, or throws `payment.insufficient-funds` and changes nothing. */
  hold(
    tx: SqlTransaction,
    options: {
      readonly account: LedgerAccountId; readonly amountMinor: bigint; readonly at: Instant;
      readonly expiresAt: Instant; readonly detail: PostingDetail;
    },
  ): Promise<Hold>;
  /** Ends a hold without moving money. A hold that already ended stays as it is. */
  release(tx: SqlTransaction, holdId: string, why: 'released' | 'expired' | 'posted'): Promise<void>;
  balance(sql: SqlReader, account: LedgerAccountId): Promise<LedgerBalance>;
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
  readonly differences: readonly { readonly account: LedgerAccountId; readonly keptMinor: bigint; readonly derivedMinor: bigint }[];
  readonly accounts: number;
  readonly postings: number;
}
