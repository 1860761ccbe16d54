import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { NewTpp, Sandbox } from '../../src/index.js';
import { customerOf, type Customer } from '../support/customer.js';
import { newThirdParty, startTestSandbox } from '../support/test-sandbox.js';
import { SCA, type ThirdParty } from '../support/third-party.js';
import {
  accessTo,
  approvedPayment,
  balancesOf,
  bodyOf,
  consentStatus,
  lodgeAccess,
  minor,
  payeeOf,
  planPayment,
  postPayment,
  postPaymentConsent,
  readPayment,
  transactionPages,
  transactionsOf,
  type Access,
  type WireConsent,
  type WireErrors,
  type WireTransaction,
} from '../support/uk-bank.js';

export interface WholePathStage {
  readonly sandbox: Sandbox;
  readonly tpp: ThirdParty;
  /** A salaried person with money and a long list of transactions. */
  readonly payer: Customer;
  readonly payee: Customer;
}

/** The whole path of one kind of client, from its registration to a settled payment; `more` adds what only it does. */
export function describeWholePath(
  title: string,
  client: Required<Pick<NewTpp, 'profile' | 'clientAuthentication'>>,
  more: (stage: () => WholePathStage) => void = () => undefined,
): void {
  describe(title, () => {
    let stage: WholePathStage;

    beforeAll(async () => {
      const sandbox = await startTestSandbox();
      const tpp = await newThirdParty(sandbox, client);
      const [payer, payee] = [await customerOf(sandbox, 'salaried-renter'), await customerOf(sandbox, 'freelancer')];
      stage = { sandbox, tpp, payer, payee };
    });

    afterAll(async () => {
      await stage?.tpp.close();
      await stage?.sandbox.stop();
    });

    describeAccounts(() => stage);
    describePayments(() => stage);
    describeEnds(() => stage);
    more(() => stage);
  });
}

