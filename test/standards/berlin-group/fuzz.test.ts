import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CONSENT, ibanOf, openWorld, requestId, type Json, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const RUNS = { numRuns: 150, seed: 13 };
let requests = 100_000;
const headers = () => ({
  'x-request-id': requestId((requests += 1)),
  'tpp-redirect-uri': 'https://tpp.example/back',
});

/** A good body with one member, anywhere in it, made into anything at all. */
function spoiled(good: () => Json): fc.Arbitrary<Json> {
  return fc.tuple(fc.nat(), fc.jsonValue({ maxDepth: 2 })).map(([index, value]) => {
    const body = structuredClone(good());
    const places = placesIn(body);
    const [holder, key] = places[index % places.length]!;
    holder[key] = value;
    return body;
  });
}

function placesIn(value: Json): readonly (readonly [Json, string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key) => [[value, key] as const, ...placesIn(value[key])]);
}

const transfer = () => ({
  endToEndIdentification: 'E2E',
  instructedAmount: { currency: 'EUR', amount: '1.00' },
  creditorAccount: { iban: ibanOf(world.emils) },
  creditorName: 'Emil Okafor',
  tppMessage: 'mine',
});
const BODIES: Readonly<Record<string, readonly [string, () => Json]>> = {
  consent: [
    '/v1/consents',
    () => ({ ...CONSENT, access: { balances: [{ iban: ibanOf(world.giro) }], accounts: [{}] } }),
  ],
  payment: [
    '/v1/payments/sepa-credit-transfers',
    () => ({ ...transfer(), debtorAccount: { iban: ibanOf(world.giro) }, payments: [], kind: 'xml-order' }),
  ],
  bulk: [
    '/v1/bulk-payments/sepa-credit-transfers',
    () => ({ debtorAccount: { iban: ibanOf(world.giro) }, payments: [transfer()], batchBookingPreferred: true }),
  ],
  periodic: [
    '/v1/periodic-payments/sepa-credit-transfers',
    () => ({
      ...transfer(),
      debtorAccount: { iban: ibanOf(world.giro) },
      startDate: '2027-02-01',
      frequency: 'Monthly',
      dayOfExecution: '1',
      payments: [],
    }),
  ],
  basket: ['/v1/signing-baskets', () => ({ paymentIds: ['a'], consentIds: ['b'] })],
  funds: ['/v2/consents/confirmation-of-funds', () => ({ account: { iban: ibanOf(world.giro) }, cardNumber: '4' })],
};

describe('berlin-group bodies', () => {
  // `ask` throws where the bank fails or an answer breaks its document.
  test.each(Object.keys(BODIES))(
    'a %s with anything in it is taken or refused, and what was taken can be read',
    async (name) => {
      const [path, good] = BODIES[name]!;
      await fc.assert(
        fc.asyncProperty(spoiled(good), async (body) => {
          const answer = await world.ask('POST', path, { body, headers: headers() });
          expect([201, 400, 403, 404, 409]).toContain(answer.status);
          if (answer.status !== 201) return;
          const read = await world.ask('GET', answer.body._links.self.href);
          expect(read.status).toBe(200);
        }),
        RUNS,
      );
    },
  );

  test('JSON does not become an order in XML by its members', async () => {
    const body = { ...transfer(), debtorAccount: { iban: ibanOf(world.giro) }, kind: 'xml-order', xml: '<a/>' };
    const path = '/v1/payments/pain.001-sepa-credit-transfers';
    expect((await world.ask('POST', path, { body, headers: headers() })).status).toBe(415);
  });

  test('an authorisation step with anything in it is refused', async () => {
    const made = await world.ask('POST', '/v1/consents', {
      body: { ...CONSENT, access: { allPsd2: 'allAccounts' } },
      headers: { 'tpp-redirect-preferred': 'false', 'tpp-decoupled-preferred': 'false' },
    });
    const { href } = made.body._links.scaStatus;
    const step = fc.record(
      {
        psuData: fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.record({ password: fc.jsonValue({ maxDepth: 0 }) })),
        authenticationMethodId: fc.jsonValue({ maxDepth: 1 }),
        scaAuthenticationData: fc.jsonValue({ maxDepth: 1 }),
        confirmationCode: fc.jsonValue({ maxDepth: 1 }),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(step, async (body) => {
        const { status } = await world.ask('PUT', href, { body, headers: headers() });
        expect([400, 401, 409]).toContain(status);
      }),
      RUNS,
    );
  });
});
