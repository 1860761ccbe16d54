import { instant, type Instant } from '../../kernel/index.js';
import type { SqlReader } from '../../storage/index.js';
import type { LedgerAccountId, TransactionCode } from './posting.js';
import { fromCodeNumber } from './transaction-codes.js';

/** A booked line as statistics need it: the amounts, and enough to tell what kind it is. */
export interface AccountLine {
  readonly account: LedgerAccountId;
  readonly seq: number;
  readonly bookedAt: Instant;
  readonly amountMinor: bigint;
  readonly balanceMinor: bigint;
  readonly code: TransactionCode;
  /** Of the merchant (ISO 18245). */
  readonly categoryCode?: string;
  readonly counterparty?: string;
}

interface LineRow {
  readonly account_id: bigint;
  readonly seq: bigint;
  readonly booked_at: bigint;
  readonly amount_minor: bigint;
  readonly balance_minor: bigint;
  readonly code: bigint | null;
  readonly category_code: string | null;
  readonly party: string | null;
}

/** All customers' lines of the accounts from one to another, by account and then in order of booking. */
export async function readAccountLines(
  sql: SqlReader,
  accounts: { readonly from: LedgerAccountId; readonly to: LedgerAccountId },
): Promise<readonly AccountLine[]> {
  const rows = await sql.all<LineRow>(
    `SELECT posting.account_id, posting.seq, posting.booked_at, posting.amount_minor, posting.balance_minor,
       posting.code, merchant.category_code, party.name AS party
     FROM postings AS posting
     LEFT JOIN ledger_merchants AS merchant ON merchant.id = posting.merchant_id
     LEFT JOIN ledger_counterparties AS party ON party.id = posting.counterparty_id
     WHERE posting.account_id BETWEEN ? AND ? AND posting.code IS NOT NULL
     ORDER BY posting.account_id, posting.seq`,
    [accounts.from, accounts.to],
  );
  return rows.map((row) => ({
    account: Number(row.account_id),
    seq: Number(row.seq),
    bookedAt: instant(Number(row.booked_at)),
    amountMinor: row.amount_minor,
    balanceMinor: row.balance_minor,
    code: fromCodeNumber(Number(row.code)),
    ...(row.category_code !== null && { categoryCode: row.category_code }),
    ...(row.party !== null && { counterparty: row.party }),
  }));
}
