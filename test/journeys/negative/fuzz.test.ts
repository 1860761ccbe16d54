import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { detachedJws, seconds } from '../../support/forged-jwt.js';
import type { ApiAnswer } from '../../support/third-party.js';
import { approvedPayment, lodgeAccess, payeeOf, planPayment, PERMISSIONS } from '../../support/uk-bank.js';
import { openWorld, type World } from './world.js';

const RUNS = 400;
const SEED = 20_261_125;
const claim = (name: string): string => `http://openbanking.org.uk/${name}`;

/** A request that would be served, in parts. */
interface Good {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly segments: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  readonly token: string;
  readonly body?: unknown;
}

/** What is done to it. */
type Mutation =
  | { readonly kind: 'segment'; readonly at: number; readonly text: string }
  | { readonly kind: 'query'; readonly name: string; readonly values: readonly string[] }
  | { readonly kind: 'header'; readonly name: string; readonly value: string }
  | { readonly kind: 'member'; readonly path: readonly number[]; readonly value: unknown }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'splice'; readonly at: number; readonly text: string };

const nasty = fc.oneof(
  fc.string({ maxLength: 40, unit: 'binary' }),
  fc.constantFrom(
    '%00',
    '%zz',
    '..',
    '../..',
    '%2e%2e%2f',
    "' OR 1=1 --",
    '\u202e',
    '-1',
    '0',
    '1e400',
    'NaN',
    'null',
    'true',
    '[]',
    '{}',
    '9'.repeat(400),
    '2026-02-30',
    '2026-13-45T99:99:99Z',
    '+275760-09-13T00:00:00.001Z',
    '__proto__',
    'constructor',
    '\ud800',
  ),
);
const value = fc.oneof(
  nasty,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constant([]),
  fc.constant({}),
  fc.jsonValue({ maxDepth: 3 }),
);
const names = fc.oneof(
  fc.constantFrom(
    'page',
    'fromBookingDateTime',
    'toBookingDateTime',
    'access_token',
    'constructor',
    '__proto__',
    'a[b]',
  ),
  nasty,
);
/** Of those that a client may send freely; the connection belongs to Node. */
const headerNames = fc.constantFrom(
  'accept',
  'accept-encoding',
  'authorization',
  'content-type',
  'content-encoding',
  'x-idempotency-key',
  'x-jws-signature',
  'x-fapi-interaction-id',
  'x-fapi-auth-date',
  'x-fapi-customer-ip-address',
  'x-customer-user-agent',
  'x-client-id',
  'dpop',
  'cookie',
  'x-forwarded-for',
  'x-forwarded-host',
  'if-none-match',
  'range',
  'origin',
  'prefer',
);
const headerValue = nasty.map((text) => [...text].filter((char) => char >= ' ' && char <= '~').join(''));

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('segment' as const), at: fc.nat(4), text: nasty }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('query' as const),
      name: names,
      values: fc.array(nasty, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('header' as const), name: headerNames, value: headerValue }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('member' as const),
      path: fc.array(fc.nat(9), { minLength: 1, maxLength: 5 }),
      value,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), at: fc.nat(400) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('splice' as const), at: fc.nat(400), text: nasty }) },
);

describe('requests that nobody thought of', () => {
  let world: World;
  let good: readonly Good[];

  beforeAll(async () => {
    world = await openWorld();
    good = await goodRequests(world);
  }, 60_000);

  afterAll(async () => {
    await world?.close();
  });

  test('the requests that are mutated are good ones', async () => {
    for (const request of good) {
      const answer = await send(world, request, []);
      const isServed = [200, 201, 204].includes(answer.status);
      expect({ request: request.segments.join('/'), isServed, text: isServed ? '' : answer.text }).toMatchObject({
        isServed: true,
      });
    }
    good = await goodRequests(world);
  });

  test(`none of ${String(RUNS)} is a fault of the bank, and none that is refused changes anything`, async () => {
    let state = world.database.state();
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(good.length - 1),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        async (index, mutations) => {
          const request = good[index];
          if (!request) throw new Error('no request to mutate');
          const answer = await send(world, request, mutations);
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
          expect(answer.status).toBeLessThan(500);
          expect(answer.headers.get('x-fapi-interaction-id')).toMatch(/^[0-9a-f-]{36}$/i);
          if (answer.status >= 400) {
            expectOwnWords(answer);
            const changed = world.database.changedSince(state);
            expect(changed.filter((table) => !/^(request_records|counters\/request)$/.test(table))).toEqual([]);
          }
          state = world.database.state();
        },
      ),
      { seed: SEED, numRuns: RUNS, endOnFailure: true },
    );
    // Both that much is refused and that some gets through: else nothing was tried.
    expect([...statuses.keys()].sort()).toEqual(expect.arrayContaining([200, 400, 401, 404]));
    expect(await world.sandbox.verify()).toMatchObject({ ok: true });
  }, 60_000);
});

/** A refusal is empty, or one of the standard. */
function expectOwnWords({ status, text, body }: ApiAnswer): void {
  if (text === '') return;
  expect([status, body]).toEqual([
    status,
    expect.objectContaining({
      Errors: expect.arrayContaining([expect.objectContaining({ ErrorCode: expect.any(String) })]),
    }),
  ]);
}

