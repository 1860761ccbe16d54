import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { DONE, EMBEDDED, REDIRECT, refusalOf, type BerlinAnswer, type Json } from '../../support/berlin-party.js';
import { openBerlinStage, type BerlinStage } from '../../support/berlin-stage.js';
import { transfer } from './orders.js';

let stage: BerlinStage;
beforeAll(async () => {
  stage = await openBerlinStage();
}, 120_000);
afterAll(() => stage?.close());

const post = (path: string, body: Json, headers: Json = EMBEDDED) => stage.party.ask('POST', path, { body, headers });
const statusOf = async ({ body }: BerlinAnswer): Promise<string> =>
  (await stage.party.ask('GET', body._links.status.href)).body.transactionStatus;
const twoPayments = async (): Promise<readonly BerlinAnswer[]> => [
  await post('/v1/payments/sepa-credit-transfers', transfer(stage)),
  await post('/v1/payments/instant-sepa-credit-transfers', transfer(stage)),
];

describe('a signing basket', () => {
  test('embedded: one code for two payments, and both arrive', async () => {
    const payments = await twoPayments();
    const basket = await post('/v1/signing-baskets', { paymentIds: payments.map(({ body }) => body.paymentId) });
    expect([basket.status, basket.body.transactionStatus]).toEqual([201, 'RCVD']);
    await stage.embedded(basket.body._links.updatePsuAuthentication.href);
    expect(await statusOf(basket)).toBe('ACTC');
    await stage.sandbox.clock.advance('P3D');
    expect(await Promise.all(payments.map(statusOf))).toEqual(['ACCC', 'ACCC']);
    expect((await stage.sandbox.verify()).ok).toBe(true);
  });

  test('by redirect: the customer sees both on the pages of the bank', async () => {
    const payments = await twoPayments();
    const paymentIds = payments.map(({ body }) => body.paymentId);
    const basket = await post('/v1/signing-baskets', { paymentIds }, REDIRECT);
    expect((await stage.payer.pay(basket.body._links.scaRedirect.href)).href).toBe(DONE);
    await stage.sandbox.clock.advance('P3D');
    expect(await Promise.all(payments.map(statusOf))).toEqual(['ACCC', 'ACCC']);
  });

  test('taken apart before it is authorised, its payments stay', async () => {
    const payments = await twoPayments();
    const basket = await post('/v1/signing-baskets', { paymentIds: payments.map(({ body }) => body.paymentId) });
    expect((await stage.party.ask('DELETE', basket.body._links.self.href)).status).toBe(204);
    expect([await statusOf(basket), ...(await Promise.all(payments.map(statusOf)))]).toEqual(['CANC', 'RCVD', 'RCVD']);
  });
});

describe('confirmation of funds', () => {
  const ask = (amount: string) =>
    post('/v1/funds-confirmations', {
      account: { iban: stage.payer.ibans[0] },
      instructedAmount: { currency: 'EUR', amount },
    });

  test.each(['embedded', 'redirect'] as const)('%s: yes and no, from the agreement until its end', async (approach) => {
    expect(refusalOf(await ask('10.00'))).toBe('400 NO_PIIS_ACTIVATION');
    const headers = approach === 'redirect' ? REDIRECT : EMBEDDED;
    const made = await post('/v2/consents/confirmation-of-funds', { account: { iban: stage.payer.ibans[0] } }, headers);
    const { _links } = made.body;
    if (approach === 'embedded') await stage.embedded(_links.updatePsuAuthentication.href);
    else expect((await stage.payer.share(_links.scaRedirect.href)).href).toBe(DONE);
    expect((await ask('10.00')).body).toEqual({ fundsAvailable: true });
    expect((await ask('987654.00')).body).toEqual({ fundsAvailable: false });
    expect((await stage.party.ask('DELETE', _links.self.href)).status).toBe(204);
    expect((await stage.party.ask('GET', _links.status.href)).body).toEqual({ consentStatus: 'terminatedByTpp' });
    expect(refusalOf(await ask('10.00'))).toBe('400 NO_PIIS_ACTIVATION');
  });
});
