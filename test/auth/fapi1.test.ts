import { createHash } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { ACR, openStage, type Stage } from './stage.js';
import {
  accountConsent,
  approveAccounts,
  createBrowser,
  createThirdParty,
  decodeJwt,
  epoch,
  post,
  redeem,
  register,
  requestObjectClaims,
  requestUrl,
  type ThirdParty,
} from './third-party.js';

const HYBRID = { response_types: ['code id_token'] };

function halfHash(value: string): string {
  return createHash('sha256').update(value).digest().subarray(0, 16).toString('base64url');
}

describe('FAPI 1 Advanced', () => {
  let stage: Stage;
  let tpp: ThirdParty;
  let clientId: string;
  beforeAll(async () => {
    stage = await openStage();
    tpp = await createThirdParty(stage);
    clientId = await register(stage, tpp, HYBRID);
  });
  afterAll(() => stage.close());

  /** Where the bank sends a browser that comes with these claims. */
  const open = async (
    more: Readonly<Record<string, unknown>>,
    sign: (claims: object) => Promise<string> = (claims) => tpp.sign(claims as never),
  ): Promise<{ error?: string | null; description?: string | null; page?: string; uid?: string }> => {
    const consentId = await accountConsent(stage, clientId);
    const claims = { ...requestObjectClaims(stage, { clientId, consentId }), ...more };
    const request = await sign(JSON.parse(JSON.stringify(claims)) as object);
    const seen = await createBrowser(stage).open(requestUrl(stage, clientId, request));
    if (seen.leftFor === undefined)
      return {
        page: /error-code">([^<]*)</.exec(seen.html)?.[1] ?? '',
        ...(seen.uid !== undefined && { uid: seen.uid }),
      };
    const answer = new URLSearchParams(new URL(seen.leftFor).hash.slice(1));
    return { error: answer.get('error'), description: answer.get('error_description') };
  };

  test('the hybrid flow answers in the fragment with an ID token over code and state', async () => {
    const consentId = await accountConsent(stage, clientId);
    const request = await tpp.sign(requestObjectClaims(stage, { clientId, consentId }));
    const browser = createBrowser(stage);
    const { uid } = await browser.open(requestUrl(stage, clientId, request));
    const redirect = new URL(await approveAccounts(stage, browser, uid!));
    expect(redirect.search).toBe('');
    const answer = new URLSearchParams(redirect.hash.slice(1));
    const idToken = decodeJwt(answer.get('id_token')!);
    expect(idToken).toMatchObject({
      iss: stage.issuer,
      aud: clientId,
      nonce: 'nonce-1',
      acr: ACR,
      openbanking_intent_id: consentId,
      s_hash: halfHash('state-1'),
      c_hash: halfHash(answer.get('code')!),
    });
    const { status, body } = await redeem(stage, { tpp, clientId }, { code: answer.get('code')!, verifier: '' });
    expect({ status, body }).toMatchObject({ status: 200, body: { scope: 'accounts', token_type: 'Bearer' } });
    expect(decodeJwt(String(body['id_token']))).toMatchObject({ openbanking_intent_id: consentId, acr: ACR });
    expect(await stage.server.tokens.resolve(String(body['access_token']))).toMatchObject({
      consentId,
      state: 'active',
    });
    expect(body['refresh_token']).toBeDefined();
  });

  test('the address of the endpoint is an audience of assertions too', async () => {
    const { status } = await post(
      stage,
      { tpp, clientId, path: '/token' },
      {
        grant_type: 'client_credentials',
        client_assertion: await tpp.sign({
          iss: clientId,
          sub: clientId,
          aud: `${stage.mtlsOrigin}/bramble/token`,
          exp: epoch(60),
          jti: 'own-endpoint',
        }),
      },
    );
    expect(status).toBe(200);
  });

  test.each([
    ['without exp', { exp: undefined }, 'invalid_request_object'],
    ['without nbf', { nbf: undefined }, 'invalid_request_object'],
    ['that expired', { nbf: epoch(-700), exp: epoch(-100) }, 'invalid_request_object'],
    ['that lives more than an hour', { exp: epoch(4_000) }, 'invalid_request_object'],
    ['for another audience', { aud: 'https://dogger.example' }, 'invalid_request_object'],
    ['of another issuer', { iss: 'somebody-else' }, 'invalid_request_object'],
    ['without nonce', { nonce: undefined }, 'invalid_request'],
    ['without scope', { scope: undefined }, 'invalid_request'],
    ['that names no consent', { claims: { id_token: { acr: null } } }, 'invalid_request'],
    ['without claims', { claims: undefined }, 'invalid_request'],
    [
      'with an unknown consent',
      { claims: { id_token: { openbanking_intent_id: { value: 'nobody' } } } },
      'invalid_request',
    ],
    ['with the scope of another kind', { scope: 'openid payments' }, 'invalid_request'],
    [
      'with an unreachable acr',
      {
        claims: { id_token: { openbanking_intent_id: { value: 'x' }, acr: { essential: true, values: ['urn:moon'] } } },
      },
      'access_denied',
    ],
  ])('a request object %s is refused', async (_name, change, error) => {
    expect(await open(change)).toMatchObject({ error });
  });

  test('an unregistered redirect URI gets a page of the bank and no redirect', async () => {
    expect(await open({ redirect_uri: 'https://evil.example/callback' })).toEqual({ page: 'invalid_redirect_uri' });
  });

  test('a request object that is not signed, or by a stranger, is refused', async () => {
    const stranger = await createThirdParty(stage, { name: 'Stranger' });
    const unsigned = (claims: object): Promise<string> => {
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      return Promise.resolve(`${part({ alg: 'none' })}.${part(claims)}.`);
    };
    expect(await open({}, unsigned)).toMatchObject({ error: 'invalid_request_object' });
    expect(await open({}, (claims) => stranger.sign(claims as never))).toMatchObject({
      error: 'invalid_request_object',
    });
  });

  test('plain parameters without a request object are refused', async () => {
    const consentId = await accountConsent(stage, clientId);
    const { claims, iss, aud, iat, nbf, exp, jti, ...plain } = requestObjectClaims(stage, { clientId, consentId });
    expect([iss, aud, iat, nbf, exp, jti]).toHaveLength(6);
    const parameters = { ...(plain as Record<string, string>), claims: JSON.stringify(claims) };
    const seen = await createBrowser(stage).open(
      `${stage.issuer}/authorize?${new URLSearchParams(parameters).toString()}`,
    );
    expect(seen.leftFor).toContain('error=invalid_request');
  });

  test('the consent of another client is refused like one that does not exist', async () => {
    const other = await register(stage, tpp, HYBRID);
    const foreign = await accountConsent(stage, other);
    const unknown = await open({ claims: { id_token: { openbanking_intent_id: { value: 'nobody' } } } });
    const others = await open({ claims: { id_token: { openbanking_intent_id: { value: foreign } } } });
    expect(others).toEqual(unknown);
  });

  test('claims asked of userinfo do no harm', async () => {
    const consentId = await accountConsent(stage, clientId);
    const intent = { openbanking_intent_id: { value: consentId, essential: true } };
    expect((await open({ claims: { userinfo: intent, id_token: intent } })).uid).toBeDefined();
  });
});