async function goodRequests(world: World): Promise<readonly Good[]> {
  const { lantern, customer, access } = world;
  const { token } = access;
  const account = access.accounts[0] ?? '';
  const [accounts, payments] = [await lantern.clientToken('accounts'), await lantern.clientToken('payments')];
  const plan = planPayment({ amount: '1.00', payee: payeeOf(await world.customerOf('freelancer')) });
  const paying = await approvedPayment(lantern, customer, plan);
  const Risk = { PaymentContextCode: 'TransferToThirdParty' };
  const Initiation = { ...plan.initiation, LocalInstrument: 'UK.OBIE.FPS' };
  return [
    { method: 'GET', segments: ['aisp', 'accounts'], query: {}, token },
    { method: 'GET', segments: ['aisp', 'accounts', account], query: {}, token },
    { method: 'GET', segments: ['aisp', 'accounts', account, 'balances'], query: {}, token },
    {
      method: 'GET',
      segments: ['aisp', 'accounts', account, 'transactions'],
      query: { fromBookingDateTime: '2026-06-01T00:00:00', toBookingDateTime: '2026-06-10T00:00:00' },
      token,
    },
    { method: 'GET', segments: ['aisp', 'transactions'], query: {}, token },
    { method: 'GET', segments: ['aisp', 'party'], query: {}, token },
    {
      method: 'POST',
      segments: ['aisp', 'account-access-consents'],
      query: {},
      token: accounts,
      body: {
        Data: {
          Permissions: PERMISSIONS,
          ExpirationDateTime: '2027-01-01T00:00:00Z',
          TransactionFromDateTime: '2026-01-01T00:00:00Z',
        },
        Risk: {},
      },
    },
    {
      method: 'GET',
      segments: ['aisp', 'account-access-consents', await lodgeAccess(lantern)],
      query: {},
      token: accounts,
    },
    {
      method: 'DELETE',
      segments: ['aisp', 'account-access-consents', await lodgeAccess(lantern)],
      query: {},
      token: accounts,
    },
    {
      method: 'POST',
      segments: ['pisp', 'domestic-payment-consents'],
      query: {},
      token: payments,
      body: { Data: { Initiation, ReadRefundAccount: 'Yes' }, Risk },
    },
    { method: 'GET', segments: ['pisp', 'domestic-payment-consents', paying.consentId], query: {}, token: payments },
    {
      method: 'GET',
      segments: ['pisp', 'domestic-payment-consents', paying.consentId, 'funds-confirmation'],
      query: {},
      token: paying.token,
    },
    {
      method: 'POST',
      segments: ['pisp', 'domestic-payments'],
      query: {},
      token: paying.token,
      body: { Data: { ConsentId: paying.consentId, Initiation: plan.initiation }, Risk },
    },
  ];
}

async function send(world: World, good: Good, mutations: readonly Mutation[]): Promise<ApiAnswer> {
  const { lantern } = world;
  const segments = [...good.segments];
  const query = Object.entries(good.query);
  const headers: Record<string, string> = {
    accept: 'application/json',
    authorization: `Bearer ${good.token}`,
    'x-idempotency-key': randomUUID(),
    ...(good.body !== undefined && { 'content-type': 'application/json' }),
  };
  const body: unknown = good.body === undefined ? undefined : structuredClone(good.body);
  for (const one of mutations) {
    if (one.kind === 'segment') segments[1 + (one.at % (segments.length - 1 || 1))] = one.text;
    if (one.kind === 'query') query.push(...one.values.map((text) => [one.name, text] as [string, string]));
    if (one.kind === 'member' && body !== undefined) replaceMember(body, one.path, one.value);
  }
  let payload = body === undefined ? undefined : JSON.stringify(body);
  for (const one of mutations) {
    if (payload === undefined) break;
    if (one.kind === 'cut') payload = payload.slice(0, one.at);
    if (one.kind === 'splice') payload = payload.slice(0, one.at) + one.text + payload.slice(one.at);
  }
  if (payload !== undefined) headers['x-jws-signature'] = signatureOf(world, payload);
  for (const one of mutations) if (one.kind === 'header') headers[one.name] = one.value;
  const search = query.map(([name, text]) => `${encodedLoosely(name)}=${encodedLoosely(text)}`).join('&');
  const url = `${lantern.baseUrl}/${segments.map(encodedLoosely).join('/')}${search === '' ? '' : `?${search}`}`;
  return world
    .raw(lantern.tpp.transport)
    .send(url, { method: good.method, headers, ...(payload !== undefined && { body: payload }) });
}

function signatureOf({ lantern: { tpp } }: World, payload: string): string {
  const header = {
    alg: 'PS256',
    kid: tpp.signing.kid,
    [claim('iat')]: seconds(-1),
    [claim('iss')]: `${tpp.organisationId}/${tpp.softwareId}`,
    [claim('tan')]: 'localhost',
    crit: ['iat', 'iss', 'tan'].map(claim),
  };
  return detachedJws(payload, header, tpp.signing.privateKeyPem);
}

/** Walks down by the numbers as far as there are members, and exchanges what it ends at. */
function replaceMember(root: unknown, path: readonly number[], replacement: unknown): void {
  let holder = root as Record<string, unknown>;
  for (const [depth, step] of path.entries()) {
    const keys = Object.keys(holder);
    const key = keys[step % (keys.length || 1)];
    if (key === undefined) return;
    const next = holder[key];
    if (depth === path.length - 1 || typeof next !== 'object' || next === null) {
      holder[key] = replacement;
      return;
    }
    holder = next as Record<string, unknown>;
  }
}

/** Percent signs and dots stay as they are: broken and double encodings are part of the game. */
function encodedLoosely(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('%25', '%');
}
