import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exportJWK, generateKeyPair, importPKCS8, SignJWT } from 'jose';
import * as oidc from 'openid-client';
import { Agent, fetch as undiciFetch } from 'undici';

import type { Sandbox, Tpp } from '../../src/index.js';
import { customerOf, type Customer } from '../support/customer.js';
import { registrationDesk } from '../support/registration.js';
import { startTestSandbox } from '../support/test-sandbox.js';
import { SCA } from '../support/third-party.js';
import { PERMISSIONS } from '../support/uk-bank.js';

type Claims = Readonly<Record<string, unknown>>;
type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

/** A FAPI 2 client whose tokens are bound to a key of its own in place of its certificate (RFC 9449). */
describe('a client with DPoP-bound tokens', () => {
  let sandbox: Sandbox;
  let client: DpopClient;
  let customer: Customer;

  beforeAll(async () => {
    sandbox = await startTestSandbox({ historyMonths: 1 });
    client = await registerDpopClient(sandbox);
    customer = await customerOf(sandbox, 'salaried-renter');
  });
  afterAll(async () => {
    await client.close();
    await sandbox.stop();
  });

  test('goes from the pushed request to the accounts, and on by refresh', async () => {
    const tokens = await client.access(customer);
    expect(tokens.token_type.toLowerCase()).toBe('dpop');
    const answer = await client.get('/aisp/accounts', tokens.access_token);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ Data: { Account: expect.any(Array) } });
    const fresh = await oidc.refreshTokenGrant(client.configuration, tokens.refresh_token ?? '', undefined, {
      DPoP: client.handle,
    });
    expect((await client.get('/aisp/accounts', fresh.access_token)).status).toBe(200);
  });

  describe('refusals at the resource', () => {
    let token: string;
    const url = (path: string): string => `${client.baseUrl}${path}`;
    const call = (headers: Readonly<Record<string, string>>, path = '/aisp/accounts'): Promise<Response> =>
      client.fetch(url(path), { headers: { accept: 'application/json', ...headers } });
    const withProof = async (change: Claims = {}, keys: Keys = client.keys, header: Claims = {}): Promise<Response> =>
      call({
        authorization: `DPoP ${token}`,
        dpop: await proof({ url: url('/aisp/accounts'), token, keys, change, header }),
      });

    beforeAll(async () => {
      token = (await client.access(customer)).access_token;
    });

    test('a proof is taken once', async () => {
      const once = await proof({ url: url('/aisp/accounts'), token, keys: client.keys });
      const headers = { authorization: `DPoP ${token}`, dpop: once };
      expect((await call(headers)).status).toBe(200);
      const again = await call(headers);
      expect(again.status).toBe(401);
      expect(again.headers.get('www-authenticate')).toMatch(/^DPoP error="invalid_dpop_proof"/);
    });

    test('of fifty copies of a proof at once, one is taken', async () => {
      const once = await proof({ url: url('/aisp/accounts'), token, keys: client.keys });
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => call({ authorization: `DPoP ${token}`, dpop: once })),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(49);
    });

    test('query and upper case of the address do not count, the path does', async () => {
      const htu = url('/aisp/accounts').replace('https://localhost', 'HTTPS://LOCALHOST');
      expect((await withProof({ htu: `${htu}?x=1` })).status).toBe(200);
      expect((await withProof({ htu: url('/aisp/balances') })).status).toBe(401);
      expect((await withProof({ htu: 'https://elsewhere.example/accounts' })).status).toBe(401);
    });

    const wrong: readonly (readonly [string, Claims, Claims?])[] = [
      ['for another method', { htm: 'POST' }],
      ['for another token', { ath: createHash('sha256').update('other').digest('base64url') }],
      ['without the digest of the token', { ath: undefined }],
      ['of an hour ago', { iat: Math.floor(Date.now() / 1_000) - 3_600 }],
      ['of the next hour', { iat: Math.floor(Date.now() / 1_000) + 3_600 }],
      ['without an id', { jti: undefined }],
      ['without a time', { iat: undefined }],
      ['without an address', { htu: undefined }],
      ['of another type', {}, { typ: 'JWT' }],
      ['without its key', {}, { jwk: undefined }],
    ];
    test.each(wrong)('a proof %s is refused', async (_name, change, header = {}) => {
      expect((await withProof(change, client.keys, header)).status).toBe(401);
    });

    test('a proof with the private key in it is refused', async () => {
      const jwk = await exportJWK(client.keys.privateKey);
      expect((await withProof({}, client.keys, { jwk })).status).toBe(401);
    });

    test('a proof by another key is refused', async () => {
      expect((await withProof({}, await generateKeyPair('ES256', { extractable: true }))).status).toBe(401);
    });

    test('the token is not taken as Bearer, with or without a proof, nor without one', async () => {
      const good = await proof({ url: url('/aisp/accounts'), token, keys: client.keys });
      expect((await call({ authorization: `Bearer ${token}` })).status).toBe(401);
      expect((await call({ authorization: `Bearer ${token}`, dpop: good })).status).toBe(401);
      expect((await call({ authorization: `DPoP ${token}` })).status).toBe(401);
    });

    test('the key alone does not do over the certificate of another organisation', async () => {
      const stranger = await sandbox.createTpp({ name: 'Stranger Danger', banks: [] });
      const agent = agentOf(sandbox, stranger);
      const good = await proof({ url: url('/aisp/accounts'), token, keys: client.keys });
      const answer = await undiciFetch(url('/aisp/accounts'), {
        dispatcher: agent,
        headers: { authorization: `DPoP ${token}`, dpop: good },
      });
      expect(answer.status).toBe(401);
      await agent.close();
    });
  });

  describe('refusals at the token endpoint', () => {
    test('a code bound to a key at the pushed request is not redeemed with another', async () => {
      const pending = await client.begin();
      const back = await customer.share(pending.url);
      const other = oidc.getDPoPHandle(client.configuration, await oidc.randomDPoPKeyPair('ES256'));
      await expect(
        oidc.authorizationCodeGrant(client.configuration, back, pending.checks, undefined, { DPoP: other }),
      ).rejects.toMatchObject({ error: 'invalid_grant' });
    });

    test('no token is given without a proof', async () => {
      await expect(oidc.clientCredentialsGrant(client.configuration, { scope: 'accounts' })).rejects.toMatchObject({
        error: expect.stringMatching(/^invalid_(grant|dpop_proof)$/),
      });
    });
  });
});

