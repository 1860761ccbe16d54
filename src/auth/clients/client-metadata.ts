import type { ClientProfile } from '../profiles/client-profile.js';
import { allowedScopes, profileOf, type CheckContext } from './registration-checks.js';
import type { NewClient } from './client-store.js';

/** Claims of a statement that are about the JWT and not about the client. */
const ENVELOPE: ReadonlySet<string> = new Set(['iss', 'iat', 'exp', 'aud', 'jti', 'nbf']);

/** What the bank set, from a request that passed every check. */
export function toNewClient(context: CheckContext): NewClient {
  const profile = profileOf(context);
  if (!profile) throw new Error('a checked registration has a profile');
  const { statement } = context;
  const wire = settledClaims(context, profile);
  return {
    softwareId: statement.software_id,
    organisationId: statement.org_id,
    profile: profile.id,
    jwksUri: statement.software_jwks_endpoint,
    statement,
    // What was asked for and is not served (jwks_uri, client_secret, ...) is not answered as if it had been set.
    registration: { ...withoutEnvelope(statement), ...wire },
    metadata: libraryMetadata(context, profile, wire),
  };
}

/** The values of the registration with every default filled in. */
function settledClaims(context: CheckContext, profile: ClientProfile): Readonly<Record<string, unknown>> {
  const { claims, statement, statementJwt } = context;
  const method = claims['token_endpoint_auth_method'];
  const dpop = claims['dpop_bound_access_tokens'] === true;
  return {
    redirect_uris: claims['redirect_uris'] ?? statement.software_redirect_uris,
    token_endpoint_auth_method: method,
    ...(method === 'private_key_jwt'
      ? { token_endpoint_auth_signing_alg: claims['token_endpoint_auth_signing_alg'] ?? 'PS256' }
      : { tls_client_auth_subject_dn: claims['tls_client_auth_subject_dn'] }),
    grant_types: claims['grant_types'] ?? ['client_credentials', 'authorization_code', 'refresh_token'],
    response_types: [profile.responseType],
    application_type: claims['application_type'] ?? 'web',
    id_token_signed_response_alg: 'PS256',
    request_object_signing_alg: claims['request_object_signing_alg'] ?? 'PS256',
    scope: typeof claims['scope'] === 'string' ? claims['scope'] : ['openid', ...allowedScopes(context)].join(' '),
    software_statement: statementJwt,
    ...(dpop ? { dpop_bound_access_tokens: true } : { tls_client_certificate_bound_access_tokens: true }),
  };
}

/** The same in oidc-provider's terms, with what the profile forces. */
function libraryMetadata(
  { statement }: CheckContext,
  profile: ClientProfile,
  wire: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { software_statement: _statement, ...settled } = wire;
  const links = {
    client_uri: statement['software_client_uri'],
    logo_uri: statement['software_logo_uri'],
    policy_uri: statement['software_policy_uri'],
    tos_uri: statement['software_tos_uri'],
  };
  return {
    ...settled,
    ...profile.forced,
    ...Object.fromEntries(Object.entries(links).filter(([, link]) => typeof link === 'string' && link !== '')),
    // A claim of UK DCR that says nothing about redirects here: they were checked against the statement.
    application_type: 'web',
    client_name: statement.software_client_name,
    fapi_profile: profile.library,
    jwks_uri: statement.software_jwks_endpoint,
    response_modes: [profile.responseType === 'code' ? 'query' : 'fragment'],
  };
}

function withoutEnvelope(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !ENVELOPE.has(name) && name !== '__proto__'));
}
