import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';

import { accessibilityFindings, overflow } from './accessibility.js';
import { launchBrowser } from './chromium.js';
import { arrival, askForAccounts, askForPayment, openStage, sharedAccounts, type Stage } from './stage.js';

const launched = await launchBrowser();
if (!launched.browser) process.stderr.write(`${launched.message}\n`);

const SCREENSHOTS = 'test/browser/screenshots';
const ATTACK = '<img src=x onerror=alert(1)>';
/** As long as the directory lets a name be, without a place to break it. */
const LONG = 'Wxm'.repeat(22).slice(0, 64);
const TURNED = 'Safe \u202Eevil\u202C Pay';

(launched.browser ? describe : describe.skip)('what strangers write', () => {
  let stage: Stage;
  beforeAll(async () => {
    await mkdir(SCREENSHOTS, { recursive: true });
    stage = await openStage(launched.browser!);
  });
  afterAll(async () => {
    await stage?.close();
    await launched.browser?.close();
  });

  async function logIn(page: Page, persona: string): Promise<void> {
    const login = await stage.login(persona);
    await page.fill('#login-username', login.customerNumber);
    await page.fill('#login-password', login.password);
    await page.click('#login-submit');
  }

  async function photograph(page: Page, name: string): Promise<void> {
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.screenshot({ path: `${SCREENSHOTS}/${name}-desktop.png`, fullPage: true });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.screenshot({ path: `${SCREENSHOTS}/${name}-phone.png`, fullPage: true });
    await page.setViewportSize({ width: 320, height: 640 });
    expect({ name, overflow: await overflow(page) }).toEqual({ name, overflow: 0 });
    await page.setViewportSize({ width: 1280, height: 900 });
    expect(await accessibilityFindings(page)).toEqual([]);
  }

  test.each([
    ['HTML', `Budget ${ATTACK}`, `Budget ${ATTACK}`],
    ['64 letters', LONG, LONG],
  ])('a third party whose name has %s is shown as text, and its journey goes to the end', async (what, name, shown) => {
    const tpp = await stage.thirdParty({ name });
    const page = await stage.visit();
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    const pending = await askForAccounts(tpp);
    await page.goto(pending.authorizationUrl);
    expect(await page.textContent('#asker-name')).toBe(shown);
    expect(await page.textContent('#journey-cancel')).toBe(`Cancel and return to ${shown}`);
    await photograph(page, `stranger-login-${what.split(' ').at(-1) ?? ''}`);
    await logIn(page, 'pensioner');
    await page.waitForSelector('#sca-code');
    await page.fill('#sca-code', await stage.code('pensioner'));
    await page.click('#sca-submit');
    await page.click('#account-0');
    await page.click('#accounts-submit');
    await page.waitForSelector('#consent-approve');
    expect(await page.textContent('h1')).toBe(`Share information with ${shown}?`);
    expect(await page.locator('img, script').count()).toBe(0);
    await photograph(page, `stranger-review-${what.split(' ').at(-1) ?? ''}`);
    await page.click('#consent-approve');
    expect(await sharedAccounts(tpp, pending, page)).toHaveLength(1);
    expect(dialogs).toEqual([]);
    await page.context().close();
  });

  test('the directory admits no third party whose name turns the writing direction', async () => {
    await expect(stage.thirdParty({ name: TURNED })).rejects.toThrow('not acceptable');
  });

  test.each([
    ['HTML', ATTACK, ATTACK.slice(0, 18), ATTACK],
    ['an-override-of-the-writing-direction', TURNED, 'INV 7', 'Safe evil Pay'],
    ['350-letters', 'W'.repeat(350), 'W'.repeat(18), 'W'.repeat(350)],
  ])(
    'a payee and a reference with %s are shown as text where the payment is approved',
    async (what, payeeName, reference, shown) => {
      const tpp = await stage.thirdParty();
      const page = await stage.visit();
      const wren = (await stage.sandbox.bank('bramble').customers()).find(
        ({ persona }) => persona === 'new-empty-account',
      )!;
      const { pending } = await askForPayment(tpp, {
        amount: '1234567.89',
        payee: { name: payeeName, identification: wren.accounts[0]!.identification },
        reference,
      });
      await page.goto(pending.authorizationUrl);
      await logIn(page, 'salaried-renter');
      await page.click('#accounts-submit');
      await page.waitForSelector('#payment-payee');
      expect(await page.textContent('#payment-payee')).toBe(`to ${shown}`);
      expect(await page.textContent('.facts')).toContain(reference);
      expect(await page.locator('img, script').count()).toBe(0);
      await photograph(page, `stranger-payee-${what}`);
      await page.click('#consent-deny');
      expect((await arrival(page)).searchParams.get('error')).toBe('access_denied');
      await page.context().close();
    },
  );
});
