import type { EventEmitter } from 'node:events';

import type { errors, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { decodeJwt, decodeProtectedHeader } from 'jose';

import { describeVerdict, type PresentedCertificates } from './certificates.js';
import { recordCheck, type CheckRecorder, type CheckWords } from './checks.js';
import { assertionAudiences } from './client-authentication.js';
import { isKnownByCertificate, type Demands } from './demands.js';

type LibraryError = errors.OIDCProviderError & { readonly error_detail?: string };

const EVENTS = [
  'authorization.error',
  'grant.error',
  'introspection.error',
  'pushed_authorization_request.error',
  'revocation.error',
  'server_error',
] as const;

export interface ExplanationOptions {
  readonly provider: Provider;
  readonly recorder: CheckRecorder;
  readonly issuer: string;
  readonly mtlsBase: string;
  readonly certificates: PresentedCertificates;
  readonly demands: Demands;
}

/** The wire only says `invalid_client`; the trace of the request says why. */
export function explainErrors(options: ExplanationOptions): void {
  const { provider, recorder } = options;
  for (const event of EVENTS) {
    (provider as EventEmitter).on(event, (ctx: KoaContextWithOIDC, error: LibraryError) => {
      const clientId = ctx.oidc.client?.clientId;
      recorder.current()?.know({
        ...(clientId !== undefined && { clientId }),
        error: `${error.error}: ${error.error_description ?? error.message}`,
      });
      recordCheck(recorder, false, wordsOf(ctx, error, options));
    });
  }
}

function wordsOf(ctx: KoaContextWithOIDC, error: LibraryError, options: ExplanationOptions): CheckWords {
  const seen = error.error_detail ?? error.error_description ?? error.message;
  if (error.error === 'invalid_client') return clientWords(ctx, seen, options);
  if (error.error === 'invalid_request_object') return requestObjectWords(ctx, seen, options);
  return {
    name: `the ${ctx.oidc.route.replaceAll('_', ' ')} request is acceptable`,
    expected: expectationOf(ctx, error, options),
    actual: seen === error.error_description ? seen : `${error.error_description ?? error.error}: ${seen}`,
    remedy: remedyFor(ctx, error),
  };
}

/** What would have been taken: by the error where it says it all, else by the profile of the client or the endpoint. */
function expectationOf(ctx: KoaContextWithOIDC, { error }: LibraryError, options: ExplanationOptions): string {
  const { route, client } = ctx.oidc;
  const isOfCertificate = client !== undefined && isKnownByCertificate(client);
  if (isOfCertificate && error === 'invalid_redirect_uri')
    return `a redirect URI of its software in the directory: ${client.redirectUris?.join(', ') ?? 'none'}`;
  const known = EXPECTATIONS[error];
  if (known !== undefined) return known;
  if (error === 'invalid_scope') return `scopes within the registered "${client?.scope ?? ''}"`;
  if (error === 'invalid_redirect_uri')
    return `one of ${client?.redirectUris?.join(', ') ?? 'the registered redirect URIs'}`;
  if (route !== 'authorization' && route !== 'pushed_authorization_request') {
    return 'one way of client authentication, and each parameter of the request once and well-formed';
  }
  if (client === undefined) return expectedClient(options);
  if (isOfCertificate)
    return 'response_type code, a redirect_uri of the directory, PKCE with S256 and a scope that names a consent';
  return ctx.oidc.isFapi('2.0') === undefined
    ? 'a signed request object with response_type code id_token, a registered redirect_uri, scope, nonce and claims'
    : 'a pushed request with response_type code, a registered redirect_uri, PKCE with S256, scope and claims';
}

function expectedClient({ demands: { registered, byCertificate } }: ExplanationOptions): string {
  const ways = [
    ...(registered ? ['client_id of a client registered at this bank, active in the directory'] : []),
    ...(byCertificate ? ['the organizationIdentifier of an organisation that is active in the directory'] : []),
  ];
  return ways.join(', or ');
}

function remedyFor(ctx: KoaContextWithOIDC, { error }: LibraryError): string | undefined {
  const { client } = ctx.oidc;
  if (error === 'invalid_redirect_uri' && client && isKnownByCertificate(client))
    return 'Send a redirect URI that the directory has for software of the organisation, character for character.';
  return REMEDIES[error];
}

const EXPECTATIONS: Readonly<Record<string, string>> = {
  invalid_grant:
    'a code or token that is alive and unused, of this client, with the redirect_uri, PKCE verifier and certificate it belongs to',
  invalid_request_uri: 'the request_uri of a pushed request of this client, at most 60 seconds old and not used yet',
  request_uri_not_supported: 'a request_uri that this bank gave for a pushed request',
  unsupported_grant_type: 'grant_type client_credentials, authorization_code or refresh_token',
  login_required: 'a customer who logs in: a session never answers for a consent',
  invalid_dpop_proof: 'a fresh DPoP proof for this method and address, by the key of the token',
  use_dpop_nonce: 'a DPoP proof with the nonce of this bank',
};

const REMEDIES: Readonly<Record<string, string>> = {
  invalid_grant:
    'Start again from the authorization request; codes are used once, within a minute, by the same client.',
  invalid_redirect_uri: 'Send one of the registered redirect URIs, character for character.',
  invalid_scope: 'Ask only for scopes of the registration.',
  invalid_request_uri: 'Push the request again; a request_uri lives 60 seconds and is used once.',
  invalid_dpop_proof: 'Send a fresh DPoP proof for this method and address.',
  use_dpop_nonce: 'Repeat the request with the nonce of the DPoP-Nonce header.',
};

function clientWords(ctx: KoaContextWithOIDC, detail: string, options: ExplanationOptions): CheckWords {
  const name = 'the client is authenticated';
  const { client_id: clientId, client_assertion: assertion } = ctx.oidc.params as Readonly<
    Record<string, string | undefined>
  >;
  const verdict = options.certificates.verdictOn(ctx.req);
  const registered = ctx.oidc.client;
  if (detail === 'client not found') {
    return {
      name,
      expected: expectedClient(options),
      actual: clientId ?? subjectOf(assertion),
      remedy: options.demands.registered
        ? 'Register the software at this bank first; client ids differ from bank to bank.'
        : 'Use the organizationIdentifier of your certificate as client_id.',
    };
  }
  if (registered?.clientAuthMethod === 'tls_client_auth') {
    return {
      name,
      expected: `the certificate with ${isKnownByCertificate(registered) ? '' : 'subject '}${registered.tlsClientAuthSubjectDn ?? ''} at ${options.mtlsBase}/token`,
      actual: `${detail}; ${describeVerdict(verdict)}`,
      clause: 'RFC 8705 2.1',
      remedy: 'Call the address of mtls_endpoint_aliases with the transport certificate of this client.',
    };
  }
  return {
    name,
    expected: expectedAssertion(ctx, options),
    actual: `${detail}; ${shownAssertion(assertion)}; ${describeVerdict(verdict)}`,
    clause: 'OpenID Connect Core 9, private_key_jwt',
    remedy:
      'Sign a fresh assertion (iss and sub the client id, aud the issuer, new jti, exp ahead) with a key of the registered keystore.',
  };
}

function expectedAssertion(ctx: KoaContextWithOIDC, options: ExplanationOptions): string {
  const client = ctx.oidc.client;
  const audiences = [...assertionAudiences(ctx.oidc.fapiProfile, options)];
  return `iss ${client?.clientId ?? 'the client id'}, aud ${audiences.join(' or ')}, alg ${client?.clientAuthSigningAlg ?? 'PS256'}, key of ${client?.jwksUri ?? 'the keystore'}`;
}

/** Claims only; an assertion that was not accepted is still a credential. */
function shownAssertion(assertion: string | undefined): string {
  if (assertion === undefined) return 'no client_assertion';
  try {
    const { alg, kid } = decodeProtectedHeader(assertion);
    const { iss, sub, aud, exp } = decodeJwt(assertion);
    return JSON.stringify({ alg, kid, iss, sub, aud, exp });
  } catch {
    return 'client_assertion cannot be read';
  }
}

function subjectOf(assertion: string | undefined): string {
  try {
    return assertion === undefined ? 'no client_id' : (decodeJwt(assertion).sub ?? 'no sub');
  } catch {
    return 'client_assertion cannot be read';
  }
}

function requestObjectWords(ctx: KoaContextWithOIDC, detail: string, options: ExplanationOptions): CheckWords {
  const body = ctx.oidc.body as { readonly request?: unknown } | undefined;
  const given = ctx.query['request'] ?? body?.request;
  return {
    name: 'the request object is valid',
    expected: `signed PS256 by a key of ${ctx.oidc.client?.jwksUri ?? 'the keystore'}, iss ${ctx.oidc.client?.clientId ?? ''}, aud ${options.issuer}, nbf, and exp at most 60 minutes later`,
    actual: `${detail}${typeof given === 'string' ? `; ${shownRequest(given)}` : ''}`,
    clause: 'FAPI 1.0 Advanced 5.2.2-13, 5.2.2-14, 5.2.2-15',
    remedy: 'Sign a fresh request object with the registered signing key.',
  };
}

function shownRequest(request: string): string {
  try {
    const { alg, kid } = decodeProtectedHeader(request);
    const { iss, aud, exp, nbf } = decodeJwt(request);
    return JSON.stringify({ alg, kid, iss, aud, exp, nbf });
  } catch {
    return 'it cannot be read as a JWT';
  }
}
