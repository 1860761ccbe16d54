import { assert, instant, type IdScheme } from '../../kernel/index.js';
import type { SqlReader, Storage } from '../../storage/index.js';
import type { Account, AccountId, Accounts } from '../accounts/index.js';
import {
  countBookedBefore,
  createDictionaryReader,
  readHistorySpan,
  readOpenHolds,
  readStatement,
  type DictionaryReader,
  type OpenHold,
  type StatementLine,
} from '../ledger/index.js';
import { createCursorCodec, type Position } from './cursor.js';
import { createRememberedSlices } from './remembered-slices.js';
import type { Transaction, TransactionPage, TransactionQuery } from './transaction.js';

/** The read side of the ledger for customers. */
export interface Transactions {
  /**
   * A page, newest first; full as long as more booked lines match. What is pending comes before the newest booked line,
   * on top of the page size. Throws `account.not-found`, and `field.invalid` for a cursor that this bank did not make. An
   * account that was read already need not be read again.
   */
  page(account: AccountId | Account, query: TransactionQuery): Promise<TransactionPage>;
  /** One of the account, booked or pending. Throws `account.not-found`. */
  get(id: AccountId, transactionId: string): Promise<Transaction | undefined>;
}

export interface TransactionsOptions {
  readonly bank: string;
  readonly storage: Storage;
  readonly ids: IdScheme;
  readonly accounts: Accounts;
}

export function createTransactions(options: TransactionsOptions): Transactions {
  const { bank, storage, ids, accounts } = options;
  const slices = createRememberedSlices();
  const ledger: LedgerReader = { sql: storage.read, dictionary: createDictionaryReader(storage.read) };
  return {
    async get(id, transactionId) {
      const account = await accounts.get(id);
      const [, isHold, key = ''] = /^-(h?)([0-9a-z]{1,20})$/.exec(transactionId.slice(id.length)) ?? [];
      if (!transactionId.startsWith(id) || key === '') return undefined;
      const { sql, dictionary } = ledger;
      if (isHold) {
        const hold = (await readOpenHolds(sql, account.ledgerAccount, {}, dictionary)).find((one) => one.id === key);
        return hold && toPending(account, hold);
      }
      const seq = /^\d{1,15}$/.test(key) ? Number(key) : 0;
      const one = { fromSeq: seq, toSeq: seq, direction: 'both', order: 'newest-first', limit: 1 } as const;
      const [line] = await readStatement(sql, { account: account.ledgerAccount, ...one }, dictionary);
      return line && toBooked(account, line);
    },
    async page(of, query) {
      assert(query.pageSize >= 1, 'a page has room for a line');
      const account = typeof of === 'string' ? await accounts.get(of) : of;
      const id = account.id;
      const cursors = createCursorCodec(ids, { bank, accountId: id, query });
      const { from, to, cursor = '', directions, pageSize } = query;
      const position = query.cursor === undefined ? undefined : cursors.read(query.cursor);
      // Writes may fall between these reads. Booked lines never change, and `lastSeq` is their end for all of them; what is
      // pending is read before it, so that a payment booked in between is seen twice and never missed.
      const held = query.includePending ? await readPending(ledger, account, query) : [];
      const span = await readHistorySpan(ledger.sql, account.ledgerAccount);
      const lastSeq = span?.lastSeq ?? 0;
      const key = [id, lastSeq, from ?? '', to ?? '', directions.join('+'), pageSize, cursor].join(' ');
      const booked = await slices.of(key, async () => {
        const slice = await readSlice(ledger, account, query, { position, lastSeq });
        const [newest, oldest] = [slice.lines[0], slice.lines.at(-1)];
        return {
          items: slice.lines.map((line) => toBooked(account, line)),
          hasNewer: slice.hasNewer,
          ...(slice.hasOlder && oldest && { next: cursors.write({ towards: 'older', seq: oldest.seq }) }),
          ...(slice.hasNewer && newest && { previous: cursors.write({ towards: 'newer', seq: newest.seq }) }),
        };
      });
      const { items, next, previous } = booked;
      const pending = booked.hasNewer ? [] : held.filter((hold) => !isAmong(items, hold));
      const page = {
        items: pending.length === 0 ? items : [...pending, ...items],
        ...(next !== undefined && { next }),
        ...(previous !== undefined && { previous }),
        ...(span && { firstAvailable: span.first, lastAvailable: span.last }),
      };
      // The same lines once more are no part of what a page says.
      return Object.defineProperties(page, { pending: { value: pending }, booked: { value: booked } });
    },
  };
}

