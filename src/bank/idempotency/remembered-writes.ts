import { SandbankError, type Instant } from '../../kernel/index.js';
import type { SqlTransaction } from '../../storage/index.js';
import type { IdempotencyKey } from './idempotency.js';

/** A write under a key. One key of a client names one write of a bank, whatever its kind. */
export interface RememberedWrite {
  readonly bank: string;
  /** What is written: `payment`, `consent`. */
  readonly kind: string;
  readonly idempotency: IdempotencyKey;
}

/**
 * Finds what an earlier request with the same key made, inside the transaction that would make it again: gives its id,
 * or undefined where the key is new or has expired on the bank's clock (`now`). Throws `idempotency.body-changed` when
 * the key stands for something else: another fingerprint, or another kind of write.
 */
export async function findWrite(tx: SqlTransaction, write: RememberedWrite, now: Instant): Promise<string | undefined> {
  const { clientId, key, fingerprint } = write.idempotency;
  const row = await tx.get<{ kind: string; subject: string; fingerprint: string; expires_at: bigint }>(
    'SELECT kind, subject, fingerprint, expires_at FROM idempotency_keys WHERE bank = ? AND client_id = ? AND key = ?',
    [write.bank, clientId, key],
  );
  if (!row || Number(row.expires_at) <= now) return undefined;
  if (row.fingerprint !== fingerprint || row.kind !== write.kind) {
    throw new SandbankError('idempotency.body-changed', 'This idempotency key was used before with another request.', {
      expected: 'the same request as the first time, or a new key',
      actual: row.kind === write.kind ? 'a different body' : `a key that was used for a ${row.kind}`,
    });
  }
  return row.subject;
}

/** Keeps the key with the id of what was written, in the same transaction. Takes the place of an expired one. */
export async function rememberWrite(tx: SqlTransaction, write: RememberedWrite, subject: string): Promise<void> {
  const { clientId, key, fingerprint, expiresAt } = write.idempotency;
  await tx.run(
    `INSERT INTO idempotency_keys (bank, client_id, key, kind, subject, fingerprint, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (bank, client_id, key) DO UPDATE SET
       kind = excluded.kind, subject = excluded.subject, fingerprint = excluded.fingerprint,
       expires_at = excluded.expires_at`,
    [write.bank, clientId, key, write.kind, subject, fingerprint, expiresAt],
  );
}

/** Forgets the keys of a bank that have expired; they were as good as new already. Gives how many there were. */
export async function purgeWrites(tx: SqlTransaction, bank: string, now: Instant): Promise<number> {
  const { changes } = await tx.run('DELETE FROM idempotency_keys WHERE bank = ? AND expires_at <= ?', [bank, now]);
  return changes;
}
