import { instant, money, type Instant } from '../../../kernel/index.js';
import type { SqlReader, SqlTransaction } from '../../../storage/index.js';
import type { Recall, RecallReason, RecallRefusal } from './recall.js';

interface RecallRow {
  readonly id: string;
  readonly payment_id: string;
  readonly reason: RecallReason;
  readonly requested_at: bigint;
  readonly answer_due_at: bigint;
  readonly status: Recall['status'];
  readonly answered_at: bigint | null;
  readonly refusal: RecallRefusal | null;
  readonly returned_minor: bigint | null;
  readonly returned_currency: string | null;
}

/** Oldest first. */
export async function selectRecallsOf(sql: SqlReader, bank: string, paymentId: string): Promise<readonly Recall[]> {
  const rows = await sql.all<RecallRow>(
    'SELECT * FROM payment_recalls WHERE bank = ? AND payment_id = ? ORDER BY requested_at, id',
    [bank, paymentId],
  );
  return rows.map(toRecall);
}

export async function selectRecall(sql: SqlReader, bank: string, id: string): Promise<Recall | undefined> {
  const row = await sql.get<RecallRow>('SELECT * FROM payment_recalls WHERE bank = ? AND id = ?', [bank, id]);
  return row && toRecall(row);
}

export async function insertRecall(tx: SqlTransaction, bank: string, recall: Recall): Promise<void> {
  await tx.run(
    `INSERT INTO payment_recalls (id, bank, payment_id, reason, requested_at, answer_due_at, status)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [recall.id, bank, recall.paymentId, recall.reason, recall.requestedAt, recall.answerDueAt, recall.status],
  );
}

export async function answerRecall(
  tx: SqlTransaction,
  id: string,
  answer: Pick<Recall, 'status' | 'refusal' | 'returned'> & { readonly at: Instant },
): Promise<void> {
  const { status, refusal, returned, at } = answer;
  await tx.run(
    `UPDATE payment_recalls SET status = ?, answered_at = ?, refusal = ?, returned_minor = ?, returned_currency = ?
     WHERE id = ?`,
    [status, at, refusal ?? null, returned?.amountMinor ?? null, returned?.currency ?? null, id],
  );
}

function toRecall(row: RecallRow): Recall {
  const { returned_minor: amountMinor, returned_currency: currency } = row;
  return {
    id: row.id,
    paymentId: row.payment_id,
    reason: row.reason,
    requestedAt: instant(Number(row.requested_at)),
    answerDueAt: instant(Number(row.answer_due_at)),
    status: row.status,
    ...(row.answered_at !== null && { answeredAt: instant(Number(row.answered_at)) }),
    ...(row.refusal !== null && { refusal: row.refusal }),
    ...(amountMinor !== null && currency !== null && { returned: money(amountMinor, currency) }),
  };
}
