import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { EMBEDDED, refusalOf, type Json } from '../../support/berlin-party.js';
import { CONSENT, openBerlinStage, type BerlinStage } from '../../support/berlin-stage.js';

let stage: BerlinStage;
beforeAll(async () => {
  stage = await openBerlinStage();
}, 120_000);
afterAll(() => stage?.close());

const read = (path: string, consentId: string, headers: Json = {}) =>
  stage.party.ask('GET', path, { headers: { 'consent-id': consentId, ...headers } });
const statusOf = async (id: string): Promise<string> =>
  (await stage.party.ask('GET', `/v1/consents/${id}/status`)).body.consentStatus;
const account = (index: number) => `/v1/accounts/${stage.payer.accounts[index]?.id ?? ''}`;
const BOOKED = '/transactions?bookingStatus=booked&dateFrom=2026-04-20';
const SHUT = '401 CONSENT_INVALID';

/** What each kind of consent opens: the giro account and then the savings. */
const KINDS: readonly [
  string,
  () => Json,
  Readonly<Record<'list' | 'balances' | 'transactions', readonly string[]>>,
][] = [
  [
    'detailed',
    () => ({ balances: [{ iban: stage.payer.ibans[0] }], transactions: [{ iban: stage.payer.ibans[1] }] }),
    { list: ['200', '2'], balances: ['200', SHUT], transactions: [SHUT, '200'] },
  ],
  [
    'bank-offered',
    () => ({ accounts: [], balances: [] }),
    { list: ['200', '2'], balances: ['200', '200'], transactions: [SHUT, SHUT] },
  ],
  [
    'global',
    () => ({ allPsd2: 'allAccounts' }),
    { list: ['200', '2'], balances: ['200', '200'], transactions: ['200', '200'] },
  ],
  [
    'available accounts',
    () => ({ availableAccounts: 'allAccounts' }),
    { list: ['200', '2'], balances: [SHUT, SHUT], transactions: [SHUT, SHUT] },
  ],
  [
    'available accounts with balances',
    () => ({ availableAccountsWithBalance: 'allAccounts' }),
    { list: ['200', '2'], balances: [SHUT, SHUT], transactions: [SHUT, SHUT] },
  ],
];

describe('what a consent opens', () => {
  test.each(KINDS)('%s', async (kind, access, opens) => {
    const id = await stage.consent(access());
    const list = await read('/v1/accounts', id);
    expect([refusalOf(list), String(list.body.accounts.length)]).toEqual(opens.list);
    const hasBalances = list.body.accounts.every((one: Json) => one.balances !== undefined);
    expect(hasBalances).toBe(kind === 'available accounts with balances');
    const balances = await Promise.all([0, 1].map((index) => read(`${account(index)}/balances`, id)));
    expect(balances.map(refusalOf)).toEqual(opens.balances);
    const transactions = await Promise.all([0, 1].map((index) => read(account(index) + BOOKED, id)));
    expect(transactions.map(refusalOf)).toEqual(opens.transactions);
  });
});

describe('transactions', () => {
  test('every line of the period is on one of the pages and in the statement in XML', async () => {
    const id = await stage.consent({ allPsd2: 'allAccounts' });
    const lines: string[] = [];
    let next: string | undefined = account(0) + BOOKED;
    while (next !== undefined) {
      const { body }: Json = await read(next, id);
      lines.push(...body.transactions.booked.map(({ transactionId }: Json) => transactionId));
      next = body.transactions._links.next?.href;
    }
    expect(lines.length).toBeGreaterThan(20);
    expect(new Set(lines).size).toBe(lines.length);
    const xml = await read(account(0) + BOOKED, id, { accept: 'application/xml' });
    expect(xml.headers.get('content-type')).toMatch(/^application\/xml/);
    expect(xml.text).toContain('urn:iso:std:iso:20022:tech:xsd:camt.053.001.02');
    expect(xml.text.match(/<Ntry>/g)).toHaveLength(lines.length);
    const report = await read(account(0) + BOOKED.replace('booked', 'both'), id, { accept: 'application/xml' });
    expect(report.text).toContain('urn:iso:std:iso:20022:tech:xsd:camt.052.001.02');
  });
});

describe('the life of a consent', () => {
  test('without its customer a resource is read as often a day as was agreed', async () => {
    const id = await stage.consent({ allPsd2: 'allAccounts' }, { frequencyPerDay: 2 });
    const alone = { 'psu-ip-address': undefined };
    const answers = [];
    for (let turn = 0; turn < 3; turn += 1) answers.push(refusalOf(await read('/v1/accounts', id, alone)));
    expect(answers).toEqual(['200', '200', '429 ACCESS_EXCEEDED']);
    expect(refusalOf(await read('/v1/accounts', id))).toBe('200');
    await stage.sandbox.clock.advance('P1D');
    expect(refusalOf(await read('/v1/accounts', id, alone))).toBe('200');
  });

  test('a consent to read once is read on one occasion, and leaves a recurring one alone', async () => {
    const recurring = await stage.consent({ allPsd2: 'allAccounts' });
    const once = await stage.consent({ allPsd2: 'allAccounts' }, { recurringIndicator: false, frequencyPerDay: 1 });
    expect(refusalOf(await read('/v1/accounts', once))).toBe('200');
    expect(await statusOf(recurring)).toBe('valid');
    const often = await stage.party.ask('POST', '/v1/consents', {
      body: { ...CONSENT, access: { allPsd2: 'allAccounts' }, recurringIndicator: false },
      headers: EMBEDDED,
    });
    expect(refusalOf(often)).toBe('400 PARAMETER_NOT_CONSISTENT');
  });

  test('a new recurring consent ends the one before', async () => {
    const old = await stage.consent({ allPsd2: 'allAccounts' });
    const young = await stage.consent({ allPsd2: 'allAccounts' });
    expect([await statusOf(old), await statusOf(young)]).toEqual(['terminatedByTpp', 'valid']);
    expect(refusalOf(await read('/v1/accounts', old))).toBe(SHUT);
  });

  test('DELETE ends it: terminatedByTpp, and nothing more is read', async () => {
    const id = await stage.consent({ allPsd2: 'allAccounts' });
    expect((await stage.party.ask('DELETE', `/v1/consents/${id}`)).status).toBe(204);
    expect(await statusOf(id)).toBe('terminatedByTpp');
    for (const path of ['/v1/accounts', `${account(0)}/balances`, account(0) + BOOKED]) {
      expect(refusalOf(await read(path, id))).toBe(SHUT);
    }
  });

  test('it ends with its last day', async () => {
    const validUntil = stage.sandbox.clock.now().slice(0, 10);
    const id = await stage.consent({ allPsd2: 'allAccounts' }, { validUntil });
    expect(refusalOf(await read('/v1/accounts', id))).toBe('200');
    await stage.sandbox.clock.advance('P1D');
    expect(await statusOf(id)).toBe('expired');
    expect(refusalOf(await read('/v1/accounts', id))).toBe('401 CONSENT_EXPIRED');
  });
});
