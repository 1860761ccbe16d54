import { assert, instant, type Instant } from '../../kernel/index.js';
import type { SqlReader, SqlValue } from '../../storage/index.js';
import { createDictionaryReader, type DictionaryReader } from './dictionary-reader.js';
import { readNotes } from './notes.js';
import type { LedgerAccountId, PostingDetail } from './posting.js';
import { fromCodeNumber } from './transaction-codes.js';

/** A booked line of an account, as it stands in the ledger. */
export interface StatementLine {
  readonly seq: number;
  readonly bookedAt: Instant;
  /** Signed: a credit is positive. */
  readonly amountMinor: bigint;
  readonly balanceMinor: bigint;
  readonly detail: PostingDetail;
}

/** Money that is still set aside, as the customer sees it. */
export interface OpenHold {
  readonly id: string;
  readonly amountMinor: bigint;
  readonly createdAt: Instant;
  readonly detail: PostingDetail;
}

export interface StatementQuery {
  readonly account: LedgerAccountId;
  /** Sequence numbers, both inclusive. */
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly direction: 'credit' | 'debit' | 'both';
  readonly order: 'newest-first' | 'oldest-first';
  readonly limit: number;
}

interface DetailRow {
  readonly code: bigint;
  readonly text_id: bigint;
  readonly reference_id: bigint | null;
  readonly merchant_id: bigint | null;
  readonly counterparty_id: bigint | null;
  readonly payment_id: string | null;
}

interface LineRow extends DetailRow {
  readonly seq: bigint;
  readonly booked_at: bigint;
  readonly amount_minor: bigint;
  readonly balance_minor: bigint;
}

interface HoldRow extends DetailRow {
  readonly id: string;
  readonly amount_minor: bigint;
  readonly created_at: bigint;
}

/** Keys alone: the words behind them are few and remembered, and four joins would cost more than the rows themselves. */
const DETAIL_SELECTION = 'code, text_id, reference_id, merchant_id, counterparty_id, payment_id';

const DIRECTION = { credit: 'AND amount_minor >= 0', debit: 'AND amount_minor < 0', both: '' } as const;
const ORDER = { 'newest-first': 'DESC', 'oldest-first': 'ASC' } as const;

/** Reads booked lines of a customer's account by keyset: cost follows the page, not the account. */
export async function readStatement(
  sql: SqlReader,
  query: StatementQuery,
  dictionary: DictionaryReader = createDictionaryReader(sql),
): Promise<readonly StatementLine[]> {
  const rows = await sql.all<LineRow>(
    `SELECT seq, booked_at, amount_minor, balance_minor, ${DETAIL_SELECTION}
     FROM postings
     WHERE account_id = ? AND seq >= ? AND seq <= ? ${DIRECTION[query.direction]}
     ORDER BY seq ${ORDER[query.order]} LIMIT ?`,
    [query.account, query.fromSeq, query.toSeq, query.limit],
  );
  const detailOf = await detailsOf(rows, dictionary);
  const notes = await readNotes(sql, query.account, rows);
  return rows.map((row) => ({
    seq: Number(row.seq),
    bookedAt: instant(Number(row.booked_at)),
    amountMinor: row.amount_minor,
    balanceMinor: row.balance_minor,
    detail: withNote(detailOf(row), notes.get(row.seq)),
  }));
}

/** Holds that are still held, newest first, made within the given instants (inclusive). */
export async function readOpenHolds(
  sql: SqlReader,
  account: LedgerAccountId,
  made: { readonly from?: Instant; readonly to?: Instant },
  dictionary: DictionaryReader = createDictionaryReader(sql),
): Promise<readonly OpenHold[]> {
  const bounds: SqlValue[] = [made.from ?? Number.MIN_SAFE_INTEGER, made.to ?? Number.MAX_SAFE_INTEGER];
  const rows = await sql.all<HoldRow>(
    `SELECT id, amount_minor, created_at, ${DETAIL_SELECTION}
     FROM holds
     WHERE account_id = ? AND state = 'held' AND created_at BETWEEN ? AND ?
     ORDER BY created_at DESC, id`,
    [account, ...bounds],
  );
  const detailOf = await detailsOf(rows, dictionary);
  return rows.map((row) => ({
    id: row.id,
    amountMinor: row.amount_minor,
    createdAt: instant(Number(row.created_at)),
    detail: detailOf(row),
  }));
}

