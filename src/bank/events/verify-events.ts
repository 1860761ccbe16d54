import type { AuditCheck } from '../../kernel/index.js';
import type { SqlReader } from '../../storage/index.js';

/** What the log says of one subject, oldest first. */
export interface LoggedEvent {
  readonly type: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** All events of these types, in the order in which they were committed. */
export async function readEventsOfTypes(
  sql: SqlReader,
  bank: string,
  types: readonly string[],
): Promise<readonly LoggedEvent[]> {
  const rows = await sql.all<{ type: string; subject: string; data: string }>(
    `SELECT type, subject, data FROM bank_events
     WHERE bank = ? AND type IN (${types.map(() => '?').join(', ')}) ORDER BY sequence`,
    [bank, ...types],
  );
  return rows.map(({ type, subject, data }) => ({ type, subject, data: JSON.parse(data) as LoggedEvent['data'] }));
}

/**
 * The log of all banks together counts without a gap: a number is drawn in the transaction of its event, and comes back
 * with a rollback. So whoever reads it as an outbox knows that nothing is missing.
 */
export async function verifyEventSequence(sql: SqlReader): Promise<AuditCheck> {
  const rows = await sql.all<{ sequence: bigint; before: bigint }>(
    `SELECT sequence, before FROM (
       SELECT sequence, coalesce(lag(sequence) OVER (ORDER BY sequence), 0) AS before FROM bank_events) AS numbered
     WHERE sequence <> before + 1 ORDER BY sequence`,
  );
  return {
    name: 'the event log is numbered without a gap',
    faults: rows.map(({ sequence, before }) => ({
      where: `event ${String(sequence)}`,
      expected: String(before + 1n),
      actual: String(sequence),
    })),
  };
}
