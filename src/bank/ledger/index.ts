export { createLedger } from './create-ledger.js';
export { ledgerMigrations } from './migrations.js';
export type {
  Counterparty,
  Entry,
  Hold,
  HoldState,
  InternalAccount,
  LedgerAccountId,
  Merchant,
  PostedExchange,
  Posting,
  PostingDetail,
  TransactionCode,
} from './posting.js';
export type { BalanceDifference, Ledger, LedgerBalance, TrialBalance } from './ledger.js';
export { countBookedBefore, readHistorySpan, readOpenHolds, readStatement } from './statement.js';
export type { OpenHold, StatementLine, StatementQuery } from './statement.js';
