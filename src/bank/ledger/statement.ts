import { instant, type Instant } from '../../kernel/index.js';
import type { SqlReader, SqlValue } from '../../storage/index.js';
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
  readonly text: string;
  readonly reference: string | null;
  readonly merchant: string | null;
  readonly category: string | null;
  readonly party: string | null;
  readonly scheme: string | null;
  readonly identification: string | null;
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

const DETAIL_SELECTION = `
  row.code, text.text, reference.text AS reference, row.payment_id,
  merchant.name AS merchant, merchant.category_code AS category,
  party.name AS party, party.scheme, party.identification`;
const DETAIL_JOINS = `
  LEFT JOIN ledger_texts AS text ON text.id = row.text_id
  LEFT JOIN ledger_texts AS reference ON reference.id = row.reference_id
  LEFT JOIN ledger_merchants AS merchant ON merchant.id = row.merchant_id
  LEFT JOIN ledger_counterparties AS party ON party.id = row.counterparty_id`;

const DIRECTION = { credit: 'AND row.amount_minor >= 0', debit: 'AND row.amount_minor < 0', both: '' } as const;
const ORDER = { 'newest-first': 'DESC', 'oldest-first': 'ASC' } as const;

/** Reads booked lines of a customer's account by keyset: cost follows the page, not the account. */
export async function readStatement(sql: SqlReader, query: StatementQuery): Promise<readonly StatementLine[]> {
  const rows = await sql.all<LineRow>(
    `SELECT row.seq, row.booked_at, row.amount_minor, row.balance_minor, ${DETAIL_SELECTION}
     FROM postings AS row ${DETAIL_JOINS}
     WHERE row.account_id = ? AND row.seq >= ? AND row.seq <= ? ${DIRECTION[query.direction]}
     ORDER BY row.seq ${ORDER[query.order]} LIMIT ?`,
    [query.account, query.fromSeq, query.toSeq, query.limit],
  );
  const notes = await readNotes(sql, query.account, rows);
  return rows.map((row) => ({
    seq: Number(row.seq),
    bookedAt: instant(Number(row.booked_at)),
    amountMinor: row.amount_minor,
    balanceMinor: row.balance_minor,
    detail: { ...toDetail(row), ...notes.get(row.seq) },
  }));
}

/** Holds that are still held, newest first, made within the given instants (inclusive). */
export async function readOpenHolds(
  sql: SqlReader,
  account: LedgerAccountId,
  made: { readonly from?: Instant; readonly to?: Instant },
): Promise<readonly OpenHold[]> {
  const bounds: SqlValue[] = [made.from ?? Number.MIN_SAFE_INTEGER, made.to ?? Number.MAX_SAFE_INTEGER];
  const rows = await sql.all<HoldRow>(
    `SELECT row.id, row.amount_minor, row.created_at, ${DETAIL_SELECTION}
     FROM holds AS row ${DETAIL_JOINS}
     WHERE row.account_id = ? AND row.state = 'held' AND row.created_at BETWEEN ? AND ?
     ORDER BY row.created_at DESC, row.id`,
    [account, ...bounds],
  );
  return rows.map((row) => ({
    id: row.id,
    amountMinor: row.amount_minor,
    createdAt: instant(Number(row.created_at)),
    detail: toDetail(row),
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
       SELECT 0, (SELECT last_seq FROM ledger_accounts WHERE id = ?1)
       UNION ALL
       SELECT iif(middle.booked_at < ?2, middle.seq, low), iif(middle.booked_at < ?2, high, middle.seq - 1)
       FROM search JOIN postings AS middle ON middle.account_id = ?1 AND middle.seq = (low + high + 1) / 2
       WHERE low < high
     )
     SELECT low FROM search WHERE low = high`,
    [account, before],
  );
  return Number(row?.low ?? 0);
}

function toDetail(row: DetailRow): PostingDetail {
  return {
    code: fromCodeNumber(Number(row.code)),
    text: row.text,
    ...(row.reference !== null && { reference: row.reference }),
    ...(row.merchant !== null && { merchant: { name: row.merchant, categoryCode: row.category ?? '' } }),
    ...(row.party !== null && {
      counterparty: {
        name: row.party,
        ...(row.scheme !== null && row.scheme !== '' && { scheme: row.scheme }),
        ...(row.identification !== null && row.identification !== '' && { identification: row.identification }),
      },
    }),
    ...(row.payment_id !== null && { paymentId: row.payment_id }),
  };
}
