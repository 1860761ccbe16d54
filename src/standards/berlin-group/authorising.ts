import { assert, SandbankError } from '../../kernel/index.js';
import type { Authorisation, Consent } from '../../bank/index.js';
import type { Call } from '../standard.js';
import { chooseApproach, kindOfRedirect, modeOf, type ApproachInput } from './approach.js';
import { AUTHENTICATION_TYPE, SCA_APPROACH, scaStatusOf } from './codes.js';
import { needsCustomer, nextSteps, startStep, type Links } from './links.js';
import { whyFailed } from './explanations.js';
import { flag, lodgedOf, preferencesOf, redirectsOf } from './lodged.js';
import { settingsOf, type ScaApproach } from './settings.js';
import { wordingFor } from './wording.js';

/** A resource that a customer authorises. */
export interface Authorisable {
  readonly consent: Consent;
  /** Of the collection of its authorisations: `/v1/consents/c1/authorisations`. */
  readonly path: string;
  readonly purpose: Authorisation['purpose'];
}

/** How far a run is, in the members that answers about it share. */
export interface Progress {
  readonly run: Authorisation;
  readonly body: Readonly<Record<string, unknown>>;
  readonly links: Links;
  readonly headers: Readonly<Record<string, string>>;
}

const PSU_ID = 'psu-id';

export function psuIdOf({ headers }: Pick<Call, 'headers'>): string | undefined {
  const value = headers[PSU_ID]?.trim();
  return value === undefined || value === '' ? undefined : value;
}

/** Starts a run. A decoupled one whose customer is known asks her at once. */
export async function startRun(
  call: Call,
  resource: Authorisable,
  { hasSecret = false }: { readonly hasSecret?: boolean } = {},
): Promise<Authorisation> {
  const { consent, purpose } = resource;
  if (purpose === 'consent') requireWaiting(consent);
  const approach = approachOf(call, consent, hasSecret);
  const mode = modeOf(approach);
  const customerNumber = psuIdOf(call);
  const run = await call.bank.consents.startAuthorisation(consent.id, mode, {
    purpose,
    ...(customerNumber !== undefined && { customerNumber }),
    // An authorization code is a confirmation already: only whoever has its verifier can use it.
    ...(approach === 'redirect' && { needsConfirmation: settingsOf(call).confirmationCode }),
  });
  return mode === 'decoupled' && run.status === 'psu-identified' ? call.bank.consents.sendChallenge(run.id) : run;
}

/** What is decided stays so here; access that is to go on needs a new consent. Throws `consent.wrong-status`. */
function requireWaiting({ status }: Consent): void {
  if (status === 'requested' || status === 'partially-authorised') return;
  throw new SandbankError('consent.wrong-status', 'This was decided already.', {
    expected: 'received or partiallyAuthorised',
    actual: status,
  });
}

/** What is told of a run that has just moved, or begun. */
export async function progressOf(call: Call, resource: Authorisable, run: Authorisation): Promise<Progress> {
  const address = call.url(`${resource.path}/${run.id}`);
  const way = run.mode === 'redirect' && needsCustomer(run) ? await wayToBank(call, resource.consent, run) : {};
  return {
    run,
    body: await stateOf(call, run),
    links: nextSteps(run, { address, ...way }),
    headers: { 'ASPSP-SCA-Approach': SCA_APPROACH[run.mode] },
  };
}

/**
 * What stands in the answer to a resource that was just made: a run that the bank began itself (implicit start), or how
 * to begin one. The wish of the third party for the explicit start is followed; without it the bank does as its file says.
 */
export async function offerAuthorisation(call: Call, resource: Authorisable): Promise<Omit<Progress, 'run'>> {
  const wish = flag(call.headers['tpp-explicit-authorisation-preferred']);
  const isExplicit = wish ?? settingsOf(call).authorisationStart === 'explicit';
  if (!isExplicit) {
    // A repeated request finds the run that the first one began.
    const [known] = await call.bank.consents.authorisationsOf(resource.consent.id, resource.purpose);
    const { body, links, headers } = await progressOf(call, resource, known ?? (await startRun(call, resource)));
    const { scaStatus: _told, ...rest } = body;
    return { body: rest, links, headers };
  }
  const approach = approachOf(call, resource.consent);
  const links = startStep(approach, { address: call.url(resource.path), isIdentified: psuIdOf(call) !== undefined });
  return { body: {}, links, headers: { 'ASPSP-SCA-Approach': SCA_APPROACH[approach] } };
}

/** What this call says counts before what was said when the resource was made. */
export function approachOf(call: Call, consent: Consent, hasSecret = false): ScaApproach {
  return chooseApproach({ ...approachInput(call, consent), hasSecret });
}

function approachInput(call: Call, consent: Consent): ApproachInput {
  return {
    subject: consent.subject,
    settings: settingsOf(call),
    preferences: { ...lodgedOf(consent).preferences, ...preferencesOf(call) },
    redirectUri: placesOf(call, consent).redirectUri,
  };
}

function placesOf(
  call: Call,
  consent: Consent,
): { readonly redirectUri: string | undefined; readonly nokRedirectUri?: string } {
  const { redirectUri, nokRedirectUri } = { ...lodgedOf(consent), ...redirectsOf(call) };
  return { redirectUri, ...(nokRedirectUri !== undefined && { nokRedirectUri }) };
}

/** Where a customer goes on whose run is at the bank: a page of it, or the authorization server. */
async function wayToBank(
  call: Call,
  consent: Consent,
  run: Authorisation,
): Promise<{ readonly redirect?: string; readonly oauth?: string }> {
  if (run.needsConfirmation !== true && kindOfRedirect(approachInput(call, consent)) === 'oauth2') {
    assert(call.authorizationServer !== undefined, 'a bank with this approach has an authorization server');
    return { oauth: call.authorizationServer };
  }
  const { redirectUri: done, nokRedirectUri: failed } = placesOf(call, consent);
  if (done === undefined) return {};
  const redirect = await call.authorisationUrl({
    authorisationId: run.id,
    done,
    ...(failed !== undefined && { failed }),
  });
  return { redirect };
}

async function stateOf(call: Call, run: Authorisation): Promise<Readonly<Record<string, unknown>>> {
  const scaStatus = scaStatusOf(run);
  if (run.status === 'failed') {
    const { psuMessage } = await whyFailed(call, run);
    return { scaStatus, ...(psuMessage !== undefined && { psuMessage }) };
  }
  if (run.mode === 'decoupled' && run.status === 'challenged') {
    return { scaStatus, psuMessage: wordingFor(call).confirmInApp(call.bank.profile.name) };
  }
  const needsMethods =
    run.mode === 'embedded' && ['authenticated', 'method-selected', 'challenged'].includes(run.status);
  if (!needsMethods) return { scaStatus };
  const methods = (await call.bank.consents.methods(run.id)).map(({ id, kind, name }) => ({
    authenticationType: AUTHENTICATION_TYPE[kind],
    authenticationMethodId: id,
    name,
  }));
  if (run.status === 'authenticated') return { scaStatus, scaMethods: methods };
  const chosen = methods.find(({ authenticationMethodId }) => authenticationMethodId === run.methodId);
  return {
    scaStatus,
    ...(chosen && { chosenScaMethod: chosen }),
    ...(run.challenge && {
      challengeData: {
        otpMaxLength: 6,
        otpFormat: 'integer',
        additionalInformation: wordingFor(call).codeSent(run.challenge.sentTo),
      },
    }),
  };
}
