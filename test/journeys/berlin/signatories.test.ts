import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { EMBEDDED, type BerlinAnswer, type Json } from '../../support/berlin-party.js';
import { openBerlinStage, personOf, type BerlinStage, type Person } from '../../support/berlin-stage.js';
import { transfer } from './orders.js';

const SEPA = '/v1/payments/instant-sepa-credit-transfers';

let stage: BerlinStage;
/** The company itself and two who sign for it. */
let signatories: readonly Person[];
beforeAll(async () => {
  stage = await openBerlinStage();
  const company = await personOf(stage.sandbox, 'small-company');
  const customers = await stage.sandbox.bank('dogger').customers();
  signatories = customers
    .filter(({ persona }) => persona === 'small-company')
    .map(({ customerNumber, password }) => ({ ...company, customerNumber, password }));
}, 120_000);
afterAll(() => stage?.close());

const lodge = (): Promise<BerlinAnswer> => {
  const debtorAccount = { iban: signatories[0]?.ibans[0] };
  return stage.party.ask('POST', SEPA, { body: transfer(stage, { debtorAccount }), headers: EMBEDDED });
};
const statusOf = async ({ body }: BerlinAnswer): Promise<string> =>
  (await stage.party.ask('GET', body._links.status.href)).body.transactionStatus;
/** A further authorisation of the same payment. */
const further = async ({ body }: BerlinAnswer): Promise<string> => {
  const answer = await stage.party.ask('POST', `${SEPA}/${body.paymentId}/authorisations`, { headers: EMBEDDED });
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  return answer.body._links.updatePsuAuthentication.href;
};
const signs = (href: string, person: number): Promise<Json> => stage.embedded(href, signatories[person]);

describe('a payment of a company, which two of three have to sign', () => {
  test('waits as PATC for the second, who authorises it in a run of his own', async () => {
    const payment = await lodge();
    expect(await signs(payment.body._links.updatePsuAuthentication.href, 1)).toMatchObject({ scaStatus: 'finalised' });
    expect(await statusOf(payment)).toBe('PATC');
    await stage.sandbox.clock.advance('PT1M');
    expect(await statusOf(payment)).toBe('PATC');
    expect(await signs(await further(payment), 2)).toMatchObject({ scaStatus: 'finalised' });
    await stage.sandbox.clock.advance('PT1M');
    expect(await statusOf(payment)).toBe('ACCC');
    const { body } = await stage.party.ask('GET', `${SEPA}/${payment.body.paymentId}/authorisations`);
    expect(body.authorisationIds).toHaveLength(2);
  });

  test('is not signed twice by the same, and rejected when the others take too long', async () => {
    const payment = await lodge();
    await signs(payment.body._links.updatePsuAuthentication.href, 1);
    await expect(signs(await further(payment), 1)).rejects.toThrow('STATUS_INVALID');
    expect(await statusOf(payment)).toBe('PATC');
    await stage.sandbox.clock.advance('P14D');
    expect(await statusOf(payment)).toBe('RJCT');
  });
});
