import { createHash } from 'node:crypto';

import { errors, type Provider } from 'oidc-provider';

import type { Authorisation, Bank } from '../../bank/index.js';
import type { Directory } from '../../directory/index.js';
import type { Clock } from '../../kernel/index.js';
import type { Storage } from '../../storage/index.js';
import type { Artefacts } from '../artefacts/artefacts.js';
import { recordCheck, type CheckRecorder } from '../checks.js';
import type { KnownClient, KnownClients } from '../clients/known-clients.js';
import { requirementsOf, type Demands } from '../demands.js';
import type { AuthorizationRequest } from '../profiles/index.js';
import { waitingRun } from '../waiting-run.js';
import { grantAccess } from './grant-access.js';
import { JourneyEnded } from './journey-ended.js';
import type { JourneyHost, OpenJourney, Visit } from './journey-host.js';
import type { Asker } from './journey-step.js';
import { createJourneyStore, type JourneyStore } from './journey-store.js';

export interface OidcHostOptions {
  readonly bank: Bank;
  readonly storage: Storage;
  readonly wall: Clock;
  readonly provider: Provider;
  readonly artefacts: Artefacts;
  readonly clients: Pick<KnownClients, 'active'>;
  readonly directory: Pick<Directory, 'organisation'>;
  readonly recorder: CheckRecorder;
  readonly demands: Demands;
  consentIdOf(request: AuthorizationRequest): string | undefined;
}

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** Journeys that an authorization request opened; the interaction cookie binds them to the browser. */
export function createOidcHost(options: OidcHostOptions): JourneyHost {
  const { provider, recorder, bank, storage, wall } = options;
  const store = createJourneyStore({ bank: bank.profile.id, storage, wall });
  return {
    async open(visit) {
      const interaction = await interactionOf(visit, options);
      const clientId = String(interaction.params['client_id']);
      const client = await options.clients.active(clientId);
      if (!client) {
        throw new JourneyEnded(
          'client-unknown',
          'The company that sent you here is no longer registered at this bank.',
        );
      }
      recorder.current()?.know({ clientId, bank: bank.profile.id });
      const finish = (result: Parameters<Provider['interactionResult']>[2]): Promise<string> =>
        provider.interactionResult(visit.request, visit.response, result);
      const deny = (why: string): Promise<string> => finish({ error: 'access_denied', error_description: why });
      const run = await runBefore(interaction, { client, store, options });
      const opened: OpenJourney = {
        purpose: run?.purpose ?? 'consent',
        returnTo: interaction.returnTo,
        begin: () => begin(interaction, { options, store, finish, run }),
        asker: () => askerOf({ client, interaction }, options),
        async prepareApproval(decision) {
          // Before the approval: whoever revokes the consent in the next moment is to find the grant that goes with it.
          const result = await grantAccess({ ...decision, client, interaction }, options);
          return () => finish(result);
        },
        refused: () => deny('the customer did not agree'),
        ended: () => deny('the consent cannot be authorised any more'),
      };
      return opened;
    },
  };
}

async function interactionOf(
  { uid, request, response }: Visit,
  { provider, recorder }: OidcHostOptions,
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

interface Beginning {
  readonly options: OidcHostOptions;
  readonly store: JourneyStore;
  readonly finish: (result: Parameters<Provider['interactionResult']>[2]) => Promise<string>;
  /** Begun by a call of the API, for this journey to go on with. */
  readonly run: Authorisation | undefined;
}

/** The run of a journey under way, or the one that waits for its customer, where the standard begins runs by calls. */
async function runBefore(
  interaction: Interaction,
  context: { readonly client: KnownClient; readonly store: JourneyStore; readonly options: OidcHostOptions },
): Promise<Authorisation | undefined> {
  const { client, store, options } = context;
  const { consents } = options.bank;
  if (requirementsOf(client.metadata, options.demands).goesOnWithRuns !== true) return undefined;
  const state = await store.find(interaction.uid);
  if (state) return consents.authorisation(state.authorisationId);
  const consentId = consentIdOf(interaction, options);
  return consentId === undefined ? undefined : waitingRun(consents, consentId);
}

function consentIdOf({ params }: Interaction, options: OidcHostOptions): string | undefined {
  const { scope, claims, client_id: clientId } = params as Readonly<Record<string, string | undefined>>;
  return options.consentIdOf({
    clientId: clientId ?? '',
    scopes: scope?.split(' ') ?? [],
    ...(claims !== undefined && { claims: JSON.parse(claims) as Readonly<Record<string, unknown>> }),
  });
}

async function begin(interaction: Interaction, beginning: Beginning): ReturnType<OpenJourney['begin']> {
  const { options, run } = beginning;
  const consentId = consentIdOf(interaction, options);
  if (consentId === undefined) throw new JourneyEnded('consent-missing', 'The request names no consent.');
  const request = requestDigest(interaction, consentId);
  await refuseUsedRequest(request, beginning);
  const { id } = run ?? (await options.bank.consents.startAuthorisation(consentId, 'redirect'));
  return { consentId, authorisationId: id, request };
}

/**
 * A request is the same when client, consent, nonce, state and challenge are: a nonce is for one request (OpenID Connect
 * Core 15.5.2), and so is a challenge (RFC 7636 4.1), which is all that some clients send of the three.
 */
function requestDigest({ params }: Interaction, consentId: string): string {
  const { client_id: clientId, nonce, state, code_challenge: challenge } = params;
  return createHash('sha256')
    .update(JSON.stringify([clientId, consentId, nonce, state, challenge]))
    .digest('base64url');
}

/**
 * A request object by value is valid for up to an hour (FAPI 1.0 Advanced 5.2.2-13), and the library remembers none: one
 * that led to a decision would open the login again. Reloading before the decision goes on working.
 */
async function refuseUsedRequest(request: string, { options, store, finish }: Beginning): Promise<void> {
  const isFresh = recordCheck(options.recorder, !(await store.wasDecided(request)), {
    name: 'the authorization request was not used before',
    expected: 'a request that no customer has decided on',
    actual: 'a request with this nonce and state was answered',
    remedy: 'Make a new authorization request, with a nonce of its own.',
  });
  if (isFresh) return;
  const redirectTo = await finish({
    error: 'invalid_request_object',
    error_description: 'the request was used before',
  });
  throw new JourneyEnded('invalid_request_object', 'This request was answered before. Please start again.', redirectTo);
}

async function askerOf(
  { client, interaction }: { readonly client: KnownClient; readonly interaction: Interaction },
  { directory }: OidcHostOptions,
): Promise<Asker> {
  const { authority, name } = await directory.organisation(client.organisationId);
  const link = (member: string): string | undefined => {
    const value = client.metadata[member];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const [logoUri, policyUri, tosUri] = ['logo_uri', 'policy_uri', 'tos_uri'].map(link);
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
