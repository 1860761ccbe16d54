import {
  createExchange,
  exchangeMigrations,
  accountsMigrations,
  createAccounts,
  createEventLog,
  createLedger,
  createPayments,
  createSchedules,
  createTransactions,
  dynamicLinkHash,
  eventsMigrations,
  idempotencyMigrations,
  ledgerMigrations,
  paymentsMigrations,
  schedulesMigrations,
  type Account,
  type AccountIdentifier,
  type BankProfile,
  type Consent,
  type Consents,
  type IdempotencyKey,
  type NewAccount,
} from '../../src/bank/index.js';
import {
  createClock,
  createIdScheme,
  instant,
  MS_PER_DAY,
  plusMs,
  SandbankError,
  type Instant,
} from '../../src/kernel/index.js';
import { countersMigrations, type SqlTransaction, type Storage } from '../../src/storage/index.js';
import { openTestStorage } from '../support/databases.js';

export const START = instant(Date.UTC(2026, 0, 5, 9));

export const PROFILE: BankProfile = {
  id: 'bramble',
  name: 'Bramble Bank',
  country: 'GB',
  currency: 'GBP',
  sortCode: '402050',
  bic: 'BRMBGB2L',
  payments: { acceptMs: 1_000, settleMs: 1_000, debitMs: 1_000, creditMs: 1_000 },
};

export const ELSEWHERE: AccountIdentifier = {
  scheme: 'sort-code-account-number',
  identification: '11223387654321',
  name: 'Larkrise Bakery',
};

export { openTestStorage as openTemporaryStorage } from '../support/databases.js';

/**
 * The modules of a bank on a real database. Only the journey is left out: a consent is authorised by writing its row,
 * since a hundred logins would take longer than what is tested here.
 */
export async function openSampleBank(profile: BankProfile = PROFILE) {
  const { storage, close } = await openTestStorage();
  await storage.migrate([
    countersMigrations,
    eventsMigrations,
    idempotencyMigrations,
    schedulesMigrations,
    ledgerMigrations,
    accountsMigrations,
    exchangeMigrations,
    paymentsMigrations,
  ]);
  const clock = createClock({ mode: 'frozen', at: START });
  const ids = createIdScheme('test');
  const bank = profile.id;
  const events = createEventLog({ bank, storage });
  const schedules = createSchedules({ bank, storage });
  const ledger = createLedger({ bank, ids });
  const accounts = createAccounts({ profile, storage, clock, ids, ledger, events });
  const transactions = createTransactions({ bank, storage, ids, accounts });
  const consents = await createAuthorisedConsents(storage, profile);
  const payments = createPayments({
    profile,
    storage,
    clock,
    ids,
    ledger,
    accounts,
    consents: consents.face,
    schedules,
    events,
    exchange: createExchange({ profile, storage, clock, ids }),
  });

  const open = (tx: SqlTransaction, more: Partial<NewAccount> = {}): Promise<Account> =>
    accounts.open(tx, {
      product: { id: 'current', name: 'Bramble Current', type: 'current', category: 'personal' },
      currency: 'GBP',
      holderName: 'MS A CLARKE',
      holders: [{ partyId: 'amelia', role: 'sole' }],
      openedAt: START,
      overdraftLimitMinor: 0n,
      ...more,
    });
  const fund = async (
    tx: SqlTransaction,
    account: Account,
    amountMinor: bigint,
    at: Instant = START,
  ): Promise<void> => {
    const equity = await ledger.internal(tx, 'opening-equity', 'GBP');
    await ledger.post(tx, {
      bank,
      currency: 'GBP',
      bookedAt: at,
      postings: [
        { account: account.ledgerAccount, amountMinor, detail: { code: 'opening-balance', text: 'OPENING BALANCE' } },
        { account: equity, amountMinor: -amountMinor },
      ],
    });
  };
  const openWith = (amountMinor: bigint, more: Partial<NewAccount> = {}): Promise<Account> =>
    storage.transaction(async (tx) => {
      const account = await open(tx, more);
      if (amountMinor > 0n) await fund(tx, account, amountMinor);
      return account;
    });
  return {
    storage,
    clock,
    ids,
    events,
    schedules,
    ledger,
    accounts,
    transactions,
    payments,
    open,
    fund,
    openWith,
    authorise: consents.authorise,
    close,
  };
}

export type Sample = Awaited<ReturnType<typeof openSampleBank>>;

export function sortCodeOf(account: Account): AccountIdentifier {
  return account.identifiers.find(({ scheme }) => scheme === 'sort-code-account-number')!;
}

export function keyOf(key: string, more: Partial<IdempotencyKey> = {}): IdempotencyKey {
  return { clientId: 'tpp', key, fingerprint: 'body', expiresAt: plusMs(START, MS_PER_DAY), ...more };
}

interface ToAuthorise {
  readonly from: Account;
  readonly to: AccountIdentifier;
  readonly amountMinor: bigint;
  readonly clientId?: string;
}

async function createAuthorisedConsents(storage: Storage, profile: BankProfile) {
  await storage.transaction((tx) =>
    tx.run(
      'CREATE TABLE test_consents (id TEXT PRIMARY KEY, client TEXT, body TEXT, amount INTEGER, bound TEXT, used INTEGER)',
    ),
  );
  let last = 0;
  const get: Consents['get'] = async (id, options) => {
    const row = await storage.read.get<{ client: string; body: string; amount: bigint; used: bigint }>(
      'SELECT * FROM test_consents WHERE id = ?',
      [id],
    );
    if (!row) throw new SandbankError('consent.not-found', 'no such consent');
    if (options?.clientId && options.clientId !== row.client)
      throw new SandbankError('consent.of-another-client', 'not yours');
    const consent = JSON.parse(row.body) as Consent & { subject: { instruction: { amount: object } } };
    const amount = { amountMinor: row.amount, currency: 'GBP' };
    return {
      ...consent,
      status: row.used ? 'consumed' : 'authorised',
      subject: { kind: 'payment', instruction: { ...consent.subject.instruction, amount } },
    } as Consent;
  };
  const face = {
    get,
    consume: async (tx: SqlTransaction, id: string, boundTo: string) => {
      const { changes } = await tx.run('UPDATE test_consents SET used = 1 WHERE id = ? AND bound = ? AND used = 0', [
        id,
        boundTo,
      ]);
      if (changes === 0) throw new SandbankError('consent.consumed', 'used');
      return get(id);
    },
  } as unknown as Consents;
  const authorise = async ({ from, to, amountMinor, clientId = 'tpp' }: ToAuthorise): Promise<string> => {
    last += 1;
    const id = `consent-${last}`;
    const instruction = {
      amount: { amountMinor, currency: 'GBP' },
      creditor: to,
      endToEndId: `e2e-${last}`,
      instructionId: `i-${last}`,
      reference: `invoice ${last}`,
      rail: 'faster-payments' as const,
    };
    const body = {
      id,
      bank: profile.id,
      clientId,
      standard: 'test',
      createdAt: START,
      statusAt: START,
      reauthorisable: false,
      wire: '',
      accounts: [{ accountId: from.id, linkedAt: START }],
      subject: { kind: 'payment', instruction: { ...instruction, amount: undefined } },
    };
    await storage.transaction((tx) =>
      tx.run('INSERT INTO test_consents VALUES (?, ?, ?, ?, ?, 0)', [
        id,
        clientId,
        JSON.stringify(body),
        amountMinor,
        dynamicLinkHash(instruction),
      ]),
    );
    return id;
  };
  return { face, authorise };
}