function describeAccounts(stage: () => WholePathStage): void {
  describe('accounts', () => {
    let access: Access;
    let longest = '';

    beforeAll(async () => {
      const { tpp, payer } = stage();
      access = await accessTo(tpp, payer);
      const counted = await Promise.all(
        access.accounts.map(async (id) => ({ id, count: (await transactionsOf(tpp, access.token, id)).length })),
      );
      longest = counted.sort((a, b) => b.count - a.count)[0]?.id ?? '';
    });

    test('the ID token names the consent and the strong authentication of the customer', () => {
      const claims = access.tokens.claims();
      expect(claims).toMatchObject({ aud: stage().tpp.clientId, openbanking_intent_id: access.consentId, acr: SCA });
      expect(access.tokens.token_type.toLowerCase()).toBe('bearer');
      expect(access.tokens.refresh_token).toEqual(expect.any(String));
    });

    test('the consent is authorised, and covers what the customer chose', async () => {
      const { tpp, payer } = stage();
      expect((await consentStatus(tpp, access.consentId)).Status).toBe('AUTH');
      expect([...access.accounts].sort()).toEqual(payer.accounts.map(({ id }) => id).sort());
    });

    test('an account the customer did not choose is neither listed nor readable', async () => {
      const { tpp, payer } = stage();
      const [first, second] = payer.accounts;
      if (!first || !second) throw new Error('the test needs a customer with two accounts');
      const narrow = await accessTo(tpp, payer, { accounts: [first.id] });
      expect(narrow.accounts).toEqual([first.id]);
      const answer = await tpp.call<WireErrors>('GET', `/aisp/accounts/${second.id}/balances`, { token: narrow.token });
      expect(answer.status).toBe(403);
      expect(bodyOf(answer, 403).Errors[0]?.ErrorCode).toMatch(/^U\d{3}$/);
    });

    test('the interaction id of the request comes back on the answer', async () => {
      const interactionId = randomUUID();
      const { tpp } = stage();
      const answer = await tpp.call('GET', '/aisp/accounts', { token: access.token, interactionId });
      expect(answer.headers.get('x-fapi-interaction-id')).toBe(interactionId);
    });

    test('the newest booked balance of the transactions is the balance of the account', async () => {
      const { tpp } = stage();
      const booked = (await transactionsOf(tpp, access.token, longest)).filter(({ Status }) => Status === 'BOOK');
      const newest = booked[0]?.Balance;
      if (!newest) throw new Error('no booked transaction with a balance');
      expect((await balancesOf(tpp, access.token, longest)).booked).toBe(
        minor(newest.Amount, newest.CreditDebitIndicator),
      );
    });

    test('Links.Next leads through all pages without gap or repetition, each balance following from the next', async () => {
      const { tpp } = stage();
      const pages = await transactionPages(tpp, access.token, longest);
      const all = pages.flatMap(({ Data }) => Data.Transaction);
      expect(pages.length).toBeGreaterThan(1);
      expect(new Set(all.map(({ TransactionId }) => TransactionId)).size).toBe(all.length);
      const times = all.map(({ BookingDateTime }) => Date.parse(BookingDateTime));
      expect(times).toEqual([...times].sort((a, b) => b - a));
      expect(breaksIn(all.filter(({ Status }) => Status === 'BOOK'))).toEqual([]);
    });

    test('Links.Prev leads back to the same transactions, and First to the first page', async () => {
      const { tpp } = stage();
      const pages = await transactionPages(tpp, access.token, longest);
      const last = pages.at(-1);
      expect(pages[0]?.Links.Prev).toBeUndefined();
      expect(last?.Links.Next).toBeUndefined();
      const read = async (url: string | undefined): Promise<readonly WireTransaction[]> =>
        bodyOf(await tpp.call<(typeof pages)[number]>('GET', url ?? '', { token: access.token }), 200).Data.Transaction;
      expect(await read(last?.Links.Prev)).toEqual(pages.at(-2)?.Data.Transaction);
      expect(await read(last?.Links.First)).toEqual(pages[0]?.Data.Transaction);
      expect(await read(last?.Links.Self)).toEqual(last?.Data.Transaction);
    });

    test('booking dates filter, and a period without bookings is an empty list', async () => {
      const { tpp } = stage();
      const all = await transactionsOf(tpp, access.token, longest);
      const day = all[Math.floor(all.length / 2)]?.BookingDateTime.slice(0, 10) ?? '';
      const read = async (from: string, to: string): Promise<readonly string[]> => {
        const path = `/aisp/accounts/${longest}/transactions?fromBookingDateTime=${from}&toBookingDateTime=${to}`;
        const answer = await tpp.call<{ Data: { Transaction: WireTransaction[] } }>('GET', path, { token: access.token });
        return bodyOf(answer, 200).Data.Transaction.map(({ TransactionId }) => TransactionId);
      };
      expect(await read(`${day}T00:00:00`, `${day}T23:59:59`)).toEqual(
        all.filter((one) => one.BookingDateTime.startsWith(day)).map(({ TransactionId }) => TransactionId),
      );
      expect(await read('1999-01-01T00:00:00', '1999-12-31T00:00:00')).toEqual([]);
    });

    test('the party of the token is the customer', async () => {
      const { tpp, payer } = stage();
      interface PartyAnswer {
        readonly Data: { readonly Party: { readonly PartyId: string; readonly Name?: string } };
      }
      const self = bodyOf(await tpp.call<PartyAnswer>('GET', '/aisp/party', { token: access.token }), 200);
      const holder = bodyOf(
        await tpp.call<PartyAnswer>('GET', `/aisp/accounts/${longest}/party`, { token: access.token }),
        200,
      );
      expect(self.Data.Party.Name).toBe(payer.name);
      expect(holder.Data.Party.PartyId).toBe(self.Data.Party.PartyId);
    });
  });
}

/** Places where a booked balance is not the one before it plus the amount. Newest first. */
function breaksIn(booked: readonly WireTransaction[]): readonly string[] {
  return booked.flatMap((one, index) => {
    const older = booked[index + 1];
    if (!older?.Balance || !one.Balance) return [];
    const before = minor(older.Balance.Amount, older.Balance.CreditDebitIndicator);
    const after = minor(one.Balance.Amount, one.Balance.CreditDebitIndicator);
    return before + minor(one.Amount, one.CreditDebitIndicator) === after ? [] : [one.TransactionId];
  });
}

