/** The neutral bank: what the outside calls. Knows no HTTP, OAuth, OpenAPI or standard. */
import type { Clock, DomainEvent, Instant } from '../kernel/index.js';
import type { SqlReader, SqlTransaction } from '../storage/index.js';
import type { Account, AccountBalance, AccountId, AccountIdentifier, NewAccount } from './accounts/index.js';
import type { Consents } from './consents/index.js';
import type { Ledger } from './ledger/index.js';
import type { Message } from './messages/index.js';
import type { NewCredential, NewParty, Party, PartyId, TestCustomer } from './parties/index.js';
import type { Payments } from './payments/index.js';
import type { Schedules } from './schedules/index.js';
import type { TransactionPage, TransactionQuery } from './transactions/index.js';

export * from './accounts/index.js';
export * from './consents/index.js';
export * from './idempotency/index.js';
export * from './ledger/index.js';
export * from './messages/index.js';
export * from './parties/index.js';
export * from './payments/index.js';
export * from './schedules/index.js';
export * from './transactions/index.js';

/** What a bank is, from its profile file. Data, not behaviour of one standard. */
export interface BankProfile {
  /** Path segment and key: `bramble`. */
  readonly id: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly currency: string;
  /** Six digits, with which identifiers of new accounts begin (UK). */
  readonly sortCode?: string;
  readonly bic: string;
  /** How long each step of a payment takes on the bank's clock, in milliseconds. */
  readonly payments: { readonly acceptMs: number; readonly settleMs: number; readonly debitMs: number; readonly creditMs: number };
}

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
  /** What the ecosystem does when its clock has moved: due work, expiries. Returns what was done. */
  catchUp(until: Instant): Promise<readonly { readonly kind: string; readonly subject: string; readonly dueAt: Instant }[]>;
}
