import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';

import { main } from '../../../src/cli/main.js';
import { DECOUPLED, EMBEDDED, REDIRECT, refusalOf, type BerlinAnswer, type Json } from '../../support/berlin-party.js';
import { CONSENT, openBerlinStage, type BerlinStage } from '../../support/berlin-stage.js';
import { fixturesWith } from '../../support/fixtures.js';
import { initiation, transfer } from './orders.js';

const GLOBAL = { allPsd2: 'allAccounts' };
const SEPA = '/v1/payments/sepa-credit-transfers';

/** Dogger Bank, opened with these settings for as long as a block of tests runs. */
function bankWith(settings: Json): () => BerlinStage {
  let stage: BerlinStage;
  beforeAll(async () => {
    stage = await openBerlinStage({ dogger: { 'berlin-group': settings } });
  }, 120_000);
  afterAll(() => stage?.close());
  return () => stage;
}

const consent = ({ party }: BerlinStage, headers: Json, more: Json = {}): Promise<BerlinAnswer> =>
  party.ask('POST', '/v1/consents', { body: { ...CONSENT, access: GLOBAL, ...more }, headers });
const order = (stage: BerlinStage, path: string, more: Json = {}): Promise<BerlinAnswer> =>
  stage.party.ask('POST', path, { body: transfer(stage, more), headers: EMBEDDED });
const approachOf = ({ headers }: BerlinAnswer): string | null => headers.get('aspsp-sca-approach');
const nextOf = ({ body }: BerlinAnswer): readonly string[] =>
  Object.keys(body._links).filter((name) => !['self', 'status', 'scaStatus'].includes(name));

describe('a bank file that says nothing of the standard', () => {
  const stage = bankWith(undefined);
  test('is a bank that prefers the redirect, starts by itself and takes everything', async () => {
    const lodged = await consent(stage(), REDIRECT);
    expect([approachOf(lodged), nextOf(lodged)]).toEqual(['REDIRECT', ['scaRedirect']]);
    const xml = await stage().party.ask('POST', '/v1/payments/pain.001-sepa-credit-transfers', {
      xml: initiation(stage()),
      headers: REDIRECT,
    });
    expect(xml.status).toBe(201);
  });
});

describe('scaApproaches: a bank that would rather have the app, and has no pages', () => {
  const stage = bankWith({ scaApproaches: ['decoupled', 'embedded'] });
  test.each([
    ['no preference', {}, 'DECOUPLED'],
    ['the redirect', { 'tpp-redirect-preferred': 'true' }, 'DECOUPLED'],
    ['neither redirect nor app', EMBEDDED, 'EMBEDDED'],
  ])('%s', async (_wish, wish: Json, approach) => {
    const lodged = await consent(stage(), { ...REDIRECT, ...wish, 'psu-id': stage().payer.customerNumber });
    expect([lodged.status, approachOf(lodged)]).toEqual([201, approach]);
    expect(nextOf(lodged)).not.toContain('scaRedirect');
  });
});

describe('scaApproaches: a bank with nothing but the embedded one', () => {
  const stage = bankWith({ scaApproaches: ['embedded'] });
  test('is followed whatever the third party would rather have', async () => {
    for (const wish of [REDIRECT, { ...REDIRECT, 'tpp-redirect-preferred': 'true' }, DECOUPLED]) {
      expect(approachOf(await consent(stage(), wish))).toBe('EMBEDDED');
    }
  });
  test('cannot show the customer her accounts to pick from', async () => {
    const picking = { access: { accounts: [], balances: [], transactions: [] } };
    expect(refusalOf(await consent(stage(), EMBEDDED, picking))).toBe('400 PARAMETER_NOT_SUPPORTED');
  });
});

