import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { DONE, EMBEDDED, REDIRECT, refusalOf, type BerlinAnswer, type Json } from '../../support/berlin-party.js';
import { CONSENT, openBerlinStage, type BerlinStage } from '../../support/berlin-stage.js';
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
    await stage.sandbox.clock.advance('P6D');
    expect(await Promise.all(payments.map(statusOf))).toEqual(['ACCC', 'ACCC']);
    expect((await stage.sandbox.verify()).ok).toBe(true);
  });

  test('by redirect: the customer sees both on the pages of the bank', async () => {
    const payments = await twoPayments();
    const paymentIds = payments.map(({ body }) => body.paymentId);
    const basket = await post('/v1/signing-baskets', { paymentIds }, REDIRECT);
    expect((await stage.payer.pay(basket.body._links.scaRedirect.href)).href).toBe(DONE);
    await stage.sandbox.clock.advance('P6D');
    expect(await Promise.all(payments.map(statusOf))).toEqual(['ACCC', 'ACCC']);
  });

  test.each(['embedded', 'redirect'] as const)('%s: a payment and access to accounts by one code', async (approach) => {
    const headers = approach === 'redirect' ? REDIRECT : EMBEDDED;
    const payment = await post('/v1/payments/sepa-credit-transfers', transfer(stage));
    const consent = await post('/v1/consents', { ...CONSENT, access: { balances: [{ iban: stage.payer.ibans[1] }] } });
    const ids = { paymentIds: [payment.body.paymentId], consentIds: [consent.body.consentId] };
    const { body } = await post('/v1/signing-baskets', ids, headers);
    expect((await stage.party.ask('GET', body._links.self.href)).body).toEqual({
      payments: ids.paymentIds,
      consents: ids.consentIds,
      transactionStatus: 'RCVD',
    });
    if (approach === 'embedded') await stage.embedded(body._links.updatePsuAuthentication.href);
    else {
      const journey = await stage.payer.open(body._links.scaRedirect.href);
      await journey.logIn();
      const [first, last] = [stage.payer.ibans[1]!.slice(0, 4), stage.payer.ibans[1]!.slice(-2)];
      expect(journey.page.html).toMatch(new RegExp(`${first}[\\d ]+${last}`));
      expect(journey.page.html).toContain('12.50');
      expect((await journey.approve()).href).toBe(DONE);
    }
    expect(await statusOf(payment)).toBe('ACTC');
    expect((await stage.party.ask('GET', consent.body._links.status.href)).body).toEqual({ consentStatus: 'valid' });
    const read = await stage.party.ask('GET', '/v1/accounts?withBalance=true', {
      headers: { 'consent-id': consent.body.consentId },
    });
    expect(read.body.accounts.map(({ iban }: Json) => iban)).toEqual([stage.payer.ibans[1]]);
  });

  test('of access alone: the customer sees what she shares', async () => {
    const consent = await post('/v1/consents', { ...CONSENT, access: { balances: [{ iban: stage.payer.ibans[0] }] } });
    const { body } = await post('/v1/signing-baskets', { consentIds: [consent.body.consentId] }, REDIRECT);
    const journey = await stage.payer.open(body._links.scaRedirect.href);
    await journey.logIn();
    expect(journey.page.html).not.toContain('payment-amount');
    expect((await journey.approve()).href).toBe(DONE);
    expect((await stage.party.ask('GET', consent.body._links.status.href)).body).toEqual({ consentStatus: 'valid' });
  });

  test('taken apart before it is authorised, its payments stay', async () => {
    const payments = await twoPayments();
    const basket = await post('/v1/signing-baskets', { paymentIds: payments.map(({ body }) => body.paymentId) });
    expect((await stage.party.ask('DELETE', basket.body._links.self.href)).status).toBe(204);
    expect([await statusOf(basket), ...(await Promise.all(payments.map(statusOf)))]).toEqual(['CANC', 'RCVD', 'RCVD']);
  });
});

describe('confirmation of funds', () => {
  test.each([
    ['savings', () => stage.payer.ibans[1], 'RESOURCE_BLOCKED', /current account/],
    ['an account that is not hers', () => stage.payee.ibans[0], 'RESOURCE_UNKNOWN', /not one of the customer/],
  ])('on %s fails with the reason', async (_what, iban, code, text) => {
    const { body } = await post('/v2/consents/confirmation-of-funds', { account: { iban: iban() } });
    const { scaStatus, status } = body._links;
    const failed = await stage.party.ask('PUT', scaStatus.href, {
      body: { psuData: { password: stage.payer.password } },
      headers: { 'psu-id': stage.payer.customerNumber, 'psu-accept-language': 'de' },
    });
    expect(failed.body).toMatchObject({ scaStatus: 'failed', psuMessage: expect.stringContaining('Konto') });
    const told = await stage.party.ask('GET', scaStatus.href);
    expect(told.body.tppMessage).toEqual([{ category: 'ERROR', code, text: expect.stringMatching(text) }]);
    expect((await stage.party.ask('GET', status.href)).body).toEqual({ consentStatus: 'rejected' });
  });

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
