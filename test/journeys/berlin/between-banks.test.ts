import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { ukIban } from '../../../src/bank/accounts/iban.js';
import type { Sandbox } from '../../../src/index.js';
import { createTlsClient } from '../../../src/sandbox/tls-client.js';
import { EMBEDDED, newBerlinParty, REDIRECT, type BerlinParty, type Json } from '../../support/berlin-party.js';
import { personOf, type Person } from '../../support/berlin-stage.js';
import { customerOf, type Customer } from '../../support/customer.js';
import { fixturesWith, type Fixtures } from '../../support/fixtures.js';
import { newThirdParty, startTestSandbox } from '../../support/test-sandbox.js';
import type { ThirdParty } from '../../support/third-party.js';
import { accessTo, bodyOf, transactionsOf } from '../../support/uk-bank.js';
import {
  approvedAbroad,
  payAbroad,
  planAbroad,
  readAbroad,
  type WirePaymentAbroad,
} from '../../support/uk-payments-abroad.js';

const SHOAL = { from: 'dogger', name: 'Shoal Bank', bankCode: '90090010', bic: 'SHOADEFFXXX' };
type EuroBank = 'dogger' | 'shoal';

let fixtures: Fixtures;
let sandbox: Sandbox;
let party: BerlinParty;
let british: ThirdParty;
let payee: Customer;
const people = new Map<
  EuroBank,
  { readonly number: string; readonly name: string; readonly iban: string; readonly id: string }
>();
beforeAll(async () => {
  fixtures = fixturesWith({ banks: { shoal: SHOAL } });
  sandbox = await startTestSandbox({ historyMonths: 2, fixturesDir: fixtures.dir });
  party = await newBerlinParty(sandbox, { banks: ['dogger', 'shoal'] });
  british = await newThirdParty(sandbox);
  payee = await customerOf(sandbox, 'salaried-renter');
  const dogger: Person = await personOf(sandbox, 'salaried-renter');
  people.set('dogger', {
    number: dogger.customerNumber,
    name: dogger.name,
    iban: dogger.ibans[0]!,
    id: dogger.accounts[0]!.id,
  });
  const known = (await sandbox.bank('shoal').customers()).find(({ persona }) => persona === 'salaried-renter')!;
  const [account] = known.accounts;
  people.set('shoal', {
    number: known.customerNumber,
    name: known.name,
    iban: account!.identification,
    id: account!.id,
  });
}, 180_000);
afterAll(async () => {
  await british?.close();
  await party?.close();
  await sandbox?.stop();
  fixtures?.remove();
});

const ask = (bank: EuroBank, method: 'GET' | 'POST', path: string, call: Json = {}) => {
  const base = sandbox.bank(bank).standards.find(({ id }) => id === 'berlin-group')?.baseUrl ?? '';
  return party.ask(method, `${base}${path}`, call);
};

/** Lodged, and approved by the payer on the pages of her bank. */
async function pay(bank: EuroBank, product: string, body: Json): Promise<string> {
  const { iban, number } = people.get(bank)!;
  const answer = await ask(bank, 'POST', `/v1/payments/${product}`, {
    body: { debtorAccount: { iban }, ...body },
    headers: { ...REDIRECT, ...EMBEDDED },
  });
  expect([answer.status, answer.status === 201 ? '' : answer.text]).toEqual([201, '']);
  const { paymentId } = answer.body;
  await sandbox.bank(bank).authoriseConsent({ consentId: paymentId, customer: number, decision: 'approve' });
  return `/v1/payments/${product}/${paymentId}/status`;
}

/** One due item after the other, until the payment has come to its end; all books are right after each of them. */
async function untilEnd(bank: EuroBank, statusPath: string): Promise<string> {
  for (let step = 0; step < 400; step += 1) {
    const { transactionStatus } = (await ask(bank, 'GET', statusPath)).body;
    if (['ACCC', 'RJCT'].includes(transactionStatus)) return transactionStatus;
    await sandbox.clock.advanceToNext();
    const { ok, checks } = await sandbox.verify();
    expect(ok ? [] : checks.filter((check) => !check.ok)).toEqual([]);
  }
  throw new Error('the payment never ends');
}

/** What each bank owes the others, as the trial balance tells it: `bramble EUR` -> 7500. */
async function owed(): Promise<Readonly<Record<string, number>>> {
  const client = createTlsClient({ ca: sandbox.caPem });
  const answer = await client.call(`${sandbox.status.publicOrigin}/_sandbox/trial-balance`, {
    headers: { authorization: `Bearer ${sandbox.controlToken}` },
  });
  await client.close();
  const { balanced, clearing } = JSON.parse(answer.body) as {
    balanced: boolean;
    clearing: { currency: string; owedMinor: string; banks: { bank: string; owedMinor: string }[] }[];
  };
  expect([balanced, ...clearing.map(({ owedMinor }) => owedMinor)]).toEqual([true, ...clearing.map(() => '0')]);
  return Object.fromEntries(
    clearing.flatMap(({ currency, banks }) =>
      banks.map(({ bank, owedMinor }) => [`${bank} ${currency}`, Number(owedMinor)]),
    ),
  );
}