describe('scaApproaches: a bank with nothing but the redirect', () => {
  const stage = bankWith({ scaApproaches: ['redirect'] });
  test('needs an address to come back to, and takes no password', async () => {
    expect(refusalOf(await consent(stage(), EMBEDDED))).toBe('400 FORMAT_ERROR');
    const lodged = await consent(stage(), { ...REDIRECT, 'tpp-explicit-authorisation-preferred': 'true' });
    const begun = await stage().party.ask('POST', `/v1/consents/${lodged.body.consentId}/authorisations`, {
      body: { psuData: { password: stage().payer.password } },
      headers: { 'psu-id': stage().payer.customerNumber },
    });
    expect(refusalOf(begun)).toBe('409 STATUS_INVALID');
  });
});

describe('authorisationStart: explicit', () => {
  const stage = bankWith({ authorisationStart: 'explicit' });
  test('the third party begins, unless it would rather not', async () => {
    const lodged = await consent(stage(), REDIRECT);
    const [start = ''] = nextOf(lodged);
    expect(start).toMatch(/^startAuthorisation/);
    const begun = await stage().party.ask('POST', lodged.body._links[start].href, {
      body: {},
      headers: REDIRECT,
    });
    expect([begun.status, begun.body.scaStatus]).toEqual([201, 'received']);
    const other = await consent(stage(), { ...REDIRECT, 'tpp-explicit-authorisation-preferred': 'false' });
    expect(nextOf(other)).toEqual(['scaRedirect']);
  });
});

describe('payments, xml: few products, none of them in XML', () => {
  const stage = bankWith({
    payments: { payments: ['sepa-credit-transfers'], 'bulk-payments': ['target-2-payments'] },
    xml: false,
  });
  test.each([
    ['a product that it has', SEPA, '201'],
    ['a product that it does not have', '/v1/payments/instant-sepa-credit-transfers', '404 PRODUCT_UNKNOWN'],
    ['a service that it does not have', '/v1/periodic-payments/sepa-credit-transfers', '404 PRODUCT_UNKNOWN'],
    ['a product of another service', '/v1/payments/target-2-payments', '404 PRODUCT_UNKNOWN'],
  ])('%s', async (_what, path, told) => {
    const standing = path.includes('periodic') ? { startDate: '2026-09-01', frequency: 'Monthly' } : {};
    expect(refusalOf(await order(stage(), path, standing))).toBe(told);
  });
  test('a product that the rail does not carry so', async () => {
    const { debtorAccount, ...one } = transfer(stage());
    const answer = await stage().party.ask('POST', '/v1/bulk-payments/target-2-payments', {
      body: { debtorAccount, payments: [one] },
      headers: EMBEDDED,
    });
    expect(refusalOf(answer)).toBe('403 PRODUCT_INVALID');
  });
  test('a message in XML', async () => {
    const answer = await stage().party.ask('POST', '/v1/payments/pain.001-sepa-credit-transfers', {
      xml: initiation(stage()),
      headers: REDIRECT,
    });
    expect(refusalOf(answer)).toBe('404 PRODUCT_UNKNOWN');
  });
});

describe('signingBaskets: false', () => {
  const stage = bankWith({ signingBaskets: false });
  test('a basket cannot be made', async () => {
    const { body } = await order(stage(), SEPA);
    const made = await stage().party.ask('POST', '/v1/signing-baskets', {
      body: { paymentIds: [body.paymentId] },
      headers: REDIRECT,
    });
    expect(refusalOf(made)).toBe('405 SERVICE_INVALID');
  });
});

/** One operation of each service that needs no resource. */
const SERVICES = [
  ['AIS', '/v1/consents'],
  ['PIS', SEPA],
  ['PIIS', '/v1/funds-confirmations'],
  ['SBS', '/v1/signing-baskets'],
  ['FUNDS-CONSENT', '/v2/consents/confirmation-of-funds'],
] as const;
const sealedBy = (stage: BerlinStage, path: string, signature: string | undefined): Promise<string> =>
  stage.party.ask('POST', path, { body: {}, headers: { ...REDIRECT, signature } }).then(refusalOf);
const NO_SEAL = 'keyId="SN=1,CA=CN=Wax",algorithm="rsa-sha256",headers="digest x-request-id",signature="AAAA"';
const NO_KEY = 'algorithm="rsa-sha256",headers="digest x-request-id",signature="AAAA"';

