import { MS_PER_SECOND, type Clock } from '../../kernel/index.js';
import { sameSubjectDn } from '../../directory/index.js';
import { profileOfRequest, type ClientProfile } from '../profiles/client-profile.js';
import type { SecurityRequirements } from '../profiles/index.js';
import { isAcceptableRedirect } from './redirect-uris.js';
import type { RegistrationErrorCode } from './registration-error.js';
import type { ProvenRequest } from './registration-request.js';

export interface CheckContext extends ProvenRequest {
  readonly requirements: SecurityRequirements;
  readonly wall: Clock;
  /** Whom the request may address: the issuer, or the bank's organisation id in the directory. */
  readonly audiences: readonly string[];
  readonly developmentRedirects: boolean;
  readonly certificateSubject: string | undefined;
  /** On PUT. */
  readonly existing?: { readonly clientId: string; readonly softwareId: string; readonly profile: string };
}

/** One rule of the registration: what it wants, and what it saw. */
export interface RegistrationCheck {
  readonly name: string;
  readonly error: RegistrationErrorCode;
  readonly clause?: string;
  readonly remedy?: string;
  judge(context: CheckContext): { readonly holds: boolean; readonly expected: string; readonly actual: string };
}

const GRANT_TYPES = ['client_credentials', 'authorization_code', 'refresh_token'];
const AUTH_METHODS = ['private_key_jwt', 'tls_client_auth'];
const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const TOLERANCE_SECONDS = 15;
const LONGEST_LIFE_SECONDS = 86_400;
const UK_DCR = 'UK DCR 3.3, registration request';

/** Top to bottom; the first that does not hold is the answer. */
export const REGISTRATION_CHECKS: readonly RegistrationCheck[] = [
  rule('the issuer is the software', ({ claims, statement }) => same(claims.iss, statement.software_id)),
  rule('the request is addressed to this bank', ({ claims, audiences }) => ({
    holds: [claims.aud].flat().some((aud) => aud !== undefined && audiences.includes(aud)),
    expected: audiences.join(' or '),
    actual: JSON.stringify(claims.aud ?? null),
  })),
  rule('the request was issued in the past', (context) => ({
    holds: typeof context.claims.iat === 'number' && context.claims.iat <= nowOf(context) + TOLERANCE_SECONDS,
    expected: `iat at or before ${String(nowOf(context))}`,
    actual: String(context.claims.iat),
  })),
  rule('the request has not expired', (context) => {
    const { exp } = context.claims;
    const now = nowOf(context);
    return {
      holds: typeof exp === 'number' && exp > now - TOLERANCE_SECONDS && exp <= now + LONGEST_LIFE_SECONDS,
      expected: `exp between ${String(now)} and a day later`,
      actual: String(exp),
    };
  }),
  rule('the request has a unique id', ({ claims }) => ({
    holds: typeof claims.jti === 'string' && UUID_V4.test(claims.jti),
    expected: 'jti, a UUID v4',
    actual: String(claims.jti),
  })),
  rule('software_id is that of the statement', ({ claims, statement }) =>
    same(claims['software_id'] ?? statement.software_id, statement.software_id),
  ),
  rule('client_id only names the registration itself', ({ claims, existing }) => ({
    holds: claims['client_id'] === undefined || claims['client_id'] === existing?.clientId,
    expected: existing?.clientId ?? 'none',
    actual: String(claims['client_id']),
  })),
  rule('the software stays the same', ({ statement, existing }) =>
    same(statement.software_id, existing?.softwareId ?? statement.software_id),
  ),
  {
    ...rule('the redirect URIs are those of the statement and safe', redirectsHold),
    error: 'invalid_redirect_uri',
    remedy: 'Register the address with the directory first; https only, or loopback where this bank admits it.',
  },
  rule('the authentication method is offered', ({ claims }) =>
    oneOf(claims['token_endpoint_auth_method'], AUTH_METHODS),
  ),
  rule('the grant types are offered', ({ claims }) => subset(claims['grant_types'] ?? GRANT_TYPES, GRANT_TYPES)),
  rule('the response types name a security profile of this bank', (context) => ({
    holds: profileOf(context) !== undefined,
    expected: context.requirements.profiles
      .map((id) => `["${id === 'fapi1-advanced' ? 'code id_token' : 'code'}"] for ${id}`)
      .join(', or '),
    actual: JSON.stringify(context.claims['response_types'] ?? null),
  })),
  rule('an update keeps the security profile', (context) =>
    same(profileOf(context)?.id, context.existing?.profile ?? profileOf(context)?.id),
  ),
  rule('the application type is known', ({ claims }) =>
    oneOf(claims['application_type'] ?? 'web', ['web', 'mobile', 'native']),
  ),
  ...['id_token_signed_response_alg', 'request_object_signing_alg', 'token_endpoint_auth_signing_alg'].map((name) =>
    rule(`${name} is offered`, ({ claims, requirements }) =>
      oneOf(
        claims[name] ?? 'PS256',
        name === 'id_token_signed_response_alg' ? ['PS256'] : requirements.signingAlgorithms,
      ),
    ),
  ),
  rule('the subject of the certificate is given where it authenticates', ({ claims, certificateSubject }) => {
    const subject = claims['tls_client_auth_subject_dn'];
    const wanted = claims['token_endpoint_auth_method'] === 'tls_client_auth';
    return {
      holds: wanted
        ? typeof subject === 'string' && sameSubjectDn(subject, certificateSubject ?? '')
        : subject === undefined,
      expected: wanted ? `tls_client_auth_subject_dn ${certificateSubject ?? ''}` : 'no tls_client_auth_subject_dn',
      actual: String(subject),
    };
  }),
  rule('tokens are bound to what the profile allows', (context) => {
    const { claims } = context;
    const dpop = claims['dpop_bound_access_tokens'];
    return {
      holds:
        [undefined, true, false].includes(dpop as boolean | undefined) &&
        [undefined, true].includes(claims['tls_client_certificate_bound_access_tokens'] as boolean | undefined) &&
        (dpop !== true ||
          (profileOf(context)?.allowsDpop === true && claims['tls_client_certificate_bound_access_tokens'] !== true)),
      expected: 'certificate-bound tokens, or DPoP under FAPI 2',
      actual: JSON.stringify({ dpop, certificate: claims['tls_client_certificate_bound_access_tokens'] }),
    };
  }),
  rule('the scopes are covered by the roles of the software', scopesHold),
];

