import { assert, instant, MS_PER_DAY, plusMs, SandbankError, type Instant } from '../../kernel/index.js';
import type { SqlReader, SqlTransaction } from '../../storage/index.js';
import type { AccountId } from '../accounts/index.js';
import type { PartyId } from '../parties/index.js';
import type { Consent, ConsentId, Signing } from './consent.js';
import type { EligibleAccount } from './consents.js';

/** How long the others have once the first has signed. */
const SIGN_WITHIN_MS = 14 * MS_PER_DAY;

/** How many of their holders must agree to what takes money from these accounts. Access to them anybody grants alone. */
export function signaturesNeeded(
  { subject }: Pick<Consent, 'subject'>,
  accounts: readonly AccountId[],
  offered: readonly EligibleAccount[],
): number {
  if (subject.kind === 'account-access' || subject.kind === 'funds-check') return 1;
  const rules = offered.filter(({ account }) => accounts.includes(account.id));
  return Math.max(1, ...rules.map(({ account }) => account.signatories?.required ?? 1));
}

export async function selectSigning(
  sql: SqlReader,
  { id, required, until }: { readonly id: ConsentId; readonly required: number; readonly until: Instant },
): Promise<Signing> {
  const rows = await sql.all<{ party_id: string; at: bigint }>(
    'SELECT party_id, at FROM consent_signatures WHERE consent_id = ? ORDER BY sequence',
    [id],
  );
  return { required, until, signed: rows.map(({ party_id: partyId, at }) => ({ partyId, at: instant(Number(at)) })) };
}

/** Adds her signature. Says whether it was the last that was needed. */
export async function sign(
  tx: SqlTransaction,
  consent: Consent,
  signature: { readonly partyId: PartyId; readonly required: number; readonly at: Instant },
): Promise<boolean> {
  const { partyId, required, at } = signature;
  const { signing } = consent;
  refuseSignature(consent, partyId);
  if (!signing) {
    await tx.run('UPDATE consents SET signatures_required = ?, sign_until = ? WHERE id = ?', [
      required,
      plusMs(at, SIGN_WITHIN_MS),
      consent.id,
    ]);
  }
  await tx.run('INSERT INTO consent_signatures (consent_id, party_id, at) VALUES (?, ?, ?)', [consent.id, partyId, at]);
  const needed = signing?.required ?? required;
  const received = (signing?.signed.length ?? 0) + 1;
  assert(received <= needed, `consent ${consent.id} is signed ${needed} times`);
  return received === needed;
}

/** Nobody signs twice. */
export function refuseSignature({ signing, status }: Pick<Consent, 'signing' | 'status'>, partyId: PartyId): void {
  if (status !== 'partially-authorised' || !signing?.signed.some((one) => one.partyId === partyId)) return;
  throw new SandbankError('consent.wrong-status', 'This customer has agreed already; others have to.', {
    expected: 'another customer',
    actual: partyId,
  });
}

/** The accounts that the first signatory chose, from which the others do not depart. */
export function accountsSigned({
  status,
  accounts,
}: Pick<Consent, 'status' | 'accounts'>): readonly AccountId[] | undefined {
  if (status !== 'partially-authorised') return undefined;
  return accounts.filter(({ unlinkedAt }) => unlinkedAt === undefined).map(({ accountId }) => accountId);
}
