import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import {
  DONE,
  EMBEDDED,
  FAILED,
  REDIRECT,
  refusalOf,
  type BerlinAnswer,
  type Json,
} from '../../support/berlin-party.js';
import { CONSENT, openBerlinStage, type BerlinStage } from '../../support/berlin-stage.js';
import { transfer } from './orders.js';

let stage: BerlinStage;
beforeAll(async () => {
  stage = await openBerlinStage({ dogger: { 'berlin-group': { confirmationCode: true } } });
}, 120_000);
afterAll(() => stage?.close());

const SEPA = '/v1/payments/sepa-credit-transfers';
const post = (path: string, body: Json, headers: Json = REDIRECT) => stage.party.ask('POST', path, { body, headers });
const read = async (href: string): Promise<Json> => (await stage.party.ask('GET', href)).body;
const access = () => post('/v1/consents', { ...CONSENT, access: { balances: [{ iban: stage.payer.ibans[0] }] } });
const confirm = (href: string, confirmationCode: string) =>
  stage.party.ask('PUT', href, { body: { confirmationCode } });

/** The code that the customer's browser brought along to TPP-Redirect-URI. */
function brought(back: URL): string {
  expect(back.origin + back.pathname).toBe(DONE);
  return back.searchParams.get('confirmationCode') ?? '';
}

describe('a bank whose file says confirmationCode', () => {
  test('a consent is in force when the third party has sent the code that its customer brought back', async () => {
    const { body } = await access();
    const { scaRedirect, confirmation, scaStatus, status } = body._links;
    expect(confirmation).toEqual(scaStatus);
    const code = brought(await stage.payer.share(scaRedirect.href));
    expect(await read(scaStatus.href)).toEqual({ scaStatus: 'unconfirmed', _links: { confirmation } });
    expect(await read(status.href)).toEqual({ consentStatus: 'received' });
    const confirmed = await confirm(confirmation.href, code);
    expect([confirmed.status, confirmed.body]).toEqual([200, { scaStatus: 'finalised', _links: { scaStatus } }]);
    expect(await read(status.href)).toEqual({ consentStatus: 'valid' });
    expect(refusalOf(await confirm(confirmation.href, code))).toBe('409 STATUS_INVALID');
  });

  test('somebody who sent the customer to a page of another third party has no code, and guesses three times', async () => {
    const { body } = await access();
    const code = brought(await stage.payer.share(body._links.scaRedirect.href));
    const { href } = body._links.confirmation;
    const first = await confirm(href, 'guess');
    expect(refusalOf(first)).toBe('400 SCA_INVALID');
    expect(first.body.tppMessages[0].path).toBe('confirmationCode');
    expect(refusalOf(await confirm(href, 'guess'))).toBe('400 SCA_INVALID');
    expect(await read(href)).toMatchObject({ scaStatus: 'unconfirmed' });
    expect(refusalOf(await confirm(href, 'guess'))).toBe('400 SCA_INVALID');
    expect(refusalOf(await confirm(href, code))).toBe('400 SCA_INVALID');
    expect(await read(href)).toEqual({ scaStatus: 'failed' });
    expect(await read(body._links.status.href)).toEqual({ consentStatus: 'rejected' });
  });

  test('a payment is carried out after the confirmation, and its cancellation as well', async () => {
    const order = await post(SEPA, transfer(stage, { requestedExecutionDate: '2026-06-30' }));
    const statusOf = async ({ body }: BerlinAnswer) => (await read(body._links.status.href)).transactionStatus;
    const code = brought(await stage.payer.pay(order.body._links.scaRedirect.href));
    expect(await statusOf(order)).toBe('RCVD');
    expect((await confirm(order.body._links.confirmation.href, code)).body.scaStatus).toBe('finalised');
    expect(await statusOf(order)).toBe('ACTC');
    const cancel = await stage.party.ask('DELETE', order.body._links.self.href, { headers: REDIRECT });
    const started = await post(cancel.body._links.startAuthorisation.href, {});
    const back = brought(await stage.payer.pay(started.body._links.scaRedirect.href));
    expect(await statusOf(order)).toBe('ACTC');
    expect((await confirm(started.body._links.confirmation.href, back)).body.scaStatus).toBe('finalised');
    expect(await statusOf(order)).toBe('CANC');
    expect((await stage.sandbox.verify()).ok).toBe(true);
  });

  test('a basket is authorised by the confirmation with all that is in it', async () => {
    const payment = await post(SEPA, transfer(stage));
    const consent = await access();
    const { body } = await post('/v1/signing-baskets', {
      paymentIds: [payment.body.paymentId],
      consentIds: [consent.body.consentId],
    });
    const code = brought(await stage.payer.pay(body._links.scaRedirect.href));
    expect(await read(consent.body._links.status.href)).toEqual({ consentStatus: 'received' });
    await confirm(body._links.scaStatus.href, code);
    expect(await read(consent.body._links.status.href)).toEqual({ consentStatus: 'valid' });
    expect((await read(payment.body._links.status.href)).transactionStatus).toBe('ACTC');
  });

  test('a code that is almost right is wrong, and the right one is taken after it', async () => {
    const { body } = await access();
    const journey = await stage.payer.open(body._links.scaRedirect.href);
    await journey.logIn();
    await journey.enterCode();
    const code = brought(await journey.approve());
    expect(code).not.toBe('');
    expect(refusalOf(await confirm(body._links.confirmation.href, `${code}x`))).toBe('400 SCA_INVALID');
    expect((await confirm(body._links.confirmation.href, code)).body.scaStatus).toBe('finalised');
  });

  test('a customer who says no brings none', async () => {
    const { body } = await access();
    expect((await stage.payer.deny(body._links.scaRedirect.href)).href).toBe(FAILED);
    expect(await read(body._links.scaStatus.href)).toEqual({ scaStatus: 'failed' });
  });

  test('what ends at the third party itself needs none and takes none', async () => {
    const { body } = await post(
      '/v1/consents',
      { ...CONSENT, access: { balances: [{ iban: stage.payer.ibans[0] }] } },
      { ...EMBEDDED, 'psu-id': stage.payer.customerNumber },
    );
    expect(body._links).not.toHaveProperty('confirmation');
    const { href } = body._links.scaStatus;
    expect(refusalOf(await confirm(href, 'x'))).toBe('400 PARAMETER_NOT_SUPPORTED');
    expect(await stage.embedded(href)).toMatchObject({ scaStatus: 'finalised' });
    const start = await post(`/v1/consents/${body.consentId}/authorisations`, { confirmationCode: 'x' });
    expect(refusalOf(start)).toBe('400 PARAMETER_NOT_SUPPORTED');
  });
});
