import { assert, plusMs, SandbankError } from '../../kernel/index.js';
import { nextId, type SqlTransaction } from '../../storage/index.js';
import { normaliseIdentification } from '../accounts/index.js';
import { advanceAuthorisation, wrongState, type AuthorisationEvent } from './authorisation-transitions.js';
import { saveAuthorisation, selectAuthorisation, type StoredAuthorisation } from './authorisation-rows.js';
import {
  CHALLENGE_ATTEMPTS,
  CHALLENGE_MS,
  challengeText,
  drawCode,
  hashCode,
  isCode,
  maskedMobile,
} from './challenge.js';
import { addEvidence, changeStatus, readConsent, wallOf, type ConsentsOptions } from './change-consent.js';
import { relinkAccounts, type StoredConsent } from './consent-rows.js';
import { advanceConsent, consentAfter } from './consent-transitions.js';
import type { Authorisation, Consent, ConsentStatusReason } from './consent.js';
import type { Consents, EligibleAccount } from './consents.js';
import { dynamicLinkHash } from './dynamic-link.js';
import { judgeAccount } from './eligibility.js';

type Journey = Pick<
  Consents,
  | 'startAuthorisation'
  | 'authorisation'
  | 'authenticate'
  | 'eligibleAccounts'
  | 'chooseAccounts'
  | 'sendChallenge'
  | 'answerChallenge'
  | 'approve'
  | 'refuse'
>;

/** A run under way with its consent, read in one transaction. */
interface Scene extends StoredConsent {
  readonly stored: StoredAuthorisation;
}

/** The customer's part: each step loads, decides by the tables, stores and appends evidence in one transaction. */
export function createJourney(options: ConsentsOptions): Journey {
  const { bank, storage, clock, ids, parties } = options;
  return {
    startAuthorisation: (id, mode) =>
      storage.transaction(async (tx) => {
        const { consent, version } = await readConsent(tx, options, id);
        refuseEnded(consent, clock.now());
        advanceConsent(consent, 'authorise');
        const run: Authorisation = {
          id: await nextId(tx, ids, 'authorisation'),
          consentId: id,
          mode,
          status: 'received',
          accounts: [],
          createdAt: clock.now(),
        };
        await saveAuthorisation(tx, bank.id, { run, consentVersion: version, attemptsLeft: CHALLENGE_ATTEMPTS });
        await addEvidence(tx, options, {
          consentId: id,
          actor: 'client',
          what: 'authorisation started',
          channel: mode,
        });
        return run;
      }),
    authorisation: async (id) => (await selectAuthorisation(storage.read, bank.id, id)).run,
    async authenticate(id, login) {
      advance(await selectAuthorisation(storage.read, bank.id, id), 'sign-in');
      const partyId = await parties.verifyLogin(login);
      return storage.transaction((tx) => signIn(tx, options, { id, partyId }));
    },
    async eligibleAccounts(id) {
      const { run } = await selectAuthorisation(storage.read, bank.id, id);
      const { consent } = await readConsent(storage.read, options, run.consentId);
      return eligible(options, consent, run);
    },
    chooseAccounts: (id, accounts) => storage.transaction((tx) => choose(tx, options, { id, accounts })),
    sendChallenge: (id) => storage.transaction((tx) => send(tx, options, id)),
    async answerChallenge(id, code) {
      // A wrong try is committed first and refused afterwards: the throw must not roll its count back.
      const answer = await storage.transaction((tx) => judgeAnswer(tx, options, { id, code }));
      if (answer instanceof SandbankError) throw answer;
      return answer;
    },
    approve: (id, shown) => storage.transaction((tx) => approve(tx, options, { id, shown })),
    refuse: (id, why) =>
      storage.transaction(async (tx) => {
        const scene = await load(tx, options, id);
        // A run that failed by itself has rejected its consent already.
        if (scene.stored.run.status === 'failed') return scene.consent;
        return (await fail(tx, options, { scene, why })).consent;
      }),
  };
}

async function load(tx: SqlTransaction, options: ConsentsOptions, id: string): Promise<Scene> {
  const stored = await selectAuthorisation(tx, options.bank.id, id);
  return { stored, ...(await readConsent(tx, options, stored.run.consentId)) };
}

function advance({ run, decision }: StoredAuthorisation, event: AuthorisationEvent): Authorisation['status'] {
  if (decision !== undefined) throw wrongState(event, decision);
  return advanceAuthorisation(run.status, event);
}

function refuseEnded({ expiresAt }: Consent, now: number): void {
  if (expiresAt !== undefined && expiresAt <= now)
    throw new SandbankError('consent.expired', 'This consent has expired.');
}

