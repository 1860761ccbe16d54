export { createLedger } from './create-ledger.js';
export type { Bulk, BulkEntry, BulkLine } from './bulk.js';
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
export { createDictionaryReader, type DictionaryReader } from './dictionary-reader.js';
export { readAccountLines, type AccountLine } from './account-lines.js';
export { readStandings, type Standing } from './standings.js';
export { countLinesSince, readHoldsExpired, readLinesSince, readPositions } from './lines-since.js';
export type { NewLine, NewLineCount, Positions } from './lines-since.js';
export { readFirstLines, readPeriod } from './period.js';
export type { BookedPeriod } from './period.js';
export { countBookedBefore, readHistorySpan, readOpenHolds, readStatement } from './statement.js';
export type { OpenHold, StatementLine, StatementQuery } from './statement.js';
export { readLedgerAccounts, readPaymentHolds, readPaymentPostings, verifyLedger } from './verify-ledger.js';
export type { BookedPosting, PaymentHold } from './verify-ledger.js';
