import type { AuditCheck } from '../../kernel/index.js';
import type { SqlReader } from '../../storage/index.js';

/** What waits for its time, of these kinds. */
export async function readWaiting(
  sql: SqlReader,
  bank: string,
  kinds: readonly string[],
): Promise<readonly { readonly kind: string; readonly subject: string }[]> {
  return sql.all<{ kind: string; subject: string }>(
    `SELECT kind, subject FROM due_items
     WHERE bank = ? AND kind IN (${kinds.map(() => '?').join(', ')}) ORDER BY id`,
    [bank, ...kinds],
  );
}

/** Work that failed too often was set aside: nobody has done it, and nobody will. */
export async function verifySchedules(sql: SqlReader, bank: string): Promise<readonly AuditCheck[]> {
  const rows = await sql.all<{ kind: string; subject: string; failures: bigint; last_error: string | null }>(
    'SELECT kind, subject, failures, last_error FROM due_items WHERE bank = ? AND parked = 1 ORDER BY id',
    [bank],
  );
  return [
    {
      name: 'no due work was given up',
      faults: rows.map(({ kind, subject, failures, last_error: error }) => ({
        where: `${kind} (${subject})`,
        expected: 'done, or waiting for its time',
        actual: `set aside after ${String(failures)} failures: ${error ?? ''}`,
      })),
    },
  ];
}
