import { assert, plusMs, SandbankError } from '../../kernel/index.js';
import type { SqlTransaction } from '../../storage/index.js';
import { wrongState } from './authorisation-transitions.js';
import { authoriseMembers, isStanding, refuseUnfitMembers } from './baskets.js';
import { CONFIRMATION_ATTEMPTS, CONFIRMATION_MS } from './challenge.js';
import { changeStatus, readConsent, wallOf, type ConsentsOptions } from './change-consent.js';
import { relinkAccounts, toStoredConsent, type ConsentRow } from './consent-rows.js';
import { advanceConsent, consentAfter } from './consent-transitions.js';
import type { Consent } from './consent.js';
import { sign, signaturesNeeded } from './signatures.js';
import { advanceRun, eligibleFor, loadScene, recordStep, refuseEnded, saveRun, type Scene } from './run-scene.js';

/**
 * The customer's yes, with all that it brings about, in one transaction; where the client has to confirm it, it is kept
 * for that, and so far nothing has changed.
 */
export async function approveRun(
  tx: SqlTransaction,
  options: ConsentsOptions,
  { id, shown }: { readonly id: string; readonly shown: string },
): Promise<Consent> {
  const scene = await loadScene(tx, options, id);
  const { stored } = scene;
  const status = advanceRun(stored, 'approve');
  const decided = { ...stored, run: { ...stored.run, status }, decision: 'approved' } as const;
  if (stored.run.needsConfirmation !== true) {
    return takeEffect(tx, options, { scene: { ...scene, stored: decided }, shown });
  }
  await refuseUnapprovable(tx, options, scene);
  const expiresAt = plusMs(wallOf(options).now(), CONFIRMATION_MS);
  await recordStep(tx, options, decided.run, 'approved, to be confirmed by the client');
  await saveRun(tx, options, { ...decided, pending: { shown, expiresAt, attemptsLeft: CONFIRMATION_ATTEMPTS } });
  return scene.consent;
}

/** What a yes brings about, for a run that is over with it. */
export async function takeEffect(
  tx: SqlTransaction,
  options: ConsentsOptions,
  decided: { readonly scene: Scene; readonly shown: string },
): Promise<Consent> {
  const { stored, consent } = decided.scene;
  if (stored.run.purpose !== 'cancellation') return authorise(tx, options, decided);
  refuseChanged(decided.scene);
  await saveRun(tx, options, stored);
  await options.payments?.cancel(tx, consent.id, 'psu');
  return (await readConsent(tx, options, consent.id)).consent;
}

/** What would not take effect when it is confirmed is not asked to be. */
async function refuseUnapprovable(tx: SqlTransaction, options: ConsentsOptions, scene: Scene): Promise<void> {
  refuseChanged(scene);
  if (scene.stored.run.purpose === 'cancellation') return;
  await coveredAccounts(options, scene);
  await refuseUnfitMembers(tx, options, scene.consent);
}

function refuseChanged({ stored, consent, version }: Scene): void {
  if (version === stored.consentVersion) return;
  throw new SandbankError('consent.wrong-status', 'This consent has changed since the authorisation began.', {
    expected: 'the consent as it was when the authorisation began',
    actual: consent.status,
  });
}

/** The accounts she may choose, among which are those of the run: one may have been closed since it was chosen. */
async function coveredAccounts(options: ConsentsOptions, scene: Scene): ReturnType<typeof eligibleFor> {
  const { run } = scene.stored;
  if (run.accounts.length === 0) throw wrongState('approve', 'no account chosen');
  const offered = await eligibleFor(options, scene, run);
  const open = offered.filter((one) => one.eligible).map(({ account }) => account.id);
  if (run.accounts.every((account) => open.includes(account))) return offered;
  throw new SandbankError('consent.account-not-covered', 'A chosen account is no longer eligible.');
}

