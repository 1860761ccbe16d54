import { errors, type KoaContextWithOIDC } from 'oidc-provider';

import type { Consent, Consents } from '../bank/index.js';
import { isSandbankError } from '../kernel/index.js';
import { recordCheck, type CheckRecorder } from './checks.js';
import { isKnownByCertificate, requirementsOf, scopeName, type Demands } from './demands.js';
import type { AuthorizationRequest, SecurityRequirements } from './profiles/index.js';
import { waitingRun } from './waiting-run.js';

export interface RequestCheckOptions {
  readonly consents: Pick<Consents, 'get' | 'authorisationsOf'>;
  readonly recorder: CheckRecorder;
  readonly demands: Demands;
  consentIdOf(request: AuthorizationRequest): string | undefined;
}

interface CheckContext {
  readonly recorder: CheckRecorder;
  readonly requirements: SecurityRequirements;
}

const UNKNOWN_CONSENT = 'the consent named in the request is not known';

/**
 * What must hold of an authorization request before a customer sees a login page. Throws an OAuth error, which goes to the
 * client's redirect address. An unknown consent and another client's answer alike, so that ids cannot be tried out.
 */
export async function checkAuthorizationRequest(
  ctx: KoaContextWithOIDC,
  options: RequestCheckOptions,
): Promise<Consent> {
  const { recorder } = options;
  const requirements = requirementsOf(ctx.oidc.client, options.demands);
  const context = { recorder, requirements };
  const request = requestOf(ctx);
  checkReachableAcr(request, context);
  const consentId = options.consentIdOf(request);
  const named = recordCheck(recorder, consentId !== undefined, {
    name: 'the request names a consent',
    actual: consentId ?? 'none',
    ...wordsForNaming(requirements),
  });
  if (!named || consentId === undefined) throw new errors.InvalidRequest('the request names no consent');
  recorder.current()?.know({ consentId });
  const consent = await find(options.consents, consentId);
  const known = recordCheck(recorder, consent !== undefined, {
    name: 'the consent exists',
    expected: 'a consent of this bank that was not deleted',
    actual: consent ? consent.id : `${consentId} is not known`,
    remedy: 'Use the id this bank gave when the consent was created, at the same bank.',
  });
  if (!known || !consent) throw new errors.InvalidRequest(UNKNOWN_CONSENT);
  const own = recordCheck(recorder, consent.clientId === request.clientId, {
    name: 'the consent belongs to the client',
    expected: request.clientId,
    actual: consent.clientId === request.clientId ? consent.clientId : 'another client',
    ...(!isKnownByCertificate(ctx.oidc.client) && {
      clause: 'FAPI 1.0 Advanced, UK profile: intent of another client is refused',
    }),
    remedy: 'Ask for the authorisation with the client that created the consent.',
  });
  if (!own) throw new errors.InvalidRequest(UNKNOWN_CONSENT);
  checkKind(consent, request, context);
  // A payment that a customer agreed to is authorised a second time where it is called back.
  const run = requirements.goesOnWithRuns === true ? await waitingRun(options.consents, consent.id) : undefined;
  if (run?.purpose !== 'cancellation') checkStatus(consent, recorder);
  return consent;
}

function requestOf(ctx: KoaContextWithOIDC): AuthorizationRequest {
  const { scope, claims } = ctx.oidc.params as { readonly scope?: string; readonly claims?: string };
  return {
    clientId: ctx.oidc.client?.clientId ?? '',
    scopes: scope?.split(' ').filter((one) => one !== '') ?? [],
    ...(claims !== undefined && { claims: JSON.parse(claims) as Readonly<Record<string, unknown>> }),
  };
}

