import { instant, SandbankError, type Instant } from '../../kernel/index.js';
import type { SqlReader, SqlTransaction } from '../../storage/index.js';
import type {
  Consent,
  ConsentActor,
  ConsentEvidence,
  ConsentId,
  ConsentStatus,
  ConsentStatusReason,
  ConsentSubject,
  LinkedAccount,
} from './consent.js';
import { consentAfter } from './consent-transitions.js';
import { selectSigning } from './signatures.js';

/** A consent with what only this module reads of it. */
export interface StoredConsent {
  readonly consent: Consent;
  /** Grows with every change of status: a run that began before the change cannot decide after it. */
  readonly version: number;
  readonly boundTo?: string;
}

export interface ConsentRow {
  readonly id: string;
  readonly bank: string;
  readonly client_id: string;
  readonly standard: string;
  readonly subject: string;
  readonly status: ConsentStatus;
  readonly reason_actor: ConsentActor;
  readonly reason_code: ConsentStatusReason['code'];
  readonly created_at: bigint;
  readonly status_at: bigint;
  readonly expires_at: bigint | null;
  readonly party_id: string | null;
  readonly execution: Consent['execution'];
  readonly reauthorisable: bigint;
  readonly wire: string;
  readonly bound_to: string | null;
  readonly version: bigint;
  readonly signatures_required: bigint | null;
  readonly sign_until: bigint | null;
}

/** Reads one as it stands at `now`. Throws `consent.not-found`, for deleted ones too. */
export async function selectConsent(
  sql: SqlReader,
  { bank, id, now }: { readonly bank: string; readonly id: ConsentId; readonly now: Instant },
): Promise<StoredConsent> {
  const row = await sql.get<ConsentRow>('SELECT * FROM consents WHERE bank = ? AND id = ? AND deleted_at IS NULL', [
    bank,
    id,
  ]);
  if (!row) throw new SandbankError('consent.not-found', 'There is no such consent.', { actual: id });
  return toStoredConsent(sql, row, now);
}

export async function toStoredConsent(sql: SqlReader, row: ConsentRow, now: Instant): Promise<StoredConsent> {
  const links = await sql.all<{ account_id: string; linked_at: bigint; unlinked_at: bigint | null }>(
    'SELECT * FROM consent_accounts WHERE consent_id = ? ORDER BY sequence',
    [row.id],
  );
  const accounts = links.map((link): LinkedAccount => ({
    accountId: link.account_id,
    linkedAt: instant(Number(link.linked_at)),
    ...(link.unlinked_at !== null && { unlinkedAt: instant(Number(link.unlinked_at)) }),
  }));
  const { signatures_required: required, sign_until: until } = row;
  const signing =
    required !== null && until !== null
      ? await selectSigning(sql, { id: row.id, required: Number(required), until: instant(Number(until)) })
      : undefined;
  return {
    consent: expiredBy({ ...toConsent(row, accounts), ...(signing && { signing }) }, now),
    version: Number(row.version),
    ...(row.bound_to !== null && { boundTo: row.bound_to }),
  };
}

function toConsent(row: ConsentRow, accounts: readonly LinkedAccount[]): Consent {
  return {
    id: row.id,
    bank: row.bank,
    clientId: row.client_id,
    standard: row.standard,
    subject: JSON.parse(row.subject, fromTaggedBigint) as ConsentSubject,
    status: row.status,
    statusReason: { actor: row.reason_actor, code: row.reason_code },
    createdAt: instant(Number(row.created_at)),
    statusAt: instant(Number(row.status_at)),
    ...(row.expires_at !== null && { expiresAt: instant(Number(row.expires_at)) }),
    ...(row.party_id !== null && { partyId: row.party_id }),
    accounts,
    execution: row.execution,
    reauthorisable: row.reauthorisable === 1n,
    wire: row.wire,
  };
}

function expiredBy(consent: Consent, now: Instant): Consent {
  const expiresAt = endOf(consent);
  if (expiresAt === undefined || expiresAt > now || consentAfter(consent, 'expire') === undefined) return consent;
  return { ...consent, status: 'expired', statusAt: expiresAt, statusReason: { actor: 'clock', code: 'expired' } };
}

/** One that waits for further signatures may end before it would otherwise. */
function endOf({ status, expiresAt, signing }: Consent): Instant | undefined {
  if (status !== 'partially-authorised' || !signing) return expiresAt;
  return expiresAt !== undefined && expiresAt < signing.until ? expiresAt : signing.until;
}

export async function insertConsent(tx: SqlTransaction, consent: Consent): Promise<void> {
  await tx.run(
    `INSERT INTO consents (id, bank, client_id, standard, subject, status, reason_actor, reason_code, created_at,
       status_at, expires_at, execution, reauthorisable, wire, version)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
    [
      consent.id,
      consent.bank,
      consent.clientId,
      consent.standard,
      JSON.stringify(consent.subject, toTaggedBigint),
      consent.status,
      consent.statusReason.actor,
      consent.statusReason.code,
      consent.createdAt,
      consent.statusAt,
      consent.expiresAt ?? null,
      consent.execution,
      consent.reauthorisable ? 1 : 0,
      consent.wire,
    ],
  );
}

export async function insertEvidence(tx: SqlTransaction, id: ConsentId, evidence: ConsentEvidence): Promise<void> {
  const { at, actor, what, channel, shown } = evidence;
  await tx.run('INSERT INTO consent_evidence (consent_id, at, actor, what, channel, shown) VALUES (?, ?, ?, ?, ?, ?)', [
    id,
    at,
    actor,
    what,
    channel,
    shown ?? null,
  ]);
}

export async function selectEvidence(sql: SqlReader, id: ConsentId): Promise<readonly ConsentEvidence[]> {
  const rows = await sql.all<{ at: bigint; actor: ConsentActor; what: string; channel: string; shown: string | null }>(
    'SELECT * FROM consent_evidence WHERE consent_id = ? ORDER BY sequence',
    [id],
  );
  return rows.map(({ at, actor, what, channel, shown }) => ({
    at: instant(Number(at)),
    actor,
    what,
    channel,
    ...(shown !== null && { shown }),
  }));
}

/** Links exactly these from now on: others are unlinked, those that were linked stay as they are. */
export async function relinkAccounts(
  tx: SqlTransaction,
  consent: Consent,
  { accounts, at }: { readonly accounts: readonly string[]; readonly at: Instant },
): Promise<void> {
  const linked = consent.accounts
    .filter(({ unlinkedAt }) => unlinkedAt === undefined)
    .map(({ accountId }) => accountId);
  for (const account of linked.filter((id) => !accounts.includes(id))) {
    await tx.run(
      'UPDATE consent_accounts SET unlinked_at = ? WHERE consent_id = ? AND account_id = ? AND unlinked_at IS NULL',
      [at, consent.id, account],
    );
  }
  for (const account of accounts.filter((id) => !linked.includes(id))) {
    await tx.run('INSERT INTO consent_accounts (consent_id, account_id, linked_at) VALUES (?, ?, ?)', [
      consent.id,
      account,
      at,
    ]);
  }
}

/** JSON has no bigint; minor units are tagged so that they come back as what they were. */
function toTaggedBigint(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? { $bigint: value.toString() } : value;
}

function fromTaggedBigint(_key: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && '$bigint' in value ? BigInt(String(value.$bigint)) : value;
}
