import { dateOf, plusDays, SandbankError, startOfDay, type LocalDate } from '../../kernel/index.js';
import type { SqlTransaction } from '../../storage/index.js';
import { addEvidence, readConsent, type ConsentsOptions } from './change-consent.js';
import type { Consent, ConsentId } from './consent.js';

export interface Access {
  readonly resource: string;
  readonly customerPresent: boolean;
}

/**
 * Counts a read on the calendar day of the bank (UTC). Refused reads are not counted. A one-off consent lasts until the
 * end of the day on which it was first read: what belongs to one look may be read in any order and page by page.
 */
export async function recordAccess(
  tx: SqlTransaction,
  options: ConsentsOptions,
  { id, access }: { readonly id: ConsentId; readonly access: Access },
): Promise<void> {
  const now = options.clock.now();
  const { consent } = await readConsent(tx, options, id);
  const { subject, status } = consent;
  if (subject.kind !== 'account-access') return;
  if (status === 'expired') throw new SandbankError('consent.expired', 'This consent has expired.');
  if (status !== 'authorised') {
    throw new SandbankError('consent.wrong-status', 'This consent is not in force.', {
      expected: 'authorised',
      actual: status,
    });
  }
  const day = dateOf(now);
  const limit = access.customerPresent ? undefined : subject.perDayFrequency;
  if (limit !== undefined && (await unattendedReads(tx, { id, day, resource: access.resource })) >= limit) {
    throw new SandbankError('rate.limited', 'This was read as often today as was agreed.', {
      expected: `at most ${limit} times a day without the customer`,
      actual: `${limit + 1}`,
      retryAfterSeconds: Math.ceil((startOfDay(plusDays(day, 1)) - now) / 1_000),
    });
  }
  const column = access.customerPresent ? 'attended' : 'unattended';
  await tx.run(
    `INSERT INTO consent_accesses (consent_id, day, resource, ${column}) VALUES (?, ?, ?, 1)
     ON CONFLICT (consent_id, day, resource) DO UPDATE SET ${column} = consent_accesses.${column} + 1`,
    [id, day, access.resource],
  );
  if (!subject.recurring) await endWithThisDay(tx, options, { consent, day });
}

async function unattendedReads(
  tx: SqlTransaction,
  { id, day, resource }: { readonly id: ConsentId; readonly day: LocalDate; readonly resource: string },
): Promise<number> {
  const row = await tx.get<{ unattended: bigint }>(
    'SELECT unattended FROM consent_accesses WHERE consent_id = ? AND day = ? AND resource = ?',
    [id, day, resource],
  );
  return Number(row?.unattended ?? 0);
}

/** The end does the rest: it is judged at every read and marked by `expireDue`. */
async function endWithThisDay(
  tx: SqlTransaction,
  options: ConsentsOptions,
  { consent, day }: { readonly consent: Consent; readonly day: LocalDate },
): Promise<void> {
  const end = startOfDay(plusDays(day, 1));
  if (consent.expiresAt !== undefined && consent.expiresAt <= end) return;
  await tx.run('UPDATE consents SET expires_at = ? WHERE id = ?', [end, consent.id]);
  await addEvidence(tx, options, {
    consentId: consent.id,
    actor: 'client',
    what: 'first read of a one-off consent: it ends with this day',
    channel: 'api',
  });
}