interface DpopClient {
  readonly configuration: oidc.Configuration;
  readonly handle: oidc.DPoPHandle;
  readonly keys: Keys;
  readonly baseUrl: string;
  readonly fetch: (url: string, init?: object) => Promise<Response>;
  begin(): Promise<{ readonly url: string; readonly checks: oidc.AuthorizationCodeGrantChecks }>;
  access(customer: Customer): Promise<oidc.TokenEndpointResponse>;
  get(path: string, token: string): Promise<Response>;
  close(): Promise<void>;
}

async function registerDpopClient(sandbox: Sandbox): Promise<DpopClient> {
  const tpp = await sandbox.createTpp({ name: 'Proof Finance', banks: [] });
  const desk = await registrationDesk(sandbox, tpp);
  const registered = await desk.post(await desk.request({ response_types: ['code'], dpop_bound_access_tokens: true }));
  expect(registered).toMatchObject({ status: 201, body: { dpop_bound_access_tokens: true } });
  await desk.close();
  const bank = sandbox.bank('bramble');
  const agent = agentOf(sandbox, tpp);
  const fetch = (url: string, init: object = {}): Promise<Response> =>
    undiciFetch(url, { ...init, dispatcher: agent }) as unknown as Promise<Response>;
  const key = await importPKCS8(tpp.signing.privateKeyPem, 'PS256');
  const configuration = await oidc.discovery(
    new URL(bank.issuer),
    registered.body.client_id,
    { use_mtls_endpoint_aliases: true, id_token_signed_response_alg: 'PS256' },
    oidc.PrivateKeyJwt({ key, kid: tpp.signing.kid }),
    { [oidc.customFetch]: fetch },
  );
  const keys = await generateKeyPair('ES256', { extractable: true });
  const handle = oidc.getDPoPHandle(configuration, keys);
  const baseUrl = bank.standards[0]?.baseUrl ?? '';
  const lodge = async (): Promise<string> => {
    const { access_token } = await oidc.clientCredentialsGrant(configuration, { scope: 'accounts' }, { DPoP: handle });
    const answer = await oidc.fetchProtectedResource(
      configuration,
      access_token,
      new URL(`${baseUrl}/aisp/account-access-consents`),
      'POST',
      JSON.stringify({ Data: { Permissions: PERMISSIONS }, Risk: {} }),
      new Headers({ 'content-type': 'application/json' }),
      { DPoP: handle },
    );
    expect(answer.status).toBe(201);
    return ((await answer.json()) as { Data: { ConsentId: string } }).Data.ConsentId;
  };
  const begin: DpopClient['begin'] = async () => {
    const consentId = await lodge();
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
    const expectedState = oidc.randomState();
    const url = await oidc.buildAuthorizationUrlWithPAR(
      configuration,
      {
        redirect_uri: tpp.redirectUris[0] ?? '',
        scope: 'openid accounts',
        state: expectedState,
        code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
        claims: JSON.stringify({
          id_token: {
            openbanking_intent_id: { value: consentId, essential: true },
            acr: { values: [SCA], essential: true },
          },
        }),
      },
      { DPoP: handle },
    );
    return { url: url.href, checks: { pkceCodeVerifier, expectedState, idTokenExpected: true } };
  };
  return {
    configuration,
    handle,
    keys,
    baseUrl,
    fetch,
    begin,
    access: async (customer) => {
      const { url, checks } = await begin();
      const back = await customer.share(url);
      return oidc.authorizationCodeGrant(configuration, back, checks, undefined, { DPoP: handle });
    },
    get: (path, token) =>
      oidc.fetchProtectedResource(configuration, token, new URL(`${baseUrl}${path}`), 'GET', undefined, undefined, {
        DPoP: handle,
      }),
    close: () => agent.close(),
  };
}

function agentOf(sandbox: Sandbox, tpp: Tpp): Agent {
  return new Agent({
    connect: { ca: sandbox.caPem, cert: tpp.transport.chainPem, key: tpp.transport.privateKeyPem },
  });
}

/** A proof for a GET, right but for what is changed. */
async function proof(options: {
  readonly url: string;
  readonly token: string;
  readonly keys: Keys;
  readonly change?: Claims;
  readonly header?: Claims;
}): Promise<string> {
  const { url, token, keys, change = {}, header = {} } = options;
  const claims = {
    htm: 'GET',
    htu: url,
    ath: createHash('sha256').update(token).digest('base64url'),
    jti: randomUUID(),
    iat: Math.floor(Date.now() / 1_000),
    ...change,
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(keys.publicKey), ...header })
    .sign(keys.privateKey);
}
