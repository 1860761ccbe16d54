import type { SqlReader } from '../../storage/index.js';
import type { BalanceDifference, TrialBalance } from './ledger.js';

interface DifferenceRow {
  readonly account: bigint;
  readonly kept: bigint;
  readonly derived: bigint;
}

/** Adds everything up again from postings and holds, and compares it with what is kept. */
export async function readTrialBalance(sql: SqlReader, bank: string): Promise<TrialBalance> {
  const currencies = await sql.all<{ currency: string; sum: bigint }>(
    `SELECT account.currency AS currency, coalesce(sum(posting.amount_minor), 0) AS sum
     FROM ledger_accounts AS account LEFT JOIN postings AS posting ON posting.account_id = account.id
     WHERE account.bank = ? GROUP BY account.currency ORDER BY account.currency`,
    [bank],
  );
  const counts = await sql.get<{ accounts: bigint; postings: bigint }>(
    `SELECT count(*) AS accounts, coalesce(sum(last_seq), 0) AS postings FROM ledger_accounts WHERE bank = ?`,
    [bank],
  );
  const unbalanced = await sql.get<{ count: bigint }>(
    `SELECT count(*) AS count FROM (
       SELECT 1 FROM postings JOIN entries ON entries.id = postings.entry_id
       WHERE entries.bank = ? GROUP BY postings.entry_id HAVING sum(postings.amount_minor) <> 0) AS unbalanced`,
    [bank],
  );
  return {
    currencies: currencies.map(({ currency, sum }) => ({ currency, sumMinor: sum })),
    differences: await differences(sql, bank, {
      kept: 'booked_minor',
      derived: 'SELECT sum(amount_minor) FROM postings WHERE account_id = account.id',
    }),
    heldDifferences: await differences(sql, bank, {
      kept: 'held_minor',
      derived: "SELECT sum(amount_minor) FROM holds WHERE account_id = account.id AND state = 'held'",
    }),
    unbalancedEntries: Number(unbalanced?.count ?? 0),
    accounts: Number(counts?.accounts ?? 0),
    postings: Number(counts?.postings ?? 0),
  };
}

async function differences(
  sql: SqlReader,
  bank: string,
  compared: { readonly kept: string; readonly derived: string },
): Promise<readonly BalanceDifference[]> {
  const rows = await sql.all<DifferenceRow>(
    `SELECT * FROM (
       SELECT account.id AS account, account.${compared.kept} AS kept, coalesce((${compared.derived}), 0) AS derived
       FROM ledger_accounts AS account WHERE account.bank = ?) AS compared
     WHERE kept <> derived ORDER BY account`,
    [bank],
  );
  return rows.map((row) => ({ account: Number(row.account), keptMinor: row.kept, derivedMinor: row.derived }));
}