export function profileOf({
  claims,
  requirements,
}: Pick<CheckContext, 'claims' | 'requirements'>): ClientProfile | undefined {
  const wanted = claims['response_types'];
  if (wanted === undefined) return profileOfRequest(undefined, requirements);
  return isStrings(wanted) ? profileOfRequest(wanted, requirements) : undefined;
}

/** Scopes the software may have, beside `openid`. */
export function allowedScopes({
  requirements,
  statement,
}: Pick<CheckContext, 'requirements' | 'statement'>): readonly string[] {
  return Object.entries(requirements.scopeRoles)
    .filter(([, roles]) => roles.some((role) => statement.software_roles.includes(role)))
    .map(([scope]) => scope);
}

export function isStrings(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) && value.length > 0 && value.length <= 100 && value.every((one) => typeof one === 'string')
  );
}

function rule(name: string, judge: RegistrationCheck['judge']): RegistrationCheck {
  return { name, error: 'invalid_client_metadata', clause: UK_DCR, judge };
}

function redirectsHold({
  claims,
  statement,
  developmentRedirects,
}: CheckContext): ReturnType<RegistrationCheck['judge']> {
  const wanted = claims['redirect_uris'] ?? statement.software_redirect_uris;
  const good = (uri: string): boolean =>
    statement.software_redirect_uris.includes(uri) && isAcceptableRedirect(uri, developmentRedirects);
  return {
    holds: isStrings(wanted) && wanted.every(good),
    expected: `a subset of ${JSON.stringify(statement.software_redirect_uris)}, https${developmentRedirects ? ' or loopback' : ' and not localhost'}`,
    actual: JSON.stringify(wanted).slice(0, 1_000),
  };
}

function scopesHold(context: CheckContext): ReturnType<RegistrationCheck['judge']> {
  const allowed = ['openid', ...allowedScopes(context)];
  const { scope } = context.claims;
  const wanted = typeof scope === 'string' ? scope.split(' ') : undefined;
  return {
    holds: scope === undefined || (wanted !== undefined && wanted.every((one) => allowed.includes(one))),
    expected: `within "${allowed.join(' ')}" (roles ${context.statement.software_roles.join(', ')})`,
    actual: JSON.stringify(scope),
  };
}

function nowOf({ wall }: CheckContext): number {
  return Math.floor(wall.now() / MS_PER_SECOND);
}

function same(actual: unknown, expected: unknown): ReturnType<RegistrationCheck['judge']> {
  return { holds: actual === expected, expected: String(expected), actual: String(actual) };
}

function oneOf(actual: unknown, expected: readonly string[]): ReturnType<RegistrationCheck['judge']> {
  return { holds: expected.includes(actual as string), expected: expected.join(', '), actual: String(actual) };
}

function subset(actual: unknown, expected: readonly string[]): ReturnType<RegistrationCheck['judge']> {
  return {
    holds: isStrings(actual) && actual.every((one) => expected.includes(one)),
    expected: `within ${expected.join(', ')}`,
    actual: JSON.stringify(actual).slice(0, 1_000),
  };
}
