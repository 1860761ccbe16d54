import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { forgeJwt } from '../../support/forged-jwt.js';
import type { ApiAnswer } from '../../support/third-party.js';
import { consentStatus, lodgeAccess } from '../../support/uk-bank.js';
import { assertedBy, tokenEndpoint } from './authentication-rows.js';
import { requestParameters } from './authorization-requests.js';
import { atLogin } from './journey-rows.js';
import { registrationClaims } from './registration-rows.js';
import { openWorld, type World } from './world.js';

const RUNS = 150;
const SEED = 20_261_125;
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const nasty = fc.oneof(
  fc.string({ maxLength: 60, unit: 'binary' }),
  fc.constantFrom(
    '',
    '%',
    '%00',
    '../..',
    '{}',
    '[]',
    '{"id_token":null}',
    '{"id_token":{"acr":[]}}',
    '{"__proto__":{"id_token":{}}}',
    'none',
    'code',
    'code id_token',
    'eyJhbGciOiJub25lIn0.e30.',
    'eyJhbGciOiJub25lIn0.bm90IGpzb24.',
    '...',
    '9'.repeat(300),
    'javascript:alert(1)',
    'https://localhost:3000/callback',
    'urn:ietf:params:oauth:request_uri:x',
    'refresh_token',
    'authorization_code',
    'openid',
    '-1',
    '\ud800',
  ),
);
const names = fc.constantFrom(
  'client_id',
  'client_assertion',
  'client_assertion_type',
  'client_secret',
  'grant_type',
  'scope',
  'code',
  'code_verifier',
  'code_challenge',
  'code_challenge_method',
  'redirect_uri',
  'response_type',
  'response_mode',
  'state',
  'nonce',
  'claims',
  'request',
  'request_uri',
  'prompt',
  'max_age',
  'acr_values',
  'id_token_hint',
  'login_hint',
  'ui_locales',
  'resource',
  'registration',
  'refresh_token',
  'token',
  'token_type_hint',
  'dpop_jkt',
  'display',
  'authorization_details',
  'constructor',
  '__proto__',
);
type Change = readonly [string, string];
const changes = fc.array(fc.tuple(names, nasty), { minLength: 1, maxLength: 4 });

