import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { ClockMoved, Sandbox } from '../../src/index.js';
import { customerOf, type Customer, type Journey } from '../support/customer.js';
import { newThirdParty, startTestSandbox } from '../support/test-sandbox.js';
import type { PendingConsent, ThirdParty } from '../support/third-party.js';
import {
  accessTo,
  accountIdsOf,
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
  transactionsOf,
  type Access,
  type PaymentPlan,
  type WireErrors,
} from '../support/uk-bank.js';

const DAY_MS = 86_400_000;

interface Stage {
  readonly sandbox: Sandbox;
  readonly tpp: ThirdParty;
  readonly hybrid: ThirdParty;
  readonly customer: Customer;
  readonly payee: Customer;
}

/**
 * Business time begins where wall time is and only moves ahead of it: a proof wrongly judged by the bank's clock would
 * seem long past, and a replay window open again.
 */
async function openStage(): Promise<Stage> {
  const sandbox = await startTestSandbox({ clock: `frozen:${new Date().toISOString()}` });
  return {
    sandbox,
    tpp: await newThirdParty(sandbox),
    hybrid: await newThirdParty(sandbox, { name: 'Hybrid Budgets', profile: 'fapi1-advanced' }),
    customer: await customerOf(sandbox, 'salaried-renter'),
    payee: await customerOf(sandbox, 'freelancer'),
  };
}

async function closeStage(stage: Stage | undefined): Promise<void> {
  await stage?.tpp.close();
  await stage?.hybrid.close();
  await stage?.sandbox.stop();
}

const inDays = (sandbox: Sandbox, days: number): string =>
  new Date(Date.parse(sandbox.clock.now()) + days * DAY_MS).toISOString();

/** The codes of a refusal, or none where it has no body. */
function codesOf(answer: { readonly text: string }): readonly string[] {
  return answer.text === '' ? [] : (JSON.parse(answer.text) as WireErrors).Errors.map(({ ErrorCode }) => ErrorCode);
}

