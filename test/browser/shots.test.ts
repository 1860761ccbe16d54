import { afterAll, describe, test } from '@jest/globals';
import { mkdir } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { launchBrowser } from './chromium.js';
import { askForAccounts, askForPayment, openStage } from './stage.js';
const launched = await launchBrowser();
const stage = await openStage(launched.browser!);
const DIR = 'test/browser/screenshots';
await mkdir(DIR, { recursive: true });
const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 360, height: 740 } } as const;
async function shoot(page: Page, name: string) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    await page.screenshot({ path: `${DIR}/${name}-${size}.png`, fullPage: true });
  }
  await page.setViewportSize(SIZES.desktop);
}
describe('shots', () => {
  afterAll(async () => { await stage.close(); await launched.browser!.close(); });
  test('all', async () => {
    const tpp = await stage.thirdParty();
    const family = await stage.login('family-with-mortgage');
    const page = await stage.visit();
    page.on('console', (m) => console.log(m.type(), m.text()));
    await page.goto(stage.sandbox.status.httpOrigin + '/');
    await shoot(page, 'home');
    const pending = await askForAccounts(tpp, { ExpirationDateTime: '2027-02-23T09:00:00Z', TransactionFromDateTime: '2026-08-01T00:00:00Z' });
    await page.goto(pending.authorizationUrl);
    await shoot(page, 'login');
    await page.fill('#login-username', family.customerNumber); await page.fill('#login-password', 'wrong');
    await page.click('#login-submit'); await shoot(page, 'login-error');
    await page.fill('#login-username', family.customerNumber); await page.fill('#login-password', family.password);
    await page.click('#login-submit'); await shoot(page, 'code');
    await page.fill('#sca-code', '000000'); await page.click('#sca-submit'); await shoot(page, 'code-error');
    await page.fill('#sca-code', await stage.code('family-with-mortgage')); await page.click('#sca-submit'); await shoot(page, 'accounts');
    await page.click('#accounts-submit'); await shoot(page, 'accounts-error');
    await page.check('#account-0'); await page.check('#account-1'); await shoot(page, 'accounts-chosen');
    await page.click('#accounts-submit'); await shoot(page, 'review');
    for (const s of await page.locator('summary').all()) await s.click();
    await shoot(page, 'review-open');
    await page.click('#consent-approve'); await page.waitForSelector('#back');
    console.log(page.url());
    const freelancer = (await stage.sandbox.bank('bramble').customers()).find((c) => c.persona === 'freelancer')!;
    const pay = await askForPayment(tpp, { amount: '1234.50', payee: { name: freelancer.name, identification: freelancer.accounts[0]!.identification }, reference: 'INV 2026-118' });
    await page.goto(pay.pending.authorizationUrl);
    await shoot(page, 'pay-login');
    await page.fill('#login-username', family.customerNumber); await page.fill('#login-password', family.password);
    await page.click('#login-submit'); await shoot(page, 'pay-accounts');
    await page.check('#account-0').catch(() => undefined); await page.click('#accounts-submit'); await shoot(page, 'pay-confirm');
    for (let i = 0; i < 4; i++) { await page.fill('#sca-code', '000000'); await page.click('#sca-submit'); }
    await shoot(page, 'pay-confirm-error');
    await page.fill('#sca-code', '000000'); await page.click('#sca-submit');
    await shoot(page, 'error');
    await page.goto(stage.sandbox.status.publicOrigin + '/docs/'); await page.waitForTimeout(2500);
    await shoot(page, 'docs');
  });
});
