import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';

import type { ThirdParty } from '../support/third-party.js';
import { bodyOf, postPayment } from '../support/uk-bank.js';
import { launchBrowser } from './chromium.js';
import { keyboardOf } from './keyboard.js';
import { arrival, askForAccounts, askForPayment, openStage, sharedAccounts, type Stage } from './stage.js';

const launched = await launchBrowser();
if (!launched.browser) process.stderr.write(`${launched.message}\n`);

(launched.browser ? describe : describe.skip)('a customer in front of a browser', () => {
  let stage: Stage;
  let tpp: ThirdParty;
  beforeAll(async () => {
    stage = await openStage(launched.browser!);
    tpp = await stage.thirdParty();
  });
  afterAll(async () => {
    await stage?.close();
    await launched.browser?.close();
  });

  const payee = async () => {
    const morgan = (await stage.sandbox.bank('bramble').customers()).find(({ persona }) => persona === 'freelancer')!;
    return { name: morgan.name, identification: morgan.accounts[0]!.identification };
  };

  async function logIn(page: Page, persona: string, password?: string): Promise<void> {
    const login = await stage.login(persona);
    await page.fill('#login-username', login.customerNumber);
    await page.fill('#login-password', password ?? login.password);
    await page.click('#login-submit');
  }

  async function enterCode(page: Page, persona: string): Promise<void> {
    await page.waitForSelector('#sca-code');
    await page.fill('#sca-code', await stage.code(persona));
    await page.click('#sca-submit');
  }

  /** To the review page of an account journey, with the first two accounts ticked. */
  async function toReview(page: Page, persona: string): Promise<void> {
    await logIn(page, persona);
    await enterCode(page, persona);
    await page.click('label[for=account-0]');
    await page.click('label[for=account-1]');
    await page.click('#accounts-submit');
    await page.waitForSelector('#consent-approve');
  }

  async function submitOrder(plan: Awaited<ReturnType<typeof askForPayment>>, page: Page): Promise<string> {
    const tokens = await tpp.finishConsent(plan.pending, await arrival(page));
    const answer = await postPayment(tpp, plan.plan, { consentId: plan.consentId, token: tokens.access_token });
    return bodyOf(answer, 201).Data.Status;
  }

  describe('with a mouse', () => {
    test('shares two accounts, and the third party reads exactly these', async () => {
      const page = await stage.visit();
      const pending = await askForAccounts(tpp);
      await page.goto(pending.authorizationUrl);
      await toReview(page, 'family-with-mortgage');
      await page.click('#consent-approve');
      expect(await sharedAccounts(tpp, pending, page)).toHaveLength(2);
      await page.context().close();
    });

    test('approves a payment, and the order goes through', async () => {
      const page = await stage.visit();
      const plan = await askForPayment(tpp, { amount: '12.50', payee: await payee(), reference: 'Thank you' });
      await page.goto(plan.pending.authorizationUrl);
      await logIn(page, 'family-with-mortgage');
      await page.click('#accounts-submit');
      expect(await page.textContent('#payment-amount')).toBe('£12.50');
      expect(await page.textContent('#payment-payee')).toBe('to Mx Morgan Lacey');
      await enterCode(page, 'family-with-mortgage');
      expect(await submitOrder(plan, page)).toMatch(/^(RCVD|ACTC|PDNG|ACSP)$/);
      await page.context().close();
    });

    test('is sent back with code and ID token in the fragment under FAPI 1 Advanced', async () => {
      const hybrid = await stage.thirdParty({ name: 'Hybrid Lantern', profile: 'fapi1-advanced' });
      const page = await stage.visit();
      const pending = await askForAccounts(hybrid);
      await page.goto(pending.authorizationUrl);
      await toReview(page, 'family-with-mortgage');
      await page.click('#consent-approve');
      const back = await arrival(page);
      expect(back.search).toBe('');
      expect(back.hash).toMatch(/code=.*id_token=|id_token=.*code=/);
      expect(await sharedAccounts(hybrid, pending, page)).toHaveLength(2);
      await page.context().close();
    });
  });

  describe('with nothing but a keyboard', () => {
    test('shares an account with a third party on https', async () => {
      const secure = await stage.thirdParty({ name: 'Keyboard Lantern', redirectUris: [stage.callback.https] });
      const login = await stage.login('family-with-mortgage');
      // So low that the focus makes the page scroll.
      const page = await stage.visit({ viewport: { width: 700, height: 500 } });
      const keyboard = keyboardOf(page);
      const pending = await askForAccounts(secure);
      await page.goto(pending.authorizationUrl);

      await keyboard.tabTo('login-username');
      await keyboard.type(login.customerNumber);
      await keyboard.tabTo('login-password');
      await keyboard.type(login.password);
      await keyboard.press('Enter');

      await page.waitForSelector('#sca-code');
      await keyboard.tabTo('sca-code');
      await keyboard.type(await stage.code('family-with-mortgage'));
      await keyboard.press('Enter');

      await page.waitForSelector('#account-0');
      await keyboard.tabTo('account-0');
      await keyboard.press('Space');
      await keyboard.tabTo('accounts-submit');
      await keyboard.press('Enter');

      await page.waitForSelector('#consent-approve');
      await keyboard.tabTo('consent-approve');
      await keyboard.press('Enter');
      expect((await arrival(page)).origin).toBe(new URL(stage.callback.https).origin);
      expect(await sharedAccounts(secure, pending, page)).toHaveLength(1);
      await page.context().close();
    });

    test('approves a payment: Enter in the code field approves and does not cancel', async () => {
      const login = await stage.login('freelancer');
      const [everyday] = await payeeAccounts('salaried-renter');
      const page = await stage.visit();
      const keyboard = keyboardOf(page);
      const plan = await askForPayment(tpp, { amount: '7.00', payee: everyday! });
      await page.goto(plan.pending.authorizationUrl);

      await keyboard.tabTo('login-username');
      await keyboard.type(login.customerNumber);
      await keyboard.tabTo('login-password');
      await keyboard.type(login.password);
      await keyboard.press('Enter');

      await page.waitForSelector('#account-1');
      await keyboard.tabTo('account-0');
      await keyboard.press('Space');
      await keyboard.tabTo('accounts-submit');
      await keyboard.press('Enter');

      await page.waitForSelector('#sca-code');
      await keyboard.tabTo('sca-code');
      await keyboard.type(await stage.code('freelancer'));
      await keyboard.press('Enter');
      expect(await submitOrder(plan, page)).toMatch(/^(RCVD|ACTC|PDNG|ACSP)$/);
      await page.context().close();
    });

    test('is taken to what was wrong, and from there to the field', async () => {
      const page = await stage.visit();
      const keyboard = keyboardOf(page);
      await page.goto((await askForAccounts(tpp)).authorizationUrl);
      await logIn(page, 'pensioner', 'not-her-password');
      await page.waitForSelector('#form-error');
      expect(await keyboard.focused()).toMatchObject({ id: 'form-error' });
      expect(await page.title()).toBe('Problem: Log in to Bramble Bank, step 1 of 4 - Bramble Bank');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(await keyboard.focused()).toMatchObject({ id: 'login-username', onScreen: true });
      await page.context().close();
    });

    async function payeeAccounts(persona: string) {
      const customer = (await stage.sandbox.bank('bramble').customers()).find((one) => one.persona === persona)!;
      return customer.accounts.map(({ identification }) => ({ name: customer.name, identification }));
    }
  });

  describe('without script', () => {
    test('goes both journeys to the end', async () => {
      const page = await stage.visit({ javaScriptEnabled: false });
      const pending = await askForAccounts(tpp);
      await page.goto(pending.authorizationUrl);
      await toReview(page, 'joint-couple');
      await page.click('#consent-approve');
      expect(await sharedAccounts(tpp, pending, page)).toHaveLength(2);

      const plan = await askForPayment(tpp, { amount: '3.10', payee: await payee() });
      await page.goto(plan.pending.authorizationUrl);
      await logIn(page, 'joint-couple');
      await page.click('label[for=account-1]');
      await page.click('#accounts-submit');
      await enterCode(page, 'joint-couple');
      expect(await submitOrder(plan, page)).toMatch(/^(RCVD|ACTC|PDNG|ACSP)$/);
      await page.context().close();
    });
  });

  describe('who does not go through with it', () => {
    test.each(['#consent-deny', '#journey-cancel'])('is sent back with access_denied by %s', async (way) => {
      const page = await stage.visit();
      const pending = await askForAccounts(tpp);
      await page.goto(pending.authorizationUrl);
      if (way === '#consent-deny') await toReview(page, 'salaried-renter');
      await page.click(way);
      const back = await arrival(page);
      expect(back.searchParams.get('error')).toBe('access_denied');
      expect(back.searchParams.get('state')).toBe(pending.checks.expectedState);
      expect(back.searchParams.has('code')).toBe(false);
      await page.context().close();
    });

    test('cancels a payment without having to enter the code', async () => {
      const page = await stage.visit();
      const plan = await askForPayment(tpp, { amount: '3.10', payee: await payee() });
      await page.goto(plan.pending.authorizationUrl);
      await logIn(page, 'salaried-renter');
      await page.click('#accounts-submit');
      await page.click('#consent-deny');
      expect((await arrival(page)).searchParams.get('error')).toBe('access_denied');
      await page.context().close();
    });

    test('sees a page of the bank after five wrong codes, and gets back from there', async () => {
      const page = await stage.visit();
      const pending = await askForAccounts(tpp);
      await page.goto(pending.authorizationUrl);
      await logIn(page, 'student-in-overdraft');
      for (let attempt = 1; attempt <= 5; attempt += 1) {
        await page.fill('#sca-code', '000000');
        await page.click('#sca-submit');
        if (attempt < 5)
          await page.waitForSelector(`text=${String(5 - attempt)} ${attempt === 4 ? 'try' : 'tries'} left`);
      }
      expect(await page.textContent('#error-code')).toBe('challenge.locked');
      expect(await page.textContent('#error-reference')).toMatch(/^[0-9a-f-]{36}$/);
      await page.click('#error-return');
      const back = await arrival(page);
      expect(back.searchParams.get('error')).toBe('access_denied');
      expect(back.searchParams.get('state')).toBe(pending.checks.expectedState);
      await page.context().close();
    });

    test('asks for a new code, and the old one is worth nothing', async () => {
      const page = await stage.visit();
      await page.goto((await askForAccounts(tpp)).authorizationUrl);
      await logIn(page, 'pensioner');
      await page.waitForSelector('#sca-code');
      const old = await stage.code('pensioner');
      await page.click('#sca-resend');
      await page.waitForSelector('#sca-code');
      expect(await stage.code('pensioner')).not.toBe(old);
      await page.fill('#sca-code', old);
      await page.click('#sca-submit');
      expect(await page.textContent('#form-error')).toContain('That code is not right');
      await enterCode(page, 'pensioner');
      await page.waitForSelector('#account-0');
      await page.context().close();
    });

    test('has to tick an account, and is told so', async () => {
      const page = await stage.visit();
      await page.goto((await askForAccounts(tpp)).authorizationUrl);
      await logIn(page, 'salaried-renter');
      await enterCode(page, 'salaried-renter');
      await page.click('#accounts-submit');
      await page.waitForSelector('#form-error');
      await page.click('#form-error a');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('account-0');
      await page.context().close();
    });
  });

  test('who clicks twice gets one decision and one code', async () => {
    const page = await stage.visit();
    const pending = await askForAccounts(tpp);
    await page.goto(pending.authorizationUrl);
    await toReview(page, 'salaried-renter');
    await page.dblclick('#consent-approve');
    expect(await sharedAccounts(tpp, pending, page)).toHaveLength(2);
    await page.context().close();
  });

  test('who goes back comes to the step that is due, not to an old form', async () => {
    const page = await stage.visit();
    await page.goto((await askForAccounts(tpp)).authorizationUrl);
    await logIn(page, 'salaried-renter');
    await enterCode(page, 'salaried-renter');
    await page.waitForSelector('#accounts-submit');
    await page.goBack();
    await page.waitForSelector('#accounts-submit');
    expect(new URL(page.url()).pathname).toMatch(/\/accounts$/);
    await page.context().close();
  });

  test('leaves no referrer at the third party', async () => {
    expect(stage.callback.referrers).toEqual([]);
  });

  test('who goes back after the end is not told that nothing was shared', async () => {
    const page = await stage.visit();
    const lodged = await askForAccounts(tpp);
    await page.goto(lodged.authorizationUrl);
    await toReview(page, 'family-with-mortgage');
    const review = page.url();
    await page.click('#consent-approve');
    await sharedAccounts(tpp, lodged, page);
    await page.goto(review);
    expect(await page.textContent('#error-code')).toBe('journey-not-found');
    expect(await page.textContent('main')).not.toContain('Nothing was shared');
    await page.context().close();
  });

  test('sees what cannot be shared, with the reason, and cannot choose it', async () => {
    const page = await stage.visit();
    await page.goto((await askForAccounts(tpp)).authorizationUrl);
    await logIn(page, 'family-with-mortgage');
    await enterCode(page, 'family-with-mortgage');
    await page.waitForSelector('#accounts-submit');
    const refused = page.locator('.not-offered');
    expect(await refused.textContent()).toContain('26 Rowan Garth');
    expect(await refused.textContent()).toContain('cannot be shared');
    expect(await refused.locator('input').count()).toBe(0);
    await page.context().close();
  });

  test('with an empty account shares it all the same, and it shows £0.00', async () => {
    const page = await stage.visit();
    const pending = await askForAccounts(tpp);
    await page.goto(pending.authorizationUrl);
    await logIn(page, 'new-empty-account');
    await enterCode(page, 'new-empty-account');
    await page.waitForSelector('#account-0');
    expect(await page.textContent('.choice-amount')).toContain('£0.00');
    await page.click('#account-0');
    await page.click('#accounts-submit');
    await page.click('#consent-approve');
    expect(await sharedAccounts(tpp, pending, page)).toHaveLength(1);
    await page.context().close();
  });
});
