import type { SqlReader, SqlTransaction } from '../../storage/index.js';
import type { LedgerAccountId } from '../ledger/index.js';
import type { PartyId } from '../parties/index.js';
import type { Account, AccountBalance, AccountId, AccountIdentifier, NewAccount } from './account.js';

/** Accounts of one bank: what they are and who holds them. Their money is the ledger's. */
export interface Accounts {
  /** Opens an account with its row in the ledger. Draws identifiers where none are given. */
  open(tx: SqlTransaction, account: NewAccount): Promise<Account>;
  /** Throws `account.not-found`. With `sql` it reads what that transaction sees. */
  get(id: AccountId, sql?: SqlReader): Promise<Account>;
  byIdentifier(
    identifier: Pick<AccountIdentifier, 'scheme' | 'identification'>,
    sql?: SqlReader,
  ): Promise<Account | undefined>;
  ofParty(id: PartyId): Promise<readonly Account[]>;
  /** Which accounts have these keys in the ledger. */
  ofLedger(
    keys: readonly LedgerAccountId[],
    sql?: SqlReader,
  ): Promise<ReadonlyMap<LedgerAccountId, Pick<Account, 'id' | 'closedAt'>>>;
  balance(id: AccountId): Promise<AccountBalance>;
  /** From now on nothing new is paid from or to it. What is on it stays in the ledger. Throws `account.closed`. */
  close(tx: SqlTransaction, id: AccountId): Promise<void>;
  /** Would an account with this identifier be at this bank, if it exists? */
  isOfBank(identifier: Pick<AccountIdentifier, 'scheme' | 'identification'>): boolean;
}
