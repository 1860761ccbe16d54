import {
  readHistorySpan,
  type Bank,
  type Counterparty,
  type DueHandler,
  type Entry,
  type InternalAccount,
  type LedgerAccountId,
  type PostingDetail,
} from '../bank/index.js';
import { assert, instant, type Instant } from '../kernel/index.js';
import { countryOf } from './countries.js';

/** The transaction of whoever books; life only passes it on to the bank. */
export type Transaction = Parameters<DueHandler>[0];

/** The part of storage that life needs: somebody who opens transactions. */
export interface Transactions {
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
}

/** An account of a persona, as the bank opened it. */
export interface LivedAccount {
  /** `persona/account` */
  readonly name: string;
  readonly ledgerAccount: LedgerAccountId;
  readonly holderName: string;
  readonly identification: string;
}

/** One side of what happens: a persona's account, or one of the bank's own. */
export type Side =
  | { readonly account: string; readonly amountMinor: bigint; readonly detail: PostingDetail }
  | { readonly internal: InternalAccount; readonly amountMinor: bigint };

/**
 * The balances of all personas while days are lived. It collects entries in order of time and knows after each what
 * is left, so that nobody spends what she has not got.
 */
export interface Book {
  has(account: string): boolean;
  balance(account: string): bigint;
  /** Can the account pay this and stay at or above both its limit and `floorMinor`? */
  canPay(account: string, amountMinor: bigint, floorMinor?: bigint): boolean;
  counterparty(account: string): Counterparty;
  post(at: Instant, sides: readonly Side[]): void;
  /** Hands over what was collected. */
  take(): readonly Entry[];
}

/** An account in a book, as it goes on. */
export interface Page {
  readonly account: LivedAccount;
  readonly heldMinor: bigint;
  readonly limitMinor: bigint;
  bookedMinor: bigint;
  lastBookedAt: number;
}

const INTERNALS_USED: readonly InternalAccount[] = [
  'opening-equity',
  'payroll-clearing',
  'card-clearing',
  'direct-debit-clearing',
  'payment-clearing',
  'cash-clearing',
  'fee-income',
  'interest-income',
  'interest-expense',
  'loan-principal',
];

/** Opens the book on what the transaction sees. */
export async function openBook(tx: Transaction, bank: Bank, accounts: readonly LivedAccount[]): Promise<Book> {
  const { currency, id: bankId } = bank.profile;
  const pages = new Map<string, Page>();
  for (const account of accounts) pages.set(account.name, await readPage(tx, bank, account));
  const internals = await internalsOf(tx, bank);
  let entries: Entry[] = [];
  const { page, ...reading } = readingOf(bank, pages);
  return {
    ...reading,
    post(at, sides) {
      const touched = sides.flatMap((side) => ('account' in side ? [page(side.account)] : []));
      // A payment that a customer made through an API may have been booked in the meantime; accounts never go back.
      const bookedAt = instant(Math.max(at, ...touched.map(({ lastBookedAt }) => lastBookedAt)));
      const postings = sides.map((side) => {
        if ('account' in side) {
          const own = page(side.account);
          own.bookedMinor += side.amountMinor;
          own.lastBookedAt = bookedAt;
          return { account: own.account.ledgerAccount, amountMinor: side.amountMinor, detail: side.detail };
        }
        const account = internals.get(side.internal);
        assert(account !== undefined, `the bank's own account ${side.internal}`);
        return { account, amountMinor: side.amountMinor };
      });
      entries.push({ bank: bankId, currency, bookedAt, postings });
    },
    take() {
      const taken = entries;
      entries = [];
      return taken;
    },
  };
}

/** What every book tells of its pages. */
export function readingOf<P extends Page>(
  { profile }: Bank,
  pages: ReadonlyMap<string, P>,
): Pick<Book, 'has' | 'balance' | 'canPay' | 'counterparty'> & { page(name: string): P } {
  const scheme = countryOf(profile.country)?.accountScheme;
  assert(scheme, `customs of ${profile.country}`);
  const page = (name: string): P => {
    const found = pages.get(name);
    assert(found, `an account ${name}`);
    return found;
  };
  return {
    page,
    has: (account) => pages.has(account),
    balance: (account) => page(account).bookedMinor,
    canPay(account, amountMinor, floorMinor) {
      const { bookedMinor, heldMinor, limitMinor } = page(account);
      const left = bookedMinor - heldMinor - amountMinor;
      return left >= -limitMinor && (floorMinor === undefined || left >= floorMinor);
    },
    counterparty(account) {
      const { holderName, identification } = page(account).account;
      return { name: holderName, scheme, identification };
    },
  };
}

/** The bank's own accounts on which life has its other side. */
export async function internalsOf(tx: Transaction, bank: Bank): Promise<ReadonlyMap<InternalAccount, LedgerAccountId>> {
  const internals = new Map<InternalAccount, LedgerAccountId>();
  for (const name of INTERNALS_USED) internals.set(name, await bank.ledger.internal(tx, name, bank.profile.currency));
  return internals;
}

async function readPage(tx: Transaction, bank: Bank, account: LivedAccount): Promise<Page> {
  const { bookedMinor, heldMinor, overdraftLimitMinor } = await bank.ledger.balance(tx, account.ledgerAccount);
  const span = await readHistorySpan(tx, account.ledgerAccount);
  return { account, heldMinor, limitMinor: overdraftLimitMinor, bookedMinor, lastBookedAt: span?.last ?? 0 };
}