describe('requests to the authorization server that nobody thought of', () => {
  let world: World;
  let consentId: string;

  beforeAll(async () => {
    world = await openWorld();
    consentId = await lodgeAccess(world.lantern);
  }, 60_000);

  afterAll(async () => {
    await world?.close();
  });

  async function never5xx<T>(
    input: fc.Arbitrary<T>,
    call: (drawn: T) => Promise<ApiAnswer>,
  ): Promise<ReadonlyMap<number, number>> {
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(input, async (drawn) => {
        const answer = await call(drawn);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        expect([answer.status, answer.status < 500]).toEqual([answer.status, true]);
        expect(answer.headers.get('x-fapi-interaction-id')).toMatch(/^[0-9a-f-]{36}$/i);
        expect(answer.text).not.toMatch(/node_modules|\.ts:|\.js:|SQLITE/);
      }),
      { seed: SEED, numRuns: RUNS, endOnFailure: true },
    );
    return statuses;
  }

  const post = async (
    url: string,
    fields: Readonly<Record<string, string>>,
    changed: readonly Change[],
  ): Promise<ApiAnswer> => {
    const form = new URLSearchParams({
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: assertedBy(world, world.lantern),
      ...fields,
    });
    // The first of a change exchanges the field, a second one repeats it.
    const touched = new Set<string>();
    for (const [name, value] of changed) {
      if (touched.has(name)) form.append(name, value.toWellFormed());
      else form.set(name, value.toWellFormed());
      touched.add(name);
    }
    return world.raw(world.lantern.tpp.transport).send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: form.toString(),
    });
  };
  const alias = (name: string): string =>
    String((world.lantern.metadata.mtls_endpoint_aliases as Record<string, string>)[name]);

  test(`${String(RUNS)} token requests are served or refused`, async () => {
    const statuses = await never5xx(changes, (changed) =>
      post(tokenEndpoint(world.lantern), { grant_type: 'client_credentials', scope: 'accounts' }, changed),
    );
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400]));
  }, 60_000);

  test(`${String(RUNS)} pushed requests are served or refused`, async () => {
    const statuses = await never5xx(changes, (changed) =>
      post(alias('pushed_authorization_request_endpoint'), requestParameters(world.lantern, consentId), changed),
    );
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([201, 400]));
  }, 60_000);

  test(`${String(RUNS)} revocations and introspections are served or refused`, async () => {
    const endpoint = fc.constantFrom('revocation_endpoint', 'introspection_endpoint');
    await never5xx(fc.tuple(endpoint, changes), ([name, changed]) =>
      post(alias(name), { token: randomUUID() }, changed),
    );
  }, 60_000);

  test(`${String(RUNS)} authorization requests are served or refused`, async () => {
    await never5xx(changes, async (changed) => {
      const url = new URL(world.lantern.metadata.authorization_endpoint ?? '');
      url.search = new URLSearchParams(requestParameters(world.harbour, consentId)).toString();
      for (const [name, value] of changed) url.searchParams.append(name, value.toWellFormed());
      return world.raw().send(url, { headers: { accept: 'text/html' } });
    });
  }, 60_000);

  test(`${String(RUNS)} request objects are served or refused`, async () => {
    const claim = fc.tuple(
      fc.oneof(names, fc.constantFrom('iss', 'aud', 'exp', 'nbf', 'iat', 'jti')),
      fc.oneof(nasty, fc.integer(), fc.double(), fc.constant(null), fc.jsonValue({ maxDepth: 3 })),
    );
    await never5xx(fc.array(claim, { minLength: 1, maxLength: 3 }), async (claims) => {
      const { harbour, issuer } = world;
      const now = Math.floor(Date.now() / 1_000);
      const right = {
        ...requestParameters(harbour, consentId),
        iss: harbour.clientId,
        aud: issuer,
        nbf: now,
        exp: now + 60,
      };
      const url = new URL(harbour.metadata.authorization_endpoint ?? '');
      url.search = new URLSearchParams({
        client_id: harbour.clientId,
        response_type: 'code id_token',
        scope: 'openid accounts',
        request: forgeJwt(harbour.tpp, right, { claims: Object.fromEntries(claims) }),
      }).toString();
      return world.raw().send(url, { headers: { accept: 'text/html' } });
    });
  }, 60_000);

  test(`${String(RUNS)} registration requests are served or refused`, async () => {
    const newcomer = await world.newcomer();
    const claimNames = fc.constantFrom(
      ...Object.keys(registrationClaims(newcomer, world.issuer)),
      'tls_client_auth_subject_dn',
      'jwks',
      'jwks_uri',
      'client_id',
      '__proto__',
      'default_max_age',
      'fapi_profile',
    );
    const claim = fc.tuple(
      claimNames,
      fc.oneof(
        nasty,
        fc.integer(),
        fc.constant(null),
        fc.array(nasty, { maxLength: 3 }),
        fc.jsonValue({ maxDepth: 3 }),
      ),
    );
    await never5xx(fc.array(claim, { minLength: 1, maxLength: 3 }), async (claims) => {
      const jwt = forgeJwt(newcomer, registrationClaims(newcomer, world.issuer), {
        claims: Object.fromEntries(claims),
      });
      return world.raw(newcomer.transport).send(alias('registration_endpoint'), {
        method: 'POST',
        headers: { 'content-type': 'application/jwt', accept: 'application/json' },
        body: jwt,
      });
    });
  }, 60_000);

  test(`${String(RUNS)} forms of a journey are acted on or not`, async () => {
    const stand = await atLogin(world);
    const steps = fc.oneof(
      fc.constantFrom(
        'login',
        'code',
        'code/resend',
        'accounts',
        'review',
        'confirm',
        'confirm/resend',
        'login/cancel/x',
        'nowhere',
      ),
      nasty.map((text) => encodeURIComponent(text.toWellFormed())),
    );
    const fields = fc.array(
      fc.tuple(
        fc.constantFrom('csrf', 'username', 'password', 'code', 'account', 'decision', '__proto__', 'a[b]'),
        nasty,
      ),
      { maxLength: 5 },
    );
    await never5xx(fc.tuple(steps, fields), ([step, drawn]) =>
      stand.post(step, Object.fromEntries(drawn.map(([name, value]) => [name, value.toWellFormed()]))),
    );
    expect((await consentStatus(world.lantern, stand.consentId)).Status).toBe('AWAU');
  }, 60_000);
});
