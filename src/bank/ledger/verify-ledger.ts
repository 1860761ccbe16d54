import type { AuditCheck, Fault } from '../../kernel/index.js';
import type { SqlReader } from '../../storage/index.js';
import type { LedgerAccountId, TransactionCode } from './posting.js';
import { fromCodeNumber } from './transaction-codes.js';

/** Derives the whole ledger of a bank again from its postings and holds. `sql` must see one instant. */
export async function verifyLedger(sql: SqlReader, bank: string): Promise<readonly AuditCheck[]> {
  const checks: AuditCheck[] = [];
  for (const { name, query, fault } of CLAIMS) {
    const rows = await sql.all<ClaimRow>(query, [bank]);
    checks.push({ name, faults: rows.map(fault) });
  }
  return checks;
}

/** The accounts of a bank's ledger, for who says what they are of. */
export async function readLedgerAccounts(
  sql: SqlReader,
  bank: string,
): Promise<
  readonly { readonly id: LedgerAccountId; readonly kind: 'customer' | 'internal'; readonly currency: string }[]
> {
  const rows = await sql.all<{ id: bigint; kind: 'customer' | 'internal'; currency: string }>(
    'SELECT id, kind, currency FROM ledger_accounts WHERE bank = ? ORDER BY id',
    [bank],
  );
  return rows.map(({ id, kind, currency }) => ({ id: Number(id), kind, currency }));
}

interface ClaimRow {
  readonly account: bigint;
  readonly seq: bigint;
  readonly entry: bigint;
  readonly expected: bigint | string | null;
  readonly actual: bigint | string | null;
}

interface Claim {
  readonly name: string;
  readonly query: string;
  readonly fault: (row: ClaimRow) => Fault;
}

const ofAccount = ({ account, ...row }: ClaimRow): Fault => compared(`ledger account ${String(account)}`, row);
const ofPosting = ({ account, seq, ...row }: ClaimRow): Fault =>
  compared(`posting ${String(seq)} of ledger account ${String(account)}`, row);
const ofEntry = ({ entry, ...row }: ClaimRow): Fault => compared(`entry ${String(entry)}`, row);

function compared(where: string, { expected, actual }: Pick<ClaimRow, 'expected' | 'actual'>): Fault {
  return { where, expected: String(expected), actual: String(actual) };
}

