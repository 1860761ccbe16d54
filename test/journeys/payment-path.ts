import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';

import type { Sandbox } from '../../src/index.js';
import type { ThirdParty } from '../support/third-party.js';
import {
  accessTo,
  approvedPayment,
  balancesOf,
  bodyOf,
  minor,
  payeeOf,
  planPayment,
  postPayment,
  postPaymentConsent,
  readPayment,
  transactionsOf,
  type Access,
  type WireConsent,
  type WireErrors,
  type WireTransaction,
} from '../support/uk-bank.js';
import type { WholePathStage } from './whole-path-stage.js';

export function describePayments(stage: () => WholePathStage): void {
  describe('payments', () => {
    test('a consent asked for again under its key is the same consent, and with another body is refused', async () => {
      const { tpp, payee } = stage();
      const plan = planPayment({ amount: '3.10', payee: payeeOf(payee) });
      const first = await postPaymentConsent(tpp, plan);
      const again = await postPaymentConsent(tpp, plan);
      expect(bodyOf(first, 201).Data).toMatchObject({ Status: 'AWAU', Initiation: plan.initiation });
      expect(bodyOf(again, 201).Data.ConsentId).toBe(first.body.Data.ConsentId);
      const dearer = planPayment({ amount: '4.10', payee: payeeOf(payee), reference: plan.reference });
      const changed = await postPaymentConsent(tpp, { ...dearer, consentKey: plan.consentKey });
      expect(changed.status).toBe(422);
      expect((changed.body as unknown as WireErrors).Errors[0]?.ErrorCode).toBe('U029');
      for (const answer of [first, again, changed]) await expect(tpp.verifySignature(answer)).resolves.toBeDefined();
    });

    test('the bank signs as the organisation that the directory knows it by', async () => {
      const { sandbox, tpp, payee } = stage();
      const answer = await postPaymentConsent(tpp, planPayment({ amount: '3.11', payee: payeeOf(payee) }));
      const header = await tpp.verifySignature(answer);
      const { participants } = (
        await tpp.send<{ participants: readonly { readonly id: string; readonly name: string }[] }>(
          `${sandbox.status.directory.issuer}/participants`,
        )
      ).body;
      const bank = participants.find(({ name }) => name === sandbox.bank('bramble').name);
      expect(header['http://openbanking.org.uk/iss']).toBe(bank?.id);
      expect(header['http://openbanking.org.uk/iat']).toBeLessThanOrEqual(Date.now() / 1_000);
    });

    test('money moves: approved, confirmed, ordered once, debited and credited to the penny as the clock goes on', async () => {
      const { sandbox, tpp, payer, payee } = stage();
      const [payerAccess, payeeAccess] = [await accessTo(tpp, payer), await accessTo(tpp, payee)];
      const [from, to] = [payer.accounts[0]?.id ?? '', payee.accounts[0]?.id ?? ''];
      const look = async (access: Access, account: string) => ({
        ...(await balancesOf(tpp, access.token, account)),
        transactions: await transactionsOf(tpp, access.token, account),
      });
      const before = { payer: await look(payerAccess, from), payee: await look(payeeAccess, to) };

      const plan = planPayment({ amount: '12.34', payee: payeeOf(payee) });
      const { consentId, token } = await approvedPayment(tpp, payer, plan, from);
      const consent = await tpp.call<WireConsent>('GET', `/pisp/domestic-payment-consents/${consentId}`, {
        token: await tpp.clientToken('payments'),
      });
      expect(bodyOf(consent, 200).Data.Status).toBe('AUTH');
      const funds = await tpp.call<{ Data: { FundsAvailableResult: { FundsAvailable: boolean } } }>(
        'GET',
        `/pisp/domestic-payment-consents/${consentId}/funds-confirmation`,
        { token },
      );
      expect(bodyOf(funds, 200).Data.FundsAvailableResult.FundsAvailable).toBe(true);

      const order = await postPayment(tpp, plan, { consentId, token });
      const { DomesticPaymentId: id } = bodyOf(order, 201).Data;
      expect(order.body.Data).toMatchObject({ ConsentId: consentId, Status: 'RCVD', Initiation: plan.initiation });
      const replay = await postPayment(tpp, plan, { consentId, token });
      expect(bodyOf(replay, 201).Data.DomesticPaymentId).toBe(id);
      const otherKey = await postPayment(tpp, { ...plan, orderKey: randomUUID() }, { consentId, token });
      expect(otherKey.status).toBe(400);
      expect((otherKey.body as unknown as WireErrors).Errors[0]?.ErrorCode).toBe('U009');
      const otherBody = await postPayment(
        tpp,
        planPayment({ amount: '12.35', payee: payeeOf(payee), reference: plan.reference }),
        {
          consentId,
          token,
          idempotencyKey: plan.orderKey,
        },
      );
      expect(otherBody.status).toBe(422);
      for (const answer of [consent, funds, order, replay, otherKey, otherBody])
        await expect(tpp.verifySignature(answer)).resolves.toBeDefined();

      const held = await look(payerAccess, from);
      expect(held.booked).toBe(before.payer.booked);
      expect(held.available).toBe(before.payer.available - 1234n);

      const statuses = await settle(sandbox, tpp, id);
      expect(statuses).toEqual(LIFE_OF_A_PAYMENT.filter((status) => statuses.includes(status)));
      expect(statuses).toEqual(expect.arrayContaining(['RCVD', 'ACSP', 'ACSC', 'ACCC']));

      const after = { payer: await look(payerAccess, from), payee: await look(payeeAccess, to) };
      expect(mineOf(after.payer.transactions, plan.reference)).toEqual(['-1234']);
      expect(mineOf(after.payee.transactions, plan.reference)).toEqual(['1234']);
      // Other things may have happened on the way; together they account for the whole difference.
      expect(after.payer.booked - before.payer.booked).toBe(
        sumOfNew(before.payer.transactions, after.payer.transactions),
      );
      expect(after.payee.booked - before.payee.booked).toBe(
        sumOfNew(before.payee.transactions, after.payee.transactions),
      );
      expect(await sandbox.verify()).toMatchObject({ ok: true });

      const used = await tpp.call<WireConsent>('GET', `/pisp/domestic-payment-consents/${consentId}`, {
        token: await tpp.clientToken('payments'),
      });
      expect(bodyOf(used, 200).Data.Status).toBe('COND');
      expect(bodyOf(await postPayment(tpp, plan, { consentId, token }), 201).Data).toMatchObject({
        DomesticPaymentId: id,
        Status: 'ACCC',
      });
    });

    test('a payment beyond the means of the payer is rejected with its reason, and moves nothing', async () => {
      const { sandbox, tpp, payer, payee } = stage();
      const access = await accessTo(tpp, payer);
      const from = payer.accounts[0]?.id ?? '';
      const before = await balancesOf(tpp, access.token, from);
      const plan = planPayment({ amount: '900000.00', payee: payeeOf(payee) });
      const { consentId, token } = await approvedPayment(tpp, payer, plan, from);
      const funds = await tpp.call<{ Data: { FundsAvailableResult: { FundsAvailable: boolean } } }>(
        'GET',
        `/pisp/domestic-payment-consents/${consentId}/funds-confirmation`,
        { token },
      );
      expect(bodyOf(funds, 200).Data.FundsAvailableResult.FundsAvailable).toBe(false);
      const order = bodyOf(await postPayment(tpp, plan, { consentId, token }), 201).Data;
      expect(order.Status).toBe('RJCT');
      expect(order.StatusReason?.[0]?.StatusReasonCode).toBe('AM04');
      await sandbox.clock.advance('PT10M');
      expect(bodyOf(await readPayment(tpp, order.DomesticPaymentId), 200).Data.Status).toBe('RJCT');
      expect(mineOf(await transactionsOf(tpp, access.token, from), plan.reference)).toEqual([]);
      const after = await balancesOf(tpp, access.token, from);
      expect(after.booked - after.available).toBe(before.booked - before.available);
    });

    test('an order without a signature is refused, and even the refusal is signed', async () => {
      const { tpp, payer, payee } = stage();
      const plan = planPayment({ amount: '1.00', payee: payeeOf(payee) });
      const { consentId, token } = await approvedPayment(tpp, payer, plan);
      const refused = await postPayment(tpp, plan, { consentId, token, sign: false });
      expect(refused.status).toBe(400);
      expect((refused.body as unknown as WireErrors).Errors[0]?.ErrorCode).toBe('U019');
      await expect(tpp.verifySignature(refused)).resolves.toBeDefined();
      expect(bodyOf(await postPayment(tpp, plan, { consentId, token }), 201).Data.Status).toBe('RCVD');
    });

    test('a customer who denies a payment sends the third party home with access_denied', async () => {
      const { tpp, payer, payee } = stage();
      const plan = planPayment({ amount: '5.00', payee: payeeOf(payee) });
      const consentId = bodyOf(await postPaymentConsent(tpp, plan), 201).Data.ConsentId;
      const pending = await tpp.beginConsent(consentId, 'payments');
      const back = await payer.deny(pending.authorizationUrl);
      await expect(tpp.finishConsent(pending, back)).rejects.toMatchObject({ error: 'access_denied' });
      const consent = await tpp.call<WireConsent>('GET', `/pisp/domestic-payment-consents/${consentId}`, {
        token: await tpp.clientToken('payments'),
      });
      expect(bodyOf(consent, 200).Data.Status).toBe('RJCT');
    });
  });
}

