import { createHash } from 'node:crypto';

import { FlattenedSign, importPKCS8 } from 'jose';
import * as oidc from 'openid-client';
import { Agent, fetch as undiciFetch, type Dispatcher } from 'undici';

import { wallClock } from '../../kernel/index.js';
import type { Tpp } from '../../sandbox/index.js';

/** What one call to the bank's API answered. */
export interface ApiAnswer {
  readonly status: number;
  readonly interactionId: string;
  readonly signature: string | undefined;
  readonly body: unknown;
}

/**
 * A third party at one bank, made of openid-client and undici: FAPI 2 with pushed requests, PKCE, private_key_jwt and
 * certificate-bound tokens. Nothing of the sandbox's own protocol code is used here.
 */
export interface ThirdParty {
  clientToken(scope: string): Promise<string>;
  /** Pushes the request for a consent and answers where to send the customer. */
  beginConsent(consentId: string, scope: string): Promise<PendingConsent>;
  /** Redeems the code in the redirect that the customer came back with. */
  finishConsent(pending: PendingConsent, redirectTo: string): Promise<string>;
  call(
    method: 'GET' | 'POST',
    path: string,
    options: {
      readonly token: string;
      readonly body?: unknown;
      readonly sign?: boolean;
      readonly idempotencyKey?: string;
    },
  ): Promise<ApiAnswer>;
  close(): Promise<void>;
}

export interface PendingConsent {
  readonly authorizationUrl: string;
  readonly verifier: string;
  readonly nonce: string;
  readonly state: string;
}

export async function createThirdParty(options: {
  readonly tpp: Tpp;
  readonly bank: string;
  readonly baseUrl: string;
  readonly caPem: string;
}): Promise<ThirdParty> {
  const { tpp, baseUrl } = options;
  const registration = tpp.registrations.find(({ bank }) => bank === options.bank);
  if (!registration) throw new Error(`not registered at ${options.bank}`);
  const dispatcher: Dispatcher = new Agent({
    connect: { ca: options.caPem, cert: tpp.transport.chainPem, key: tpp.transport.privateKeyPem },
  });
  const signingKey = await importPKCS8(tpp.signing.privateKeyPem, 'PS256');
  const configuration = await discover(tpp, registration, { dispatcher, signingKey });
  const redirectUri = tpp.redirectUris[0] ?? '';
  return {
    clientToken: async (scope) => (await oidc.clientCredentialsGrant(configuration, { scope })).access_token,
    beginConsent: async (consentId, scope) => {
      const verifier = oidc.randomPKCECodeVerifier();
      const [nonce, state] = [oidc.randomNonce(), oidc.randomState()];
      const url = await oidc.buildAuthorizationUrlWithPAR(configuration, {
        redirect_uri: redirectUri,
        scope: `openid ${scope}`,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        nonce,
        state,
        claims: JSON.stringify({
          id_token: {
            openbanking_intent_id: { value: consentId, essential: true },
            acr: { values: ['urn:openbanking:psd2:sca'], essential: true },
          },
        }),
      });
      return { authorizationUrl: url.href, verifier, nonce, state };
    },
    finishConsent: async (pending, redirectTo) => {
      const tokens = await oidc.authorizationCodeGrant(configuration, new URL(redirectTo), {
        pkceCodeVerifier: pending.verifier,
        expectedNonce: pending.nonce,
        expectedState: pending.state,
        idTokenExpected: true,
      });
      return tokens.access_token;
    },
    call: async (method, path, { token, body, sign = false, idempotencyKey }) => {
      const payload = body === undefined ? undefined : JSON.stringify(body);
      const answer = await undiciFetch(`${baseUrl}${path}`, {
        method,
        dispatcher,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          'x-fapi-interaction-id': crypto.randomUUID(),
          ...(payload !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
          ...(idempotencyKey !== undefined && { 'x-idempotency-key': idempotencyKey }),
          ...(sign &&
            payload !== undefined && { 'x-jws-signature': await detachedSignature(payload, tpp, signingKey) }),
        },
        ...(payload !== undefined && { body: payload }),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        interactionId: answer.headers.get('x-fapi-interaction-id') ?? '',
        signature: answer.headers.get('x-jws-signature') ?? undefined,
        body: text === '' ? undefined : (JSON.parse(text) as unknown),
      };
    },
    close: () => dispatcher.close(),
  };
}

/** The bank's metadata, and a client that proves itself with its signing key over its certificate. */
function discover(
  tpp: Tpp,
  registration: Tpp['registrations'][number],
  { dispatcher, signingKey }: { readonly dispatcher: Dispatcher; readonly signingKey: CryptoKey },
): Promise<oidc.Configuration> {
  return oidc.discovery(
    new URL(registration.issuer),
    registration.clientId,
    { use_mtls_endpoint_aliases: true, id_token_signed_response_alg: 'PS256' },
    oidc.PrivateKeyJwt({ key: signingKey, kid: tpp.signing.kid }),
    {
      [oidc.customFetch]: (url, init) =>
        undiciFetch(url, { ...(init as object), dispatcher }) as unknown as Promise<Response>,
    },
  );
}

/** UK message signature: a detached JWS (RFC 7515 appendix F) over the raw body. */
async function detachedSignature(payload: string, tpp: Tpp, key: CryptoKey): Promise<string> {
  const claim = (name: string): string => `http://openbanking.org.uk/${name}`;
  const jws = await new FlattenedSign(new TextEncoder().encode(payload))
    .setProtectedHeader({
      alg: 'PS256',
      kid: tpp.signing.kid,
      typ: 'JOSE',
      [claim('iat')]: Math.floor(wallClock.now() / 1_000),
      [claim('iss')]: `${tpp.organisationId}/${tpp.softwareId}`,
      [claim('tan')]: 'localhost',
      crit: [claim('iat'), claim('iss'), claim('tan')],
    })
    .sign(key, { crit: { [claim('iat')]: true, [claim('iss')]: true, [claim('tan')]: true } });
  return `${jws.protected ?? ''}..${jws.signature}`;
}

/** A short digest for people to compare, in place of a secret. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 10);
}
