export { INTERNAL_ACCOUNTS } from './posting.js';
export type {
  Counterparty, Entry, Hold, HoldState, InternalAccount, LedgerAccountId, Merchant, Posting, PostingDetail, TransactionCode,
} from './posting.js';
export type { Ledger, LedgerBalance, TrialBalance } from './ledger.js';
