import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { errors, type Provider } from 'oidc-provider';

import type { Bank, Consent } from '../../bank/index.js';
import type { Directory } from '../../directory/index.js';
import { assert, isSandbankError, type Clock, type SandbankError } from '../../kernel/index.js';
import type { Storage } from '../../storage/index.js';
import type { Artefacts } from '../artefacts/artefacts.js';
import { recordCheck, type CheckRecorder } from '../checks.js';
import type { ClientStore, RegisteredClient } from '../clients/client-store.js';
import type { AuthorizationRequest, SecurityRequirements } from '../profiles/index.js';
import type { ConsentView } from './consent-view.js';
import type { JourneyOutcome } from './journey-step.js';
import type { JourneyState, JourneyStore } from './journey-store.js';

/** One request of the customer's browser. The interaction cookie in it is what binds the journey to the browser. */
export interface Visit {
  /** From the address: `/interaction/{uid}/...`. */
  readonly uid: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
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

export type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** A journey as it was loaded for one visit. */
export interface Loaded {
  readonly visit: Visit;
  readonly interaction: Interaction;
  readonly state: JourneyState;
  readonly consent: Consent;
  readonly client: RegisteredClient;
}

/** Why a page of the bank ends the journey. */
export class JourneyEnded extends Error {
  readonly outcome: Extract<JourneyOutcome, { outcome: 'failed' }>;
  constructor(code: string, message: string, redirectTo?: string) {
    super(message);
    this.outcome = { outcome: 'failed', code, message, ...(redirectTo !== undefined && { redirectTo }) };
  }
}

/** Finds the interaction of the browser and the journey in it; starts it at the first visit. */
export async function loadJourney(visit: Visit, options: JourneyOptions, store: JourneyStore): Promise<Loaded> {
  const interaction = await interactionOf(visit, options);
  const clientId = String(interaction.params['client_id']);
  const client = await options.clients.active(clientId);
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
  const request = requestDigest(interaction, consentId);
  await refuseUsedRequest(visit, { request, options, store });
  try {
    const authorisation = await options.bank.consents.startAuthorisation(consentId, 'redirect');
    await store.add({ uid: visit.uid, consentId, authorisationId: authorisation.id, step: 'login', request });
  } catch (error) {
    throw await endedBy(error, visit, options);
  }
  const state = await store.find(visit.uid);
  assert(state, 'a started journey is found');
  return state;
}

/** A request is the same when client, consent, nonce and state are; a nonce is for one request (OpenID Connect Core 15.5.2). */
function requestDigest({ params }: Interaction, consentId: string): string {
  const { client_id: clientId, nonce, state } = params;
  return createHash('sha256')
    .update(JSON.stringify([clientId, consentId, nonce, state]))
    .digest('base64url');
}

/**
 * A request object by value is valid for up to an hour (FAPI 1.0 Advanced 5.2.2-13), and the library remembers none: one
 * that led to a decision would open the login again. Reloading before the decision goes on working.
 */
async function refuseUsedRequest(
  visit: Visit,
  {
    request,
    options,
    store,
  }: { readonly request: string; readonly options: JourneyOptions; readonly store: JourneyStore },
): Promise<void> {
  const isFresh = recordCheck(options.recorder, !(await store.wasDecided(request)), {
    name: 'the authorization request was not used before',
    expected: 'a request that no customer has decided on',
    actual: 'a request with this nonce and state was answered',
    remedy: 'Make a new authorization request, with a nonce of its own.',
  });
  if (isFresh) return;
  const redirectTo = await options.provider.interactionResult(visit.request, visit.response, {
    error: 'invalid_request_object',
    error_description: 'the request was used before',
  });
  throw new JourneyEnded('invalid_request_object', 'This request was answered before. Please start again.', redirectTo);
}

async function consentOf(state: JourneyState, visit: Visit, options: JourneyOptions): Promise<Consent> {
  try {
    return await options.bank.consents.get(state.consentId);
  } catch (error) {
    throw await endedBy(error, visit, options);
  }
}

/** What the core refuses in the middle of a journey ends it: the customer gets a page, the client access_denied. */
export async function endedBy(error: unknown, visit: Visit, options: JourneyOptions): Promise<unknown> {
  if (!isSandbankError(error)) return error;
  const { provider } = options;
  recordRefusal(error, options);
  const redirectTo = await provider.interactionResult(visit.request, visit.response, {
    error: 'access_denied',
    error_description: 'the consent cannot be authorised any more',
  });
  return new JourneyEnded(error.code, error.message, redirectTo);
}

/** What the bank held against a form. The words of the core are safe: codes and passwords are never in them. */
export function recordRefusal({ code, message, details }: SandbankError, { recorder }: JourneyOptions): void {
  recordCheck(recorder, false, {
    name: 'the bank accepts what the customer entered',
    expected: details.expected ?? message,
    actual: details.actual === undefined ? code : `${code}: ${details.actual}`,
    remedy: message,
  });
}
