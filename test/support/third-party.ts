import { randomUUID } from 'node:crypto';
import { importPKCS8, SignJWT, type CryptoKey, type JSONWebKeySet } from 'jose';
import * as oidc from 'openid-client';
import { Agent, fetch as undiciFetch, type RequestInit as UndiciRequestInit } from 'undici';

import type { SandboxStatus, Tpp } from '../../src/index.js';
import { signMessage, verifyMessage } from './message-signature.js';

export interface ApiAnswer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed; undefined where there is no body. */
  readonly body: T;
}

export interface CallOptions {
  readonly token?: string;
  readonly body?: unknown;
  /** The exact bytes, where `body` would be serialised anew. */
  readonly payload?: string;
  readonly idempotencyKey?: string;
  /** Signs the body, as payments ask for. */
  readonly sign?: boolean;
  readonly interactionId?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface PendingConsent {
  readonly authorizationUrl: string;
  readonly checks: oidc.AuthorizationCodeGrantChecks;
}

export type Tokens = oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers;
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** A third party at one bank, made of openid-client and undici; nothing of the sandbox's own protocol code. */
export interface ThirdParty {
  readonly tpp: Tpp;
  readonly clientId: string;
  readonly profile: string;
  readonly metadata: oidc.ServerMetadata;
  /** Below `/aisp` and `/pisp`. */
  readonly baseUrl: string;
  clientToken(scope: string): Promise<string>;
  /** FAPI 2 pushes the request; FAPI 1 Advanced signs it and passes it by value. */
  beginConsent(consentId: string, scope: string, change?: RequestChange): Promise<PendingConsent>;
  finishConsent(pending: PendingConsent, redirectedTo: URL): Promise<Tokens>;
  refresh(refreshToken: string): Promise<Tokens>;
  revoke(token: string): Promise<void>;
  call<T>(method: Method, path: string, options?: CallOptions): Promise<ApiAnswer<T>>;
  /** Any address, over the client's certificate, with the body as it is. */
  send<T>(url: string, init?: UndiciRequestInit): Promise<ApiAnswer<T>>;
  /** Posts a form to an endpoint of the server metadata. */
  postForm<T>(endpoint: Endpoint, fields: Readonly<Record<string, string>>): Promise<ApiAnswer<T>>;
  /** What authenticates the client in a form: an assertion, or its id beside the certificate. */
  credentials(change?: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, string>>>;
  /** Throws unless the bank signed the answer with a key it publishes. Answers the header. */
  verifySignature(answer: ApiAnswer): Promise<Readonly<Record<string, unknown>>>;
  close(): Promise<void>;
}

export interface RequestChange {
  readonly parameters?: Readonly<Record<string, string>>;
  /** Claims of a signed request object. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

type Endpoint =
  'token_endpoint' | 'revocation_endpoint' | 'pushed_authorization_request_endpoint' | 'introspection_endpoint';

export const SCA = 'urn:openbanking:psd2:sca';

export async function createThirdParty(options: {
  readonly tpp: Tpp;
  readonly status: SandboxStatus;
  readonly caPem: string;
  readonly bank?: string;
}): Promise<ThirdParty> {
  const { tpp, caPem, bank = 'bramble' } = options;
  const registration = tpp.registrations.find((one) => one.bank === bank);
  const baseUrl = options.status.banks
    .find(({ id }) => id === bank)
    ?.standards.find(({ id }) => id === 'uk-obie')?.baseUrl;
  if (!registration || baseUrl === undefined) throw new Error(`not registered at ${bank}`);
  const agent = new Agent({ connect: { ca: caPem, cert: tpp.transport.chainPem, key: tpp.transport.privateKeyPem } });
  const key = await importPKCS8(tpp.signing.privateKeyPem, 'PS256');
  const kid = tpp.signing.kid;
  const fetchOver = (url: string, init: object): Promise<Response> =>
    undiciFetch(url, { ...init, dispatcher: agent }) as unknown as Promise<Response>;
  const byKey = registration.clientAuthentication === 'private_key_jwt';
  const configuration = await oidc.discovery(
    new URL(registration.issuer),
    registration.clientId,
    { use_mtls_endpoint_aliases: true, id_token_signed_response_alg: 'PS256' },
    byKey ? oidc.PrivateKeyJwt({ key, kid }) : oidc.TlsClientAuth(),
    { [oidc.customFetch]: fetchOver },
  );
  const hybrid = registration.profile === 'fapi1-advanced';
  if (hybrid) {
    oidc.useCodeIdTokenResponseType(configuration);
    // s_hash and c_hash: the ID token of the front channel is a detached signature over the response.
    oidc.enableDetachedSignatureResponseChecks(configuration);
  }
  oidc.enableNonRepudiationChecks(configuration);
  const metadata = configuration.serverMetadata();

  const send = async <T>(url: string, init: UndiciRequestInit = {}): Promise<ApiAnswer<T>> => {
    const answer = await fetchOver(url, { redirect: 'manual', ...init });
    const text = await answer.text();
    const isJson = /\bjson\b/.test(answer.headers.get('content-type') ?? '') && text !== '';
    return { status: answer.status, headers: answer.headers, text, body: (isJson ? JSON.parse(text) : undefined) as T };
  };

  return {
    tpp,
    clientId: registration.clientId,
    profile: registration.profile,
    metadata,
    baseUrl,
    clientToken: async (scope) => (await oidc.clientCredentialsGrant(configuration, { scope })).access_token,
    beginConsent: (consentId, scope, change) => {
      const request = { configuration, redirectUri: tpp.redirectUris[0] ?? '', consentId, scope, ...change };
      return hybrid ? signedByValue(request, { key, kid }) : pushed(request);
    },
    finishConsent: ({ checks }, redirectedTo) =>
      oidc.authorizationCodeGrant(configuration, redirectedTo, { ...checks }),
    refresh: (refreshToken) => oidc.refreshTokenGrant(configuration, refreshToken),
    revoke: (token) => oidc.tokenRevocation(configuration, token),
    call: async (method, path, call = {}) => {
      const payload = call.payload ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
      const signer = { key, kid, issuer: `${tpp.organisationId}/${tpp.softwareId}` };
      return send(`${path.startsWith('https:') ? '' : baseUrl}${path}`, {
        method,
        headers: {
          accept: 'application/json',
          'x-fapi-interaction-id': call.interactionId ?? randomUUID(),
          ...(call.token !== undefined && { authorization: `Bearer ${call.token}` }),
          ...(payload !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
          ...(call.idempotencyKey !== undefined && { 'x-idempotency-key': call.idempotencyKey }),
          ...(call.sign === true && payload !== undefined && { 'x-jws-signature': await signMessage(payload, signer) }),
          ...call.headers,
        },
        ...(payload !== undefined && { body: payload }),
      });
    },
    send,
    postForm: (endpoint, fields) =>
      send(endpointOf(metadata, endpoint), {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: new URLSearchParams(fields).toString(),
      }),
    credentials: async (change = {}) =>
      byKey
        ? {
            client_id: registration.clientId,
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            client_assertion: await clientAssertion({
              clientId: registration.clientId,
              audience: metadata.issuer,
              key,
              kid,
              change,
            }),
          }
        : { client_id: registration.clientId },
    verifySignature: async (answer) => {
      const keys = await send<JSONWebKeySet>(metadata.jwks_uri ?? '');
      return verifyMessage(answer.text, answer.headers.get('x-jws-signature') ?? undefined, keys.body);
    },
    close: () => agent.close(),
  };
}

/** The alias on the listener that asks for a certificate, where there is one (RFC 8705 section 5). */
function endpointOf(metadata: oidc.ServerMetadata, endpoint: Endpoint): string {
  const aliases = metadata.mtls_endpoint_aliases as Readonly<Record<string, string>> | undefined;
  const url = aliases?.[endpoint] ?? metadata[endpoint];
  if (typeof url !== 'string') throw new Error(`the bank announces no ${endpoint}`);
  return url;
}

interface ConsentRequest extends RequestChange {
  readonly configuration: oidc.Configuration;
  readonly redirectUri: string;
  readonly consentId: string;
  readonly scope: string;
}

async function parametersOf(
  request: ConsentRequest,
): Promise<{ readonly parameters: Record<string, string>; readonly checks: oidc.AuthorizationCodeGrantChecks }> {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const [expectedNonce, expectedState] = [oidc.randomNonce(), oidc.randomState()];
  return {
    parameters: {
      redirect_uri: request.redirectUri,
      scope: `openid ${request.scope}`,
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      nonce: expectedNonce,
      state: expectedState,
      claims: JSON.stringify({
        id_token: {
          openbanking_intent_id: { value: request.consentId, essential: true },
          acr: { values: [SCA], essential: true },
        },
      }),
      ...request.parameters,
    },
    checks: { pkceCodeVerifier, expectedNonce, expectedState, idTokenExpected: true },
  };
}

async function pushed(request: ConsentRequest): Promise<PendingConsent> {
  const { parameters, checks } = await parametersOf(request);
  const url = await oidc.buildAuthorizationUrlWithPAR(request.configuration, parameters);
  return { authorizationUrl: url.href, checks };
}

/** FAPI 1.0 Advanced: everything in a request object signed with PS256; outside it only what OAuth insists on. */
async function signedByValue(
  request: ConsentRequest,
  signingKey: { readonly key: CryptoKey; readonly kid: string },
): Promise<PendingConsent> {
  const { parameters, checks } = await parametersOf(request);
  const url = await oidc.buildAuthorizationUrlWithJAR(request.configuration, parameters, signingKey, {
    [oidc.modifyAssertion]: (_header, claims) => {
      Object.assign(claims, request.claims);
    },
  });
  // OpenID Connect Core 6.1: response_type and scope must be there outside the request object, too.
  url.searchParams.set('response_type', 'code id_token');
  url.searchParams.set('scope', parameters['scope'] ?? '');
  return { authorizationUrl: url.href, checks };
}

function clientAssertion(options: {
  readonly clientId: string;
  readonly audience: string;
  readonly key: CryptoKey;
  readonly kid: string;
  readonly change: Readonly<Record<string, unknown>>;
}): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  return new SignJWT({
    iss: options.clientId,
    sub: options.clientId,
    aud: options.audience,
    iat: now,
    nbf: now,
    exp: now + 240,
    jti: randomUUID(),
    ...options.change,
  })
    .setProtectedHeader({ alg: 'PS256', kid: options.kid })
    .sign(options.key);
}
