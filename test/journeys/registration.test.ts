import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Sandbox, Tpp } from '../../src/index.js';
import { customerOf } from '../support/customer.js';
import { registrationDesk, type RegistrationDesk } from '../support/registration.js';
import { startTestSandbox } from '../support/test-sandbox.js';
import { createThirdParty, type ThirdParty } from '../support/third-party.js';
import { accessTo, bodyOf } from '../support/uk-bank.js';

describe('registering by hand, from the directory to the first account', () => {
  let sandbox: Sandbox;
  let tpp: Tpp;
  let desk: RegistrationDesk;

  beforeAll(async () => {
    sandbox = await startTestSandbox();
    tpp = await sandbox.createTpp({ name: 'Hand Made', banks: [] });
    desk = await registrationDesk(sandbox, tpp);
  });

  afterAll(async () => {
    await desk?.close();
    await sandbox?.stop();
  });

  /** The client that came out of a registration, as openid-client uses it. */
  const clientOf = (clientId: string, profile: 'fapi1-advanced' | 'fapi2-security'): Promise<ThirdParty> =>
    createThirdParty({
      tpp: {
        ...tpp,
        registrations: [
          {
            bank: 'bramble',
            issuer: sandbox.bank('bramble').issuer,
            clientId,
            profile,
            clientAuthentication: 'private_key_jwt',
          },
        ],
      },
      status: sandbox.status,
      caPem: sandbox.caPem,
    });

  test('the bank announces where to register, on the listener that asks for a certificate', () => {
    expect(new URL(desk.endpoint).origin).toBe(sandbox.status.mtlsOrigin);
  });

  test('a signed request is answered with what was registered, and the client gets through to the accounts', async () => {
    const { body, status, headers } = await desk.post(await desk.request());
    expect(status).toBe(201);
    expect(headers.get('content-type')).toMatch(/application\/json/);
    expect(body).toMatchObject({
      client_id: expect.any(String),
      redirect_uris: tpp.redirectUris,
      response_types: ['code id_token'],
      token_endpoint_auth_method: 'private_key_jwt',
      software_id: tpp.softwareId,
      software_statement: tpp.softwareStatement,
    });
    expect(body.grant_types).not.toContain('implicit');
    expect(body).not.toHaveProperty('registration_access_token');
    for (const claim of ['iss', 'aud', 'iat', 'exp', 'jti']) expect(body).not.toHaveProperty(claim);
    const client = await clientOf(body.client_id, 'fapi1-advanced');
    const access = await accessTo(client, await customerOf(sandbox, 'salaried-renter'));
    expect(access.accounts.length).toBeGreaterThan(0);
    await client.close();
  });

  test('a registration is read, changed without ending its tokens, and ended with them', async () => {
    const registered = bodyOf(await desk.post(await desk.request({ response_types: ['code'] })), 201);
    const client = await clientOf(registered.client_id, 'fapi2-security');
    const access = await accessTo(client, await customerOf(sandbox, 'freelancer'));
    const token = (
      await client.send<{ access_token: string }>(tokenEndpointOf(client), {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ ...(await client.credentials()), grant_type: 'client_credentials' }).toString(),
      })
    ).body.access_token;

    const read = bodyOf(await desk.call('GET', registered.client_id, { token }), 200);
    expect(read).toMatchObject({ client_id: registered.client_id, scope: registered.scope });

    const narrower = await desk.request({
      response_types: ['code'],
      client_id: registered.client_id,
      scope: 'openid accounts',
    });
    const changed = bodyOf(await desk.call('PUT', registered.client_id, { token, jwt: narrower }), 200);
    expect(changed.client_id).toBe(registered.client_id);
    expect(changed.scope.split(' ').sort()).toEqual(['accounts', 'openid']);
    expect((await client.call('GET', '/aisp/accounts', { token: access.token })).status).toBe(200);
    await expect(client.clientToken('payments')).rejects.toMatchObject({ error: expect.stringMatching(/^invalid_/) });

    const ended = await desk.call('DELETE', registered.client_id, { token });
    expect({ status: ended.status, text: ended.text }).toEqual({ status: 204, text: '' });
    expect((await client.call('GET', '/aisp/accounts', { token: access.token })).status).toBe(401);
    await expect(client.clientToken('accounts')).rejects.toMatchObject({ error: 'invalid_client' });
    expect((await desk.call('GET', registered.client_id, { token })).status).toBe(401);
    await client.close();
  });

  test.each([
    [
      'whose software statement was altered',
      (): object => ({ software_statement: altered(tpp.softwareStatement) }),
      /software_statement/,
    ],
    [
      'that asks for a redirect URI outside the software statement',
      (): object => ({ redirect_uris: ['https://thief.example/callback'] }),
      /redirect_uri/,
    ],
    ['that has expired', (): object => ({ iat: 1_600_000_000, exp: 1_600_000_300 }), /invalid_client_metadata/],
    ['for another bank', (): object => ({ aud: 'https://bank.example' }), /invalid_client_metadata/],
    [
      'with an authentication method below FAPI',
      (): object => ({ token_endpoint_auth_method: 'client_secret_basic' }),
      /invalid_client_metadata/,
    ],
    [
      'for a scope that the software has no role for',
      (): object => ({ scope: 'openid fundsconfirmations' }),
      /invalid_client_metadata/,
    ],
  ])('a request %s is refused', async (_what, change, error) => {
    const answer = await desk.post(await desk.request(change() as Record<string, unknown>));
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatch(error);
    expect((answer.body.error_description ?? '').length).toBeLessThanOrEqual(500);
  });

  test('a request is good for one registration', async () => {
    const jwt = await desk.request({ jti: randomUUID() });
    expect((await desk.post(jwt)).status).toBe(201);
    expect((await desk.post(jwt)).status).toBe(400);
  });

  test('another software’s certificate neither reads nor ends a registration', async () => {
    const mine = bodyOf(await desk.post(await desk.request({ response_types: ['code'] })), 201);
    const client = await clientOf(mine.client_id, 'fapi2-security');
    const token = await client.clientToken('accounts');
    const stranger = await sandbox.createTpp({ name: 'Stranger', banks: [] });
    const strangersDesk = await registrationDesk(sandbox, stranger);
    for (const method of ['GET', 'DELETE'] as const) {
      expect([401, 403]).toContain((await strangersDesk.call(method, mine.client_id, { token })).status);
    }
    // The refusal has ended the token that was shown (UK DCR 3.3, 401); the registration is as it was.
    expect((await desk.call('GET', mine.client_id, { token: await client.clientToken('accounts') })).status).toBe(200);
    await Promise.all([client.close(), strangersDesk.close()]);
  });
});

function tokenEndpointOf(client: ThirdParty): string {
  const aliases = client.metadata.mtls_endpoint_aliases as { readonly token_endpoint?: string } | undefined;
  return aliases?.token_endpoint ?? client.metadata.token_endpoint ?? '';
}

/** The same statement with another claim under the old signature. */
function altered(jwt: string): string {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
  const forged = Buffer.from(JSON.stringify({ ...claims, software_roles: ['AISP', 'PISP', 'CBPII'] })).toString(
    'base64url',
  );
  return [header, forged, signature].join('.');
}