/** First and last line of an account, or undefined where nothing was ever booked. */
export async function readHistorySpan(
  sql: SqlReader,
  account: LedgerAccountId,
): Promise<{ readonly lastSeq: number; readonly first: Instant; readonly last: Instant } | undefined> {
  const row = await sql.get<{ last_seq: bigint; last_booked_at: bigint; first: bigint }>(
    `SELECT account.last_seq, account.last_booked_at, posting.booked_at AS first
     FROM ledger_accounts AS account JOIN postings AS posting ON posting.account_id = account.id AND posting.seq = 1
     WHERE account.id = ?`,
    [account],
  );
  return (
    row && {
      lastSeq: Number(row.last_seq),
      first: instant(Number(row.first)),
      last: instant(Number(row.last_booked_at)),
    }
  );
}

/**
 * How many lines of a customer's account were booked before an instant. Since lines are booked in order of time, the
 * answer is found by halving over the primary key, and no second index over the largest table is needed.
 */
export async function countBookedBefore(sql: SqlReader, account: LedgerAccountId, before: Instant): Promise<number> {
  const row = await sql.get<{ low: bigint }>(
    `WITH RECURSIVE search (low, high) AS (
       SELECT CAST(0 AS BIGINT), (SELECT last_seq FROM ledger_accounts WHERE id = ?1)
       UNION ALL
       SELECT CASE WHEN middle.booked_at < ?2 THEN middle.seq ELSE low END,
         CASE WHEN middle.booked_at < ?2 THEN high ELSE middle.seq - 1 END
       FROM search JOIN postings AS middle ON middle.account_id = ?1 AND middle.seq = (low + high + 1) / 2
       WHERE low < high
     )
     SELECT low FROM search WHERE low = high`,
    [account, before],
  );
  return Number(row?.low ?? 0);
}

/** Most lines have none, and are not copied for it. */
function withNote(detail: PostingDetail, note: Partial<PostingDetail> | undefined): PostingDetail {
  return note ? { ...detail, ...note } : detail;
}

async function detailsOf(
  rows: readonly DetailRow[],
  dictionary: DictionaryReader,
): Promise<(row: DetailRow) => PostingDetail> {
  const [texts, merchants, counterparties] = await Promise.all([
    dictionary.texts(keysIn(rows, 'text_id', 'reference_id')),
    dictionary.merchants(keysIn(rows, 'merchant_id')),
    dictionary.counterparties(keysIn(rows, 'counterparty_id')),
  ]);
  return (row) => {
    const text = texts.get(Number(row.text_id));
    assert(text !== undefined, 'a posting that a customer sees says what it is');
    const detail: Writable<PostingDetail> = { code: fromCodeNumber(Number(row.code)), text };
    const reference = row.reference_id === null ? undefined : texts.get(Number(row.reference_id));
    const merchant = row.merchant_id === null ? undefined : merchants.get(Number(row.merchant_id));
    const counterparty = row.counterparty_id === null ? undefined : counterparties.get(Number(row.counterparty_id));
    if (reference !== undefined) detail.reference = reference;
    if (merchant) detail.merchant = merchant;
    if (counterparty) detail.counterparty = counterparty;
    if (row.payment_id !== null) detail.paymentId = row.payment_id;
    return detail;
  };
}

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

type KeyColumn = 'text_id' | 'reference_id' | 'merchant_id' | 'counterparty_id';

function keysIn(rows: readonly DetailRow[], ...columns: readonly KeyColumn[]): ReadonlySet<number> {
  const keys = new Set<number>();
  for (const row of rows) {
    for (const column of columns) {
      const key = row[column];
      if (key !== null) keys.add(Number(key));
    }
  }
  return keys;
}
