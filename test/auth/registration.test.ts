import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { openStage, type Stage } from './stage.js';
import {
  anonymous,
  createThirdParty,
  epoch,
  post,
  postRegistration,
  recordOf,
  register,
  registrationClaims,
  type ThirdParty,
} from './third-party.js';

describe('UK dynamic client registration', () => {
  let stage: Stage;
  let tpp: ThirdParty;
  let reader: ThirdParty;
  beforeAll(async () => {
    stage = await openStage();
    tpp = await createThirdParty(stage);
    reader = await createThirdParty(stage, { name: 'Reader', roles: ['AISP'] });
  });
  afterAll(() => stage.close());

  const attempt = async (
    more: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ): Promise<{ status: number; body: Record<string, unknown> }> => {
    const claims = JSON.parse(JSON.stringify({ ...(await registrationClaims(stage, tpp)), ...more })) as never;
    const answer = await postRegistration(stage, tpp, await tpp.sign(claims, header));
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const clientToken = async (party: ThirdParty, clientId: string): Promise<string> =>
    String(
      (await post(stage, { tpp: party, clientId, path: '/token' }, { grant_type: 'client_credentials' })).body[
        'access_token'
      ],
    );
  const manage = async (
    party: ThirdParty,
    { clientId, token, method = 'GET', body }: { clientId: string; token?: string; method?: string; body?: string },
  ): Promise<{ status: number; body: Record<string, unknown> }> => {
    const answer = await party.call(`${stage.mtlsOrigin}/bramble/register/${clientId}`, {
      method,
      headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), 'content-type': 'application/jwt' },
      ...(body !== undefined && { body }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
  };

  test('the answer has the request and the statement, flattened, and nothing of the envelope', async () => {
    const { status, body } = await attempt({ response_types: ['code id_token'] });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      client_id: expect.any(String),
      grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
      response_types: ['code id_token'],
      token_endpoint_auth_method: 'private_key_jwt',
      software_id: tpp.softwareId,
      org_id: tpp.organisationId,
      software_client_name: 'Moneta',
      tls_client_certificate_bound_access_tokens: true,
    });
    for (const name of ['iss', 'iat', 'exp', 'aud', 'jti']) expect(body).not.toHaveProperty(name);
  });

  test('what is asked for and not served is not answered as if it had been set', async () => {
    const { status, body } = await attempt({
      response_types: ['code id_token'],
      jwks_uri: 'https://169.254.169.254/latest/meta-data',
      jwks: { keys: [] },
      client_secret: 'hunter2',
      client_id_issued_at: 5,
      sector_identifier_uri: 'http://127.0.0.1/',
      require_signed_request_object: false,
      response_modes: ['query'],
      logo_uri: 'javascript:alert(1)',
    });
    expect(status).toBe(201);
    expect(JSON.stringify(body)).not.toMatch(/169\.254|hunter2|127\.0\.0\.1|javascript|require_signed|response_modes/);
    expect(body['client_id_issued_at']).not.toBe(5);
    const registered = (await stage.server.clients.list()).find(({ clientId }) => clientId === body['client_id']);
    expect(registered?.metadata).toMatchObject({
      jwks_uri: expect.stringContaining('/directory/'),
      require_signed_request_object: true,
      response_modes: ['fragment'],
    });
  });

  test('the organisation id of the bank is an audience as well', async () => {
    expect((await attempt({ aud: stage.server.organisationId })).status).toBe(201);
  });

  test('tls_client_auth is registered with the subject in either notation', async () => {
    const subject = tpp.transport.certificate.subject;
    const body = {
      token_endpoint_auth_method: 'tls_client_auth',
      token_endpoint_auth_signing_alg: undefined,
      tls_client_auth_subject_dn: subject,
    };
    expect(await attempt(body)).toMatchObject({ status: 201, body: { tls_client_auth_subject_dn: subject } });
  });

  test.each([
    ['of another issuer', { iss: 'somebody' }, 'invalid_client_metadata'],
    ['for another bank', { aud: 'https://dogger.example' }, 'invalid_client_metadata'],
    ['that expired', { exp: epoch(-100) }, 'invalid_client_metadata'],
    ['without exp', { exp: undefined }, 'invalid_client_metadata'],
    ['from the future', { iat: epoch(600) }, 'invalid_client_metadata'],
    ['without jti', { jti: undefined }, 'invalid_client_metadata'],
    ['with a jti that is no UUID', { jti: 'one' }, 'invalid_client_metadata'],
    ['with a client_id', { client_id: 'mine' }, 'invalid_client_metadata'],
    ['with another software_id', { software_id: 'other' }, 'invalid_client_metadata'],
    ['without a statement', { software_statement: undefined }, 'invalid_software_statement'],
    ['with a broken statement', { software_statement: 'a.b.c' }, 'invalid_software_statement'],
    [
      'with a redirect URI beyond the statement',
      { redirect_uris: ['https://evil.example/cb'] },
      'invalid_redirect_uri',
    ],
    ['with a script as redirect URI', { redirect_uris: ['javascript:alert(1)'] }, 'invalid_redirect_uri'],
    ['with no redirect URI', { redirect_uris: [] }, 'invalid_redirect_uri'],
    [
      'with redirect URIs that are no list',
      { redirect_uris: 'https://localhost:3000/callback' },
      'invalid_redirect_uri',
    ],
    ['with a secret', { token_endpoint_auth_method: 'client_secret_basic' }, 'invalid_client_metadata'],
    ['with no authentication', { token_endpoint_auth_method: 'none' }, 'invalid_client_metadata'],
    ['with the password grant', { grant_types: ['password'] }, 'invalid_client_metadata'],
    ['with response type token', { response_types: ['token'] }, 'invalid_client_metadata'],
    ['with two response types', { response_types: ['code', 'code id_token'] }, 'invalid_client_metadata'],
    ['with unsigned ID tokens', { id_token_signed_response_alg: 'none' }, 'invalid_client_metadata'],
    ['with RS256', { request_object_signing_alg: 'RS256' }, 'invalid_client_metadata'],
    ['with a subject that does not authenticate', { tls_client_auth_subject_dn: 'CN=me' }, 'invalid_client_metadata'],
    [
      'with the subject of somebody else',
      { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: 'CN=you' },
      'invalid_client_metadata',
    ],
    ['with an unknown application type', { application_type: 'fridge' }, 'invalid_client_metadata'],
    ['with a scope that does not exist', { scope: 'openid admin' }, 'invalid_client_metadata'],
    ['with a scope beyond the roles', { scope: 'openid fundsconfirmations' }, 'invalid_client_metadata'],
    [
      'with DPoP under FAPI 1',
      { response_types: ['code id_token'], dpop_bound_access_tokens: true },
      'invalid_client_metadata',
    ],
    ['with unbound tokens', { tls_client_certificate_bound_access_tokens: false }, 'invalid_client_metadata'],
  ])('a request %s is refused', async (_name, change, error) => {
    expect(await attempt(change)).toMatchObject({
      status: 400,
      body: { error, error_description: expect.any(String) },
    });
  });

  test.each([
    ['an embedded key', { jwk: { kty: 'RSA' } }],
    ['an unknown key', { kid: 'nobody' }],
    ['the key of the transport certificate', 'transport'],
  ])('a header with %s is refused', async (_name, header) => {
    const given = header === 'transport' ? { kid: tpp.transport.certificate.kid } : (header as object);
    expect(await attempt({}, given as never)).toMatchObject({
      status: 400,
      body: { error: 'invalid_client_metadata' },
    });
  });

  test('a request signed by somebody else is refused', async () => {
    const claims = await registrationClaims(stage, tpp);
    const answer = await postRegistration(stage, tpp, await reader.sign(claims, { kid: tpp.signing.certificate.kid }));
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: 'invalid_client_metadata' }]);
  });

  test('a statement of one organisation over the certificate of another is refused', async () => {
    const answer = await postRegistration(stage, reader, await tpp.sign(await registrationClaims(stage, tpp)));
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: 'unapproved_software_statement' }]);
  });

  test('without a certificate nothing is registered', async () => {
    const answer = await anonymous(stage)(`${stage.mtlsOrigin}/bramble/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/jwt' },
      body: await tpp.sign(await registrationClaims(stage, tpp)),
    });
    expect([answer.status, await answer.json()]).toMatchObject([401, { error: 'invalid_client' }]);
  });

  test('a withdrawn organisation is not registered and its clients are not served', async () => {
    const gone = await createThirdParty(stage, { name: 'Gone' });
    const clientId = await register(stage, gone);
    const signed = await gone.sign(await registrationClaims(stage, gone));
    await stage.directory.setOrganisationStatus(gone.organisationId, 'Withdrawn');
    expect((await postRegistration(stage, gone, signed)).status).toBeGreaterThanOrEqual(400);
    const { status } = await post(stage, { tpp: gone, clientId, path: '/token' }, { grant_type: 'client_credentials' });
    expect(status).toBe(401);
  });

  test('a request is taken once', async () => {
    const body = await tpp.sign(await registrationClaims(stage, tpp));
    const [first, second] = [await postRegistration(stage, tpp, body), await postRegistration(stage, tpp, body)];
    expect([first.status, second.status]).toEqual([201, 400]);
  });

  test('the media type, the size and the method are checked', async () => {
    const url = `${stage.mtlsOrigin}/bramble/register`;
    const json = await tpp.call(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    const large = await postRegistration(stage, tpp, 'x'.repeat(70_000));
    const get = await tpp.call(url);
    expect([json.status, large.status, get.status, get.headers.get('allow')]).toEqual([400, 413, 405, 'POST']);
  });

  test('a client reads, changes and deletes its registration with certificate and client-credentials token', async () => {
    const clientId = await register(stage, tpp);
    const token = await clientToken(tpp, clientId);
    expect(await manage(tpp, { clientId, token })).toMatchObject({ status: 200, body: { client_id: clientId } });
    const claims = await registrationClaims(stage, tpp, { client_id: clientId, scope: 'openid accounts' });
    const changed = await manage(tpp, { clientId, token, method: 'PUT', body: await tpp.sign(claims) });
    expect(changed).toMatchObject({ status: 200, body: { client_id: clientId, scope: 'openid accounts' } });
    // The update killed no token.
    expect((await manage(tpp, { clientId, token })).status).toBe(200);
    expect((await manage(tpp, { clientId, token, method: 'DELETE' })).status).toBe(204);
    expect(await stage.server.tokens.resolve(token)).toMatchObject({ state: 'revoked' });
    expect((await manage(tpp, { clientId, token })).status).toBe(401);
    expect(await stage.server.clients.find(clientId)).toBeUndefined();
  });

  test.each([
    ['to no authentication', { token_endpoint_auth_method: 'none' }],
    ['to another profile', { response_types: ['code id_token'] }],
    ['to the implicit flow', { response_types: ['id_token'] }],
  ])('an update %s is refused', async (_name, change) => {
    const clientId = await register(stage, tpp);
    const token = await clientToken(tpp, clientId);
    const body = await tpp.sign(await registrationClaims(stage, tpp, { client_id: clientId, ...change }));
    expect((await manage(tpp, { clientId, token, method: 'PUT', body })).status).toBe(400);
  });

  test('the registration of another client is forbidden, an unknown one costs the token', async () => {
    const [mine, other] = [await register(stage, tpp), await register(stage, reader, { scope: 'openid accounts' })];
    const token = await clientToken(tpp, mine);
    expect((await manage(tpp, { clientId: other, token })).status).toBe(403);
    expect((await manage(tpp, { clientId: 'nobody', token })).status).toBe(401);
    expect(await stage.server.tokens.resolve(token)).toMatchObject({ state: 'revoked' });
  });

  test('no token, a token over another certificate and garbage are refused', async () => {
    const clientId = await register(stage, tpp);
    const token = await clientToken(tpp, clientId);
    expect((await manage(tpp, { clientId })).status).toBe(401);
    expect((await manage(tpp, { clientId, token: randomUUID() })).status).toBe(401);
    expect((await manage(reader, { clientId, token })).status).toBe(401);
  });

  test('every check is recorded, and the failed one says what was expected', async () => {
    const interactionId = randomUUID();
    await tpp.call(`${stage.mtlsOrigin}/bramble/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/jwt', 'x-fapi-interaction-id': interactionId },
      body: await tpp.sign(await registrationClaims(stage, tpp, { scope: 'openid fundsconfirmations' })),
    });
    const record = await recordOf(stage, interactionId);
    expect(record.checks.filter(({ outcome }) => outcome === 'passed').length).toBeGreaterThan(15);
    expect(record.checks.at(-1)).toMatchObject({
      name: 'the scopes are covered by the roles of the software',
      outcome: 'failed',
      expected: expect.stringContaining('AISP'),
    });
  });
});

describe('redirect URIs off the developer’s machine', () => {
  test('localhost is refused where the bank does not admit it', async () => {
    const stage = await openStage({ developmentRedirects: false });
    try {
      const tpp = await createThirdParty(stage);
      const answer = await postRegistration(stage, tpp, await tpp.sign(await registrationClaims(stage, tpp)));
      expect([answer.status, await answer.json()]).toMatchObject([400, { error: 'invalid_redirect_uri' }]);
    } finally {
      await stage.close();
    }
  });
});
