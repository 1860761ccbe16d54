import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { errors, type Provider } from 'oidc-provider';

import type { Authorisation, Bank, Consent, EligibleAccount } from '../../bank/index.js';
import type { Directory } from '../../directory/index.js';
import { assert, isSandbankError, MS_PER_SECOND, unreachable, type Clock } from '../../kernel/index.js';
import type { Storage } from '../../storage/index.js';
import type { Artefacts } from '../artefacts/artefacts.js';
import { recordCheck, type CheckRecorder } from '../checks.js';
import type { ClientStore, RegisteredClient } from '../clients/client-store.js';
import type { AuthorizationRequest, SecurityRequirements } from '../profiles/index.js';
import type { ConsentView } from './consent-view.js';
import { createJourneyStore, type JourneyState, type JourneyStore } from './journey-store.js';
import type { JourneyOutcome, JourneyStep, ShownAccount } from './journey-step.js';
import { grantAccess, type Decision } from './grant-access.js';
import { problemOf } from './problems.js';

/** One request of the customer's browser. The interaction cookie in it is what binds the journey to the browser. */
export interface Visit {
  /** From the address: `/interaction/{uid}/...`. */
  readonly uid: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

interface Form {
  readonly csrf: string;
}

/**
 * The customer's way from login to decision, one form a step, without any HTML. A form that comes at the wrong step is not
 * acted on: the answer is the step that is due.
 */
export interface Journey {
  /** The step that is due. Starts the journey at the first visit. */
  current(visit: Visit): Promise<JourneyOutcome>;
  submitLogin(
    visit: Visit,
    form: Form & { readonly username: string; readonly password: string },
  ): Promise<JourneyOutcome>;
  submitCode(visit: Visit, form: Form & { readonly code: string }): Promise<JourneyOutcome>;
  /** A new code at the code or the confirm step. */
  resendCode(visit: Visit, form: Form): Promise<JourneyOutcome>;
  submitAccounts(visit: Visit, form: Form & { readonly accounts: readonly string[] }): Promise<JourneyOutcome>;
  /** Account access: the review step. */
  decide(visit: Visit, form: Form & { readonly decision: 'approve' | 'deny' }): Promise<JourneyOutcome>;
  /** Payment: entering the code is the approval. */
  confirm(
    visit: Visit,
    form: Form & { readonly decision: 'approve' | 'deny'; readonly code: string },
  ): Promise<JourneyOutcome>;
  /** At any step. */
  cancel(visit: Visit, form: Form): Promise<JourneyOutcome>;
}

export interface JourneyOptions {
  readonly bank: Bank;
  readonly storage: Storage;
  readonly wall: Clock;
  readonly provider: Provider;
  readonly artefacts: Artefacts;
  readonly clients: ClientStore;
  readonly directory: Pick<Directory, 'organisation'>;
  readonly recorder: CheckRecorder;
  readonly requirements: SecurityRequirements;
  readonly formSecret: Buffer;
  consentIdOf(request: AuthorizationRequest): string | undefined;
  /** The view of the standard that owns the consent. */
  viewOf(consent: Consent): ConsentView;
}

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** A journey as it was loaded for one visit. */
interface Loaded {
  readonly visit: Visit;
  readonly interaction: Interaction;
  readonly state: JourneyState;
  readonly consent: Consent;
  readonly client: RegisteredClient;
}

/** Why a page of the bank ends the journey. */
class JourneyEnded extends Error {
  readonly outcome: Extract<JourneyOutcome, { outcome: 'failed' }>;
  constructor(code: string, message: string, redirectTo?: string) {
    super(message);
    this.outcome = { outcome: 'failed', code, message, ...(redirectTo !== undefined && { redirectTo }) };
  }
}

export function createJourney(options: JourneyOptions): Journey {
  const store = createJourneyStore({ bank: options.bank.profile.id, storage: options.storage });
  const inTurn = createTurns();
  const run = (visit: Visit, work: (loaded: Loaded) => Promise<JourneyOutcome>): Promise<JourneyOutcome> =>
    inTurn(visit.uid, async () => {
      try {
        return await work(await load(visit, options, store));
      } catch (error) {
        if (error instanceof JourneyEnded) return error.outcome;
        throw error;
      }
    });
  const machine = createMachine(options, store);
  /** Runs a form's work if it is genuine and of the step that is due. */
  const submit = (
    visit: Visit,
    { form, steps }: { readonly form: Form; readonly steps: readonly JourneyState['step'][] },
    work: (loaded: Loaded) => Promise<JourneyOutcome>,
  ): Promise<JourneyOutcome> =>
    run(visit, async (loaded) => {
      checkForm(form, loaded, options);
      return steps.includes(loaded.state.step) ? work(loaded) : machine.show(loaded);
    });
  return {
    current: (visit) => run(visit, machine.show),
    submitLogin: (visit, form) => submit(visit, { form, steps: ['login'] }, (loaded) => machine.login(loaded, form)),
    submitCode: (visit, form) => submit(visit, { form, steps: ['code'] }, (loaded) => machine.code(loaded, form.code)),
    resendCode: (visit, form) => submit(visit, { form, steps: ['code', 'confirm'] }, machine.resend),
    submitAccounts: (visit, form) =>
      submit(visit, { form, steps: ['accounts'] }, (loaded) => machine.accounts(loaded, form.accounts)),
    decide: (visit, form) =>
      submit(visit, { form, steps: ['review'] }, (loaded) =>
        form.decision === 'approve' ? machine.approve(loaded, 'review') : machine.refuse(loaded, 'refused-by-psu'),
      ),
    confirm: (visit, form) =>
      submit(visit, { form, steps: ['confirm'] }, (loaded) =>
        form.decision === 'approve' ? machine.confirm(loaded, form.code) : machine.refuse(loaded, 'refused-by-psu'),
      ),
    cancel: (visit, form) =>
      submit(visit, { form, steps: ['login', 'code', 'accounts', 'review', 'confirm'] }, (loaded) =>
        machine.refuse(loaded, 'refused-by-psu'),
      ),
  };
}

/** The token of the forms of one interaction; a page of another origin cannot know it. */
export function formToken(secret: Buffer, uid: string): string {
  return createHmac('sha256', secret).update(uid).digest('base64url');
}

function checkForm(form: Form, { visit }: Loaded, { formSecret, recorder }: JourneyOptions): void {
  const expected = Buffer.from(formToken(formSecret, visit.uid));
  const actual = Buffer.from(form.csrf);
  const genuine = expected.byteLength === actual.byteLength && timingSafeEqual(expected, actual);
  recordCheck(recorder, genuine, {
    name: 'the form was made for this journey',
    remedy: 'Send the form as the page gave it.',
  });
  if (!genuine)
    throw new JourneyEnded('form-not-genuine', 'This form does not belong to your visit. Please start again.');
}

/** One after the other for one journey: a double click waits for the first click and then sees its result. */
function createTurns(): <T>(key: string, task: () => Promise<T>) => Promise<T> {
  const tails = new Map<string, Promise<unknown>>();
  return async (key, task) => {
    const mine = (tails.get(key) ?? Promise.resolve()).then(task, task);
    const tail = mine.then(
      () => undefined,
      () => undefined,
    );
    tails.set(key, tail);
    try {
      return await mine;
    } finally {
      if (tails.get(key) === tail) tails.delete(key);
    }
  };
}

async function load(visit: Visit, options: JourneyOptions, store: JourneyStore): Promise<Loaded> {
  const interaction = await interactionOf(visit, options);
  const clientId = String(interaction.params['client_id']);
  const client = await options.clients.find(clientId);
  if (!client)
    throw new JourneyEnded('client-unknown', 'The company that sent you here is no longer registered at this bank.');
  options.recorder.current()?.know({ clientId, bank: options.bank.profile.id });
  const state = (await store.find(visit.uid)) ?? (await start(visit, { interaction, options, store }));
  options.recorder.current()?.know({ consentId: state.consentId });
  return { visit, interaction, state, client, consent: await consentOf(state, visit, options) };
}

async function interactionOf(
  { uid, request, response }: Visit,
  { provider, recorder }: JourneyOptions,
): Promise<Interaction> {
  let interaction: Interaction | undefined;
  try {
    interaction = await provider.interactionDetails(request, response);
  } catch (error) {
    if (!(error instanceof errors.SessionNotFound)) throw error;
  }
  const own = recordCheck(recorder, interaction?.uid === uid, {
    name: 'the visit belongs to the browser that was sent here',
    expected: 'the interaction cookie of this journey',
    actual: interaction ? 'the cookie of another journey' : 'no living journey',
    remedy: 'Start again from the application of the third party.',
  });
  if (own && interaction) return interaction;
  throw new JourneyEnded(
    'journey-not-found',
    'This visit has ended or was started elsewhere. Please start again from the app that sent you here.',
  );
}

async function start(
  visit: Visit,
  {
    interaction,
    options,
    store,
  }: { readonly interaction: Interaction; readonly options: JourneyOptions; readonly store: JourneyStore },
): Promise<JourneyState> {
  const { scope, claims, client_id: clientId } = interaction.params as Readonly<Record<string, string | undefined>>;
  const consentId = options.consentIdOf({
    clientId: clientId ?? '',
    scopes: scope?.split(' ') ?? [],
    ...(claims !== undefined && { claims: JSON.parse(claims) as Readonly<Record<string, unknown>> }),
  });
  if (consentId === undefined) throw new JourneyEnded('consent-missing', 'The request names no consent.');
  try {
    const authorisation = await options.bank.consents.startAuthorisation(consentId, 'redirect');
    await store.add({ uid: visit.uid, consentId, authorisationId: authorisation.id, step: 'login' });
  } catch (error) {
    throw await endedBy(error, visit, options);
  }
  const state = await store.find(visit.uid);
  assert(state, 'a started journey is found');
  return state;
}

async function consentOf(state: JourneyState, visit: Visit, options: JourneyOptions): Promise<Consent> {
  try {
    return await options.bank.consents.get(state.consentId);
  } catch (error) {
    throw await endedBy(error, visit, options);
  }
}

/** What the core refuses in the middle of a journey ends it: the customer gets a page, the client access_denied. */
async function endedBy(error: unknown, visit: Visit, { provider }: JourneyOptions): Promise<unknown> {
  if (!isSandbankError(error)) return error;
  const redirectTo = await provider.interactionResult(visit.request, visit.response, {
    error: 'access_denied',
    error_description: 'the consent cannot be authorised any more',
  });
  return new JourneyEnded(error.code, error.message, redirectTo);
}

interface Machine {
  show(loaded: Loaded): Promise<JourneyOutcome>;
  login(loaded: Loaded, form: { readonly username: string; readonly password: string }): Promise<JourneyOutcome>;
  code(loaded: Loaded, code: string): Promise<JourneyOutcome>;
  resend(loaded: Loaded): Promise<JourneyOutcome>;
  accounts(loaded: Loaded, accounts: readonly string[]): Promise<JourneyOutcome>;
  approve(loaded: Loaded, from: 'review' | 'confirm'): Promise<JourneyOutcome>;
  confirm(loaded: Loaded, code: string): Promise<JourneyOutcome>;
  refuse(loaded: Loaded, why: Parameters<Bank['consents']['refuse']>[1]): Promise<JourneyOutcome>;
}

function createMachine(options: JourneyOptions, store: JourneyStore): Machine {
  const { bank, provider } = options;
  const { consents } = bank;

  const moveTo = async (loaded: Loaded, to: Parameters<JourneyStore['advance']>[2]): Promise<JourneyOutcome> => {
    await store.advance(loaded.visit.uid, loaded.state.step, to);
    const state = await store.find(loaded.visit.uid);
    assert(state, 'a journey is not lost');
    return show({ ...loaded, state });
  };
  /** A mistake that may be made again stays at its step with words; one that may not ends the journey. */
  const mistake = async (loaded: Loaded, error: unknown): Promise<JourneyOutcome> => {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    if (!problem.final) return moveTo(loaded, { step: loaded.state.step, problem: problem.text });
    await store.advance(loaded.visit.uid, loaded.state.step, { step: 'done' });
    throw await endedBy(error, loaded.visit, options);
  };
  const show = async (loaded: Loaded): Promise<JourneyOutcome> => {
    if (loaded.state.step === 'done') return { outcome: 'done', redirectTo: loaded.interaction.returnTo };
    return { outcome: 'step', step: await toStep(loaded, options) };
  };
  const refuse: Machine['refuse'] = async (loaded, why) => {
    if (!(await store.advance(loaded.visit.uid, loaded.state.step, { step: 'done' }))) return show(loaded);
    await consents.refuse(loaded.state.authorisationId, why);
    const redirectTo = await provider.interactionResult(loaded.visit.request, loaded.visit.response, {
      error: 'access_denied',
      error_description: 'the customer did not agree',
    });
    return { outcome: 'done', redirectTo };
  };
  const approve: Machine['approve'] = async (loaded, from) => {
    const { visit, state } = loaded;
    if (!(await store.advance(visit.uid, from, { step: 'done' }))) return show(loaded);
    const decision: Decision = {
      consent: loaded.consent,
      client: loaded.client,
      interaction: loaded.interaction,
      partyId: state.partyId ?? '',
    };
    try {
      const consent = await consents.approve(state.authorisationId, await shownText(loaded, options));
      const result = await grantAccess({ ...decision, consent }, options);
      return { outcome: 'done', redirectTo: await provider.interactionResult(visit.request, visit.response, result) };
    } catch (error) {
      throw await endedBy(error, visit, options);
    }
  };
  /** To the code of an account journey, or the confirmation of a payment. */
  const challenge = async (
    loaded: Loaded,
    to: { readonly step: 'code' | 'confirm'; readonly partyId?: string },
  ): Promise<JourneyOutcome> => {
    await consents.sendChallenge(loaded.state.authorisationId);
    return moveTo(loaded, to);
  };
  const payFrom = async (loaded: Loaded, partyId: string): Promise<JourneyOutcome> => {
    const named = loaded.consent.subject.kind === 'payment' ? loaded.consent.subject.instruction.debtor : undefined;
    if (named === undefined) return moveTo(loaded, { step: 'accounts', partyId });
    const offered = await consents.eligibleAccounts(loaded.state.authorisationId);
    const account = offered.find((one) => one.eligible && isNamed(one, named));
    if (!account) {
      await refuse(loaded, 'debtor-not-of-psu');
      throw new JourneyEnded(
        'debtor-not-of-psu',
        'The account named for this payment is not one you can pay from.',
        loaded.interaction.returnTo,
      );
    }
    await consents.chooseAccounts(loaded.state.authorisationId, [account.account.id]);
    return challenge(loaded, { step: 'confirm', partyId });
  };

  return {
    show,
    refuse,
    approve,
    async login(loaded, form) {
      let authorisation: Authorisation;
      try {
        authorisation = await consents.authenticate(loaded.state.authorisationId, {
          customerNumber: form.username.trim(),
          password: form.password,
        });
      } catch (error) {
        return mistake(loaded, error);
      }
      const partyId = authorisation.partyId ?? '';
      return loaded.consent.subject.kind === 'payment'
        ? payFrom(loaded, partyId)
        : challenge(loaded, { step: 'code', partyId });
    },
    async code(loaded, code) {
      try {
        await consents.answerChallenge(loaded.state.authorisationId, digitsOf(code));
      } catch (error) {
        return mistake(loaded, error);
      }
      return moveTo(loaded, { step: 'accounts' });
    },
    async resend(loaded) {
      await consents.sendChallenge(loaded.state.authorisationId);
      return moveTo(loaded, { step: loaded.state.step });
    },
    async accounts(loaded, accounts) {
      try {
        await consents.chooseAccounts(loaded.state.authorisationId, accounts);
      } catch (error) {
        return mistake(loaded, error);
      }
      return loaded.consent.subject.kind === 'payment'
        ? challenge(loaded, { step: 'confirm' })
        : moveTo(loaded, { step: 'review' });
    },
    async confirm(loaded, code) {
      try {
        await consents.answerChallenge(loaded.state.authorisationId, digitsOf(code));
      } catch (error) {
        return mistake(loaded, error);
      }
      return approve(loaded, 'confirm');
    },
  };
}

async function toStep(loaded: Loaded, options: JourneyOptions): Promise<JourneyStep> {
  const { state, visit, consent } = loaded;
  const base = {
    uid: visit.uid,
    csrf: formToken(options.formSecret, visit.uid),
    asker: await askerOf(loaded, options),
    view: options.viewOf(consent),
    ...(state.problem !== undefined && { problem: state.problem }),
    ...(state.partyId !== undefined && { partyId: state.partyId }),
  };
  assert(state.step !== 'done', 'a decided journey has no step');
  if (state.step === 'login') return { ...base, step: 'login' };
  const authorisation = await options.bank.consents.authorisation(state.authorisationId);
  const sent = {
    sentTo: authorisation.challenge?.sentTo ?? '',
    attemptsLeft: authorisation.challenge?.attemptsLeft ?? 0,
  };
  if (state.step === 'code') return { ...base, step: 'code', ...sent };
  const offered = await shownAccounts(state, options);
  const chosen = offered.filter(({ account }) => authorisation.accounts.includes(account.id));
  switch (state.step) {
    case 'accounts':
      return {
        ...base,
        step: 'accounts',
        choice: consent.subject.kind === 'payment' ? 'one' : 'many',
        accounts: offered,
      };
    case 'review':
      return { ...base, step: 'review', accounts: chosen };
    case 'confirm': {
      const [account] = chosen;
      assert(account, 'a payment is confirmed with its account');
      return { ...base, step: 'confirm', account, ...sent };
    }
    default:
      return unreachable(state.step);
  }
}

async function shownAccounts(state: JourneyState, { bank }: JourneyOptions): Promise<readonly ShownAccount[]> {
  const offered = await bank.consents.eligibleAccounts(state.authorisationId);
  return Promise.all(
    offered.map(async (one) => ({
      ...one,
      balanceMinor: (await bank.accounts.balance(one.account.id)).availableMinor,
    })),
  );
}

async function askerOf({ client, interaction }: Loaded, { directory }: JourneyOptions): Promise<JourneyStep['asker']> {
  const { authority, name } = await directory.organisation(client.organisationId);
  const link = (claim: string): string | undefined => {
    const value = client.statement[claim];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const [logoUri, policyUri, tosUri] = ['software_logo_uri', 'software_policy_uri', 'software_tos_uri'].map(link);
  return {
    name: client.name,
    organisation: name,
    registration: `${authority.id} ${authority.registrationId}`,
    ...(logoUri !== undefined && { logoUri }),
    ...(policyUri !== undefined && { policyUri }),
    ...(tosUri !== undefined && { tosUri }),
    redirectOrigin: new URL(String(interaction.params['redirect_uri'])).origin,
  };
}

/** Kept as evidence of what was agreed. */
async function shownText({ state, consent }: Loaded, options: JourneyOptions): Promise<string> {
  const authorisation = await options.bank.consents.authorisation(state.authorisationId);
  const shown = {
    view: options.viewOf(consent),
    accounts: authorisation.accounts,
    at: Math.floor(options.wall.now() / MS_PER_SECOND),
  };
  return JSON.stringify(shown, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

function isNamed(
  { account }: EligibleAccount,
  named: { readonly scheme: string; readonly identification: string },
): boolean {
  return account.identifiers.some(
    ({ scheme, identification }) => scheme === named.scheme && identification === named.identification,
  );
}

/** Codes are read out and typed in groups. */
function digitsOf(code: string): string {
  return code.replace(/\s/g, '');
}
