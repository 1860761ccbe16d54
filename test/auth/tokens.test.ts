import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';

import { MS_PER_DAY, plusMs } from '../../src/kernel/index.js';
import { openStage, type Stage } from './stage.js';
import {
  accountConsent,
  authoriseByPar,
  authorizeUrl,
  createBrowser,
  createThirdParty,
  epoch,
  parForm,
  pkce,
  post,
  recordOf,
  redeem,
  register,
  REDIRECT_URI,
  type ThirdParty,
} from './third-party.js';

const CLIENT_CREDENTIALS = { grant_type: 'client_credentials', scope: 'accounts' };

describe('tokens', () => {
  let stage: Stage;
  let tpp: ThirdParty;
  let stranger: ThirdParty;
  let clientId: string;
  beforeAll(async () => {
    stage = await openStage();
    tpp = await createThirdParty(stage);
    stranger = await createThirdParty(stage, { name: 'Stranger' });
    clientId = await register(stage, tpp);
  });
  afterAll(() => stage.close());

  const stateOf = async (token: unknown): Promise<string | undefined> =>
    (await stage.server.tokens.resolve(String(token)))?.state;
  const refresh = (token: unknown): ReturnType<typeof post> =>
    post(stage, { tpp, clientId, path: '/token' }, { grant_type: 'refresh_token', refresh_token: String(token) });

  test('a code used twice ends what it gave', async () => {
    const granted = await authoriseByPar(stage, { tpp, clientId });
    const first = await redeem(stage, { tpp, clientId }, granted);
    expect(await redeem(stage, { tpp, clientId }, granted)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect(await stateOf(first.body['access_token'])).toBe('revoked');
    expect((await refresh(first.body['refresh_token'])).status).toBe(400);
  });

  test('of twenty redemptions at once at most one gets tokens, and they are dead', async () => {
    const granted = await authoriseByPar(stage, { tpp, clientId });
    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(stage, { tpp, clientId }, granted)));
    const won = answers.filter(({ status }) => status === 200);
    expect(won.length).toBeLessThanOrEqual(1);
    expect(answers.filter(({ body }) => body['error'] === 'invalid_grant')).toHaveLength(20 - won.length);
    for (const { body } of won) expect(await stateOf(body['access_token'])).toBe('revoked');
  });

  test('a code is bound to its client, its verifier and its redirect URI', async () => {
    const other = await register(stage, tpp);
    const granted = await authoriseByPar(stage, { tpp, clientId });
    expect((await redeem(stage, { tpp, clientId: other }, granted)).body).toMatchObject({ error: 'invalid_grant' });
    expect((await redeem(stage, { tpp, clientId }, { ...granted, verifier: pkce().verifier })).body).toMatchObject({
      error: 'invalid_grant',
    });
    const elsewhere = await post(
      stage,
      { tpp, clientId, path: '/token' },
      {
        grant_type: 'authorization_code',
        code: granted.code,
        code_verifier: granted.verifier,
        redirect_uri: `${REDIRECT_URI}/`,
      },
    );
    expect(elsewhere.body).toMatchObject({ error: 'invalid_grant' });
    expect((await redeem(stage, { tpp, clientId }, granted)).status).toBe(200);
  });

  test('the certificate of another organisation is refused, and the trace says whose it was', async () => {
    const interactionId = randomUUID();
    const assertion = await tpp.sign({
      iss: clientId,
      sub: clientId,
      aud: stage.issuer,
      exp: epoch(60),
      jti: randomUUID(),
    });
    const answer = await stranger.call(`${stage.mtlsOrigin}/bramble/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-fapi-interaction-id': interactionId },
      body: new URLSearchParams({
        ...CLIENT_CREDENTIALS,
        client_id: clientId,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }).toString(),
    });
    expect([answer.status, await answer.json()]).toMatchObject([401, { error: 'invalid_client' }]);
    const record = await recordOf(stage, interactionId);
    const failed = record.checks.find(({ outcome }) => outcome === 'failed');
    expect(failed).toMatchObject({
      expected: expect.stringContaining(tpp.organisationId),
      actual: expect.stringContaining(stranger.organisationId),
    });
    expect(record).toMatchObject({ clientId, bank: 'bramble' });
  });

  test.each([
    ['addressed to the token endpoint', () => ({ aud: `${stage.issuer}/token` })],
    ['addressed to a list', () => ({ aud: [stage.issuer] })],
    ['that expired', () => ({ exp: epoch(-300) })],
    ['without jti', () => ({ jti: undefined })],
    ['of another subject', () => ({ sub: 'nobody' })],
    ['not yet valid', () => ({ nbf: epoch(70) })],
  ])('an assertion %s is refused', async (_name, change) => {
    const claims = { iss: clientId, sub: clientId, aud: stage.issuer, exp: epoch(60), jti: randomUUID(), ...change() };
    const assertion = await tpp.sign(JSON.parse(JSON.stringify(claims)) as never);
    const { status, body } = await post(
      stage,
      { tpp, clientId, path: '/token' },
      { ...CLIENT_CREDENTIALS, client_assertion: assertion },
    );
    expect(body['error']).toMatch(/^invalid_(client|request)$/);
    expect(status).toBeGreaterThanOrEqual(400);
  });

  test('an assertion is taken once, even by twenty requests at once', async () => {
    const assertion = await tpp.sign({
      iss: clientId,
      sub: clientId,
      aud: stage.issuer,
      exp: epoch(60),
      jti: randomUUID(),
    });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        post(stage, { tpp, clientId, path: '/token' }, { ...CLIENT_CREDENTIALS, client_assertion: assertion }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('the trace of invalid_client tells the audience that was expected and the one that came', async () => {
    const interactionId = randomUUID();
    const assertion = await tpp.sign({
      iss: clientId,
      sub: clientId,
      aud: 'https://dogger.example',
      exp: epoch(60),
      jti: randomUUID(),
    });
    const answer = await tpp.call(`${stage.mtlsOrigin}/bramble/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-fapi-interaction-id': interactionId },
      body: new URLSearchParams({
        ...CLIENT_CREDENTIALS,
        client_id: clientId,
        client_assertion: assertion,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      }).toString(),
    });
    expect(await answer.json()).toEqual({ error: 'invalid_client', error_description: expect.any(String) });
    const record = await recordOf(stage, interactionId);
    const failed = record.checks.find(({ outcome }) => outcome === 'failed');
    expect(failed?.expected).toContain(stage.issuer);
    expect(failed?.actual).toContain('https://dogger.example');
    expect(JSON.stringify(record)).not.toContain(assertion);
  });

  test('a refresh keeps its token, cannot widen the scope and follows the consent', async () => {
    const granted = await authoriseByPar(stage, { tpp, clientId });
    const { body } = await redeem(stage, { tpp, clientId }, granted);
    const again = await refresh(body['refresh_token']);
    expect(again).toMatchObject({ status: 200, body: { refresh_token: body['refresh_token'], scope: 'accounts' } });
    const wider = await post(
      stage,
      { tpp, clientId, path: '/token' },
      {
        grant_type: 'refresh_token',
        refresh_token: String(body['refresh_token']),
        scope: 'openid accounts payments',
      },
    );
    expect(wider.body).toMatchObject({ error: 'invalid_scope' });
    await stage.bank.consents.revoke(granted.consentId, 'psu');
    expect((await refresh(body['refresh_token'])).body).toMatchObject({ error: 'invalid_grant' });
    await stage.server.revokeConsentTokens(granted.consentId);
    expect(await stateOf(again.body['access_token'])).toBe('revoked');
  });

  test('a client revokes and introspects its own tokens only', async () => {
    const { body } = await post(stage, { tpp, clientId, path: '/token' }, CLIENT_CREDENTIALS);
    const token = String(body['access_token']);
    const strangerId = await register(stage, stranger);
    const foreign = { tpp: stranger, clientId: strangerId };
    expect((await post(stage, { ...foreign, path: '/introspect' }, { token })).body).toEqual({ active: false });
    await post(stage, { ...foreign, path: '/revoke' }, { token });
    expect(await stateOf(token)).toBe('active');
    expect((await post(stage, { tpp, clientId, path: '/introspect' }, { token })).body).toMatchObject({
      active: true,
      client_id: clientId,
    });
    expect((await post(stage, { tpp, clientId, path: '/revoke' }, { token })).status).toBe(200);
    expect(await stateOf(token)).toBe('revoked');
  });

  test('introspection calls no token active whose consent has ended', async () => {
    const isActive = async (token: unknown): Promise<unknown> =>
      (await post(stage, { tpp, clientId, path: '/introspect' }, { token: String(token) })).body['active'];
    const tokensOf = async (days: number): Promise<{ consentId: string; all: readonly unknown[] }> => {
      const granted = await authoriseByPar(stage, { tpp, clientId }, days);
      const { body } = await redeem(stage, { tpp, clientId }, granted);
      return { consentId: granted.consentId, all: [body['access_token'], body['refresh_token']] };
    };
    const revoked = await tokensOf(90);
    for (const token of revoked.all) expect(await isActive(token)).toBe(true);
    await stage.bank.consents.revoke(revoked.consentId, 'psu');
    for (const token of revoked.all) expect(await isActive(token)).toBe(false);
    // Five minutes of consent, ten of access token.
    const short = await tokensOf(1 / 288);
    for (const token of short.all) expect(await isActive(token)).toBe(true);
    stage.clock.moveTo(plusMs(stage.clock.now(), 400_000));
    for (const token of short.all) expect(await isActive(token)).toBe(false);
  });

  test('a pushed request is used once, by its own client, and cannot be skipped', async () => {
    const consentId = await accountConsent(stage, clientId);
    const pushed = await post(stage, { tpp, clientId, path: '/par' }, parForm(consentId, pkce()));
    const uri = String(pushed.body['request_uri']);
    const other = await register(stage, tpp);
    expect(await createBrowser(stage).open(authorizeUrl(stage, other, uri))).not.toHaveProperty('uid');
    expect(await createBrowser(stage).open(authorizeUrl(stage, clientId, uri))).toHaveProperty('uid');
    // Reloading before the login is no second use (security profile: reused request_uri prior to completion).
    expect(await createBrowser(stage).open(authorizeUrl(stage, clientId, uri))).toHaveProperty('uid');
    const direct = `${stage.issuer}/authorize?${new URLSearchParams({ client_id: clientId, ...parForm(consentId, pkce()) }).toString()}`;
    expect((await createBrowser(stage).open(direct)).leftFor).toContain('error=invalid_request');
  });

  test.each([
    ['without PKCE', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
    ['with plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['with another response type', { response_type: 'code id_token' }, /invalid_request|unauthorized|unsupported/],
    [
      'with a request_uri in it',
      { request_uri: 'urn:ietf:params:oauth:request_uri:x' },
      /invalid_request|request_uri_not_supported/,
    ],
    ['with a foreign redirect URI', { redirect_uri: 'https://evil.example' }, /invalid_re/],
    [
      'for an unknown consent',
      { claims: JSON.stringify({ id_token: { openbanking_intent_id: { value: 'nobody' } } }) },
      'invalid_request',
    ],
  ])('a pushed request %s is refused', async (_name, change, error) => {
    const consentId = await accountConsent(stage, clientId);
    const { status, body } = await post(
      stage,
      { tpp, clientId, path: '/par' },
      { ...parForm(consentId, pkce()), ...change },
    );
    expect(status).toBe(400);
    expect(body['error']).toMatch(error);
  });

  test('DPoP binds tokens to a key, and a proof at a resource is checked and taken once', async () => {
    const dpopClient = await register(stage, tpp, { dpop_bound_access_tokens: true });
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const jwk = await exportJWK(publicKey);
    const proof = (claims: object): Promise<string> =>
      new SignJWT({ jti: randomUUID(), iat: epoch(), ...claims })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .sign(privateKey);
    const url = `${stage.mtlsOrigin}/bramble/token`;
    const call = async (dpop?: string): Promise<Record<string, unknown>> => {
      const answer = await tpp.call(url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...(dpop !== undefined && { dpop }) },
        body: new URLSearchParams({
          ...CLIENT_CREDENTIALS,
          client_id: dpopClient,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: await tpp.sign({
            iss: dpopClient,
            sub: dpopClient,
            aud: stage.issuer,
            exp: epoch(60),
            jti: randomUUID(),
          }),
        }).toString(),
      });
      return (await answer.json()) as Record<string, unknown>;
    };
    expect(await call()).toMatchObject({ error: 'invalid_grant' });
    const issued = await call(await proof({ htm: 'POST', htu: url }));
    expect(issued).toMatchObject({ token_type: 'DPoP' });
    const token = String(issued['access_token']);
    const keyThumbprint = await calculateJwkThumbprint(jwk);
    expect(await stage.server.tokens.resolve(token)).toMatchObject({ keyThumbprint });
    const resource = { token, keyThumbprint, method: 'GET', url: 'https://localhost/accounts?page=2' };
    const ath = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(token))).toString('base64url');
    const good = await proof({ htm: 'GET', htu: 'https://localhost/accounts', ath });
    await stage.server.proofs.check({ ...resource, proof: good });
    await expect(stage.server.proofs.check({ ...resource, proof: good })).rejects.toMatchObject({
      code: 'token.wrong-certificate',
    });
    for (const wrong of [
      undefined,
      'x',
      await proof({ htm: 'POST', htu: resource.url, ath }),
      await proof({ htm: 'GET', htu: resource.url }),
    ]) {
      await expect(stage.server.proofs.check({ ...resource, proof: wrong })).rejects.toMatchObject({
        code: 'token.wrong-certificate',
      });
    }
  });

  test('tls_client_auth takes the registered certificate and no other', async () => {
    const id = await register(stage, tpp, {
      token_endpoint_auth_method: 'tls_client_auth',
      token_endpoint_auth_signing_alg: undefined,
      tls_client_auth_subject_dn: tpp.transport.certificate.subject,
    });
    const call = async (party: ThirdParty): Promise<number> =>
      (
        await party.call(`${stage.mtlsOrigin}/bramble/token`, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ ...CLIENT_CREDENTIALS, client_id: id }).toString(),
        })
      ).status;
    expect([await call(tpp), await call(stranger)]).toEqual([200, 401]);
  });

  test('discovery is the same on both listeners, whatever the Host header says', async () => {
    const read = async (origin: string): Promise<string> =>
      (await tpp.call(`${origin}/bramble/.well-known/openid-configuration`)).text();
    const [publicly, mutually] = [await read(stage.publicOrigin), await read(stage.mtlsOrigin)];
    expect(mutually).toBe(publicly);
    expect(JSON.parse(publicly)).toMatchObject({
      issuer: stage.issuer,
      token_endpoint: `${stage.issuer}/token`,
      registration_endpoint: `${stage.mtlsOrigin}/bramble/register`,
      mtls_endpoint_aliases: { token_endpoint: `${stage.mtlsOrigin}/bramble/token` },
      claims_parameter_supported: true,
      request_parameter_supported: true,
      request_uri_parameter_supported: false,
      tls_client_certificate_bound_access_tokens: true,
      token_endpoint_auth_methods_supported: ['private_key_jwt', 'tls_client_auth'],
    });
    const {
      claims_supported: claims,
      grant_types_supported: grants,
      scopes_supported: scopes,
    } = JSON.parse(publicly) as Record<string, string[]>;
    expect(claims).toEqual(expect.arrayContaining(['acr', 'openbanking_intent_id', 'sub']));
    expect([...grants!].sort()).toEqual(['authorization_code', 'client_credentials', 'refresh_token']);
    expect(scopes).toEqual(expect.arrayContaining(['openid', 'accounts', 'payments']));
  });

  test('the keys of a client and of the bank are at hand for message signatures', async () => {
    const client = await stage.server.clients.find(clientId);
    expect((await client?.keys())?.map((key) => key['kid'])).toContain(tpp.signing.certificate.kid);
    const { kid } = await stage.server.signer.key();
    const published = (await (await tpp.call(`${stage.issuer}/jwks`)).json()) as {
      keys: { kid: string; d?: string }[];
    };
    expect(published.keys.find((key) => key.kid === kid)).toBeDefined();
    expect(JSON.stringify([published, stage.server.jwks])).not.toContain('"d"');
  });

  test('ninety-one days later the refresh token has ended, and a used assertion is still used', async () => {
    const granted = await authoriseByPar(stage, { tpp, clientId });
    const { body } = await redeem(stage, { tpp, clientId }, granted);
    const late = await authoriseByPar(stage, { tpp, clientId }, 400);
    const assertion = await tpp.sign({
      iss: clientId,
      sub: clientId,
      aud: stage.issuer,
      exp: epoch(60),
      jti: randomUUID(),
    });
    const use = (): ReturnType<typeof post> =>
      post(stage, { tpp, clientId, path: '/token' }, { ...CLIENT_CREDENTIALS, client_assertion: assertion });
    expect((await use()).status).toBe(200);
    stage.clock.moveTo(plusMs(stage.clock.now(), 60 * MS_PER_DAY));
    // Two months on: access tokens are over, the refresh token is not.
    expect(await stateOf(body['access_token'])).toBe('expired');
    expect((await refresh(body['refresh_token'])).status).toBe(200);
    expect((await use()).status).toBe(401);
    stage.clock.moveTo(plusMs(stage.clock.now(), 31 * MS_PER_DAY));
    expect((await refresh(body['refresh_token'])).body).toMatchObject({ error: 'invalid_grant' });
    expect((await use()).status).toBe(401);
    // The code of a minute ago is still one, under a consent that goes on; its refresh token has its ninety days ahead.
    const { status, body: fresh } = await redeem(stage, { tpp, clientId }, late);
    expect(status).toBe(200);
    stage.clock.moveTo(plusMs(stage.clock.now(), 89 * MS_PER_DAY));
    expect((await refresh(fresh['refresh_token'])).status).toBe(200);
    stage.clock.moveTo(plusMs(stage.clock.now(), 2 * MS_PER_DAY));
    expect((await refresh(fresh['refresh_token'])).body).toMatchObject({ error: 'invalid_grant' });
  });
});
