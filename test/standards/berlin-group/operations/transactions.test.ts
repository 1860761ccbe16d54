import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MS_PER_DAY, plusMs } from '../../../../src/kernel/index.js';
import { codesOf, ibanOf, openWorld, START, type Json, type World } from '../world.js';

let world: World;
let headers: Json;
beforeAll(async () => {
  world = await openWorld();
  headers = { 'consent-id': await world.consent({ allPsd2: 'allAccounts' }) };
});
afterAll(() => world.close());

const list = (query: string, more: Json = {}) =>
  world.ask('GET', `/v1/accounts/${world.giro.id}/transactions?${query}`, { headers: { ...headers, ...more } });

describe('berlin-group transactions', () => {
  test('getTransactionList: booked ones of the period, newest first, signed, with both sides', async () => {
    const { status, body } = await list('bookingStatus=booked&dateFrom=2026-10-01&withBalance=true');
    expect(status).toBe(200);
    expect(body.transactions).not.toHaveProperty('pending');
    expect(body.transactions.booked.map((one: Json) => one.transactionAmount.amount)).toEqual([
      '-15.00',
      '-800.00',
      '-24.90',
    ]);
    expect(body.transactions.booked[1]).toMatchObject({
      creditorName: 'Hausverwaltung Nordwind',
      creditorAccount: { iban: 'DE02500105170137075030' },
      debtorAccount: { iban: ibanOf(world.giro) },
      remittanceInformationUnstructured: 'MIETE',
      bankTransactionCode: 'PMNT-ICDT-STDO',
      bookingDate: '2026-11-05',
    });
    expect(body.balances).toHaveLength(2);
    expect(body.transactions._links.account.href).toContain(`/v1/accounts/${world.giro.id}`);
  });

  test('getTransactionList: what is pending, alone and beside what is booked', async () => {
    const paid = await world.ask('POST', '/v1/payments/sepa-credit-transfers', {
      body: {
        debtorAccount: { iban: ibanOf(world.giro) },
        instructedAmount: { currency: 'EUR', amount: '5.00' },
        creditorAccount: { iban: ibanOf(world.emils) },
        creditorName: 'Emil Okafor',
      },
      headers: { 'tpp-redirect-uri': 'https://tpp.example/back' },
    });
    await world.redirect(paid.body.paymentId, []);
    const alone = await list('bookingStatus=pending&dateFrom=2026-11-01');
    expect(alone.body.transactions.pending).toHaveLength(1);
    expect(alone.body.transactions).not.toHaveProperty('booked');
    const both = await list('bookingStatus=both&dateFrom=2026-11-01');
    expect([both.body.transactions.pending.length, both.body.transactions.booked.length]).toEqual([1, 2]);
    const all = await list('bookingStatus=all&dateFrom=2026-11-01');
    expect(all.body.transactions.information).toEqual([]);
  });

  test('getTransactionList: everything after an entry', async () => {
    const { body } = await list('bookingStatus=booked&dateFrom=2026-01-01');
    const third = body.transactions.booked[2].entryReference;
    const after = await list(`bookingStatus=booked&entryReferenceFrom=${third}`);
    expect(after.body.transactions.booked).toEqual(body.transactions.booked.slice(0, 2));
    const unknown = await list('bookingStatus=booked&entryReferenceFrom=nothing');
    expect([unknown.status, codesOf(unknown)]).toEqual([400, ['RESOURCE_UNKNOWN']]);
  });

  test.each([
    ['bookingStatus=booked', 'FORMAT_ERROR'],
    ['dateFrom=2026-01-01', 'FORMAT_ERROR'],
    ['bookingStatus=sometimes&dateFrom=2026-01-01', 'FORMAT_ERROR'],
    ['bookingStatus=booked&dateFrom=2026-02-31', 'FORMAT_ERROR'],
    ['bookingStatus=booked&dateFrom=2026-03-01&dateTo=2026-02-01', 'PERIOD_INVALID'],
    ['bookingStatus=booked&dateFrom=2027-03-01', 'PERIOD_INVALID'],
    ['bookingStatus=booked&entryReferenceFrom=x&deltaList=true', 'PARAMETER_NOT_CONSISTENT'],
  ])('getTransactionList: refuses %s', async (query, code) => {
    const answer = await list(query);
    expect([answer.status, codesOf(answer)]).toEqual([400, [code]]);
  });

  test('getTransactionList: a statement in XML, a report where pending ones are asked for', async () => {
    const accept = { accept: 'application/xml' };
    const statement = await list('bookingStatus=booked&dateFrom=2026-10-01', accept);
    expect(statement.headers.get('content-type')).toBe('application/xml');
    expect(statement.text).toContain('urn:iso:std:iso:20022:tech:xsd:camt.053.001.02');
    expect(statement.text.match(/<Ntry>/g)).toHaveLength(3);
    expect(statement.text).toMatch(/OPBD[\s\S]*?2400\.00[\s\S]*?CLBD[\s\S]*?1560\.10/);
    const report = await list('bookingStatus=both&dateFrom=2026-10-01', accept);
    expect(report.text).toContain('urn:iso:std:iso:20022:tech:xsd:camt.052.001.02');
    expect(report.text).toContain('PDNG');
    const plain = await list('bookingStatus=booked&dateFrom=2026-10-01', { accept: 'text/plain' });
    expect([plain.status, codesOf(plain)]).toEqual([406, ['REQUESTED_FORMATS_INVALID']]);
    expect((await list('bookingStatus=information', accept)).status).toBe(406);
  });

  test('getTransactionDetails: one of the account, and none of another', async () => {
    const { body } = await list('bookingStatus=booked&dateFrom=2026-10-01');
    const { href } = body.transactions.booked[1]._links.transactionDetails;
    const one = await world.ask('GET', href, { headers });
    const { _links: _self, ...line } = body.transactions.booked[1];
    expect(one.body.transactionsDetails.transactionDetails).toEqual(line);
    const none = await world.ask('GET', `/v1/accounts/${world.giro.id}/transactions/${world.savings.id}-1`, {
      headers,
    });
    expect([none.status, codesOf(none)]).toEqual([403, ['RESOURCE_UNKNOWN']]);
  });

  test('getTransactionList: long lists have pages, and one frequency covers all pages', async () => {
    const own = await openWorld();
    try {
      const equity = await own.storage.transaction((tx) => own.bank.ledger.internal(tx, 'opening-equity', 'EUR'));
      await own.storage.transaction(async (tx) => {
        for (let day = 1; day <= 230; day += 1) {
          await own.bank.ledger.post(
            tx,
            {
              bank: 'dogger',
              currency: 'EUR',
              bookedAt: plusMs(START, day - MS_PER_DAY),
              postings: [
                {
                  account: own.savings.ledgerAccount,
                  amountMinor: 100n,
                  detail: { code: 'refund', text: `LINE ${day}` },
                },
                { account: equity, amountMinor: -100n },
              ],
            },
            { force: true },
          );
        }
      });
      const consent = await own.consent({ allPsd2: 'allAccounts' }, { frequencyPerDay: 1 });
      const alone = { headers: { 'consent-id': consent, 'psu-ip-address': undefined } };
      const seen: string[] = [];
      let href = `/v1/accounts/${own.savings.id}/transactions?bookingStatus=booked&dateFrom=2026-01-01`;
      let last: Json;
      for (let pages = 0; href !== undefined && pages < 9; pages += 1) {
        last = await own.ask('GET', href, alone);
        expect(last.status).toBe(200);
        seen.push(...last.body.transactions.booked.map((one: Json) => one.transactionId));
        href = last.body.transactions._links.next?.href;
      }
      expect([seen.length, new Set(seen).size]).toEqual([231, 231]);
      expect(Object.keys(last.body.transactions._links)).toEqual(['account', 'first', 'previous']);
    } finally {
      await own.close();
    }
  });
});
