import type { Currency, Instant } from '../../kernel/index.js';
import type { AccountId } from '../accounts/index.js';
import type { TransactionCode } from '../ledger/index.js';

/** What happened on an account in a calendar month, cut when the month was over. */
export interface Statement {
  /** Unique and stable: `<account>-s202601`. */
  readonly id: string;
  readonly accountId: AccountId;
  readonly currency: Currency;
  /** First instant of the month. */
  readonly from: Instant;
  /** Last instant of the month. */
  readonly to: Instant;
  /** When it was written. */
  readonly cutAt: Instant;
  /** Signed; a credit is positive. */
  readonly openingMinor: bigint;
  readonly closingMinor: bigint;
  /** By kind and direction; kinds that did not happen are left out. */
  readonly totals: readonly StatementTotal[];
}

export interface StatementTotal {
  readonly code: TransactionCode;
  readonly direction: 'credit' | 'debit';
  readonly count: number;
  /** Not negative. */
  readonly sumMinor: bigint;
}
