import { assert, SandbankError } from '../../kernel/index.js';
import { nextId, type SqlTransaction } from '../../storage/index.js';
import { approveRun } from './approve.js';
import { advanceAuthorisation, wrongState } from './authorisation-transitions.js';
import { selectAuthorisation, selectAuthorisationsOf } from './authorisation-rows.js';
import { membersOf, refuseUnfitMembers } from './baskets.js';
import { CHALLENGE_ATTEMPTS, isCode } from './challenge.js';
import { confirmRun, issueConfirmation } from './confirmations.js';
import { addEvidence, readConsent, wallOf, type ConsentsOptions } from './change-consent.js';
import { advanceConsent } from './consent-transitions.js';
import type { Authorisation, Consent } from './consent.js';
import type { Consents, EligibleAccount } from './consents.js';
import { methodsOf } from './methods.js';
import {
  advanceRun,
  eligibleFor,
  failRun,
  loadScene,
  recordStep,
  refuseEnded,
  saveRun,
  type Scene,
} from './run-scene.js';
import { sendTo } from './send-challenge.js';
import { accountsSigned, refuseSignature } from './signatures.js';
import { settleAccounts, wantedAccounts } from './wanted-accounts.js';

type Journey = Pick<
  Consents,
  | 'startAuthorisation'
  | 'authorisation'
  | 'authorisationsOf'
  | 'identify'
  | 'authenticate'
  | 'methods'
  | 'selectMethod'
  | 'eligibleAccounts'
  | 'chooseAccounts'
  | 'sendChallenge'
  | 'answerChallenge'
  | 'answerDecoupled'
  | 'approve'
  | 'issueConfirmation'
  | 'confirm'
  | 'refuse'
>;

/** The customer's part: each step loads, decides by the tables, stores and appends evidence in one transaction. */
export function createJourney(options: ConsentsOptions): Journey {
  const { bank, storage, parties } = options;
  return {
    startAuthorisation: (id, mode, start = {}) =>
      storage.transaction((tx) => begin(tx, options, { id, mode, ...start })),
    authorisation: async (id) => (await selectAuthorisation(storage.read, bank.id, id)).run,
    async authorisationsOf(id, purpose) {
      const runs = (await selectAuthorisationsOf(storage.read, bank.id, id)).map(({ run }) => run);
      return purpose === undefined ? runs : runs.filter((run) => run.purpose === purpose);
    },
    identify: (id, customerNumber) =>
      storage.transaction(async (tx) => {
        const stored = await selectAuthorisation(tx, bank.id, id);
        const status = advanceRun(stored, 'identify');
        return saveRun(tx, options, { ...stored, run: { ...stored.run, status }, identifiedAs: customerNumber });
      }),
    async authenticate(id, login) {
      const stored = await selectAuthorisation(storage.read, bank.id, id);
      advanceRun(stored, 'sign-in');
      const { password, customerNumber = stored.identifiedAs ?? '' } = login;
      const partyId = await parties.verifyLogin({ customerNumber, password });
      if (stored.identifiedAs !== undefined && stored.identifiedAs !== customerNumber) {
        throw new SandbankError('credentials.invalid', 'The customer number or the password is wrong.');
      }
      return storage.transaction((tx) => signIn(tx, options, { id, partyId }));
    },
    async methods(id) {
      const { partyId, status } = (await selectAuthorisation(storage.read, bank.id, id)).run;
      if (partyId === undefined) throw wrongState('select-method', status);
      return methodsOf(await parties.get(partyId), bank);
    },
    selectMethod: (id, methodId) => storage.transaction((tx) => select(tx, options, { id, methodId })),
    async eligibleAccounts(id) {
      const { run } = await selectAuthorisation(storage.read, bank.id, id);
      const { consent } = await readConsent(storage.read, options, run.consentId);
      const members = await membersOf(storage.read, options, consent);
      return eligibleFor(options, { consent, members }, run);
    },
    chooseAccounts: (id, accounts) => storage.transaction((tx) => choose(tx, options, { id, accounts })),
    sendChallenge: (id) =>
      storage.transaction(async (tx) => {
        const scene = await loadScene(tx, options, id);
        const entered = await identified(tx, options, scene);
        const hasFailed = entered !== scene && entered.stored.run.status === 'failed';
        return hasFailed ? entered.stored.run : send(tx, options, entered);
      }),
    async answerChallenge(id, code) {
      // A wrong try is committed first and refused afterwards: the throw must not roll its count back.
      const answer = await storage.transaction((tx) => judgeAnswer(tx, options, { id, code }));
      if (answer instanceof SandbankError) throw answer;
      return answer;
    },
    answerDecoupled: (id, decision) => storage.transaction((tx) => answerInApp(tx, options, { id, decision })),
    approve: (id, shown) => storage.transaction((tx) => approveRun(tx, options, { id, shown })),
    issueConfirmation: (id) => storage.transaction((tx) => issueConfirmation(tx, options, id)),
    async confirm(id, code) {
      const answer = await storage.transaction((tx) => confirmRun(tx, options, { id, code }));
      if (answer instanceof SandbankError) throw answer;
      return answer;
    },
    refuse: (id, why) =>
      storage.transaction(async (tx) => {
        const scene = await loadScene(tx, options, id);
        // A run that failed by itself has rejected its consent already.
        if (scene.stored.run.status === 'failed') return scene.consent;
        return (await failRun(tx, options, { scene, why })).consent;
      }),
  };
}

