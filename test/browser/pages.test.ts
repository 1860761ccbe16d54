import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page, Response } from 'playwright-core';

import type { ThirdParty } from '../support/third-party.js';
import { bodyOf } from '../support/uk-bank.js';
import { lodgeAbroad, planAbroad } from '../support/uk-payments-abroad.js';
import { accessibilityFindings, overflow } from './accessibility.js';
import { launchBrowser } from './chromium.js';
import { askForAccounts, askForPayment, openStage, type Stage } from './stage.js';

const launched = await launchBrowser();
if (!launched.browser) process.stderr.write(`${launched.message}\n`);

const SCREENSHOTS = 'test/browser/screenshots';
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };
/** WCAG 2.2, 1.4.10: no scrolling in two dimensions at 320 CSS pixels. */
const NARROWEST = { width: 320, height: 640 };
/** One page of each kind is enough for the eye in the dark; axe looks at all of them. */
const PHOTOGRAPHED_IN_THE_DARK = ['login-error', 'accounts-chosen', 'pay-confirm', 'home'];

(launched.browser ? describe : describe.skip)('every page', () => {
  let stage: Stage;
  let tpp: ThirdParty;
  let page: Page;
  const documents: Response[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    await mkdir(SCREENSHOTS, { recursive: true });
    stage = await openStage(launched.browser!);
    tpp = await stage.thirdParty();
    // Without transitions: axe would measure colours halfway between the light and the dark scheme.
    page = await stage.visit({ viewport: DESKTOP, reducedMotion: 'reduce' });
    page.on('response', (response) => {
      if (response.request().resourceType() === 'document') documents.push(response);
    });
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of 400/.test(message.text())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
  });
  afterAll(async () => {
    await stage?.close();
    await launched.browser?.close();
  });

  /** Takes its picture in both sizes and holds it against what every page must be. */
  async function inspect(name: string): Promise<void> {
    for (const [size, viewport] of [
      ['desktop', DESKTOP],
      ['phone', PHONE],
    ] as const) {
      await page.setViewportSize(viewport);
      await page.screenshot({ path: `${SCREENSHOTS}/${name}-${size}.png`, fullPage: true });
    }
    await page.setViewportSize(NARROWEST);
    const narrow = await overflow(page);
    await page.setViewportSize(DESKTOP);
    const findings = await accessibilityFindings(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    const inTheDark = await accessibilityFindings(page);
    if (PHOTOGRAPHED_IN_THE_DARK.includes(name)) {
      await page.screenshot({ path: `${SCREENSHOTS}/${name}-dark.png`, fullPage: true });
    }
    await page.emulateMedia({ colorScheme: 'light' });
    const enlarged = await overflowWithBigText();
    expect({ name, narrow, enlarged, findings, inTheDark }).toEqual({
      name,
      narrow: 0,
      enlarged: 0,
      findings: [],
      inTheDark: [],
    });
  }

  /** WCAG 2.2, 1.4.4: text twice as big, on a window that is half as wide for it. */
  async function overflowWithBigText(): Promise<number> {
    await page.setViewportSize({ width: 640, height: 450 });
    const zoomed = await overflow(page);
    await page.setViewportSize(DESKTOP);
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
    const big = await overflow(page);
    await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
    return Math.max(zoomed, big);
  }

  async function logIn(persona: string): Promise<void> {
    const login = await stage.login(persona);
    await page.fill('#login-username', login.customerNumber);
    await page.fill('#login-password', login.password);
    await page.click('#login-submit');
  }

  test('of the account journey is accessible, reflows and is photographed', async () => {
    const pending = await askForAccounts(tpp, {
      ExpirationDateTime: '2027-02-23T09:00:00Z',
      TransactionFromDateTime: '2026-08-01T00:00:00Z',
    });
    await page.goto(pending.authorizationUrl);
    await inspect('login');
    await page.click('summary');
    await inspect('login-test-customers');
    await page.fill('#login-username', '10000006');
    await page.fill('#login-password', 'not-the-password');
    await page.click('#login-submit');
    await page.waitForSelector('#form-error');
    await inspect('login-error');
    await logIn('family-with-mortgage');
    await page.waitForSelector('#sca-code');
    await inspect('code');
    await page.fill('#sca-code', '000000');
    await page.click('#sca-submit');
    await page.waitForSelector('#form-error');
    await inspect('code-error');
    await page.fill('#sca-code', await stage.code('family-with-mortgage'));
    await page.click('#sca-submit');
    await page.waitForSelector('#account-0');
    await inspect('accounts');
    await page.click('#accounts-submit');
    await page.waitForSelector('#form-error');
    await inspect('accounts-error');
    await page.click('#account-0');
    await page.click('#account-1');
    await inspect('accounts-chosen');
    await page.click('#accounts-submit');
    await page.waitForSelector('#consent-approve');
    await inspect('review');
    for (const summary of await page.locator('summary').all()) await summary.click();
    await inspect('review-open');
  });

  test('of the payment journey is accessible, reflows and is photographed', async () => {
    const freelancer = await stage.sandbox.bank('bramble').customers();
    const morgan = freelancer.find(({ persona }) => persona === 'freelancer')!;
    const { pending } = await askForPayment(tpp, {
      amount: '1234.50',
      payee: { name: morgan.name, identification: morgan.accounts[0]!.identification },
      reference: 'INV 2026-118',
    });
    await page.goto(pending.authorizationUrl);
    await inspect('pay-login');
    await logIn('freelancer');
    await page.waitForSelector('#account-0');
    await inspect('pay-accounts');
    await page.click('#account-0');
    await page.click('#accounts-submit');
    await page.waitForSelector('#payment-amount');
    await inspect('pay-confirm');
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await page.fill('#sca-code', '000000');
      await page.click('#sca-submit');
      await page.waitForSelector('#form-error, #error-code');
      if (attempt === 4) await inspect('pay-confirm-error');
    }
    await inspect('error');
  });

  test('of a payment abroad tells rate, charges and debit, is accessible, reflows and is photographed', async () => {
    const anna = (await stage.sandbox.bank('dogger').customers()).find(({ persona }) => persona === 'freelancer')!;
    const payee = { name: anna.name, iban: anna.accounts[0]!.identification };
    for (const RateType of ['Actual', 'Indicative']) {
      const plan = planAbroad(
        { amount: '75.00', payee },
        { ExchangeRateInformation: { UnitCurrency: 'GBP', RateType } },
      );
      const { ConsentId } = bodyOf(await lodgeAbroad(tpp, plan), 201).Data;
      const pending = await tpp.beginConsent(ConsentId, 'payments');
      await page.goto(pending.authorizationUrl);
      await logIn('salaried-renter');
      await page.click('#account-0');
      await page.click('#accounts-submit');
      await page.waitForSelector('#payment-amount');
      expect(await page.textContent('#payment-amount')).toBe('€75.00');
      const facts = await page.textContent('main');
      expect(facts).toMatch(/Exchange rate1 GBP = [\d.]+ EUR/);
      expect(facts).toMatch(
        RateType === 'Actual' ? /Taken from your account£\d+\.\d\d/ : /Taken from your accountAbout £/,
      );
      await inspect(`pay-abroad-${RateType.toLowerCase()}`);
    }
  });

  test('of the sandbox itself is accessible, reflows and is photographed', async () => {
    await page.goto(`${stage.sandbox.status.httpOrigin}/`);
    await inspect('home');
    const links = await page.locator('main a').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    expect(links.length).toBeGreaterThanOrEqual(3);
    for (const link of links) expect(link).toMatch(/^https:\/\/localhost:\d+\/(docs\/|dogger\/phone$)/);
    await page.goto(`${stage.sandbox.status.publicOrigin}/docs/`);
    await inspect('docs');
  });

  test('of a request that cannot be answered to anybody is a page of the bank, too', async () => {
    await page.goto(
      `${stage.sandbox.bank('bramble').issuer}/authorize?client_id=nobody&response_type=code&scope=openid`,
    );
    expect(await page.textContent('#error-code')).toBe('invalid_client');
    expect(await page.locator('#error-return').count()).toBe(0);
    await inspect('error-authorization');
  });

  test('of the API reference is drawn by Swagger UI without a complaint of the browser', async () => {
    for (const link of ['uk-obie-4.0/account-info', 'uk-obie-4.0/payment-initiation', 'control']) {
      await page.goto(`${stage.sandbox.status.publicOrigin}/docs/${link}/`);
      await page.waitForSelector('.opblock');
      await page.screenshot({ path: `${SCREENSHOTS}/docs-${link.replace('/', '-')}.png` });
    }
    await page.click('.opblock-summary-control');
    await page.waitForSelector('.opblock-body');
    const file = await page.request.get(`${stage.sandbox.status.publicOrigin}/docs/control.yaml`);
    expect(await file.text()).toMatch(/^openapi: 3\./m);
  });

  test('raises no complaint in the console of the browser', () => {
    expect(complaints).toEqual([]);
  });

  test('is not kept, not framed, sends no referrer and runs no script; and forms are answered with 303', async () => {
    const own = documents.filter((response) => new URL(response.url()).hostname === 'localhost');
    const pages = own.filter((response) => response.status() < 300 || response.status() >= 400);
    expect(pages.length).toBeGreaterThan(12);
    for (const response of pages) {
      const headers = await response.allHeaders();
      const policy = headers['content-security-policy'] ?? '';
      const inDocs = response.url().includes('/docs/');
      expect({
        url: response.url(),
        cache: headers['cache-control'],
        referrer: headers['referrer-policy'],
        sniff: headers['x-content-type-options'],
        framed: policy.includes("frame-ancestors 'none'"),
        script: policy.includes('script-src'),
        inline: /unsafe-inline/.test(policy),
      }).toEqual({
        url: response.url(),
        cache: 'no-store',
        referrer: 'no-referrer',
        sniff: 'nosniff',
        framed: true,
        script: inDocs && !response.url().endsWith('/docs/'),
        inline: inDocs && !response.url().endsWith('/docs/'),
      });
    }
    const redirects = own.filter((response) => response.status() >= 300 && response.status() < 400);
    expect(redirects.length).toBeGreaterThan(8);
    expect(new Set(redirects.map((response) => response.status()))).toEqual(new Set([303]));
  });

  test('names in form-action the redirect origin of this third party and no other', async () => {
    const pending = await askForAccounts(tpp);
    const response = await page.goto(pending.authorizationUrl);
    const policy = (await response?.allHeaders())?.['content-security-policy'];
    expect(policy).toContain(`form-action 'self' ${new URL(stage.callback.http).origin};`);
  });
});