function describePayments(stage: () => WholePathStage): void {
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
      const otherBody = await postPayment(tpp, planPayment({ amount: '12.35', payee: payeeOf(payee), reference: plan.reference }), {
        consentId,
        token,
        idempotencyKey: plan.orderKey,
      });
      expect(otherBody.status).toBe(422);
      for (const answer of [consent, funds, order, replay, otherKey, otherBody]) await expect(tpp.verifySignature(answer)).resolves.toBeDefined();

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
      expect(after.payer.booked - before.payer.booked).toBe(sumOfNew(before.payer.transactions, after.payer.transactions));
      expect(after.payee.booked - before.payee.booked).toBe(sumOfNew(before.payee.transactions, after.payee.transactions));
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
      const plan = planPayment({ amount: '9000000.00', payee: payeeOf(payee) });
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
export function mineOf(transactions: readonly WireTransaction[], reference: string): readonly string[] {
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

function describeEnds(stage: () => WholePathStage): void {
  describe('the end of access', () => {
    const nextCall = async (token: string): Promise<{ readonly status: number; readonly challenge: string | null }> => {
      const { status, headers } = await stage().tpp.call('GET', '/aisp/accounts', { token });
      return { status, challenge: headers.get('www-authenticate') };
    };

    /** What the bank itself says of a token (RFC 7662). */
    const isActive = async (token: string): Promise<boolean> => {
      const { tpp } = stage();
      const fields = { ...(await tpp.credentials()), token };
      return bodyOf(await tpp.postForm<{ active: boolean }>('introspection_endpoint', fields), 200).active;
    };

    test('a customer who denies access sends the third party home with access_denied', async () => {
      const { tpp, payer } = stage();
      const consentId = await lodgeAccess(tpp);
      const pending = await tpp.beginConsent(consentId, 'accounts');
      const back = await payer.deny(pending.authorizationUrl);
      await expect(tpp.finishConsent(pending, back)).rejects.toMatchObject({ error: 'access_denied' });
      expect((await consentStatus(tpp, consentId)).Status).toBe('RJCT');
    });

    test('a refresh token gives a new access token, bound to the same certificate and consent', async () => {
      const { tpp, payer } = stage();
      const access = await accessTo(tpp, payer);
      const fresh = await tpp.refresh(access.tokens.refresh_token ?? '');
      expect(fresh.access_token).not.toBe(access.token);
      for (const alive of [fresh.access_token, access.tokens.refresh_token ?? '']) expect(await isActive(alive)).toBe(true);
      expect((await nextCall(fresh.access_token)).status).toBe(200);
    });

    test('a revoked access token is refused at the next call', async () => {
      const { tpp, payer } = stage();
      const access = await accessTo(tpp, payer);
      await tpp.revoke(access.token);
      expect(await nextCall(access.token)).toEqual({ status: 401, challenge: expect.stringContaining('invalid_token') });
    });

    test('a revoked refresh token ends the access tokens of its grant, too', async () => {
      const { tpp, payer } = stage();
      const access = await accessTo(tpp, payer);
      await tpp.revoke(access.tokens.refresh_token ?? '');
      await expect(tpp.refresh(access.tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
      expect((await nextCall(access.token)).status).toBe(401);
    });

    test('a deleted consent is gone, with every token under it', async () => {
      const { tpp, payer } = stage();
      const access = await accessTo(tpp, payer);
      const path = `/aisp/account-access-consents/${access.consentId}`;
      const token = await tpp.clientToken('accounts');
      const deleted = await tpp.call('DELETE', path, { token });
      expect({ status: deleted.status, text: deleted.text }).toEqual({ status: 204, text: '' });
      expect((await nextCall(access.token)).status).toBe(401);
      for (const ended of [access.token, access.tokens.refresh_token ?? '']) expect(await isActive(ended)).toBe(false);
      await expect(tpp.refresh(access.tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
      const gone = await tpp.call<WireErrors>('GET', path, { token });
      expect(bodyOf(gone, 400).Errors[0]?.ErrorCode).toBe('U011');
    });

    test('an access token shown over another client’s certificate is refused', async () => {
      const { sandbox, tpp, payer } = stage();
      const access = await accessTo(tpp, payer);
      const other = await newThirdParty(sandbox, { name: 'Somebody Else' });
      const answer = await other.call('GET', '/aisp/accounts', { token: access.token });
      expect({ status: answer.status, text: answer.text }).toEqual({ status: 401, text: '' });
      await other.close();
      expect((await nextCall(access.token)).status).toBe(200);
    });
  });
}