const LIFE_OF_A_PAYMENT = ['RCVD', 'PDNG', 'ACTC', 'ACCP', 'ACFC', 'ACSP', 'ACWC', 'ACSC', 'ACCC'];

/** Moves the clock from due item to due item until the payment is credited; the statuses seen on the way, each once. */
async function settle(sandbox: Sandbox, tpp: ThirdParty, id: string): Promise<readonly string[]> {
  const seen: string[] = [];
  for (let move = 0; move < 40; move += 1) {
    const { Status } = bodyOf(await readPayment(tpp, id), 200).Data;
    if (!seen.includes(Status)) seen.push(Status);
    if (Status === 'ACCC') return seen;
    await sandbox.clock.advanceToNext();
  }
  return seen;
}

/** Amounts booked under a reference, in pence. */
function mineOf(transactions: readonly WireTransaction[], reference: string): readonly string[] {
  return transactions
    .filter((one) => one.TransactionReference === reference && one.Status === 'BOOK')
    .map((one) => String(minor(one.Amount, one.CreditDebitIndicator)));
}

function sumOfNew(before: readonly WireTransaction[], after: readonly WireTransaction[]): bigint {
  const known = new Set(before.filter(({ Status }) => Status === 'BOOK').map(({ TransactionId }) => TransactionId));
  return after
    .filter(({ TransactionId, Status }) => Status === 'BOOK' && !known.has(TransactionId))
    .reduce((sum, one) => sum + minor(one.Amount, one.CreditDebitIndicator), 0n);
}