async function begin(
  tx: SqlTransaction,
  options: ConsentsOptions,
  start: { readonly id: string; readonly mode: Authorisation['mode'] } & NonNullable<
    Parameters<Consents['startAuthorisation']>[2]
  >,
): Promise<Authorisation> {
  const { id, mode, purpose = 'consent', customerNumber, needsConfirmation = false } = start;
  assert(!needsConfirmation || mode === 'redirect', 'only a browser brings a confirmation code back');
  const { consent, version } = await readConsent(tx, options, id);
  if (purpose === 'cancellation') await refuseUncancellable(options, consent);
  else {
    refuseEnded(consent, options.clock.now());
    advanceConsent(consent, 'authorise');
    await refuseUnfitMembers(tx, options, consent);
  }
  const run: Authorisation = {
    id: await nextId(tx, options.ids, 'authorisation'),
    consentId: id,
    mode,
    purpose,
    status: customerNumber === undefined ? 'received' : advanceAuthorisation('received', 'identify'),
    accounts: [],
    ...(needsConfirmation && { needsConfirmation }),
    createdAt: options.clock.now(),
  };
  await saveRun(tx, options, {
    run,
    consentVersion: version,
    attemptsLeft: CHALLENGE_ATTEMPTS,
    ...(customerNumber !== undefined && { identifiedAs: customerNumber }),
  });
  const what = purpose === 'cancellation' ? 'authorisation of the cancellation started' : 'authorisation started';
  await addEvidence(tx, options, { consentId: id, actor: 'client', what, channel: mode });
  return run;
}

/** What nobody agreed to yet is called back without her: there is nobody to ask. */
async function refuseUncancellable({ payments }: ConsentsOptions, { id, partyId, status }: Consent): Promise<void> {
  if (partyId === undefined) {
    throw new SandbankError('consent.wrong-status', 'This payment was not authorised by a customer.', {
      expected: 'a payment that was authorised',
      actual: status,
    });
  }
  if (await payments?.isCancellable(id)) return;
  throw new SandbankError('payment.not-cancellable', 'This payment cannot be called back any more.', { actual: id });
}

async function signIn(
  tx: SqlTransaction,
  options: ConsentsOptions,
  { id, partyId }: { readonly id: string; readonly partyId: string },
): Promise<Authorisation> {
  const scene = await loadScene(tx, options, id);
  const status = advanceRun(scene.stored, 'sign-in');
  await options.parties.codes.refuseLocked(tx, partyId);
  const { stored } = await asCustomer(tx, options, { scene, partyId, status, what: 'signed in' });
  return stored.run;
}

/** The run is hers from now on. Accounts that the consent names or settles are found, or the run has failed. */
async function asCustomer(
  tx: SqlTransaction,
  options: ConsentsOptions,
  entry: {
    readonly scene: Scene;
    readonly partyId: string;
    readonly status: Authorisation['status'];
    readonly what: string;
  },
): Promise<Scene> {
  const { scene, partyId, status, what } = entry;
  const { stored, consent, members } = scene;
  refuseOther(consent, partyId);
  const run: Authorisation = { ...stored.run, status, partyId };
  await recordStep(tx, options, run, what);
  const settled = async (accounts: readonly string[]): Promise<Scene> => {
    const changed = { ...stored, run: { ...run, accounts } };
    await saveRun(tx, options, changed);
    return { ...scene, stored: changed };
  };
  if (run.purpose === 'cancellation') {
    return settled(consent.accounts.filter((link) => link.unlinkedAt === undefined).map((link) => link.accountId));
  }
  const offered = await eligibleFor(options, scene, run);
  const signed = accountsSigned(consent);
  if (signed) {
    refuseStranger(signed, offered);
    return settled(signed);
  }
  const match = settleAccounts({ consent, members }, offered);
  if (match === undefined) return settled(run.accounts);
  if ('accounts' in match) return settled(match.accounts);
  const failed = await failRun(tx, options, { scene: { stored: { ...stored, run }, consent }, why: match.why });
  return { ...scene, consent: failed.consent, stored: { ...stored, run: failed.run, decision: 'refused' } };
}