describe('ninety-one days of business time later', () => {
  let stage: Stage;
  let open: Access;
  let ending: Access;
  let revoked: Access;
  let deleted: Access;
  let used: { readonly pending: PendingConsent; readonly back: URL };
  let usedHybrid: { readonly pending: PendingConsent; readonly back: URL };
  let assertion: Readonly<Record<string, string>>;
  let paid: { readonly plan: PaymentPlan; readonly consentId: string; readonly token: string; readonly id: string };
  let atLogin: { readonly pending: PendingConsent; readonly journey: Journey };
  let atReview: { readonly pending: PendingConsent; readonly journey: Journey };
  let atApproval: Awaited<ReturnType<typeof begunPayment>>;
  let unredeemed: { readonly pending: PendingConsent; readonly back: URL };
  let unopened: PendingConsent;
  let balanceBefore: bigint;
  let moved: ClockMoved;

  beforeAll(async () => {
    stage = await openStage();
    const { sandbox, tpp, hybrid, customer, payee } = stage;
    open = await accessTo(tpp, customer);
    ending = await accessTo(tpp, customer, { data: { ExpirationDateTime: inDays(sandbox, 45) } });
    revoked = await accessTo(tpp, customer);
    await tpp.revoke(revoked.token);
    await tpp.revoke(revoked.tokens.refresh_token ?? '');
    deleted = await accessTo(tpp, customer);
    await tpp.call('DELETE', `/aisp/account-access-consents/${deleted.consentId}`, {
      token: await tpp.clientToken('accounts'),
    });
    used = await usedUp(tpp, customer);
    usedHybrid = await usedUp(hybrid, customer);
    assertion = await tpp.credentials({ exp: Math.floor(Date.now() / 1_000) + 300 });
    expect((await clientCredentials(tpp, assertion)).status).toBe(200);
    paid = await payOnce(tpp, customer, payee);
    balanceBefore = (await balancesOf(tpp, open.token, customer.accounts[0]?.id ?? '')).booked;

    atLogin = await begun(tpp, customer);
    atReview = await begun(tpp, customer);
    await atReview.journey.logIn();
    await atReview.journey.enterCode();
    await atReview.journey.chooseAccounts();
    atApproval = await begunPayment(stage);
    const pending = await tpp.beginConsent(await lodgeAccess(tpp), 'accounts');
    unredeemed = { pending, back: await customer.share(pending.authorizationUrl) };
    unopened = await tpp.beginConsent(await lodgeAccess(tpp), 'accounts');

    moved = await sandbox.clock.advance('P91D');
  });

  afterAll(async () => {
    await atLogin?.journey.close();
    await closeStage(stage);
  });

  test('the move tells what it did', () => {
    const at = (kind: string) => moved.summary.filter((row) => row.kind === kind && row.bank === 'bramble');
    for (const kind of ['token.access-ended', 'token.refresh-ended', 'consent.expired', 'statement.cut']) {
      expect({ kind, count: at(kind)[0]?.count }).toEqual({ kind, count: expect.any(Number) });
    }
    expect(at('payment.credited')).toEqual([{ bank: 'bramble', kind: 'payment.credited', count: 1 }]);
    const [salaries] = at('transaction.salary');
    expect(salaries?.count).toBeGreaterThan(5);
    expect(Number(salaries?.sum?.amount)).toBeGreaterThan(10_000);
    expect(moved.items.length).toBe(100);
  });

  describe('what should have ended has ended', () => {
    test('the access token: 401, and the body says why', async () => {
      const answer = await stage.tpp.call('GET', '/aisp/accounts', { token: open.token });
      expect({ status: answer.status, codes: codesOf(answer) }).toEqual({ status: 401, codes: ['TKXP'] });
    });

    test('the refresh token', async () => {
      await expect(stage.tpp.refresh(open.tokens.refresh_token ?? '')).rejects.toMatchObject({
        error: 'invalid_grant',
      });
    });

    test('the consent whose end lay in between, with status EXPD and its reason', async () => {
      const answer = await stage.tpp.call('GET', '/aisp/accounts', { token: ending.token });
      expect({ status: answer.status, codes: codesOf(answer) }).toEqual({ status: 401, codes: ['TKXP'] });
      const consent = await consentStatus(stage.tpp, ending.consentId);
      expect(consent.Status).toBe('EXPD');
      expect(consent.StatusReason?.[0]?.StatusReasonCode).toBe('TKXP');
      await expect(stage.tpp.refresh(ending.tokens.refresh_token ?? '')).rejects.toMatchObject({
        error: 'invalid_grant',
      });
    });

    test('but not the consent without an end: the customer authorises it again', async () => {
      const { tpp, customer } = stage;
      expect((await consentStatus(tpp, open.consentId)).Status).toBe('AUTH');
      const pending = await tpp.beginConsent(open.consentId, 'accounts');
      const tokens = await tpp.finishConsent(pending, await customer.share(pending.authorizationUrl));
      expect((await accountIdsOf(tpp, tokens.access_token)).length).toBeGreaterThan(0);
    });
  });

  describe('no replay window opens again', () => {
    test('a used client assertion', async () => {
      const answer = await clientCredentials(stage.tpp, assertion);
      expect({ status: answer.status, error: answer.body.error }).toEqual({ status: 401, error: 'invalid_client' });
    });

    test('a redeemed authorization code', async () => {
      await expect(stage.tpp.finishConsent(used.pending, used.back)).rejects.toMatchObject({ error: 'invalid_grant' });
      await expect(stage.hybrid.finishConsent(usedHybrid.pending, usedHybrid.back)).rejects.toMatchObject({
        error: 'invalid_grant',
      });
    });

    test('a pushed request that led to a decision', async () => {
      const journey = await stage.customer.open(used.pending.authorizationUrl);
      expect(journey.page.has('login-submit')).toBe(false);
      await journey.close();
    });

    test('a signed request object whose time on the wall is over', async () => {
      const { hybrid, customer } = stage;
      const now = Math.floor(Date.now() / 1_000);
      const claims = { nbf: now - 90, iat: now - 90, exp: now - 30 };
      const stale = await hybrid.beginConsent(await lodgeAccess(hybrid), 'accounts', { claims });
      const journey = await customer.open(stale.authorizationUrl);
      expect(journey.page.has('login-submit')).toBe(false);
      await journey.close();
    });

    test('an idempotency key whose day is over: the consumed consent still pays once', async () => {
      const { tpp, customer } = stage;
      const answer = await postPayment(tpp, paid.plan, { consentId: paid.consentId, token: paid.token });
      expect([201, 400, 401]).toContain(answer.status);
      if (answer.status === 201) expect(answer.body.Data.DomesticPaymentId).toBe(paid.id);
      const access = await accessTo(tpp, customer);
      const booked = (await transactionsOf(tpp, access.token, customer.accounts[0]?.id ?? '')).filter(
        ({ TransactionReference }) => TransactionReference === paid.plan.reference,
      );
      expect(booked.map(({ Amount }) => Amount.Amount)).toEqual(['7.77']);
    });
  });

  describe('a journey in progress goes on', () => {
    test('from the login page', async () => {
      const { tpp } = stage;
      const { pending, journey } = atLogin;
      await journey.logIn();
      await journey.enterCode();
      await journey.chooseAccounts();
      const tokens = await tpp.finishConsent(pending, await journey.approve());
      expect((await accountIdsOf(tpp, tokens.access_token)).length).toBeGreaterThan(0);
    });

    test('from the review page to tokens that live from now on', async () => {
      const { tpp } = stage;
      const tokens = await tpp.finishConsent(atReview.pending, await atReview.journey.approve());
      expect((await accountIdsOf(tpp, tokens.access_token)).length).toBeGreaterThan(0);
      expect((await tpp.refresh(tokens.refresh_token ?? '')).access_token).toEqual(expect.any(String));
    });

    test('from the code that approves a payment to the payment', async () => {
      const { tpp } = stage;
      const { pending, journey, plan, consentId, code } = atApproval;
      const tokens = await tpp.finishConsent(pending, await journey.approve(code));
      expect(bodyOf(await postPayment(tpp, plan, { consentId, token: tokens.access_token }), 201).Data.Status).toBe(
        'RCVD',
      );
    });

    test('from an authorization code to its tokens', async () => {
      const { tpp } = stage;
      const tokens = await tpp.finishConsent(unredeemed.pending, unredeemed.back);
      expect((await accountIdsOf(tpp, tokens.access_token)).length).toBeGreaterThan(0);
    });

    test('from a pushed request that nobody has opened', async () => {
      const { tpp, customer } = stage;
      const tokens = await tpp.finishConsent(unopened, await customer.share(unopened.authorizationUrl));
      expect((await accountIdsOf(tpp, tokens.access_token)).length).toBeGreaterThan(0);
    });
  });

  describe('nothing that had ended comes back to life', () => {
    test('not a revoked token, nor its refresh token', async () => {
      expect((await stage.tpp.call('GET', '/aisp/accounts', { token: revoked.token })).status).toBe(401);
      await expect(stage.tpp.refresh(revoked.tokens.refresh_token ?? '')).rejects.toMatchObject({
        error: 'invalid_grant',
      });
    });

    test('not a deleted consent', async () => {
      const { tpp } = stage;
      expect((await tpp.call('GET', '/aisp/accounts', { token: deleted.token })).status).toBe(401);
      const answer = await tpp.call<WireErrors>('GET', `/aisp/account-access-consents/${deleted.consentId}`, {
        token: await tpp.clientToken('accounts'),
      });
      expect(bodyOf(answer, 400).Errors[0]?.ErrorCode).toBe('U011');
    });

    test('not an expired consent: its request is refused before any login', async () => {
      const { tpp } = stage;
      await expect(tpp.beginConsent(ending.consentId, 'accounts')).rejects.toMatchObject({ error: 'invalid_request' });
      expect((await consentStatus(tpp, ending.consentId)).Status).toBe('EXPD');
    });

    test('and the clock does not go back', async () => {
      const { sandbox } = stage;
      await expect(sandbox.clock.set(inDays(sandbox, -1))).rejects.toMatchObject({ code: 'clock.cannot-go-back' });
    });
  });

  describe('life has gone on', () => {
    test('salaries came in, money was spent, and the books balance', async () => {
      const { sandbox, tpp, customer } = stage;
      const account = customer.accounts[0]?.id ?? '';
      const access = await accessTo(tpp, customer);
      const since = Date.parse(sandbox.clock.now()) - 91 * DAY_MS;
      const fresh = (await transactionsOf(tpp, access.token, account)).filter(
        ({ BookingDateTime, Status }) => Status === 'BOOK' && Date.parse(BookingDateTime) >= since,
      );
      const codes = fresh.map(({ ProprietaryBankTransactionCode }) => ProprietaryBankTransactionCode?.Code);
      expect(codes.filter((code) => code === 'Salary').length).toBeGreaterThanOrEqual(2);
      expect(codes).toContain('CardPayment');
      const moved = fresh.reduce((sum, one) => sum + minor(one.Amount, one.CreditDebitIndicator), 0n);
      const { booked } = await balancesOf(tpp, access.token, account);
      expect(booked - balanceBefore).toBe(moved);
      expect(await sandbox.verify()).toMatchObject({ ok: true });
    });
  });
});

