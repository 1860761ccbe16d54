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

/** Each pair leads to a range of the primary key, so that the cost follows what is new and not what there is. */
const NEW_LINES = `
  FROM json_each(?) AS mark
  CROSS JOIN postings AS row ON row.account_id = json_extract(mark.value, '$[0]')
    AND row.seq > json_extract(mark.value, '$[1]')
  CROSS JOIN ledger_accounts AS account ON account.id = row.account_id`;

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
  const rows = await sql.all<{ code: bigint; currency: string; count: bigint; sum: bigint }>(
    `SELECT row.code, account.currency, count(*) AS count, sum(row.amount_minor) AS sum ${NEW_LINES}
     GROUP BY row.code, account.currency ORDER BY row.code, account.currency`,
    [await marksOf(sql, bank, positions)],
  );
  return rows.map(({ code, currency, count, sum }) => ({
    code: fromCodeNumber(Number(code)),
    currency,
    count: Number(count),
    sumMinor: sum,
  }));
}

/** The first of those lines in order of time. */
export async function readLinesSince(
  sql: SqlReader,
  bank: string,
  { positions, limit }: { readonly positions: Positions; readonly limit: number },
): Promise<readonly NewLine[]> {
  const rows = await sql.all<{
    account_id: bigint;
    currency: string;
    seq: bigint;
    booked_at: bigint;
    amount_minor: bigint;
    code: bigint;
    text: string;
  }>(
    `SELECT row.account_id, account.currency, row.seq, row.booked_at, row.amount_minor, row.code, text.text ${NEW_LINES}
     JOIN ledger_texts AS text ON text.id = row.text_id
     ORDER BY row.booked_at, row.account_id, row.seq LIMIT ?`,
    [await marksOf(sql, bank, positions), limit],
  );
  return rows.map((row) => ({
    account: Number(row.account_id),
    currency: row.currency,
    seq: Number(row.seq),
    bookedAt: instant(Number(row.booked_at)),
    amountMinor: row.amount_minor,
    code: fromCodeNumber(Number(row.code)),
    text: row.text,
  }));
}

/** Accounts that have moved since, each with where it stood. One that was opened since stood at nothing. */
async function marksOf(sql: SqlReader, bank: string, before: Positions): Promise<string> {
  const marks: (readonly [number, number])[] = [];
  for (const [account, last] of await readPositions(sql, bank)) {
    const seq = before.get(account) ?? 0;
    if (last > seq) marks.push([account, seq]);
  }
  return JSON.stringify(marks);
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
