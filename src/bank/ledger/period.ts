import { instant, type Instant } from '../../kernel/index.js';
import type { SqlReader } from '../../storage/index.js';
import type { LedgerAccountId, TransactionCode } from './posting.js';
import { countBookedBefore } from './statement.js';
import { fromCodeNumber } from './transaction-codes.js';

/** What a customer's account did in a period. */
export interface BookedPeriod {
  readonly openingMinor: bigint;
  readonly closingMinor: bigint;
  readonly totals: readonly {
    readonly code: TransactionCode;
    readonly direction: 'credit' | 'debit';
    readonly count: number;
    /** Not negative. */
    readonly sumMinor: bigint;
  }[];
}

interface TotalRow {
  readonly code: bigint;
  readonly debit: bigint;
  readonly count: bigint;
  readonly sum: bigint;
}

/** Balances before and after a period (both ends inclusive), and sums by kind and direction. Cost follows its lines. */
export async function readPeriod(
  sql: SqlReader,
  account: LedgerAccountId,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<BookedPeriod> {
  const before = await countBookedBefore(sql, account, from);
  const last = await countBookedBefore(sql, account, instant(to + 1));
  const openingMinor = await balanceAfter(sql, account, before);
  if (last === before) return { openingMinor, closingMinor: openingMinor, totals: [] };
  const rows = await sql.all<TotalRow>(
    `SELECT code, amount_minor < 0 AS debit, count(*) AS count, sum(amount_minor) AS sum
     FROM postings WHERE account_id = ? AND seq > ? AND seq <= ? GROUP BY code, debit ORDER BY code, debit`,
    [account, before, last],
  );
  return {
    openingMinor,
    closingMinor: await balanceAfter(sql, account, last),
    totals: rows.map(({ code, debit, count, sum }) => ({
      code: fromCodeNumber(Number(code)),
      direction: debit === 1n ? 'debit' : 'credit',
      count: Number(count),
      sumMinor: sum < 0n ? -sum : sum,
    })),
  };
}

async function balanceAfter(sql: SqlReader, account: LedgerAccountId, seq: number): Promise<bigint> {
  const row = await sql.get<{ balance_minor: bigint }>(
    'SELECT balance_minor FROM postings WHERE account_id = ? AND seq = ?',
    [account, seq],
  );
  return row?.balance_minor ?? 0n;
}

/** When the first line of each customer's account was booked, where there is one. */
export async function readFirstLines(sql: SqlReader, bank: string): Promise<ReadonlyMap<LedgerAccountId, Instant>> {
  const rows = await sql.all<{ id: bigint; first: bigint }>(
    `SELECT account.id, posting.booked_at AS first
     FROM ledger_accounts AS account JOIN postings AS posting ON posting.account_id = account.id AND posting.seq = 1
     WHERE account.bank = ? AND account.kind = 'customer'`,
    [bank],
  );
  return new Map(rows.map(({ id, first }) => [Number(id), instant(Number(first))]));
}