async function save(tx: SqlTransaction, options: ConsentsOptions, stored: StoredAuthorisation): Promise<Authorisation> {
  await saveAuthorisation(tx, options.bank.id, stored);
  return stored.run;
}

function record(tx: SqlTransaction, options: ConsentsOptions, run: Authorisation, what: string): Promise<void> {
  return addEvidence(tx, options, { consentId: run.consentId, actor: 'psu', what, channel: run.mode });
}

async function signIn(
  tx: SqlTransaction,
  options: ConsentsOptions,
  { id, partyId }: { readonly id: string; readonly partyId: string },
): Promise<Authorisation> {
  const scene = await load(tx, options, id);
  const { stored, consent } = scene;
  const status = advance(stored, 'sign-in');
  if (consent.partyId !== undefined && consent.partyId !== partyId) {
    throw new SandbankError('consent.wrong-status', 'Another customer authorised this consent.');
  }
  const run: Authorisation = { ...stored.run, status, partyId };
  await record(tx, options, run, 'signed in');
  const named = namedAccount(consent);
  if (!named) return save(tx, options, { ...stored, run });
  const wanted = normaliseIdentification(named.identification);
  const match = (await eligible(options, consent, run)).find(({ account }) =>
    account.identifiers.some((own) => own.scheme === named.scheme && own.identification === wanted),
  );
  if (match?.eligible) return save(tx, options, { ...stored, run: { ...run, accounts: [match.account.id] } });
  const why = match ? 'no-eligible-account' : 'debtor-not-of-psu';
  return (await fail(tx, options, { scene: { ...scene, stored: { ...stored, run } }, why })).run;
}

function namedAccount({ subject }: Consent): { readonly scheme: string; readonly identification: string } | undefined {
  switch (subject.kind) {
    case 'payment':
      return subject.instruction.debtor;
    case 'recurring-payment':
      return subject.mandate.debtor;
    case 'funds-check':
      return subject.account;
    case 'account-access':
      return undefined;
  }
}

async function eligible(
  options: ConsentsOptions,
  consent: Consent,
  { partyId, status }: Authorisation,
): Promise<readonly EligibleAccount[]> {
  if (partyId === undefined) throw wrongState('choose-accounts', status);
  return (await options.accounts.ofParty(partyId)).map((account) => judgeAccount(account, consent.subject));
}

async function choose(
  tx: SqlTransaction,
  options: ConsentsOptions,
  { id, accounts }: { readonly id: string; readonly accounts: readonly string[] },
): Promise<Authorisation> {
  const { stored, consent } = await load(tx, options, id);
  const status = advance(stored, 'choose-accounts');
  const isAccess = consent.subject.kind === 'account-access';
  // The answered code of a payment is its approval: what was approved does not change afterwards.
  if (!isAccess && status === 'finalised') throw wrongState('choose-accounts', status);
  const chosen = [...new Set(accounts)];
  const offered = (await eligible(options, consent, stored.run)).filter((one) => one.eligible);
  const named = namedAccount(consent) ? stored.run.accounts : undefined;
  const isCovered = chosen.every((one) =>
    named ? named.includes(one) : offered.some(({ account }) => account.id === one),
  );
  if (!isCovered || chosen.length === 0 || (!isAccess && chosen.length !== 1)) {
    throw new SandbankError('consent.account-not-covered', 'These accounts cannot be chosen for this consent.', {
      expected: isAccess ? 'one or more of the eligible accounts' : 'exactly one of the eligible accounts',
      actual: chosen.join(', '),
    });
  }
  await record(tx, options, stored.run, `accounts chosen: ${chosen.join(', ')}`);
  return save(tx, options, { ...stored, run: { ...stored.run, status, accounts: chosen } });
}

async function send(tx: SqlTransaction, options: ConsentsOptions, id: string): Promise<Authorisation> {
  const { stored, consent } = await load(tx, options, id);
  const status = advance(stored, 'send-challenge');
  const { subject } = consent;
  if (subject.kind === 'payment' && stored.run.accounts.length === 0)
    throw wrongState('send-challenge', 'no account chosen');
  assert(stored.run.partyId, 'a signed-in run has a customer');
  const { mobile } = await options.parties.get(stored.run.partyId);
  const code = drawCode();
  await options.messages.send(tx, {
    partyId: stored.run.partyId,
    channel: 'sms',
    subject: 'Your one-time code',
    body: challengeText(options.bank.name, code, subject),
    code,
  });
  await record(tx, options, stored.run, 'one-time code sent');
  const link = subject.kind === 'payment' && { boundTo: dynamicLinkHash(subject.instruction) };
  const { attemptsLeft } = stored;
  const challenge = {
    sentTo: maskedMobile(mobile),
    expiresAt: plusMs(wallOf(options).now(), CHALLENGE_MS),
    attemptsLeft,
    ...link,
  };
  return save(tx, options, { ...stored, run: { ...stored.run, status, challenge }, code: hashCode(code), ...link });
}