/** A payment that was booked while its hold was read. */
function isAmong(booked: readonly Transaction[], { paymentId }: Transaction): boolean {
  return paymentId !== undefined && booked.some((line) => line.paymentId === paymentId);
}

interface LedgerReader {
  readonly sql: SqlReader;
  readonly dictionary: DictionaryReader;
}

/** What of an account never changes and a page needs. */
type PagedAccount = Pick<Account, 'id' | 'ledgerAccount' | 'currency'>;

interface Slice {
  /** Newest first. */
  readonly lines: readonly StatementLine[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

async function readSlice(
  { sql, dictionary }: LedgerReader,
  account: PagedAccount,
  query: TransactionQuery,
  place: { readonly position: Position | undefined; readonly lastSeq: number },
): Promise<Slice> {
  const direction = directionOf(query);
  if (direction === 'none') return { lines: [], hasOlder: false, hasNewer: false };
  const bounds = await boundsOf(sql, account, query, place.lastSeq);
  const read = (from: number, to: number, order: 'newest-first' | 'oldest-first', limit: number) =>
    readStatement(
      sql,
      { account: account.ledgerAccount, fromSeq: from, toSeq: to, direction, order, limit },
      dictionary,
    );
  const { position } = place;
  const size = query.pageSize;

  if (position?.towards === 'newer') {
    const found = await read(Math.max(bounds.first, position.seq + 1), bounds.last, 'oldest-first', size + 1);
    const lines = found.slice(0, size).reverse();
    const below = await read(bounds.first, Math.min(bounds.last, position.seq), 'newest-first', 1);
    return { lines, hasOlder: below.length > 0, hasNewer: found.length > size };
  }
  const last = position ? Math.min(bounds.last, position.seq - 1) : bounds.last;
  const found = await read(bounds.first, last, 'newest-first', size + 1);
  const lines = found.slice(0, size);
  const above = position ? await read(Math.max(bounds.first, position.seq), bounds.last, 'oldest-first', 1) : [];
  return { lines, hasOlder: found.length > size, hasNewer: above.length > 0 };
}

/** Sequence numbers of the first and last line within the dates. */
async function boundsOf(
  sql: SqlReader,
  account: PagedAccount,
  query: TransactionQuery,
  lastSeq: number,
): Promise<{ readonly first: number; readonly last: number }> {
  const before = (at: number): Promise<number> => countBookedBefore(sql, account.ledgerAccount, instant(at));
  return {
    first: query.from === undefined ? 1 : (await before(query.from)) + 1,
    last: query.to === undefined ? lastSeq : await before(query.to + 1),
  };
}

function directionOf({ directions }: TransactionQuery): 'credit' | 'debit' | 'both' | 'none' {
  const [credit, debit] = [directions.includes('credit'), directions.includes('debit')];
  if (credit && debit) return 'both';
  if (credit) return 'credit';
  return debit ? 'debit' : 'none';
}

/** Money set aside is money on its way out, so that it counts as debits. */
async function readPending(
  { sql, dictionary }: LedgerReader,
  account: PagedAccount,
  query: TransactionQuery,
): Promise<readonly Transaction[]> {
  if (!query.directions.includes('debit')) return [];
  const { from, to } = query;
  const made = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  const holds = await readOpenHolds(sql, account.ledgerAccount, made, dictionary);
  return holds.map((hold) => toPending(account, hold));
}

function toBooked(account: PagedAccount, line: StatementLine): Transaction {
  const { seq, bookedAt, amountMinor, balanceMinor, detail } = line;
  return {
    ...detail,
    id: `${account.id}-${String(seq)}`,
    accountId: account.id,
    status: 'booked',
    direction: amountMinor < 0n ? 'debit' : 'credit',
    amountMinor: amountMinor < 0n ? -amountMinor : amountMinor,
    currency: account.currency,
    bookedAt,
    valueAt: bookedAt,
    balanceAfterMinor: balanceMinor,
  };
}

function toPending(account: PagedAccount, hold: OpenHold): Transaction {
  return {
    ...hold.detail,
    id: `${account.id}-h${hold.id}`,
    accountId: account.id,
    status: 'pending',
    direction: 'debit',
    amountMinor: hold.amountMinor,
    currency: account.currency,
    bookedAt: hold.createdAt,
    valueAt: hold.createdAt,
  };
}
