import type { Clock, DomainEvent, Instant } from '../kernel/index.js';
import type { SqlReader, SqlTransaction } from '../storage/index.js';
import type { Account, AccountBalance, AccountId, AccountIdentifier, NewAccount } from './accounts/index.js';
import type { Consents } from './consents/index.js';
import type { Ledger, TrialBalance } from './ledger/index.js';
import type { Message } from './messages/index.js';
import type { NewCredential, NewParty, Party, PartyId, TestCustomer } from './parties/index.js';
import type { Payments } from './payments/index.js';
import type { Schedules } from './schedules/index.js';
import type { TransactionPage, TransactionQuery } from './transactions/index.js';
import type { BankProfile } from './profile.js';

/** One bank of the ecosystem, as the outside sees it. */
export interface Bank {
  readonly profile: BankProfile;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly consents: Consents;
  readonly payments: Payments;
  readonly schedules: Schedules;

  readonly parties: {
    add(tx: SqlTransaction, party: NewParty, credential: NewCredential): Promise<Party>;
    get(id: PartyId): Promise<Party>;
    list(): Promise<readonly Party[]>;
    testCustomers(): Promise<readonly TestCustomer[]>;
    byCustomerNumber(customerNumber: string): Promise<Party | undefined>;
  };
  readonly accounts: {
    open(tx: SqlTransaction, account: NewAccount): Promise<Account>;
    /** Throws `account.not-found`. */
    get(id: AccountId): Promise<Account>;
    byIdentifier(identifier: Pick<AccountIdentifier, 'scheme' | 'identification'>, sql?: SqlReader): Promise<Account | undefined>;
    ofParty(id: PartyId): Promise<readonly Account[]>;
    balance(id: AccountId): Promise<AccountBalance>;
    close(tx: SqlTransaction, id: AccountId): Promise<void>;
  };
  readonly transactions: {
    /** Newest first. Throws `field.invalid` for a cursor that this bank did not make. */
    page(id: AccountId, query: TransactionQuery): Promise<TransactionPage>;
  };
  readonly messages: {
    inbox(id: PartyId): Promise<readonly Message[]>;
  };
  readonly events: {
    append(tx: SqlTransaction, event: Omit<DomainEvent, 'bank'>): Promise<void>;
    list(options?: { readonly subject?: string; readonly limit?: number }): Promise<readonly DomainEvent[]>;
  };
  /** Sums of all postings, and balances that differ from theirs: proof for people who do not trust us. */
  trialBalance(): Promise<TrialBalance>;
  /** What the ecosystem does when its clock has moved: due work, expiries. Returns what was done. */
  catchUp(until: Instant): Promise<readonly { readonly kind: string; readonly subject: string; readonly dueAt: Instant }[]>;
}