/** Each finds what contradicts it. Accounts are read in the order of their key, so that one pass over postings is enough. */
const CLAIMS: readonly Claim[] = [
  {
    name: 'the sum of all postings is zero in every currency',
    query: `
      SELECT account.currency AS account, 0 AS expected, sum(posting.amount_minor) AS actual
      FROM ledger_accounts AS account JOIN postings AS posting ON posting.account_id = account.id
      WHERE account.bank = ? GROUP BY account.currency HAVING sum(posting.amount_minor) <> 0`,
    fault: ({ account, ...row }) => compared(String(account), row),
  },
  {
    name: 'the postings of every entry sum to zero',
    query: `
      SELECT entries.id AS entry, 0 AS expected, coalesce(sum(posting.amount_minor), 0) AS actual
      FROM entries LEFT JOIN postings AS posting ON posting.entry_id = entries.id
      WHERE entries.bank = ? GROUP BY entries.id HAVING coalesce(sum(posting.amount_minor), 0) <> 0 ORDER BY entries.id`,
    fault: ofEntry,
  },
  {
    name: 'every entry has two sides at least',
    query: `
      SELECT entries.id AS entry, '2 postings or more' AS expected, count(posting.entry_id) || ' postings' AS actual
      FROM entries LEFT JOIN postings AS posting ON posting.entry_id = entries.id
      WHERE entries.bank = ? GROUP BY entries.id HAVING count(posting.entry_id) < 2 ORDER BY entries.id`,
    fault: ofEntry,
  },
  {
    name: 'every posting is of the bank, the currency and the time of its entry',
    query: `
      SELECT posting.account_id AS account, posting.seq AS seq,
        account.bank || ' ' || account.currency || ' ' || posting.booked_at AS expected,
        coalesce(entries.bank || ' ' || entries.currency || ' ' || entries.booked_at, 'no entry') AS actual
      FROM postings AS posting JOIN ledger_accounts AS account ON account.id = posting.account_id
      LEFT JOIN entries ON entries.id = posting.entry_id
      WHERE account.bank = ? AND (entries.id IS NULL OR entries.bank <> account.bank
        OR entries.currency <> account.currency OR posting.booked_at NOT BETWEEN coalesce(entries.since, entries.booked_at) AND entries.booked_at)
      ORDER BY posting.account_id, posting.seq`,
    fault: ofPosting,
  },
  {
    name: 'the postings of every account are numbered without a gap',
    query: `
      SELECT account, seq, before + 1 AS expected, seq AS actual FROM (
        SELECT posting.account_id AS account, posting.seq AS seq,
          coalesce(lag(posting.seq) OVER (PARTITION BY posting.account_id ORDER BY posting.seq), 0) AS before
        FROM postings AS posting JOIN ledger_accounts AS account ON account.id = posting.account_id
        WHERE account.bank = ?) AS numbered
      WHERE seq <> before + 1 ORDER BY account, seq`,
    fault: ofPosting,
  },
  {
    name: 'every running balance is the one before it and the amount',
    query: `
      SELECT account, seq, before + amount AS expected, balance AS actual FROM (
        SELECT posting.account_id AS account, posting.seq AS seq, posting.amount_minor AS amount,
          posting.balance_minor AS balance,
          coalesce(lag(posting.balance_minor) OVER (PARTITION BY posting.account_id ORDER BY posting.seq), 0) AS before
        FROM postings AS posting JOIN ledger_accounts AS account ON account.id = posting.account_id
        WHERE account.bank = ?) AS running
      WHERE balance <> before + amount ORDER BY account, seq`,
    fault: ofPosting,
  },
  {
    name: 'customers are booked in order of time',
    query: `
      SELECT account, seq, 'at or after ' || before AS expected, booked_at AS actual FROM (
        SELECT posting.account_id AS account, posting.seq AS seq, posting.booked_at AS booked_at,
          lag(posting.booked_at) OVER (PARTITION BY posting.account_id ORDER BY posting.seq) AS before
        FROM postings AS posting JOIN ledger_accounts AS account ON account.id = posting.account_id
        WHERE account.bank = ? AND account.kind = 'customer') AS timed
      WHERE booked_at < before ORDER BY account, seq`,
    fault: ofPosting,
  },
  {
    name: 'every kept balance equals the sum of its postings',
    query: `
      SELECT * FROM (
        SELECT account.id AS account, account.booked_minor AS actual, coalesce(
          (SELECT sum(amount_minor) FROM postings WHERE account_id = account.id), 0) AS expected
        FROM ledger_accounts AS account WHERE account.bank = ?) AS kept
      WHERE actual <> expected ORDER BY account`,
    fault: ofAccount,
  },
  {
    name: 'every account knows its last posting',
    query: `
      SELECT * FROM (
        SELECT account.id AS account, account.last_seq AS actual, coalesce(
          (SELECT max(seq) FROM postings WHERE account_id = account.id), 0) AS expected
        FROM ledger_accounts AS account WHERE account.bank = ?) AS kept
      WHERE actual <> expected ORDER BY account`,
    fault: ofAccount,
  },
  {
    name: 'what every account has set aside equals the sum of its holds',
    query: `
      SELECT * FROM (
        SELECT account.id AS account, account.held_minor AS actual, coalesce(
          (SELECT sum(amount_minor) FROM holds WHERE account_id = account.id AND state = 'held'), 0) AS expected
        FROM ledger_accounts AS account WHERE account.bank = ?) AS kept
      WHERE actual <> expected ORDER BY account`,
    fault: ofAccount,
  },
];

/** What is booked under payment orders, for who knows what should be. */
export interface BookedPosting {
  readonly paymentId: string;
  readonly account: LedgerAccountId;
  readonly seq: number;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly code: TransactionCode;
}

export async function readPaymentPostings(sql: SqlReader, bank: string): Promise<readonly BookedPosting[]> {
  const rows = await sql.all<{
    payment: string;
    account: bigint;
    seq: bigint;
    amount: bigint;
    currency: string;
    code: bigint;
  }>(
    `SELECT posting.payment_id AS payment, posting.account_id AS account, posting.seq AS seq,
       posting.amount_minor AS amount, account.currency AS currency, posting.code AS code
     FROM postings AS posting JOIN ledger_accounts AS account ON account.id = posting.account_id
     WHERE account.bank = ? AND posting.payment_id IS NOT NULL ORDER BY posting.account_id, posting.seq`,
    [bank],
  );
  return rows.map((row) => ({
    paymentId: row.payment,
    account: Number(row.account),
    seq: Number(row.seq),
    amountMinor: row.amount,
    currency: row.currency,
    code: fromCodeNumber(Number(row.code)),
  }));
}

/** Money set aside for payment orders. */
export interface PaymentHold {
  readonly id: string;
  readonly paymentId: string;
  readonly account: LedgerAccountId;
  readonly amountMinor: bigint;
  readonly state: 'held' | 'posted' | 'released' | 'expired';
}

export async function readPaymentHolds(sql: SqlReader, bank: string): Promise<readonly PaymentHold[]> {
  const rows = await sql.all<{
    id: string;
    payment: string;
    account: bigint;
    amount: bigint;
    state: PaymentHold['state'];
  }>(
    `SELECT id, payment_id AS payment, account_id AS account, amount_minor AS amount, state
     FROM holds WHERE bank = ? AND payment_id IS NOT NULL ORDER BY id`,
    [bank],
  );
  return rows.map((row) => ({
    id: row.id,
    paymentId: row.payment,
    account: Number(row.account),
    amountMinor: row.amount,
    state: row.state,
  }));
}
