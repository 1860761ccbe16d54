import type { SqlReader, SqlTransaction } from '../../storage/index.js';
import type { ConsentId } from './consent.js';

/** Kept by client and customer: a consent that replaces another goes on where that one was. */
export async function readMark(
  read: SqlReader,
  { id, resource }: { readonly id: ConsentId; readonly resource: string },
): Promise<string | undefined> {
  const row = await read.get<{ mark: string }>(
    `SELECT m.mark FROM consent_read_marks m
     JOIN consents c ON c.bank = m.bank AND c.client_id = m.client_id AND c.party_id = m.party_id
     WHERE c.id = ? AND m.resource = ?`,
    [id, resource],
  );
  return row?.mark;
}

export async function setReadMark(
  tx: SqlTransaction,
  { id, resource, mark }: { readonly id: ConsentId; readonly resource: string; readonly mark: string },
): Promise<void> {
  await tx.run(
    `INSERT INTO consent_read_marks (bank, client_id, party_id, resource, mark)
     SELECT bank, client_id, party_id, ?, ? FROM consents WHERE id = ? AND party_id IS NOT NULL
     ON CONFLICT (bank, client_id, party_id, resource) DO UPDATE SET mark = excluded.mark`,
    [resource, mark, id],
  );
}