/** The lines of a giro account with that id of the payer's. */
async function linesOf(bank: EuroBank, endToEndId: string): Promise<readonly Json[]> {
  const { iban, id, number } = people.get(bank)!;
  const { body } = await ask(bank, 'POST', '/v1/consents', {
    body: {
      access: { transactions: [{ iban }] },
      recurringIndicator: false,
      validUntil: '2026-12-31',
      frequencyPerDay: 1,
      combinedServiceIndicator: false,
    },
    headers: { ...REDIRECT, ...EMBEDDED },
  });
  const { consentId } = body;
  await sandbox.bank(bank).authoriseConsent({ consentId, customer: number, decision: 'approve' });
  const answer = await ask(bank, 'GET', `/v1/accounts/${id}/transactions?bookingStatus=booked&dateFrom=2026-06-16`, {
    headers: { 'consent-id': consentId },
  });
  return answer.body.transactions.booked.filter((line: Json) => line.endToEndId === endToEndId);
}

describe('a payment between banks', () => {
  test('in pounds from Dogger Bank arrives at Bramble Bank to the penny, and both say what it cost', async () => {
    const number = payee.accounts[0]?.identification ?? '';
    const status = await pay('dogger', 'cross-border-credit-transfers', {
      endToEndIdentification: 'NACH-LONDON',
      instructedAmount: { currency: 'GBP', amount: '40.00' },
      creditorAccount: { iban: ukIban('BRMBGB2LXXX', number.slice(0, 6), number.slice(6)) },
      creditorName: payee.name,
      remittanceInformationUnstructured: 'TO LONDON',
    });
    expect(await untilEnd('dogger', status)).toBe('ACCC');

    const [line] = await linesOf('dogger', 'NACH-LONDON');
    expect(line.currencyExchange).toEqual([
      expect.objectContaining({ sourceCurrency: 'EUR', targetCurrency: 'GBP', unitCurrency: 'EUR' }),
    ]);
    const paid = -Number(line.transactionAmount.amount) * Number(line.currencyExchange[0].exchangeRate);
    expect(paid).toBeGreaterThanOrEqual(40);
    expect(paid).toBeLessThan(40.02);

    const access = await accessTo(british, payee);
    const arrived = (await transactionsOf(british, access.token, payee.accounts[0]?.id ?? '')).find(
      ({ TransactionReference }: Json) => TransactionReference === 'TO LONDON',
    );
    expect(arrived).toMatchObject({ CreditDebitIndicator: 'Credit', Amount: { Amount: '40.00', Currency: 'GBP' } });
  });

  test.each<[EuroBank, EuroBank]>([
    ['dogger', 'shoal'],
    ['shoal', 'dogger'],
  ])('in euros by SEPA instant goes from %s to %s', async (from, to) => {
    const { iban, name } = people.get(to)!;
    const endToEndIdentification = `${from}-${to}`.toUpperCase();
    const status = await pay(from, 'instant-sepa-credit-transfers', {
      endToEndIdentification,
      instructedAmount: { currency: 'EUR', amount: '12.50' },
      creditorAccount: { iban },
      creditorName: name,
      remittanceInformationUnstructured: 'HIN UND HER',
    });
    expect(await untilEnd(from, status)).toBe('ACCC');
    const amounts = async (bank: EuroBank) =>
      (await linesOf(bank, endToEndIdentification)).map(({ transactionAmount }) => transactionAmount);
    expect(await amounts(from)).toEqual([{ amount: '-12.50', currency: 'EUR' }]);
    expect(await amounts(to)).toEqual([{ amount: '12.50', currency: 'EUR' }]);
  });

  test('from Bramble Bank in euros and back in pounds arrives, and what the banks owe each other is what was sent', async () => {
    const before = await owed();
    const plan = planAbroad({ amount: '75.00', payee: people.get('dogger')! });
    const granted = await approvedAbroad(british, payee, plan);
    const there = bodyOf(await payAbroad(british, plan, granted), 201).Data.InternationalPaymentId;
    for (let status = ''; status !== 'ACCC';) {
      await sandbox.clock.advanceToNext();
      expect((await sandbox.verify()).checks.filter(({ ok }) => !ok)).toEqual([]);
      status = bodyOf(await readAbroad<WirePaymentAbroad>(british, `/international-payments/${there}`), 200).Data
        .Status;
      expect(['RCVD', 'ACTC', 'ACSP', 'ACSC', 'ACCC', 'PDNG', 'ACCP', 'ACWC']).toContain(status);
    }
    const [arrived] = await linesOf('dogger', String(plan.initiation['EndToEndIdentification']));
    expect(arrived?.transactionAmount).toEqual({ amount: '75.00', currency: 'EUR' });

    const number = payee.accounts[0]?.identification ?? '';
    const back = await pay('dogger', 'cross-border-credit-transfers', {
      endToEndIdentification: 'ZURUECK',
      instructedAmount: { currency: 'GBP', amount: '60.00' },
      creditorAccount: { iban: ukIban('BRMBGB2LXXX', number.slice(0, 6), number.slice(6)) },
      creditorName: payee.name,
    });
    expect(await untilEnd('dogger', back)).toBe('ACCC');
    const after = await owed();
    const moved = (key: string): number => (after[key] ?? 0) - (before[key] ?? 0);
    expect(['bramble EUR', 'dogger EUR', 'bramble GBP', 'dogger GBP'].map(moved)).toEqual([
      7_500, -7_500, -6_000, 6_000,
    ]);
  });
});