async function authorise(
  tx: SqlTransaction,
  options: ConsentsOptions,
  { scene, shown }: { readonly scene: Scene; readonly shown: string },
): Promise<Consent> {
  const { stored, consent } = scene;
  const { run, boundTo } = stored;
  const { partyId } = run;
  if (partyId === undefined) throw wrongState('approve', 'nobody signed in');
  refuseEnded(consent, options.clock.now());
  const status = advanceConsent(consent, 'authorise');
  refuseChanged(scene);
  const offered = await coveredAccounts(options, scene);
  await saveRun(tx, options, stored);
  const at = options.clock.now();
  await relinkAccounts(tx, consent, { accounts: run.accounts, at });
  const required = signaturesNeeded(consent, run.accounts, offered);
  // What is in force and agreed to again has had its signatures.
  const needsSignature = (consent.signing !== undefined || required > 1) && consent.status !== 'authorised';
  if (needsSignature && !(await sign(tx, consent, { partyId, required, at }))) {
    return partlyAuthorise(tx, options, { scene, shown });
  }
  const change = {
    status,
    reason: { actor: 'psu', code: 'authorised' },
    what: 'authorised',
    channel: run.mode,
    shown,
    partyId: consent.partyId ?? partyId,
    ...(boundTo !== undefined && { boundTo }),
  } as const;
  const authorised = await changeStatus(tx, options, { consent, change });
  await replaceOlder(tx, options, authorised);
  if (consent.subject.kind === 'basket') {
    const [chosen] = run.accounts;
    const decision = { basket: consent, chosen, offered, partyId, channel: run.mode, shown };
    const members = await authoriseMembers(tx, options, decision);
    for (const member of members) await replaceOlder(tx, options, member);
    return consumeBasket(tx, options, authorised);
  }
  if (!isCarriedOutByBank(consent)) return authorised;
  assert(options.payments, 'who carries payments out');
  await options.payments.onAuthorised(tx, authorised);
  return (await readConsent(tx, options, consent.id)).consent;
}

/** Not enough have agreed. Their runs go on side by side, so that this is no change that would end them. */
function partlyAuthorise(
  tx: SqlTransaction,
  options: ConsentsOptions,
  { scene, shown }: { readonly scene: Scene; readonly shown: string },
): Promise<Consent> {
  const { stored, consent } = scene;
  const { partyId, mode } = stored.run;
  const change = {
    status: advanceConsent(consent, 'sign'),
    reason: { actor: 'psu', code: 'partially-authorised' },
    what: `agreed to by ${partyId}, and others have to`,
    channel: mode,
    shown,
    keepsVersion: true,
    ...(consent.partyId === undefined && partyId !== undefined && { partyId }),
  } as const;
  return changeStatus(tx, options, { consent, change });
}

export function isCarriedOutByBank({ execution, subject }: Pick<Consent, 'execution' | 'subject'>): boolean {
  if (execution !== 'on-authorisation') return false;
  return subject.kind === 'payment' || subject.kind === 'bulk-payment' || subject.kind === 'periodic-payment';
}

/** A basket has done its work once its members are authorised: it does not authorise others later. */
function consumeBasket(tx: SqlTransaction, options: ConsentsOptions, basket: Consent): Promise<Consent> {
  const change = {
    status: advanceConsent(basket, 'consume'),
    reason: { actor: 'bank', code: 'consumed' },
    what: 'consumed',
    channel: 'bank',
  } as const;
  return changeStatus(tx, options, { consent: basket, change });
}

/**
 * A client has one standing access to a customer: the newer takes the older one's place. Standing is what recurs under an
 * agreed frequency; consents that are not counted live side by side.
 */
async function replaceOlder(tx: SqlTransaction, options: ConsentsOptions, newer: Consent): Promise<void> {
  if (!isStanding(newer) || newer.partyId === undefined) return;
  const rows = await tx.all<ConsentRow>(
    `SELECT * FROM consents WHERE bank = ? AND client_id = ? AND party_id = ? AND status = 'authorised' AND id <> ?
       AND deleted_at IS NULL ORDER BY sequence`,
    [options.bank.id, newer.clientId, newer.partyId, newer.id],
  );
  for (const row of rows) {
    const { consent } = await toStoredConsent(tx, row, options.clock.now());
    const status = isStanding(consent) ? consentAfter(consent, 'revoke') : undefined;
    if (status === undefined) continue;
    const reason = { actor: 'bank', code: 'replaced' } as const;
    const change = { status, reason, what: `replaced by ${newer.id}`, channel: 'bank' } as const;
    await changeStatus(tx, options, { consent, change });
  }
}