/** What one customer agreed to is hers; where several have to, each of them does once. */
function refuseOther(consent: Consent, partyId: string): void {
  const { signing, status } = consent;
  if (status === 'partially-authorised') {
    refuseSignature(consent, partyId);
    return;
  }
  const isHers = consent.partyId === undefined || consent.partyId === partyId;
  if (isHers || signing?.signed.some((one) => one.partyId === partyId)) return;
  throw new SandbankError('consent.wrong-status', 'Another customer authorised this consent.');
}

/** Whoever may not sign for the account does not end what others began. */
function refuseStranger(signed: readonly string[], offered: readonly EligibleAccount[]): void {
  const hers = offered.filter(({ eligible }) => eligible).map(({ account }) => account.id);
  if (signed.every((account) => hers.includes(account))) return;
  throw new SandbankError('consent.wrong-status', 'This customer cannot sign for the account.', {
    expected: 'a holder of the account that others have signed for',
  });
}

async function select(
  tx: SqlTransaction,
  options: ConsentsOptions,
  { id, methodId }: { readonly id: string; readonly methodId: string },
): Promise<Authorisation> {
  const scene = await loadScene(tx, options, id);
  const { stored } = scene;
  const status = advanceRun(stored, 'select-method');
  assert(stored.run.partyId, 'a signed-in run has a customer');
  const methods = methodsOf(await options.parties.get(stored.run.partyId), options.bank);
  const method = methods.find((one) => one.id === methodId);
  if (!method) {
    throw new SandbankError('field.invalid', 'The customer has no such method.', {
      path: 'methodId',
      expected: methods.map((one) => one.id).join(', '),
      actual: methodId,
    });
  }
  await recordStep(tx, options, stored.run, `method chosen: ${method.name}`);
  return send(tx, options, { ...scene, stored: { ...stored, run: { ...stored.run, status, methodId } } });
}

async function choose(
  tx: SqlTransaction,
  options: ConsentsOptions,
  { id, accounts }: { readonly id: string; readonly accounts: readonly string[] },
): Promise<Authorisation> {
  const scene = await loadScene(tx, options, id);
  const { stored, consent, members } = scene;
  const status = advanceRun(stored, 'choose-accounts');
  const isAccess = consent.subject.kind === 'account-access';
  // The answered code of a payment is its approval: what was approved does not change afterwards.
  const isAnswered = status === 'finalised' || status === 'unconfirmed';
  const isApproved = (!isAccess && isAnswered) || stored.run.purpose === 'cancellation';
  if (isApproved) throw wrongState('choose-accounts', status);
  const chosen = [...new Set(accounts)];
  const offered = (await eligibleFor(options, scene, stored.run)).filter((one) => one.eligible);
  const settled = accountsSigned(consent) ?? (wantedAccounts(consent, members) ? stored.run.accounts : undefined);
  const isCovered = chosen.every((one) => (settled ?? offered.map(({ account }) => account.id)).includes(one));
  // A basket whose payments all name their accounts has as many as they do.
  const wanted = isAccess ? undefined : (settled?.length ?? 1);
  if (!isCovered || chosen.length === 0 || (wanted !== undefined && chosen.length !== wanted)) {
    throw new SandbankError('consent.account-not-covered', 'These accounts cannot be chosen for this consent.', {
      expected: isAccess ? 'one or more of the eligible accounts' : 'exactly one of the eligible accounts',
      actual: chosen.join(', '),
    });
  }
  await recordStep(tx, options, stored.run, `accounts chosen: ${chosen.join(', ')}`);
  return saveRun(tx, options, { ...stored, run: { ...stored.run, status, accounts: chosen } });
}

/** The app knows who was named beforehand: a decoupled run needs no sign-in before the question. */
async function identified(tx: SqlTransaction, options: ConsentsOptions, scene: Scene): Promise<Scene> {
  const { run, identifiedAs } = scene.stored;
  if (run.mode !== 'decoupled' || run.status !== 'psu-identified' || identifiedAs === undefined) return scene;
  advanceRun(scene.stored, 'send-to-app');
  const party = await options.parties.byCustomerNumber(identifiedAs);
  if (!party) return scene;
  return asCustomer(tx, options, { scene, partyId: party.id, status: run.status, what: 'asked in the app' });
}