describe('the end of a consent, to the second', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
  });

  afterAll(() => closeStage(stage));

  test('a token that is still good ends with its consent', async () => {
    const { sandbox, tpp, customer } = stage;
    const access = await accessTo(tpp, customer, { data: { ExpirationDateTime: inDays(sandbox, 1) } });
    await sandbox.clock.advance('PT23H59M');
    const fresh = await tpp.refresh(access.tokens.refresh_token ?? '');
    expect((await tpp.call('GET', '/aisp/accounts', { token: fresh.access_token })).status).toBe(200);
    await sandbox.clock.advance('PT1M');
    const answer = await tpp.call('GET', '/aisp/accounts', { token: fresh.access_token });
    expect({ status: answer.status, codes: codesOf(answer) }).toEqual({ status: 401, codes: ['TKXP'] });
    expect((await consentStatus(tpp, access.consentId)).Status).toBe('EXPD');
    for (const token of [fresh.access_token, access.tokens.refresh_token ?? '']) {
      const told = await tpp.postForm<{ active: boolean }>('introspection_endpoint', {
        ...(await tpp.credentials()),
        token,
      });
      expect(bodyOf(told, 200).active).toBe(false);
    }
  });

  test('an access token ends an hour after it was given, and refreshing goes on', async () => {
    const { sandbox, tpp, customer } = stage;
    const access = await accessTo(tpp, customer);
    await sandbox.clock.advance('PT59M59S');
    expect((await tpp.call('GET', '/aisp/accounts', { token: access.token })).status).toBe(200);
    await sandbox.clock.advance('PT1S');
    expect((await tpp.call('GET', '/aisp/accounts', { token: access.token })).status).toBe(401);
    const fresh = await tpp.refresh(access.tokens.refresh_token ?? '');
    expect((await tpp.call('GET', '/aisp/accounts', { token: fresh.access_token })).status).toBe(200);
  });
});