describe.each(['none', 'if-present', 'required'])('signatures: %s', (signatures) => {
  const stage = bankWith({ signatures });
  const heard = '400 FORMAT_ERROR';
  test.each(SERVICES)('%s: a request without a seal', async (_service, path) => {
    expect(await sealedBy(stage(), path, undefined)).toBe(signatures === 'required' ? '401 SIGNATURE_MISSING' : heard);
  });
  test.each(SERVICES)('%s: a seal that is none', async (_service, path) => {
    expect(await sealedBy(stage(), path, NO_SEAL)).toBe(signatures === 'none' ? heard : '401 SIGNATURE_INVALID');
  });
  test.each(SERVICES)('%s: a seal that does not say whose it is', async (service, path) => {
    const told = service === 'PIS' ? '401 KID_MISSING' : '401 SIGNATURE_INVALID';
    const answer = await sealedBy(stage(), path, NO_KEY);
    expect(answer).toBe(signatures === 'none' ? heard : told);
  });
});

describe('confirmationCode: true', () => {
  const stage = bankWith({ confirmationCode: true });
  test('a redirect is over when the third party has brought the code that its customer came back with', async () => {
    const lodged = await consent(stage(), REDIRECT);
    const back = await stage().payer.share(lodged.body._links.scaRedirect.href);
    const statusOf = async () =>
      (await stage().party.ask('GET', `/v1/consents/${lodged.body.consentId}/status`)).body.consentStatus;
    expect(await statusOf()).toBe('received');
    const confirmed = await stage().party.ask('PUT', lodged.body._links.confirmation.href, {
      body: { confirmationCode: back.searchParams.get('confirmationCode') },
    });
    expect([confirmed.status, await statusOf()]).toEqual([200, 'valid']);
  });
});

describe('maximumFrequencyPerDay, consentLifetimeDays: a bank that is sparing', () => {
  const stage = bankWith({ maximumFrequencyPerDay: 1, consentLifetimeDays: 30 });
  test('shortens what is asked for, says so, and keeps to it', async () => {
    const id = await stage().consent(GLOBAL, { validUntil: '2027-06-16', frequencyPerDay: 20 });
    const { body } = await stage().party.ask('GET', `/v1/consents/${id}`);
    expect([body.frequencyPerDay, body.validUntil]).toEqual([1, '2026-07-16']);
    const unattended = { 'consent-id': id, 'psu-ip-address': undefined };
    const read = () => stage().party.ask('GET', '/v1/accounts', { headers: unattended });
    expect([(await read()).status, refusalOf(await read())]).toEqual([200, '429 ACCESS_EXCEEDED']);
    await stage().sandbox.clock.advance('P31D');
    expect(refusalOf(await read())).toBe('401 CONSENT_EXPIRED');
  });
});

describe('a wrong value in the file', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sandbank-wrong-'));
  afterAll(() => {
    rmSync(dataDir, { recursive: true, force: true });
  });

  test.each<[string, Json]>([
    ['scaApproaches', ['telepathy']],
    ['authorisationStart', 'late'],
    ['payments.payments', undefined],
    ['xml', 'yes'],
    ['signingBaskets', 1],
    ['signatures', 'maybe'],
    ['confirmationCode', 'perhaps'],
    ['maximumFrequencyPerDay', 0],
    ['consentLifetimeDays', 'long'],
    ['colour', 'blue'],
  ])('%s refuses the start with exit code 3 and its name', async (key, value) => {
    const settings = key === 'payments.payments' ? { payments: { payments: ['pigeons'] } } : { [key]: value };
    using fixtures = fixturesWith({ banks: { dogger: { 'berlin-group': settings } } });
    const told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const code = await main([
      'start',
      ...['--data-dir', dataDir, '--port', '0', '--history-months', '1', '--fixtures', fixtures.dir],
    ]);
    const text = told.mock.calls.join('');
    told.mockRestore();
    expect([code, text]).toEqual([3, expect.stringContaining(`berlin-group are wrong at ${key}.`)]);
  });
});