function wordsForNaming({ scopes, scopesNameConsents = false, idTokenClaims }: SecurityRequirements): {
  readonly expected: string;
  readonly remedy: string;
  readonly clause?: string;
} {
  if (scopesNameConsents) {
    return {
      expected: `a scope of ${Object.keys(scopes).join(', ')}, a colon and the id of a consent`,
      remedy: 'Create the resource first and ask for the scope that names it.',
    };
  }
  return {
    expected: `claims.id_token.${idTokenClaims[0] ?? 'consent'} with the id of a consent`,
    clause: 'UK Open Banking security profile, claims parameter',
    remedy:
      'Create the consent first and put its id into the claims parameter of the request object or pushed request.',
  };
}

function scopeFor(
  { id }: Consent,
  [name = '']: readonly string[],
  { scopesNameConsents = false }: SecurityRequirements,
): string {
  return scopesNameConsents ? `${name}:${id}` : `openid ${name}`;
}

async function find(consents: Pick<Consents, 'get'>, id: string): Promise<Consent | undefined> {
  try {
    return await consents.get(id);
  } catch (error) {
    if (isSandbankError(error) && error.code === 'consent.not-found') return undefined;
    throw error;
  }
}

function checkKind(consent: Consent, request: AuthorizationRequest, { recorder, requirements }: CheckContext): void {
  const { kind } = consent.subject;
  const carrying = Object.keys(requirements.scopes).filter((scope) => requirements.scopes[scope]?.includes(kind));
  const fits = recordCheck(
    recorder,
    request.scopes.some((scope) => carrying.includes(scopeName(scope, requirements) ?? '')),
    {
      name: 'the scope fits the kind of consent',
      expected: `one of: ${carrying.join(', ')} (the consent is for ${kind})`,
      actual: request.scopes.join(' '),
      remedy: `Ask for scope "${scopeFor(consent, carrying, requirements)}".`,
    },
  );
  if (!fits) throw new errors.InvalidRequest('the scope does not fit the consent');
}

function checkStatus(consent: Consent, recorder: CheckRecorder): void {
  const open =
    consent.status === 'requested' ||
    consent.status === 'partially-authorised' ||
    (consent.reauthorisable && (consent.status === 'authorised' || consent.status === 'revoked'));
  recordCheck(recorder, open, {
    name: 'the consent can be authorised',
    expected: consent.reauthorisable ? 'requested, authorised or revoked' : 'requested',
    actual: consent.status,
    remedy: 'Create a new consent; this one has come to its end.',
  });
  if (!open) throw new errors.InvalidRequest('the consent cannot be authorised in its present state');
}

/** An essential acr that the journey cannot reach would ask the customer to log in for ever. */
function checkReachableAcr(request: AuthorizationRequest, { recorder, requirements }: CheckContext): void {
  const wanted = wantedAcrs(request);
  if (!wanted.essential || wanted.values.length === 0) return;
  const reachable = recordCheck(
    recorder,
    wanted.values.some((value) => requirements.acrValues.includes(value)),
    {
      name: 'a requested authentication context can be reached',
      expected: requirements.acrValues.join(', '),
      actual: wanted.values.join(', '),
      clause: 'OpenID Connect Core 5.5.1.1',
      remedy: 'Ask for one of acr_values_supported in claims.id_token.acr.',
    },
  );
  if (!reachable) throw new errors.AccessDenied('the requested authentication context is not offered');
}

/** The acr values of the claims parameter, and whether one of them must be met. */
export function wantedAcrs(request: Pick<AuthorizationRequest, 'claims'>): {
  readonly essential: boolean;
  readonly values: readonly string[];
} {
  const idToken = request.claims?.['id_token'] as { readonly acr?: unknown } | undefined;
  const acr = idToken?.acr as
    { readonly essential?: unknown; readonly value?: unknown; readonly values?: unknown } | null | undefined;
  const values = [acr?.value, ...(Array.isArray(acr?.values) ? (acr.values as unknown[]) : [])];
  return {
    essential: acr?.essential === true,
    values: values.filter((value): value is string => typeof value === 'string'),
  };
}