describe('a year and a day later', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
    await stage.sandbox.clock.advance('P366D');
  });

  afterAll(() => closeStage(stage));

  test('the certificates of a third party have ended on the clock of the bank', async () => {
    await expect(stage.tpp.clientToken('accounts')).rejects.toMatchObject({
      error: expect.stringMatching(/^invalid_/),
    });
  });

  test('a new third party gets certificates that hold, and sees a year more of history', async () => {
    const { sandbox, customer } = stage;
    const tpp = await newThirdParty(sandbox, { name: 'Latecomer' });
    const access = await accessTo(tpp, customer);
    const all = await transactionsOf(tpp, access.token, customer.accounts[0]?.id ?? '');
    const span = Date.parse(all[0]?.BookingDateTime ?? '') - Date.parse(all.at(-1)?.BookingDateTime ?? '');
    expect(span).toBeGreaterThan(365 * DAY_MS);
    expect(await sandbox.verify()).toMatchObject({ ok: true });
    await tpp.close();
  });
});

/** A journey that has come to its end, with the code redeemed. */
async function usedUp(
  tpp: ThirdParty,
  customer: Customer,
): Promise<{ readonly pending: PendingConsent; readonly back: URL }> {
  const pending = await tpp.beginConsent(await lodgeAccess(tpp), 'accounts');
  const back = await customer.share(pending.authorizationUrl);
  await tpp.finishConsent(pending, back);
  return { pending, back };
}

async function begun(
  tpp: ThirdParty,
  customer: Customer,
): Promise<{ readonly pending: PendingConsent; readonly journey: Journey }> {
  const pending = await tpp.beginConsent(await lodgeAccess(tpp), 'accounts');
  return { pending, journey: await customer.open(pending.authorizationUrl) };
}

/** A payment journey that waits for the code, and the code. */
async function begunPayment({ sandbox, tpp, customer, payee }: Stage) {
  const plan = planPayment({ amount: '2.22', payee: payeeOf(payee) });
  const consentId = bodyOf(await postPaymentConsent(tpp, plan), 201).Data.ConsentId;
  const pending = await tpp.beginConsent(consentId, 'payments');
  const journey = await customer.open(pending.authorizationUrl);
  await journey.logIn();
  if (journey.page.has('accounts-submit')) await journey.chooseAccounts([customer.accounts[0]?.id ?? '']);
  const code = await sandbox.bank('bramble').latestCode(customer.customerNumber);
  return { pending, journey, plan, consentId, code };
}

async function payOnce(tpp: ThirdParty, customer: Customer, payee: Customer) {
  const plan = planPayment({ amount: '7.77', payee: payeeOf(payee) });
  const approved = await approvedPayment(tpp, customer, plan, customer.accounts[0]?.id);
  const order = bodyOf(await postPayment(tpp, plan, approved), 201);
  return { plan, ...approved, id: order.Data.DomesticPaymentId };
}

function clientCredentials(tpp: ThirdParty, credentials: Readonly<Record<string, string>>) {
  return tpp.postForm<{ readonly access_token?: string; readonly error?: string }>('token_endpoint', {
    ...credentials,
    grant_type: 'client_credentials',
    scope: 'accounts',
  });
}