async function judgeAnswer(
  tx: SqlTransaction,
  options: ConsentsOptions,
  { id, code }: { readonly id: string; readonly code: string },
): Promise<Authorisation | SandbankError> {
  const scene = await load(tx, options, id);
  const { stored } = scene;
  // After the fifth wrong code every further one is told the same.
  if (stored.attemptsLeft === 0) return lockedError();
  const status = advance(stored, 'answer-challenge');
  const { challenge, ...run } = stored.run;
  assert(challenge && stored.code, 'a challenged run has a code');
  if (challenge.expiresAt <= wallOf(options).now()) {
    return new SandbankError('challenge.expired', 'This code has expired. Ask for a new one.');
  }
  if (isCode(code, stored.code)) {
    await record(tx, options, stored.run, 'one-time code accepted');
    const { code: _used, ...kept } = stored;
    return save(tx, options, { ...kept, run: { ...run, status } });
  }
  const attemptsLeft = stored.attemptsLeft - 1;
  const counted = { ...stored, attemptsLeft };
  await record(tx, options, stored.run, 'wrong one-time code');
  if (attemptsLeft === 0) {
    await fail(tx, options, { scene: { ...scene, stored: counted }, why: 'authentication-failed' });
    return lockedError();
  }
  await save(tx, options, counted);
  return new SandbankError('challenge.invalid', 'This code is wrong.', { attemptsLeft });
}

function lockedError(): SandbankError {
  return new SandbankError('challenge.locked', 'Too many wrong codes. The authorisation has ended.');
}

async function approve(
  tx: SqlTransaction,
  options: ConsentsOptions,
  { id, shown }: { readonly id: string; readonly shown: string },
): Promise<Consent> {
  const { stored, consent, version } = await load(tx, options, id);
  const { run, boundTo } = stored;
  const runStatus = advance(stored, 'approve');
  if (run.accounts.length === 0) throw wrongState('approve', 'no account chosen');
  refuseEnded(consent, options.clock.now());
  const status = advanceConsent(consent, 'authorise');
  if (version !== stored.consentVersion) {
    throw new SandbankError('consent.wrong-status', 'This consent has changed since the authorisation began.', {
      expected: 'the consent as it was when the authorisation began',
      actual: consent.status,
    });
  }
  // An account may have been closed since it was chosen.
  const open = (await eligible(options, consent, run)).filter((one) => one.eligible).map(({ account }) => account.id);
  if (!run.accounts.every((account) => open.includes(account))) {
    throw new SandbankError('consent.account-not-covered', 'A chosen account is no longer eligible.');
  }
  await save(tx, options, { ...stored, run: { ...run, status: runStatus }, decision: 'approved' });
  await relinkAccounts(tx, consent, { accounts: run.accounts, at: options.clock.now() });
  const change = {
    status,
    reason: { actor: 'psu', code: 'authorised' },
    what: 'authorised',
    channel: run.mode,
    shown,
    ...(run.partyId !== undefined && { partyId: run.partyId }),
    ...(boundTo !== undefined && { boundTo }),
  } as const;
  return changeStatus(tx, options, { consent, change });
}

/** Ends a run. Its consent is rejected, unless it is one that was authorised before or has ended otherwise. */
async function fail(
  tx: SqlTransaction,
  options: ConsentsOptions,
  { scene, why }: { readonly scene: Scene; readonly why: ConsentStatusReason['code'] },
): Promise<{ readonly run: Authorisation; readonly consent: Consent }> {
  const { stored, consent } = scene;
  const { challenge: _over, ...rest } = stored.run;
  const { code: _unused, ...kept } = stored;
  const run = await save(tx, options, {
    ...kept,
    run: { ...rest, status: advance(stored, 'fail') },
    decision: 'refused',
  });
  const status = consentAfter(consent, 'reject');
  if (status === undefined) {
    await record(tx, options, run, `authorisation ended: ${why}`);
    return { run, consent };
  }
  const actor = why === 'refused-by-psu' ? 'psu' : 'bank';
  const change = { status, reason: { actor, code: why }, what: `rejected: ${why}`, channel: run.mode } as const;
  return { run, consent: await changeStatus(tx, options, { consent, change }) };
}
