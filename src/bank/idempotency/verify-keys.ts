import type { SqlReader } from '../../storage/index.js';

/** Every key that stands for a write of that kind, with the id of what was written. */
export async function readRememberedWrites(
  sql: SqlReader,
  bank: string,
  kind: string,
): Promise<readonly { readonly clientId: string; readonly key: string; readonly subject: string }[]> {
  return sql.all<{ clientId: string; key: string; subject: string }>(
    `SELECT client_id AS "clientId", key, subject FROM idempotency_keys
     WHERE bank = ? AND kind = ? ORDER BY client_id, key`,
    [bank, kind],
  );
}
