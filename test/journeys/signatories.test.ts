import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Sandbox } from '../../src/index.js';
import { customerOf, type Customer } from '../support/customer.js';
import { newThirdParty, startTestSandbox } from '../support/test-sandbox.js';
import type { ThirdParty } from '../support/third-party.js';
import { bodyOf, payeeOf, planPayment, postPayment, postPaymentConsent, type WireConsent } from '../support/uk-bank.js';

let sandbox: Sandbox;
let tpp: ThirdParty;
let signatories: readonly Customer[];
let payee: Customer;
beforeAll(async () => {
  sandbox = await startTestSandbox({ historyMonths: 2 });
  tpp = await newThirdParty(sandbox, { profile: 'fapi2-security', clientAuthentication: 'private_key_jwt' });
  signatories = await Promise.all(['10000008', '10000009', '10000010'].map((number) => customerOf(sandbox, number)));
  payee = await customerOf(sandbox, 'salaried-renter');
}, 120_000);
afterAll(async () => {
  await tpp?.close();
  await sandbox?.stop();
});

const approves = async (consentId: string, who: number): Promise<string> => {
  const pending = await tpp.beginConsent(consentId, 'payments');
  const customer = signatories[who]!;
  const tokens = await tpp.finishConsent(
    pending,
    await customer.pay(pending.authorizationUrl, customer.accounts[0]?.id),
  );
  return tokens.access_token;
};
const readConsent = async (consentId: string) =>
  bodyOf(
    await tpp.call<WireConsent>('GET', `/pisp/domestic-payment-consents/${consentId}`, {
      token: await tpp.clientToken('payments'),
    }),
    200,
  ).Data;

describe('a payment of a company through UK Open Banking', () => {
  test('needs the second of two, who comes by the same way, before it can be ordered', async () => {
    const plan = planPayment({ amount: '12.34', payee: payeeOf(payee) });
    const { ConsentId } = bodyOf(await postPaymentConsent(tpp, plan), 201).Data;
    const first = await approves(ConsentId, 1);
    const waiting = await readConsent(ConsentId);
    expect([waiting.Status, waiting.StatusReason?.[0]?.StatusReasonCode]).toEqual(['AWAU', 'U040']);
    const early = await postPayment(tpp, plan, { consentId: ConsentId, token: first });
    expect([early.status, (early.body as never as { Errors: { ErrorCode: string }[] }).Errors[0]?.ErrorCode]).toEqual([
      400,
      'U009',
    ]);
    const second = await approves(ConsentId, 2);
    expect((await readConsent(ConsentId)).Status).toBe('AUTH');
    const order = await postPayment(tpp, plan, { consentId: ConsentId, token: second });
    expect(bodyOf(order, 201).Data).toMatchObject({
      Status: 'RCVD',
      MultiAuthorisation: { Status: 'AUTH', NumberRequired: 2, NumberReceived: 2 },
    });
    await sandbox.clock.advance('PT1M');
    expect(await sandbox.verify()).toMatchObject({ ok: true });
  });
});
