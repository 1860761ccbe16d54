import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { REDIRECT, refusalOf } from '../../support/berlin-party.js';
import { openBerlinStage, type BerlinStage } from '../../support/berlin-stage.js';
import { explanationOf } from '../../support/explanations.js';
import { createRawClient, type RawClient } from '../../support/raw-client.js';
import { transfer } from './orders.js';

let stage: BerlinStage;
let control: RawClient;
beforeAll(async () => {
  stage = await openBerlinStage();
  control = createRawClient({ caPem: stage.sandbox.caPem });
}, 120_000);
afterAll(async () => {
  await control?.close();
  await stage?.close();
});

const SEPA = '/v1/payments/sepa-credit-transfers';
const explained = (interactionId: string, status: number) =>
  explanationOf(control, { sandbox: stage.sandbox, interactionId, status });

describe('X-Request-ID', () => {
  test('comes back with what was done and with what was refused', async () => {
    const made = await stage.party.ask('POST', SEPA, { body: transfer(stage), headers: REDIRECT });
    const refused = await stage.party.ask('GET', '/v1/accounts', { headers: { 'consent-id': 'nothing' } });
    const nowhere = await stage.party.ask('GET', '/v1/loans');
    expect([made, refused, nowhere].map(({ headers }) => headers.get('x-request-id'))).toEqual([
      made.requestId,
      refused.requestId,
      nowhere.requestId,
    ]);
  });

  test('a request that was taken is explained under it, every check passed', async () => {
    const { requestId, status } = await stage.party.ask('POST', SEPA, { body: transfer(stage), headers: REDIRECT });
    expect(status).toBe(201);
    const { path, checks } = await explained(requestId, 201);
    expect(path).toContain('/dogger/psd2/v1/payments/sepa-credit-transfers');
    expect(checks.length).toBeGreaterThan(2);
    expect(checks.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  });

  test.each([
    ['an unknown consent', () => stage.party.ask('GET', '/v1/accounts', { headers: { 'consent-id': 'nothing' } })],
    [
      'an order that lacks its payee',
      () =>
        stage.party.ask('POST', SEPA, {
          body: transfer(stage, { creditorName: undefined, creditorAccount: undefined }),
          headers: REDIRECT,
        }),
    ],
  ] as const)('%s: the record says which check failed', async (_what, call) => {
    const { requestId, status } = await call();
    expect(status).toBe(400);
    const { checks } = await explained(requestId, 400);
    expect(checks.filter(({ outcome }) => outcome === 'failed').length).toBeGreaterThan(0);
  });

  test('the same one with the same order is a retry, with another order a mistake', async () => {
    const headers = { ...REDIRECT, 'x-request-id': randomUUID() };
    const first = await stage.party.ask('POST', SEPA, { body: transfer(stage), headers });
    const again = await stage.party.ask('POST', SEPA, { body: transfer(stage), headers });
    expect([again.status, again.body.paymentId]).toEqual([201, first.body.paymentId]);
    const other = await stage.party.ask('POST', SEPA, { body: transfer(stage, { creditorName: 'Niemand' }), headers });
    expect(refusalOf(other)).toBe('400 FORMAT_ERROR');
  });
});
