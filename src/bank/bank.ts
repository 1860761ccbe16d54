import type { Clock, DomainEvent, IdScheme, Instant } from '../kernel/index.js';
import type { SqlReader, SqlTransaction, Storage } from '../storage/index.js';
import {
  createAccounts,
  type Account,
  type Accounts,
  type AccountBalance,
  type AccountId,
  type AccountIdentifier,
  type NewAccount,
} from './accounts/index.js';
import { createArrangements, type Arrangements } from './arrangements/index.js';
import { createConsents, type AuthorisedPayments, type Consents } from './consents/index.js';
import { createEventLog } from './events/index.js';
import { createExchange, type Exchange, type ReferenceRates } from './exchange/index.js';
import { createHappenings, type Watch } from './happenings/index.js';
import { purgeWrites } from './idempotency/index.js';
import { createLedger, type Ledger, type TrialBalance } from './ledger/index.js';
import { createMessages, type Message } from './messages/index.js';
import {
  createParties,
  type NewCredential,
  type NewParty,
  type Party,
  type PartyId,
  type TestCustomer,
} from './parties/index.js';
import { createPayees, type Payees } from './payees/index.js';
import { createPayments, type Clearing, type Payments } from './payments/index.js';
import type { BankProfile } from './profile.js';
import { createSchedules, type Schedules } from './schedules/index.js';
import { createStatements, type Statements } from './statements/index.js';
import {
  createTransactions,
  type Transaction,
  type TransactionPage,
  type TransactionQuery,
} from './transactions/index.js';

/** One bank of the ecosystem, as the outside sees it. */
export interface Bank {
  readonly profile: BankProfile;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly consents: Consents;
  readonly payments: Payments;
  /** Confirmation of payee, at this bank and the others of the ecosystem. */
  readonly payees: Payees;
  readonly exchange: Exchange;
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
    byIdentifier(
      identifier: Pick<AccountIdentifier, 'scheme' | 'identification'>,
      sql?: SqlReader,
    ): Promise<Account | undefined>;
    ofParty(id: PartyId): Promise<readonly Account[]>;
    /** Which accounts have these keys in the ledger. */
    ofLedger: Accounts['ofLedger'];
    balance(id: AccountId): Promise<AccountBalance>;
    close(tx: SqlTransaction, id: AccountId): Promise<void>;
  };
  readonly transactions: {
    /** Newest first. Throws `field.invalid` for a cursor that this bank did not make. */
    page(account: AccountId | Account, query: TransactionQuery): Promise<TransactionPage>;
    /** One of that account, booked or pending. Undefined where there is none. */
    get(id: AccountId, transactionId: string): Promise<Transaction | undefined>;
  };
  /** What customers have arranged: standing orders, direct debits, payments for later days, payees. */
  readonly arrangements: Arrangements;
  /** Cut monthly. */
  readonly statements: Statements;
  readonly messages: {
    inbox(id: PartyId): Promise<readonly Message[]>;
  };
  readonly events: {
    append(tx: SqlTransaction, event: Omit<DomainEvent, 'bank'>): Promise<void>;
    list(options?: { readonly subject?: string; readonly limit?: number }): Promise<readonly DomainEvent[]>;
  };
  /** Sums of all postings, and balances that differ from theirs: proof for people who do not trust us. */
  trialBalance(): Promise<TrialBalance>;
  /** Watches from now on: what it resolves with tells, once it is called, what has happened since. */
  watch(): Promise<Watch>;
  /** What the ecosystem does when its clock has moved: due work, expiries. Returns what was done. */
  catchUp(
    until: Instant,
  ): Promise<readonly { readonly kind: string; readonly subject: string; readonly dueAt: Instant }[]>;
}

export interface BankOptions {
  readonly profile: BankProfile;
  /** The ecosystem's database, with `bankMigrations` applied. Several banks share it. */
  readonly storage: Storage;
  /** Business time. */
  readonly clock: Clock;
  readonly ids: IdScheme;
  /** Proof freshness (one-time codes, locked logins); wall time unless a test says otherwise. */
  readonly wall?: Clock;
  /** That of the ecosystem (`createClearing()`), which the bank joins; without it every other bank is outside. */
  readonly clearing?: Clearing;
  /** Of the ecosystem; without them the bank exchanges no money. */
  readonly rates?: ReferenceRates;
}

/**
 * Puts a bank together. It keeps no state in memory, so that any number of processes may hold the same bank; only the
 * handlers of due work are registered here, and whoever brings further kinds registers them with `schedules`.
 */
export function createBank(options: BankOptions): Bank {
  const { profile, storage, clock, ids } = options;
  const bank = profile.id;
  const clearing = options.clearing ? { clearing: options.clearing } : {};
  const wall = options.wall ? { wall: options.wall } : {};
  const events = createEventLog({ bank, storage });
  const schedules = createSchedules({ bank, storage });
  const ledger = createLedger({ bank, ids });
  const accounts = createAccounts({ profile, storage, clock, ids, ledger, events });
  const transactions = createTransactions({ bank, storage, ids, accounts });
  const parties = createParties({ bank: profile, storage, clock, ids, accounts, ...wall });
  const messages = createMessages({ bank: profile, storage, clock, ids });
  // The two need each other: an approval carries its payment out, and a payment uses its consent up.
  const paid: AuthorisedPayments = {
    refuseUnpayable: (subject) => {
      payments.refuseUnpayable(subject);
    },
    onAuthorised: (tx, consent) => payments.onAuthorised(tx, consent),
    isCancellable: (consentId) => payments.isCancellable(consentId),
    cancel: (tx, consentId, actor) => payments.cancel(tx, consentId, actor),
  };
  const consents = createConsents({
    bank: profile,
    storage,
    clock,
    ids,
    accounts,
    parties,
    messages,
    events,
    payments: paid,
    ...wall,
  });
  const exchange = createExchange({ profile, storage, clock, ids, ...(options.rates && { rates: options.rates }) });
  const payments = createPayments({
    profile,
    storage,
    clock,
    ids,
    ledger,
    accounts,
    consents,
    schedules,
    events,
    exchange,
    parties,
    ...clearing,
  });
  const payees = createPayees({ storage, accounts, parties, ...clearing });
  const arrangements = createArrangements({ storage, clock, ids, accounts, consents, payments });
  const statements = createStatements({ bank, storage, clock, accounts });
  const happenings = createHappenings({ bank, storage, clock, accounts, events, statements });
  return {
    profile,
    clock,
    ledger,
    consents,
    payments,
    payees,
    exchange,
    schedules,
    parties,
    accounts,
    transactions,
    arrangements,
    statements,
    messages,
    events,
    watch: () => happenings.watch(),
    trialBalance: () => ledger.trialBalance(storage.read),
    async catchUp(until) {
      const done = await schedules.runDue(until);
      // After the due work, which may still need what would end at the same instant.
      await storage.transaction(async (tx) => {
        await ledger.expireHolds(tx, until);
        await purgeWrites(tx, bank, until);
      });
      await consents.expireDue(until);
      return done;
    },
  };
}
