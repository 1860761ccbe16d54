import { instant, type Currency, type Instant } from '../../kernel/index.js';
import type { SqlReader } from '../../storage/index.js';
import type { LedgerAccountId, TransactionCode } from './posting.js';
import { fromCodeNumber } from './transaction-codes.js';

/** How far customers' accounts are booked: the sequence number of the last line of each. */
export type Positions = ReadonlyMap<LedgerAccountId, number>;

export interface NewLine {
  readonly account: LedgerAccountId;
  readonly currency: Currency;
  readonly seq: number;
  readonly bookedAt: Instant;
  readonly amountMinor: bigint;
  readonly code: TransactionCode;
  readonly text: string;
}

export interface NewLineCount {
  readonly code: TransactionCode;
  readonly currency: Currency;
  readonly count: number;
  readonly sumMinor: bigint;
}

/** Pairs of one query. Shorter lists are filled up to one of these lengths, so that there are few texts to prepare. */
const LIST_LENGTHS = [8, 64, 256] as const;
/** An account that does not exist. */
const NOBODY = [-1, 0] as const;

type Mark = readonly [account: number, seq: number];

/** Each pair leads to a range of the primary key, so that the cost follows what is new and not what there is. */
function newLinesOf(marks: readonly Mark[]): string {
  const pairs = marks.map(() => '(CAST(? AS BIGINT), CAST(? AS BIGINT))').join(', ');
  return `
  FROM (VALUES ${pairs}) AS mark
  JOIN postings AS line ON line.account_id = mark.column1 AND line.seq > mark.column2
  JOIN ledger_accounts AS account ON account.id = line.account_id`;
}

export async function readPositions(sql: SqlReader, bank: string): Promise<Positions> {
  const rows = await sql.all<{ id: bigint; last_seq: bigint }>(
    "SELECT id, last_seq FROM ledger_accounts WHERE bank = ? AND kind = 'customer'",
    [bank],
  );
  return new Map(rows.map(({ id, last_seq }) => [Number(id), Number(last_seq)]));
}

/** How many lines of each kind customers' accounts have gained since then. */
export async function countLinesSince(
  sql: SqlReader,
  bank: string,
  positions: Positions,
): Promise<readonly NewLineCount[]> {
  const counts = new Map<string, NewLineCount>();
  for (const marks of await marksOf(sql, bank, positions)) {
    const rows = await sql.all<{ code: bigint; currency: string; count: bigint; sum: bigint }>(
      `SELECT line.code, account.currency, count(*) AS count, sum(line.amount_minor) AS sum ${newLinesOf(marks)}
       GROUP BY line.code, account.currency ORDER BY line.code, account.currency`,
      marks.flat(),
    );
    for (const { code, currency, count, sum } of rows) {
      const key = `${String(code)} ${currency}`;
      const before = counts.get(key);
      counts.set(key, {
        code: fromCodeNumber(Number(code)),
        currency,
        count: Number(count) + (before?.count ?? 0),
        sumMinor: sum + (before?.sumMinor ?? 0n),
      });
    }
  }
  return [...counts.values()];
}

/** The first of those lines in order of time. */
export async function readLinesSince(
  sql: SqlReader,
  bank: string,
  { positions, limit }: { readonly positions: Positions; readonly limit: number },
): Promise<readonly NewLine[]> {
  const found: LineRow[] = [];
  for (const marks of await marksOf(sql, bank, positions)) {
    const rows = await sql.all<LineRow>(
      `SELECT line.account_id, account.currency, line.seq, line.booked_at, line.amount_minor, line.code, text.text
       ${newLinesOf(marks)}
       JOIN ledger_texts AS text ON text.id = line.text_id
       ORDER BY line.booked_at, line.account_id, line.seq LIMIT ?`,
      [...marks.flat(), limit],
    );
    found.push(...rows);
  }
  found.sort((one, other) =>
    Number(one.booked_at - other.booked_at || one.account_id - other.account_id || one.seq - other.seq),
  );
  return found.slice(0, limit).map((row) => ({
    account: Number(row.account_id),
    currency: row.currency,
    seq: Number(row.seq),
    bookedAt: instant(Number(row.booked_at)),
    amountMinor: row.amount_minor,
    code: fromCodeNumber(Number(row.code)),
    text: row.text,
  }));
}

interface LineRow {
  readonly account_id: bigint;
  readonly currency: string;
  readonly seq: bigint;
  readonly booked_at: bigint;
  readonly amount_minor: bigint;
  readonly code: bigint;
  readonly text: string;
}

/** Accounts that have moved since, each with where it stood, in lists. One that was opened since stood at nothing. */
async function marksOf(sql: SqlReader, bank: string, before: Positions): Promise<readonly (readonly Mark[])[]> {
  const marks: Mark[] = [];
  for (const [account, last] of await readPositions(sql, bank)) {
    const seq = before.get(account) ?? 0;
    if (last > seq) marks.push([account, seq]);
  }
  const longest = LIST_LENGTHS.at(-1) ?? 1;
  const lists: (readonly Mark[])[] = [];
  for (let from = 0; from < marks.length; from += longest) {
    const part = marks.slice(from, from + longest);
    const length = LIST_LENGTHS.find((one) => one >= part.length) ?? longest;
    lists.push([...part, ...Array.from({ length: length - part.length }, () => NOBODY)]);
  }
  return lists;
}

/** Money set aside that was freed because its time had come, after `from` and up to `to`. */
export async function readHoldsExpired(
  sql: SqlReader,
  bank: string,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<readonly { readonly id: string; readonly at: Instant }[]> {
  const rows = await sql.all<{ id: string; expires_at: bigint }>(
    `SELECT id, expires_at FROM holds WHERE bank = ? AND state = 'expired' AND expires_at > ? AND expires_at <= ?
     ORDER BY expires_at, id`,
    [bank, from, to],
  );
  return rows.map(({ id, expires_at }) => ({ id, at: instant(Number(expires_at)) }));
}
