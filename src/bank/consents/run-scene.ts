import { SandbankError } from '../../kernel/index.js';
import type { SqlTransaction } from '../../storage/index.js';
import { saveAuthorisation, selectAuthorisation, type StoredAuthorisation } from './authorisation-rows.js';
import { advanceAuthorisation, wrongState, type AuthorisationEvent } from './authorisation-transitions.js';
import { membersOf } from './baskets.js';
import { addEvidence, changeStatus, readConsent, type ConsentsOptions } from './change-consent.js';
import type { StoredConsent } from './consent-rows.js';
import { consentAfter } from './consent-transitions.js';
import type { Authorisation, Consent, ConsentStatusReason } from './consent.js';
import type { EligibleAccount } from './consents.js';
import { judgeAccount } from './eligibility.js';
import { accountsSigned } from './signatures.js';
import { debtorOf } from './wanted-accounts.js';

/** A run under way with its consent, read in one transaction. */
export interface Scene extends StoredConsent {
  readonly stored: StoredAuthorisation;
  /** Of a basket. */
  readonly members: readonly Consent[];
}

export async function loadScene(tx: SqlTransaction, options: ConsentsOptions, id: string): Promise<Scene> {
  const stored = await selectAuthorisation(tx, options.bank.id, id);
  const read = await readConsent(tx, options, stored.run.consentId);
  return { stored, ...read, members: await membersOf(tx, options, read.consent) };
}

export function advanceRun({ run, decision }: StoredAuthorisation, event: AuthorisationEvent): Authorisation['status'] {
  if (decision !== undefined) throw wrongState(event, decision);
  return advanceAuthorisation(run.status, event);
}

export function refuseEnded({ expiresAt }: Consent, now: number): void {
  if (expiresAt !== undefined && expiresAt <= now)
    throw new SandbankError('consent.expired', 'This consent has expired.');
}

export async function saveRun(
  tx: SqlTransaction,
  options: ConsentsOptions,
  stored: StoredAuthorisation,
): Promise<Authorisation> {
  await saveAuthorisation(tx, options.bank.id, stored);
  return stored.run;
}

export function recordStep(
  tx: SqlTransaction,
  options: ConsentsOptions,
  run: Authorisation,
  what: string,
): Promise<void> {
  return addEvidence(tx, options, { consentId: run.consentId, actor: 'psu', what, channel: run.mode });
}

const SIGNED_FOR_ANOTHER = 'Others have agreed to pay this from another account.';

/** For a basket an account has to serve every payment that names none of its own, or be shared where nothing is paid. */
export async function eligibleFor(
  options: ConsentsOptions,
  { consent, members }: Pick<Scene, 'consent' | 'members'>,
  { partyId, status }: Authorisation,
): Promise<readonly EligibleAccount[]> {
  if (partyId === undefined) throw wrongState('choose-accounts', status);
  const payments = members.filter(({ subject }) => subject.kind !== 'account-access');
  const unnamed = payments.filter(({ subject }) => debtorOf(subject) === undefined);
  const [access] = members;
  const whole = access && payments.length === 0 ? access.subject : consent.subject;
  const subjects = [whole, ...unnamed.map(({ subject }) => subject)];
  const signed = accountsSigned(consent);
  return (await options.accounts.ofParty(partyId)).map((account) => {
    if (signed && !signed.includes(account.id)) return { account, eligible: false, reason: SIGNED_FOR_ANOTHER };
    const judged = subjects.map((subject) => judgeAccount(account, subject));
    return judged.find(({ eligible }) => !eligible) ?? judgeAccount(account, whole);
  });
}

/** Ends a run. Its consent is rejected, unless it is one that was authorised before or has ended otherwise. */
export async function failRun(
  tx: SqlTransaction,
  options: ConsentsOptions,
  { scene, why }: { readonly scene: Pick<Scene, 'stored' | 'consent'>; readonly why: ConsentStatusReason['code'] },
): Promise<{ readonly run: Authorisation; readonly consent: Consent }> {
  const { stored, consent } = scene;
  const { challenge: _over, ...rest } = stored.run;
  const { code: _unused, ...kept } = stored;
  const run = await saveRun(tx, options, {
    ...kept,
    run: { ...rest, status: advanceRun(stored, 'fail') },
    decision: 'refused',
  });
  const status = run.purpose === 'cancellation' ? undefined : consentAfter(consent, 'reject');
  if (status === undefined) {
    await recordStep(tx, options, run, `authorisation ended: ${why}`);
    return { run, consent };
  }
  const actor = why === 'refused-by-psu' ? 'psu' : 'bank';
  const change = { status, reason: { actor, code: why }, what: `rejected: ${why}`, channel: run.mode } as const;
  return { run, consent: await changeStatus(tx, options, { consent, change }) };
}
