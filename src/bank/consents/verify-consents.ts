import type { AuditCheck, Fault } from '../../kernel/index.js';
import type { SqlReader } from '../../storage/index.js';
import { readAccountKeys } from '../accounts/index.js';
import { readEventsOfTypes } from '../events/index.js';
import { readRememberedWrites } from '../idempotency/index.js';
import { CONSENT_STATUSES, type ConsentId, type ConsentKind, type ConsentStatus } from './consent.js';

/** As its row says, whatever time it is, deleted ones included. */
export interface ConsentState {
  readonly id: ConsentId;
  readonly kind: ConsentKind;
  readonly status: ConsentStatus;
  /** Members of a bulk; 1 for any other payment. */
  readonly payments: number;
}

export async function readConsentStates(sql: SqlReader, bank: string): Promise<readonly ConsentState[]> {
  const rows = await sql.all<{ id: string; subject: string; status: ConsentStatus }>(
    'SELECT id, subject, status FROM consents WHERE bank = ? ORDER BY sequence',
    [bank],
  );
  return rows.map(({ id, subject, status }) => {
    const { kind, instructions } = JSON.parse(subject) as { kind: ConsentKind; instructions?: readonly unknown[] };
    return { id, kind, status, payments: instructions?.length ?? 1 };
  });
}

/** Status, events, links and keys of a bank's consents say the same. */
export async function verifyConsents(sql: SqlReader, bank: string): Promise<readonly AuditCheck[]> {
  const consents = await readConsentStates(sql, bank);
  return [
    { name: 'every consent stands where its last event says', faults: await statusFaults(sql, bank, consents) },
    { name: 'consents are to accounts that exist', faults: await linkFaults(sql, bank) },
    {
      name: 'every idempotency key of a consent names one that exists',
      faults: await keyFaults(sql, bank, new Set(consents.map(({ id }) => id))),
    },
  ];
}

async function statusFaults(
  sql: SqlReader,
  bank: string,
  consents: readonly ConsentState[],
): Promise<readonly Fault[]> {
  const types = ['consent.created', 'consent.deleted', ...CONSENT_STATUSES.map((status) => `consent.${status}`)];
  const last = new Map<string, string>();
  for (const { subject, type } of await readEventsOfTypes(sql, bank, types)) last.set(subject, type);
  return consents.flatMap(({ id, status }) => {
    const told = last.get(id);
    // A new one may be requested or await its upload, and one that was deleted ended in one way or another.
    if (told === `consent.${status}` || told === 'consent.created' || told === 'consent.deleted') {
      return told === 'consent.created' && !BEGINNINGS.includes(status)
        ? [{ where: `consent ${id}`, expected: BEGINNINGS.join(' or '), actual: status }]
        : [];
    }
    return [{ where: `consent ${id}`, expected: told?.slice('consent.'.length) ?? 'an event', actual: status }];
  });
}

const BEGINNINGS: readonly ConsentStatus[] = ['requested', 'awaiting-upload'];

async function linkFaults(sql: SqlReader, bank: string): Promise<readonly Fault[]> {
  const accounts = new Set((await readAccountKeys(sql, bank)).map(({ id }) => id));
  const links = await sql.all<{ consent: string; account: string }>(
    `SELECT link.consent_id AS consent, link.account_id AS account
     FROM consent_accounts AS link JOIN consents ON consents.id = link.consent_id
     WHERE consents.bank = ? ORDER BY link.sequence`,
    [bank],
  );
  return links
    .filter(({ account }) => !accounts.has(account))
    .map(({ consent, account }) => ({
      where: `consent ${consent}`,
      expected: 'accounts of the bank',
      actual: `account ${account}, which does not exist`,
    }));
}

async function keyFaults(sql: SqlReader, bank: string, known: ReadonlySet<string>): Promise<readonly Fault[]> {
  const keys = await readRememberedWrites(sql, bank, 'consent');
  return keys
    .filter(({ subject }) => !known.has(subject))
    .map(({ clientId, key, subject }) => ({
      where: `key ${key} of client ${clientId}`,
      expected: 'a consent',
      actual: `consent ${subject}, which does not exist`,
    }));
}
