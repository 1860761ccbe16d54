import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { codesOf, openWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** One operation of each service that needs no resource. */
const OPERATIONS = {
  AIS: ['POST', '/v1/consents', 'PISP'],
  PIS: ['POST', '/v1/payments/sepa-credit-transfers', 'AISP'],
  PIIS: ['POST', '/v1/funds-confirmations', 'PISP'],
  SBS: ['POST', '/v1/signing-baskets', 'AISP'],
  'FUNDS-CONSENT': ['POST', '/v2/consents/confirmation-of-funds', 'AISP'],
} as const;
const SERVICES = Object.entries(OPERATIONS);

describe('berlin-group trust by certificate', () => {
  test.each(SERVICES)('%s: each fault of a certificate has its own code', async (_service, [method, path]) => {
    const codes: Readonly<Record<string, string>> = {
      none: 'CERTIFICATE_MISSING',
      expired: 'CERTIFICATE_EXPIRED',
      revoked: 'CERTIFICATE_REVOKE',
      'unknown-authority': 'CERTIFICATE_INVALID',
    };
    for (const [refused, code] of Object.entries(codes)) {
      const answer = await world.ask(method, path, { body: {}, caller: { refused } });
      expect([refused, answer.status, codesOf(answer)]).toEqual([refused, 401, [code]]);
    }
  });

  test.each(SERVICES)('%s: a certificate without the role is refused', async (service, [method, path, role]) => {
    const answer = await world.ask(method, path, { body: {}, caller: { id: 'PSDDE-BAFIN-1', roles: [role] } });
    const code = service === 'FUNDS-CONSENT' ? 'CERTIFICATE_INVALID' : 'ROLE_INVALID';
    expect([answer.status, codesOf(answer)]).toEqual([401, [code]]);
  });

  test('a method that no resource takes, an address that is none, and a body of no known type', async () => {
    const method = await world.ask('PUT', '/v1/consents', { body: {} });
    expect([method.status, codesOf(method)]).toEqual([405, ['SERVICE_INVALID']]);
    const nowhere = await world.ask('GET', '/v1/loans');
    expect([nowhere.status, codesOf(nowhere)]).toEqual([404, ['RESOURCE_UNKNOWN']]);
    const type = await world.ask('POST', '/v1/consents', { xml: '<a/>' });
    expect([type.status, type.text]).toEqual([415, '']);
  });
});