const PAID_FROM_ONE: readonly Consent['subject']['kind'][] = [
  'payment',
  'bulk-payment',
  'periodic-payment',
  'recurring-payment',
  'basket',
];

async function send(tx: SqlTransaction, options: ConsentsOptions, scene: Scene): Promise<Authorisation> {
  const { stored, consent } = scene;
  const isDecoupled = stored.run.mode === 'decoupled';
  const status = advanceRun(stored, isDecoupled ? 'send-to-app' : 'send-challenge');
  if (!isDecoupled && PAID_FROM_ONE.includes(consent.subject.kind) && stored.run.accounts.length === 0)
    throw wrongState('send-challenge', 'no account chosen');
  if (!isDecoupled && stored.run.partyId !== undefined) {
    await options.parties.codes.refuseLocked(tx, stored.run.partyId);
  }
  const { challenge, code } = await sendTo(tx, options, { stored, consent });
  await recordStep(tx, options, stored.run, code ? 'one-time code sent' : 'question sent to the app');
  const { code: _old, boundTo: _oldLink, ...kept } = stored;
  const { boundTo } = challenge;
  return saveRun(tx, options, {
    ...kept,
    run: { ...stored.run, status, challenge },
    ...(code && { code }),
    ...(boundTo !== undefined && { boundTo }),
  });
}

async function judgeAnswer(
  tx: SqlTransaction,
  options: ConsentsOptions,
  { id, code }: { readonly id: string; readonly code: string },
): Promise<Authorisation | SandbankError> {
  const scene = await loadScene(tx, options, id);
  const { stored } = scene;
  // After the fifth wrong code every further one is told the same.
  if (stored.attemptsLeft === 0) return lockedError();
  const status = advanceRun(
    stored,
    stored.run.needsConfirmation === true ? 'answer-provisionally' : 'answer-challenge',
  );
  if (stored.run.mode === 'decoupled') throw wrongState('answer-challenge', 'a question that is answered in the app');
  const { challenge, ...run } = stored.run;
  assert(challenge && stored.code && run.partyId !== undefined, 'a challenged run has a code and a customer');
  const { codes } = options.parties;
  await codes.refuseLocked(tx, run.partyId);
  if (challenge.expiresAt <= wallOf(options).now()) {
    return new SandbankError('challenge.expired', 'This code has expired. Ask for a new one.');
  }
  if (isCode(code, stored.code)) {
    await codes.forgive(tx, run.partyId);
    await recordStep(tx, options, stored.run, 'one-time code accepted');
    const { code: _used, ...kept } = stored;
    return saveRun(tx, options, { ...kept, run: { ...run, status } });
  }
  const attemptsLeft = stored.attemptsLeft - 1;
  const counted = { ...stored, attemptsLeft };
  await codes.countWrong(tx, run.partyId);
  await recordStep(tx, options, stored.run, 'wrong one-time code');
  if (attemptsLeft === 0) {
    await failRun(tx, options, { scene: { ...scene, stored: counted }, why: 'authentication-failed' });
    return lockedError();
  }
  await saveRun(tx, options, counted);
  return new SandbankError('challenge.invalid', 'This code is wrong.', { attemptsLeft });
}

function lockedError(): SandbankError {
  return new SandbankError('challenge.locked', 'Too many wrong codes. The authorisation has ended.');
}

async function answerInApp(
  tx: SqlTransaction,
  options: ConsentsOptions,
  { id, decision }: { readonly id: string; readonly decision: 'approve' | 'refuse' },
): Promise<Authorisation> {
  const scene = await loadScene(tx, options, id);
  const { stored } = scene;
  const status = advanceRun(stored, 'answer-in-app');
  const { challenge, ...run } = stored.run;
  if (run.mode !== 'decoupled' || run.partyId === undefined) {
    throw wrongState('answer-in-app', 'nothing that was asked in the app');
  }
  assert(challenge, 'a challenged run has a question');
  if (challenge.expiresAt <= wallOf(options).now()) {
    throw new SandbankError('challenge.expired', 'This question has expired. Ask for a new one.');
  }
  if (decision === 'refuse') return (await failRun(tx, options, { scene, why: 'refused-by-psu' })).run;
  if (scene.consent.subject.kind !== 'account-access' && run.accounts.length === 0) {
    throw wrongState('answer-in-app', 'no account chosen');
  }
  await recordStep(tx, options, stored.run, 'approved in the app');
  return saveRun(tx, options, { ...stored, run: { ...run, status } });
}
