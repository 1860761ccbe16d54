import type { Currency, Instant, Page } from '../../kernel/index.js';
import type { AccountId } from '../accounts/index.js';
import type { Counterparty, Merchant, PostedExchange, TransactionCode } from '../ledger/index.js';

/** A customer's transaction as it is read. */
export interface Transaction {
  /** Unique in its account and stable. */
  readonly id: string;
  readonly accountId: AccountId;
  readonly status: 'booked' | 'pending';
  readonly direction: 'credit' | 'debit';
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly bookedAt: Instant;
  readonly valueAt: Instant;
  /** Booked balance of the account right after it; absent for pending ones. */
  readonly balanceAfterMinor?: bigint;
  readonly code: TransactionCode;
  readonly text: string;
  readonly reference?: string;
  readonly merchant?: Merchant;
  readonly counterparty?: Counterparty;
  readonly paymentId?: string;
  readonly endToEndId?: string;
  readonly exchange?: PostedExchange;
}

export interface TransactionQuery {
  /** Newest first. From inclusive, to inclusive. */
  readonly from?: Instant;
  readonly to?: Instant;
  readonly directions: readonly ('credit' | 'debit')[];
  readonly includePending: boolean;
  readonly pageSize: number;
  /** Opaque; from a page's `next` or `previous`. A cursor that was tampered with is refused with `field.invalid`. */
  readonly cursor?: string;
}

export interface TransactionPage extends Page<Transaction> {
  /**
   * The same lines: what is pending, and what is booked. Booked lines never change, so that what a standard writes of them
   * may be kept beside them by `derived`, under a name that says all it was made with.
   */
  readonly pending?: readonly Transaction[];
  readonly booked?: {
    readonly items: readonly Transaction[];
    /** The bank does not keep every page: only those that are asked for again. */
    readonly isKept: boolean;
    derived<T>(name: string, make: () => T): T;
  };
  /** The span of history that exists in the account. */
  readonly firstAvailable?: Instant;
  readonly lastAvailable?: Instant;
}
