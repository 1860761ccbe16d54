import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { CUSTOMER_NUMBER, openStage, OTHER_CUSTOMER_NUMBER, PASSWORD, type Stage } from './stage.js';
import {
  accountConsent,
  approveAccounts,
  authorizeUrl,
  createBrowser,
  createThirdParty,
  newestCode,
  parForm,
  paymentConsent,
  pkce,
  post,
  redeem,
  register,
  type Browser,
  type ThirdParty,
} from './third-party.js';

const LOGIN = { username: CUSTOMER_NUMBER, password: PASSWORD };

describe('the journey', () => {
  let stage: Stage;
  let tpp: ThirdParty;
  let clientId: string;
  beforeAll(async () => {
    stage = await openStage();
    tpp = await createThirdParty(stage);
    clientId = await register(stage, tpp);
  });
  afterAll(() => stage.close());

  interface Begun {
    readonly browser: Browser;
    readonly uid: string;
    readonly csrf: string;
    readonly consentId: string;
    readonly verifier: string;
    readonly url: string;
  }
  const begin = async (kind: 'accounts' | 'payments' = 'accounts'): Promise<Begun> => {
    const consentId = await (kind === 'accounts' ? accountConsent : paymentConsent)(stage, clientId);
    const proof = pkce();
    const pushed = await post(stage, { tpp, clientId, path: '/par' }, parForm(consentId, proof, `openid ${kind}`));
    const browser = createBrowser(stage);
    const url = authorizeUrl(stage, clientId, String(pushed.body['request_uri']));
    const { uid } = await browser.open(url);
    const { step } = await browser.page(uid!);
    return { browser, uid: uid!, csrf: step!.csrf, consentId, verifier: proof.verifier, url };
  };
  const statusOf = async (consentId: string): Promise<string> => (await stage.bank.consents.get(consentId)).status;

  test('an account journey is login, code, accounts, review', async () => {
    const { browser, uid, csrf, consentId } = await begin();
    expect(await browser.page(uid)).toMatchObject({
      outcome: 'step',
      step: {
        step: 'login',
        asker: { name: 'Moneta', organisation: 'Moneta', redirectOrigin: 'https://localhost:3000' },
      },
    });
    const code = await browser.submit(uid, 'login', { csrf, ...LOGIN });
    expect(code).toMatchObject({ step: { step: 'code', attemptsLeft: 5, partyId: stage.partyId } });
    const accounts = await browser.submit(uid, 'code', { csrf, code: await newestCode(stage) });
    expect(accounts).toMatchObject({
      step: { step: 'accounts', choice: 'many', accounts: [{ account: { id: stage.account.id }, eligible: true }] },
    });
    const review = await browser.submit(uid, 'accounts', { csrf, accounts: [stage.account.id] });
    expect(review).toMatchObject({ step: { step: 'review', accounts: [{ account: { id: stage.account.id } }] } });
    expect(await browser.submit(uid, 'review', { csrf, decision: 'approve' })).toMatchObject({ outcome: 'done' });
    expect(await stage.bank.consents.get(consentId)).toMatchObject({
      status: 'authorised',
      partyId: stage.partyId,
      accounts: [{ accountId: stage.account.id }],
    });
  });

  test('a payment is approved by its code, on one screen', async () => {
    const { browser, uid, csrf, consentId, verifier } = await begin('payments');
    expect(await browser.submit(uid, 'login', { csrf, ...LOGIN })).toMatchObject({
      step: { step: 'accounts', choice: 'one' },
    });
    expect(await browser.submit(uid, 'accounts', { csrf, accounts: [stage.account.id] })).toMatchObject({
      step: { step: 'confirm', view: { kind: 'payment' }, account: { account: { id: stage.account.id } } },
    });
    const done = await browser.submit(uid, 'confirm', { csrf, decision: 'approve', code: await newestCode(stage) });
    const redirect = new URL((await browser.open(done.redirectTo!)).leftFor!);
    const { body } = await redeem(stage, { tpp, clientId }, { code: redirect.searchParams.get('code')!, verifier });
    expect(body).toMatchObject({ scope: 'payments' });
    // A single payment has nothing to come back for.
    expect(body).not.toHaveProperty('refresh_token');
    expect(await statusOf(consentId)).toBe('authorised');
    // And is not authorised a second time.
    const pushed = await post(stage, { tpp, clientId, path: '/par' }, parForm(consentId, pkce(), 'openid payments'));
    expect(pushed.body).toMatchObject({ error: 'invalid_request' });
  });

  test.each(['review', 'cancel'])('a no at %s rejects the consent and goes back as access_denied', async (where) => {
    const { browser, uid, csrf, consentId } = await begin();
    if (where === 'review') {
      await browser.submit(uid, 'login', { csrf, ...LOGIN });
      await browser.submit(uid, 'code', { csrf, code: await newestCode(stage) });
      await browser.submit(uid, 'accounts', { csrf, accounts: [stage.account.id] });
    }
    const done = await browser.submit(uid, where, { csrf, decision: 'deny' });
    const redirect = new URL((await browser.open(done.redirectTo!)).leftFor!);
    expect(Object.fromEntries(redirect.searchParams)).toMatchObject({
      error: 'access_denied',
      state: 'state-1',
      iss: stage.issuer,
    });
    expect(await statusOf(consentId)).toBe('rejected');
  });

  test('a wrong password stays at the login and does not tell whether the customer exists', async () => {
    const { browser, uid, csrf } = await begin();
    const wrong = await browser.submit(uid, 'login', { csrf, username: CUSTOMER_NUMBER, password: 'guess' });
    const nobody = await browser.submit(uid, 'login', { csrf, username: '99999999', password: 'guess' });
    expect(wrong.step).toMatchObject({ step: 'login', problem: expect.any(String) });
    expect(nobody.step?.problem).toBe(wrong.step?.problem);
    expect((await browser.submit(uid, 'login', { csrf, ...LOGIN })).step).toMatchObject({ step: 'code' });
  });

  test('five wrong codes end the journey', async () => {
    const { browser, uid, csrf, consentId } = await begin();
    await browser.submit(uid, 'login', { csrf, ...LOGIN });
    const right = await newestCode(stage);
    const wrong = right === '000000' ? '111111' : '000000';
    const seen = [];
    for (let index = 0; index < 5; index += 1) seen.push(await browser.submit(uid, 'code', { csrf, code: wrong }));
    expect(seen[3]).toMatchObject({ step: { step: 'code', attemptsLeft: 1, problem: expect.any(String) } });
    expect(seen[4]).toMatchObject({ outcome: 'failed', code: 'challenge.locked' });
    expect((await browser.open(seen[4]!.redirectTo!)).leftFor).toContain('error=access_denied');
    expect(await statusOf(consentId)).toBe('rejected');
    const next = await begin();
    expect((await next.browser.submit(next.uid, 'login', { csrf: next.csrf, ...LOGIN })).step).toMatchObject({
      step: 'login',
      problemCode: 'credentials.locked',
    });
    // A quarter of an hour of wall time, for the tests that follow.
    await stage.storage.transaction((tx) => tx.run('DELETE FROM login_failures'));
  });

  test('a new code replaces the old one', async () => {
    const { browser, uid, csrf } = await begin();
    await browser.submit(uid, 'login', { csrf, ...LOGIN });
    const old = await newestCode(stage);
    expect(await browser.submit(uid, 'resend', { csrf })).toMatchObject({ step: { step: 'code' } });
    const fresh = await newestCode(stage);
    if (fresh !== old) expect((await browser.submit(uid, 'code', { csrf, code: old })).step).toHaveProperty('problem');
    expect(
      (await browser.submit(uid, 'code', { csrf, code: ` ${fresh.slice(0, 3)} ${fresh.slice(3)}` })).step,
    ).toMatchObject({ step: 'accounts' });
  });

  test('steps cannot be skipped', async () => {
    const { browser, uid, csrf, consentId } = await begin();
    for (const [step, form] of [
      ['review', { decision: 'approve' }],
      ['confirm', { decision: 'approve', code: '000000' }],
      ['accounts', { accounts: [stage.account.id] }],
      ['code', { code: '000000' }],
    ] as const) {
      expect(await browser.submit(uid, step, { csrf, ...form })).toMatchObject({
        outcome: 'step',
        step: { step: 'login' },
      });
    }
    expect(await statusOf(consentId)).toBe('requested');
  });

  test('an account that was not offered is not shared', async () => {
    const { browser, uid, csrf } = await begin();
    await browser.submit(uid, 'login', { csrf, ...LOGIN });
    await browser.submit(uid, 'code', { csrf, code: await newestCode(stage) });
    for (const accounts of [['somebody-elses'], []]) {
      expect((await browser.submit(uid, 'accounts', { csrf, accounts })).step).toMatchObject({
        step: 'accounts',
        problem: expect.any(String),
      });
    }
  });

  test('a form without its token, and another browser, are turned away', async () => {
    const { browser, uid, csrf, consentId } = await begin();
    const other = await begin();
    expect(await browser.submit(uid, 'login', { csrf: other.csrf, ...LOGIN })).toMatchObject({
      outcome: 'failed',
      code: 'form-not-genuine',
    });
    expect(await other.browser.submit(uid, 'login', { csrf, ...LOGIN })).toMatchObject({
      outcome: 'failed',
      code: 'journey-not-found',
    });
    expect(await createBrowser(stage).page(uid)).toMatchObject({ outcome: 'failed', code: 'journey-not-found' });
    expect(await statusOf(consentId)).toBe('requested');
  });

  test('twenty clicks on approve give one grant', async () => {
    const { browser, uid, csrf, consentId, verifier } = await begin();
    await browser.submit(uid, 'login', { csrf, ...LOGIN });
    await browser.submit(uid, 'code', { csrf, code: await newestCode(stage) });
    await browser.submit(uid, 'accounts', { csrf, accounts: [stage.account.id] });
    const clicks = await Promise.all(
      Array.from({ length: 20 }, () => browser.submit(uid, 'review', { csrf, decision: 'approve' })),
    );
    expect(new Set(clicks.map(({ outcome, redirectTo }) => `${outcome} ${redirectTo}`)).size).toBe(1);
    const grants = await stage.storage.read.all('SELECT grant_id FROM auth_grants WHERE consent_id = ?', [consentId]);
    expect(grants).toHaveLength(1);
    const redirect = new URL((await browser.open(clicks[0]!.redirectTo!)).leftFor!);
    expect(
      (await redeem(stage, { tpp, clientId }, { code: redirect.searchParams.get('code')!, verifier })).status,
    ).toBe(200);
  });

  test('one browser can give two consents, each with its own login, and both live', async () => {
    const first = await begin();
    await approveAccounts(stage, first.browser, first.uid);
    const consentId = await accountConsent(stage, clientId);
    const pushed = await post(stage, { tpp, clientId, path: '/par' }, parForm(consentId, pkce()));
    const { uid } = await first.browser.open(authorizeUrl(stage, clientId, String(pushed.body['request_uri'])));
    expect(await first.browser.page(uid!)).toMatchObject({ step: { step: 'login' } });
    const redirect = new URL(await approveAccounts(stage, first.browser, uid!));
    expect(redirect.searchParams.get('code')).toBeTruthy();
    expect([await statusOf(first.consentId), await statusOf(consentId)]).toEqual(['authorised', 'authorised']);
  });

  test('two customers after one another in one browser do not get in each other’s way', async () => {
    const first = await begin();
    await approveAccounts(stage, first.browser, first.uid);
    const consentId = await accountConsent(stage, clientId);
    const pushed = await post(stage, { tpp, clientId, path: '/par' }, parForm(consentId, pkce()));
    const { uid } = await first.browser.open(authorizeUrl(stage, clientId, String(pushed.body['request_uri'])));
    const redirect = await approveAccounts(stage, first.browser, uid!, {
      number: OTHER_CUSTOMER_NUMBER,
      ...stage.other,
    });
    expect(new URL(redirect).searchParams.get('code')).toBeTruthy();
    expect(await stage.bank.consents.get(consentId)).toMatchObject({ partyId: stage.other.partyId });
  });

  test('the cookie of one journey opens no other', async () => {
    const mine = await begin();
    const consentId = await accountConsent(stage, clientId);
    const pushed = await post(stage, { tpp, clientId, path: '/par' }, parForm(consentId, pkce()));
    const { uid } = await mine.browser.open(authorizeUrl(stage, clientId, String(pushed.body['request_uri'])));
    expect(await mine.browser.pageWithCookiesOf(mine.uid, uid!)).toMatchObject({ code: 'journey-not-found' });
  });

  test('a consent that the client deletes meanwhile ends the journey', async () => {
    const { browser, uid, csrf, consentId } = await begin();
    await browser.submit(uid, 'login', { csrf, ...LOGIN });
    await stage.bank.consents.revoke(consentId, 'client');
    const ended = await browser.submit(uid, 'code', { csrf, code: await newestCode(stage) });
    expect(ended).toMatchObject({ outcome: 'failed' });
    expect((await browser.open(ended.redirectTo!)).leftFor).toContain('error=access_denied');
  });

  test('prompt=none is answered without a page', async () => {
    const consentId = await accountConsent(stage, clientId);
    const pushed = await post(
      stage,
      { tpp, clientId, path: '/par' },
      { ...parForm(consentId, pkce()), prompt: 'none' },
    );
    const seen = await createBrowser(stage).open(authorizeUrl(stage, clientId, String(pushed.body['request_uri'])));
    expect(seen.leftFor).toContain('error=login_required');
  });

  test('an unknown client gets a page of the bank', async () => {
    const seen = await createBrowser(stage).open(
      authorizeUrl(stage, randomUUID(), 'urn:ietf:params:oauth:request_uri:x'),
    );
    expect(seen.html).toContain('id="error-code"');
    expect(seen.status).toBeGreaterThanOrEqual(400);
  });
});
