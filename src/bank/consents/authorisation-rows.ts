import { instant, SandbankError, type Instant } from '../../kernel/index.js';
import type { SqlReader, SqlTransaction } from '../../storage/index.js';
import type { CodeHash } from './challenge.js';
import type { Authorisation, AuthorisationStatus } from './consent.js';

/** A run with what only this module reads of it. */
export interface StoredAuthorisation {
  readonly run: Authorisation;
  readonly consentVersion: number;
  readonly decision?: 'approved' | 'refused';
  readonly attemptsLeft: number;
  readonly code?: CodeHash;
  readonly boundTo?: string;
  /** The customer number that was given without proof. Never told. */
  readonly identifiedAs?: string;
  readonly pending?: PendingApproval;
}

/** A yes that takes effect when the client confirms it. The code is absent until it was handed to the browser. */
export interface PendingApproval {
  readonly shown: string;
  readonly expiresAt: Instant;
  readonly attemptsLeft: number;
  readonly code?: CodeHash;
}

interface AuthorisationRow {
  readonly id: string;
  readonly consent_id: string;
  readonly consent_version: bigint;
  readonly mode: Authorisation['mode'];
  readonly status: AuthorisationStatus;
  readonly decision: 'approved' | 'refused' | null;
  readonly party_id: string | null;
  readonly accounts: string;
  readonly created_at: bigint;
  readonly attempts_left: bigint;
  readonly code_sent_to: string | null;
  readonly code_salt: Uint8Array | null;
  readonly code_hash: Uint8Array | null;
  readonly code_expires_at: bigint | null;
  readonly bound_to: string | null;
  readonly purpose: Authorisation['purpose'];
  readonly method_id: string | null;
  readonly identified_as: string | null;
  readonly needs_confirmation: bigint;
  readonly shown: string | null;
  readonly confirmation_salt: Uint8Array | null;
  readonly confirmation_hash: Uint8Array | null;
  readonly confirmation_expires_at: bigint | null;
  readonly confirmation_attempts_left: bigint | null;
}

export async function selectAuthorisation(sql: SqlReader, bank: string, id: string): Promise<StoredAuthorisation> {
  const row = await sql.get<AuthorisationRow>('SELECT * FROM authorisations WHERE bank = ? AND id = ?', [bank, id]);
  if (!row) {
    throw new SandbankError('authorisation.wrong-state', 'There is no such authorisation.', {
      expected: 'an authorisation that was started',
      actual: id,
    });
  }
  return toStored(row);
}

/** Every run of a consent, oldest first. */
export async function selectAuthorisationsOf(
  sql: SqlReader,
  bank: string,
  consentId: string,
): Promise<readonly StoredAuthorisation[]> {
  const rows = await sql.all<AuthorisationRow>(
    'SELECT * FROM authorisations WHERE bank = ? AND consent_id = ? ORDER BY rowid',
    [bank, consentId],
  );
  return rows.map(toStored);
}

function toStored(row: AuthorisationRow): StoredAuthorisation {
  const attemptsLeft = Number(row.attempts_left);
  return {
    run: {
      id: row.id,
      consentId: row.consent_id,
      mode: row.mode,
      purpose: row.purpose,
      ...(row.method_id !== null && { methodId: row.method_id }),
      status: row.status,
      ...(row.party_id !== null && { partyId: row.party_id }),
      accounts: JSON.parse(row.accounts) as string[],
      ...(row.code_sent_to !== null && {
        challenge: {
          sentTo: row.code_sent_to,
          expiresAt: instant(Number(row.code_expires_at)),
          attemptsLeft,
          ...(row.bound_to !== null && { boundTo: row.bound_to }),
        },
      }),
      ...(row.needs_confirmation === 1n && { needsConfirmation: true }),
      createdAt: instant(Number(row.created_at)),
    },
    consentVersion: Number(row.consent_version),
    ...(row.decision !== null && { decision: row.decision }),
    attemptsLeft,
    ...(row.code_salt && row.code_hash && { code: { salt: row.code_salt, hash: row.code_hash } }),
    ...(row.bound_to !== null && { boundTo: row.bound_to }),
    ...(row.identified_as !== null && { identifiedAs: row.identified_as }),
    ...pendingIn(row),
  };
}

function pendingIn(row: AuthorisationRow): Pick<StoredAuthorisation, 'pending'> {
  const { confirmation_salt: salt, confirmation_hash: hash, confirmation_expires_at: end } = row;
  if (end === null) return {};
  return {
    pending: {
      shown: row.shown ?? '',
      expiresAt: instant(Number(end)),
      attemptsLeft: Number(row.confirmation_attempts_left),
      ...(salt && hash && { code: { salt, hash } }),
    },
  };
}

/** Stores a run, new or changed. */
export async function saveAuthorisation(tx: SqlTransaction, bank: string, stored: StoredAuthorisation): Promise<void> {
  const { run, code, pending } = stored;
  await tx.run(
    `INSERT INTO authorisations (id, bank, consent_id, consent_version, mode, status, decision, party_id, accounts,
       created_at, attempts_left, code_sent_to, code_salt, code_hash, code_expires_at, bound_to, purpose, method_id,
       identified_as, needs_confirmation, shown, confirmation_salt, confirmation_hash, confirmation_expires_at,
       confirmation_attempts_left)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET
       status = excluded.status, decision = excluded.decision, party_id = excluded.party_id,
       accounts = excluded.accounts, attempts_left = excluded.attempts_left, code_sent_to = excluded.code_sent_to,
       code_salt = excluded.code_salt, code_hash = excluded.code_hash, code_expires_at = excluded.code_expires_at,
       bound_to = excluded.bound_to, method_id = excluded.method_id, identified_as = excluded.identified_as,
       shown = excluded.shown, confirmation_salt = excluded.confirmation_salt,
       confirmation_hash = excluded.confirmation_hash,
       confirmation_expires_at = excluded.confirmation_expires_at,
       confirmation_attempts_left = excluded.confirmation_attempts_left`,
    [
      run.id,
      bank,
      run.consentId,
      stored.consentVersion,
      run.mode,
      run.status,
      stored.decision ?? null,
      run.partyId ?? null,
      JSON.stringify(run.accounts),
      run.createdAt,
      stored.attemptsLeft,
      run.challenge?.sentTo ?? null,
      code?.salt ?? null,
      code?.hash ?? null,
      run.challenge?.expiresAt ?? null,
      stored.boundTo ?? null,
      run.purpose,
      run.methodId ?? null,
      stored.identifiedAs ?? null,
      run.needsConfirmation === true ? 1 : 0,
      pending?.shown ?? null,
      pending?.code?.salt ?? null,
      pending?.code?.hash ?? null,
      pending?.expiresAt ?? null,
      pending?.attemptsLeft ?? null,
    ],
  );
}
