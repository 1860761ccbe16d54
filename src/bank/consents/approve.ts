import { assert, SandbankError } from '../../kernel/index.js';
import type { SqlTransaction } from '../../storage/index.js';
import { wrongState } from './authorisation-transitions.js';
import { authoriseMembers } from './baskets.js';
import { changeStatus, readConsent, type ConsentsOptions } from './change-consent.js';
import { relinkAccounts, toStoredConsent, type ConsentRow } from './consent-rows.js';
import { advanceConsent, consentAfter } from './consent-transitions.js';
import type { Consent } from './consent.js';
import { advanceRun, eligibleFor, loadScene, refuseEnded, saveRun, type Scene } from './run-scene.js';

/** The customer's yes, with all that it brings about, in one transaction. */
export async function approveRun(
  tx: SqlTransaction,
  options: ConsentsOptions,
  { id, shown }: { readonly id: string; readonly shown: string },
): Promise<Consent> {
  const scene = await loadScene(tx, options, id);
  const { stored, consent } = scene;
  const status = advanceRun(stored, 'approve');
  const decided = { ...stored, run: { ...stored.run, status }, decision: 'approved' } as const;
  if (stored.run.purpose === 'cancellation') {
    refuseChanged(scene);
    await saveRun(tx, options, decided);
    await options.payments?.cancel(tx, consent.id, 'psu');
    return (await readConsent(tx, options, consent.id)).consent;
  }
  return authorise(tx, options, { scene: { ...scene, stored: decided }, shown });
}

function refuseChanged({ stored, consent, version }: Scene): void {
  if (version === stored.consentVersion) return;
  throw new SandbankError('consent.wrong-status', 'This consent has changed since the authorisation began.', {
    expected: 'the consent as it was when the authorisation began',
    actual: consent.status,
  });
}

async function authorise(
  tx: SqlTransaction,
  options: ConsentsOptions,
  { scene, shown }: { readonly scene: Scene; readonly shown: string },
): Promise<Consent> {
  const { stored, consent } = scene;
  const { run, boundTo } = stored;
  const { partyId } = run;
  if (run.accounts.length === 0 || partyId === undefined) throw wrongState('approve', 'no account chosen');
  refuseEnded(consent, options.clock.now());
  const status = advanceConsent(consent, 'authorise');
  refuseChanged(scene);
  // An account may have been closed since it was chosen.
  const offered = await eligibleFor(options, scene, run);
  const open = offered.filter((one) => one.eligible).map(({ account }) => account.id);
  if (!run.accounts.every((account) => open.includes(account))) {
    throw new SandbankError('consent.account-not-covered', 'A chosen account is no longer eligible.');
  }
  await saveRun(tx, options, stored);
  await relinkAccounts(tx, consent, { accounts: run.accounts, at: options.clock.now() });
  const change = {
    status,
    reason: { actor: 'psu', code: 'authorised' },
    what: 'authorised',
    channel: run.mode,
    shown,
    partyId,
    ...(boundTo !== undefined && { boundTo }),
  } as const;
  const authorised = await changeStatus(tx, options, { consent, change });
  await replaceOlder(tx, options, authorised);
  if (consent.subject.kind === 'basket') {
    const [chosen] = run.accounts;
    await authoriseMembers(tx, options, { basket: consent, chosen, offered, partyId, channel: run.mode, shown });
    return consumeBasket(tx, options, authorised);
  }
  if (!isCarriedOutByBank(consent)) return authorised;
  assert(options.payments, 'who carries payments out');
  await options.payments.onAuthorised(tx, authorised);
  return (await readConsent(tx, options, consent.id)).consent;
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

function isStanding({ subject }: Consent): boolean {
  return subject.kind === 'account-access' && subject.recurring && subject.perDayFrequency !== undefined;
}
