import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';

import { DECOUPLED, type Json } from '../support/berlin-party.js';
import { CONSENT, openBerlinStage, type BerlinStage } from '../support/berlin-stage.js';
import { accessibilityFindings, overflow } from './accessibility.js';
import { launchBrowser } from './chromium.js';

const launched = await launchBrowser();
if (!launched.browser) process.stderr.write(`${launched.message}\n`);

const SCREENSHOTS = 'test/browser/screenshots';
const LONG = 'Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft';

(launched.browser ? describe : describe.skip)('the simulated phone', () => {
  let stage: BerlinStage;
  let page: Page;
  const complaints: string[] = [];
  beforeAll(async () => {
    await mkdir(SCREENSHOTS, { recursive: true });
    stage = await openBerlinStage();
    page = await visit('de-DE');
  }, 120_000);
  afterAll(async () => {
    await stage?.close();
    await launched.browser?.close();
  });

  async function visit(locale: string): Promise<Page> {
    const context = await launched.browser!.newContext({ ignoreHTTPSErrors: true, locale, reducedMotion: 'reduce' });
    context.setDefaultTimeout(10_000);
    const opened = await context.newPage();
    opened.on('console', (message) => {
      if (message.type() === 'error' && !/status of 400/.test(message.text())) complaints.push(message.text());
    });
    return opened;
  }

  async function inspect(name: string, shown: Page = page): Promise<void> {
    await shown.setViewportSize({ width: 320, height: 640 });
    const narrow = await overflow(shown);
    const found: unknown[] = [];
    await shown.setViewportSize({ width: 360, height: 740 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await shown.emulateMedia({ colorScheme });
      await shown.screenshot({ path: `${SCREENSHOTS}/app-${name}-${colorScheme}.png`, fullPage: true });
      found.push(...(await accessibilityFindings(shown)));
    }
    await shown.emulateMedia({ colorScheme: 'light' });
    const controls = shown.locator('main button, main input:not([type=hidden])');
    const ids = await controls.evaluateAll((all) => all.map((one) => one.id));
    expect({ name, narrow, found, named: ids.every((id) => id !== ''), distinct: new Set(ids).size }).toEqual({
      name,
      narrow: 0,
      found: [],
      named: true,
      distinct: ids.length,
    });
  }

  const address = (): string => `${stage.sandbox.status.publicOrigin}/dogger/phone`;
  const ask = async (path: string, body: Json): Promise<Json> => {
    const headers = { ...DECOUPLED, 'psu-id': stage.payer.customerNumber };
    const answer = await stage.party.ask('POST', path, { body, headers });
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const read = async (href: string): Promise<Json> => (await stage.party.ask('GET', href)).body;

  test('is opened with a customer number and says that it is a simulation without a password', async () => {
    await page.goto(address());
    await inspect('closed');
    expect(await page.textContent('main')).toContain('Passwort');
    await page.fill('#phone-customer', stage.payer.customerNumber);
    await page.click('#phone-open');
    await page.waitForSelector('#phone-empty');
    await inspect('empty');
  });

  test('lets its owner tick the accounts that she shares, and insists on one', async () => {
    const access = { accounts: [], balances: [], transactions: [] };
    const { consentId, _links } = await ask('/v1/consents', { ...CONSENT, access });
    await page.click('#phone-reload');
    await page.waitForSelector('#question-0-account-1');
    await inspect('choose');
    await page.click('#question-0-approve');
    await page.waitForSelector('#form-error');
    await inspect('none-chosen');
    expect(await read(_links.status.href)).toEqual({ consentStatus: 'received' });
    await page.check('#question-0-account-1');
    await page.click('#question-0-approve');
    await page.waitForSelector('#phone-empty');
    expect(await read(_links.status.href)).toEqual({ consentStatus: 'valid' });
    const shared = await read(`/v1/consents/${consentId}`);
    expect(shared.access.balances).toMatchObject([{ iban: stage.payer.ibans[1] }]);
  });

  test('shows which accounts would be shared where that is settled, and takes a no', async () => {
    const access = { balances: [{ iban: stage.payer.ibans[0] }] };
    const { _links } = await ask('/v1/consents', { ...CONSENT, access });
    await page.click('#phone-reload');
    await page.waitForSelector('#question-0');
    await inspect('settled');
    const iban = stage.payer.ibans[0] ?? '';
    expect((await page.textContent('#question-0'))?.replaceAll(/\s/g, '')).toContain(iban);
    await page.click('#question-0-deny');
    await page.waitForSelector('#phone-empty');
    expect(await read(_links.status.href)).toEqual({ consentStatus: 'rejected' });
  });

  test('speaks English, wraps long names and shows from which account she pays', async () => {
    const { _links } = await ask('/v1/payments/sepa-credit-transfers', {
      debtorAccount: { iban: stage.payer.ibans[0] },
      instructedAmount: { currency: 'EUR', amount: '1234.50' },
      creditorAccount: { iban: stage.payee.ibans[0] },
      creditorName: LONG.slice(0, 70),
      remittanceInformationUnstructured: LONG.repeat(2).slice(0, 140),
    });
    const english = await visit('en-GB');
    await english.goto(`${address()}?customer=${stage.payer.customerNumber}`);
    await inspect('payment', english);
    await english.click('#question-0-approve');
    await english.waitForSelector('#phone-empty');
    expect((await read(_links.scaStatus.href)).scaStatus).toBe('finalised');
  });

  test('raises no complaint in the console of the browser', () => {
    expect(complaints).toEqual([]);
  });
});
