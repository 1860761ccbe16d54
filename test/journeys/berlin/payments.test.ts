import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { ukIban } from '../../../src/bank/accounts/iban.js';
import {
  DECOUPLED,
  DONE,
  EMBEDDED,
  FAILED,
  REDIRECT,
  refusalOf,
  type BerlinAnswer,
  type Json,
} from '../../support/berlin-party.js';
import { openBerlinStage, type BerlinStage, type Person } from '../../support/berlin-stage.js';
import { initiation, standingOrder, transfer } from './orders.js';

let stage: BerlinStage;
beforeAll(async () => {
  stage = await openBerlinStage();
}, 120_000);
afterAll(() => stage?.close());

const read = async (href: string): Promise<Json> => (await stage.party.ask('GET', href)).body;
const statusOf = async ({ body }: BerlinAnswer): Promise<string> =>
  (await read(body._links.status.href)).transactionStatus;
const lodge = (path: string, body: Json, headers: Json = EMBEDDED) =>
  stage.party.ask('POST', `/v1/${path}`, { body, headers });
const lodgeXml = (path: string, xml: string, headers: Json = EMBEDDED) =>
  stage.party.ask('POST', `/v1/${path}`, { xml, headers });

/** The payer authorises at the third party. */
const authorise = async (answer: BerlinAnswer): Promise<void> => {
  expect([answer.status, answer.body.transactionStatus ?? answer.text]).toEqual([201, 'RCVD']);
  expect(await stage.embedded(answer.body._links.updatePsuAuthentication.href)).toMatchObject({
    scaStatus: 'finalised',
  });
};
/** What bears the reference in somebody's giro account, as that person's bank tells it. */
const linesOf = async (person: Person, reference: string): Promise<readonly string[]> => {
  const consent = await stage.party.ask('POST', '/v1/consents', {
    body: {
      access: { transactions: [{ iban: person.ibans[0] }] },
      recurringIndicator: false,
      validUntil: '2026-12-31',
      frequencyPerDay: 1,
      combinedServiceIndicator: false,
    },
    headers: EMBEDDED,
  });
  await stage.embedded(consent.body._links.updatePsuAuthentication.href, person);
  const { body } = await stage.party.ask(
    'GET',
    `/v1/accounts/${person.accounts[0]?.id ?? ''}/transactions?bookingStatus=booked&dateFrom=2026-06-16`,
    { headers: { 'consent-id': consent.body.consentId } },
  );
  return body.transactions.booked
    .filter((line: Json) => line.remittanceInformationUnstructured === reference)
    .map((line: Json) => line.transactionAmount.amount);
};
const settled = () => stage.sandbox.clock.advance('P6D');
const isSound = async (): Promise<boolean> => (await stage.sandbox.verify()).ok;
const inDays = (days: number): string =>
  new Date(Date.parse(stage.sandbox.clock.now()) + days * 86_400_000).toISOString().slice(0, 10);

const PRODUCTS = [
  ['sepa-credit-transfers', { serviceLevel: { code: 'SEPA' } }],
  ['instant-sepa-credit-transfers', { serviceLevel: { code: 'SEPA' }, localInstrument: { code: 'INST' } }],
  ['target-2-payments', { serviceLevel: { code: 'URGP' } }],
  ['cross-border-credit-transfers', { serviceLevel: { code: 'SDVA' } }],
] as const;

describe('single payments', () => {
  test.each(PRODUCTS.map(([product]) => product))(
    '%s in JSON: from RCVD to ACCC, out of one account and into the other',
    async (product) => {
      const remittanceInformationUnstructured = `JSON-${product}`.slice(0, 35);
      const answer = await lodge(`payments/${product}`, transfer(stage, { remittanceInformationUnstructured }));
      await authorise(answer);
      await settled();
      expect(await statusOf(answer)).toBe('ACCC');
      expect(await read(answer.body._links.self.href)).toMatchObject({
        remittanceInformationUnstructured,
        transactionStatus: 'ACCC',
      });
      expect(await linesOf(stage.payer, remittanceInformationUnstructured)).toEqual(['-12.50']);
      expect(await linesOf(stage.payee, remittanceInformationUnstructured)).toEqual(['12.50']);
      expect(await isSound()).toBe(true);
    },
  );

  test.each(PRODUCTS)('%s as pain.001: read back as it was sent, and answered with pain.002', async (product, type) => {
    const xml = initiation(stage, { type });
    const answer = await lodgeXml(`payments/pain.001-${product}`, xml);
    await authorise(answer);
    await settled();
    const { text, headers } = await stage.party.ask('GET', answer.body._links.self.href);
    expect([headers.get('content-type')?.split(';')[0], text]).toEqual(['application/xml', xml]);
    const report = await stage.party.ask('GET', answer.body._links.status.href, {
      headers: { accept: 'application/xml' },
    });
    expect(report.text).toContain('urn:iso:std:iso:20022:tech:xsd:pain.002.001.03');
    expect(report.text).toContain('<OrgnlMsgId>AUFTRAG-2041</OrgnlMsgId>');
    // The pain.002 of this version has no ACCC.
    expect(report.text).toContain('<TxSts>ACSC</TxSts>');
    expect(await statusOf(answer)).toBe('ACCC');
    expect(await isSound()).toBe(true);
  });

  test('by redirect the customer agrees on the pages of the bank, or does not', async () => {
    const yes = await lodge('payments/sepa-credit-transfers', transfer(stage), REDIRECT);
    expect((await stage.payer.pay(yes.body._links.scaRedirect.href)).href).toBe(DONE);
    const no = await lodge('payments/sepa-credit-transfers', transfer(stage), REDIRECT);
    expect((await stage.payer.deny(no.body._links.scaRedirect.href)).href).toBe(FAILED);
    await settled();
    expect([await statusOf(yes), await statusOf(no)]).toEqual(['ACCC', 'RJCT']);
  });

  test('decoupled the customer agrees on her phone', async () => {
    const customer = stage.payer.customerNumber;
    const headers = { ...DECOUPLED, 'psu-id': customer };
    const answer = await lodge('payments/instant-sepa-credit-transfers', transfer(stage), headers);
    const { paymentId: consentId } = answer.body;
    await stage.sandbox.bank('dogger').authoriseConsent({ consentId, customer, decision: 'approve' });
    await settled();
    expect(await statusOf(answer)).toBe('ACCC');
  });

  test('more than there is: RJCT, and why', async () => {
    const instructedAmount = { currency: 'EUR', amount: '987654.00' };
    const answer = await lodge('payments/sepa-credit-transfers', transfer(stage, { instructedAmount }));
    await authorise(answer);
    expect(await read(answer.body._links.status.href)).toMatchObject({
      transactionStatus: 'RJCT',
      fundsAvailable: false,
    });
  });
});

describe('payments to other banks', () => {
  test('a bank outside: the money has left, and the books balance', async () => {
    const answer = await lodge(
      'payments/sepa-credit-transfers',
      transfer(stage, {
        creditorAccount: { iban: 'DE02120300000000202051' },
        creditorName: 'Hausverwaltung Nordwind',
        remittanceInformationUnstructured: 'NACH DRAUSSEN',
      }),
    );
    await authorise(answer);
    await settled();
    expect(await statusOf(answer)).toBe('ACCC');
    expect(await linesOf(stage.payer, 'NACH DRAUSSEN')).toEqual(['-12.50']);
    expect(await isSound()).toBe(true);
  });

  test('an account of Bramble Bank, which is in pounds and exchanges what arrives: ACCC', async () => {
    const [bramble] = await stage.sandbox.bank('bramble').customers();
    const number = bramble?.accounts[0]?.identification ?? '';
    const iban = ukIban('BRMBGB2LXXX', number.slice(0, 6), number.slice(6));
    const answer = await lodge(
      'payments/cross-border-credit-transfers',
      transfer(stage, {
        creditorAccount: { iban },
        creditorName: bramble?.name,
        remittanceInformationUnstructured: 'NACH LONDON',
      }),
    );
    await authorise(answer);
    await settled();
    expect(await statusOf(answer)).toBe('ACCC');
    expect(await linesOf(stage.payer, 'NACH LONDON')).toEqual(['-12.50']);
    expect(await isSound()).toBe(true);
  });
});

describe('payments of another day', () => {
  test.each(['JSON', 'pain.001'])('%s: nothing moves before the day', async (form) => {
    const day = inDays(14);
    const isXml = form === 'pain.001';
    const remittanceInformationUnstructured = 'SPAETER';
    const answer = isXml
      ? await lodgeXml('payments/pain.001-sepa-credit-transfers', initiation(stage, { day }))
      : await lodge(
          'payments/sepa-credit-transfers',
          transfer(stage, { requestedExecutionDate: day, remittanceInformationUnstructured }),
        );
    await authorise(answer);
    await stage.sandbox.clock.advance('P7D');
    expect(await statusOf(answer)).toBe('ACTC');
    await stage.sandbox.clock.advance('P14D');
    expect(await statusOf(answer)).toBe('ACCC');
    if (!isXml) expect(await linesOf(stage.payee, remittanceInformationUnstructured)).toEqual(['12.50']);
  });
});

describe('bulk payments', () => {
  const PATHS = ['sepa-credit-transfers', 'instant-sepa-credit-transfers', 'cross-border-credit-transfers'] as const;

  test.each(PATHS)('%s in JSON: one code, each transfer arrives', async (product) => {
    const { debtorAccount, ...one } = transfer(stage, {
      remittanceInformationUnstructured: `SAMMLER-${product}`.slice(0, 35),
    });
    const payments = [one, { ...one, instructedAmount: { currency: 'EUR', amount: '7.25' } }];
    const answer = await lodge(`bulk-payments/${product}`, { debtorAccount, payments, batchBookingPreferred: false });
    await authorise(answer);
    await settled();
    expect(await statusOf(answer)).toBe('ACCC');
    expect([...(await linesOf(stage.payee, one.remittanceInformationUnstructured))].sort()).toEqual(['12.50', '7.25']);
  });

  test('pain.001: the report has a status for each transfer, and of which one fails is PART', async () => {
    const xml = initiation(stage, { amounts: ['3.00', '987654.00'] });
    const answer = await lodgeXml('bulk-payments/pain.001-sepa-credit-transfers', xml);
    await authorise(answer);
    await settled();
    const report = await stage.party.ask('GET', answer.body._links.status.href, {
      headers: { accept: 'application/xml' },
    });
    expect(report.text.match(/<(?:GrpSts|TxSts|Cd)>\w+/g)).toEqual([
      '<GrpSts>PART',
      '<TxSts>ACSC',
      '<TxSts>RJCT',
      '<Cd>AM04',
    ]);
    expect(await isSound()).toBe(true);
  });
});

describe('periodic payments', () => {
  test.each(['sepa-credit-transfers', 'instant-sepa-credit-transfers'])(
    '%s: every week until its end',
    async (product) => {
      const terms = { startDate: inDays(2), endDate: inDays(17), frequency: 'Weekly', executionRule: 'following' };
      const remittanceInformationUnstructured = `DAUER-${product}`.slice(0, 35);
      const answer = await lodge(`periodic-payments/${product}`, {
        ...transfer(stage, { remittanceInformationUnstructured }),
        ...terms,
      });
      await authorise(answer);
      expect(await statusOf(answer)).toBe('ACTC');
      await stage.sandbox.clock.advance('P28D');
      expect(await linesOf(stage.payee, remittanceInformationUnstructured)).toEqual(['12.50', '12.50', '12.50']);
      expect(await statusOf(answer)).toBe('ACCC');
    },
  );

  test('pain.001 with its terms beside it', async () => {
    const { xml, contentType } = standingOrder(initiation(stage), { startDate: inDays(2), frequency: 'Monthly' });
    const headers = { ...EMBEDDED, 'content-type': contentType };
    const answer = await lodgeXml('periodic-payments/pain.001-sepa-credit-transfers', xml, headers);
    await authorise(answer);
    await stage.sandbox.clock.advance('P10D');
    expect(await statusOf(answer)).toBe('ACSP');
  });
});

describe('cancellation', () => {
  test('what nobody agreed to yet goes at once', async () => {
    const answer = await lodge('payments/sepa-credit-transfers', transfer(stage));
    expect((await stage.party.ask('DELETE', answer.body._links.self.href)).status).toBe(204);
    expect(await statusOf(answer)).toBe('CANC');
  });

  const SERVICES: readonly [string, () => Json][] = [
    ['payments', () => transfer(stage, { requestedExecutionDate: inDays(14) })],
    ['periodic-payments', () => transfer(stage, { startDate: inDays(5), frequency: 'Monthly' })],
    [
      'bulk-payments',
      () => {
        const { debtorAccount, ...one } = transfer(stage);
        return { debtorAccount, payments: [one, one], requestedExecutionDate: inDays(14) };
      },
    ],
  ];

  test.each(SERVICES)('%s: what the customer agreed to she calls back with a code', async (service, more) => {
    const answer = await lodge(`${service}/sepa-credit-transfers`, more());
    await authorise(answer);
    const asked = await stage.party.ask('DELETE', answer.body._links.self.href, { headers: EMBEDDED });
    expect(asked.status).toBe(202);
    expect(await statusOf(answer)).toBe('ACTC');
    const begun = await stage.party.ask('POST', asked.body._links.startAuthorisationWithPsuAuthentication.href, {
      body: { psuData: { password: stage.payer.password } },
      headers: { ...EMBEDDED, 'psu-id': stage.payer.customerNumber },
    });
    const put = (body: Json) => stage.party.ask('PUT', begun.body._links.selectAuthenticationMethod.href, { body });
    await put({ authenticationMethodId: begun.body.scaMethods[0].authenticationMethodId });
    const code = await stage.sandbox.bank('dogger').latestCode(stage.payer.customerNumber);
    expect((await put({ scaAuthenticationData: code })).body).toMatchObject({ scaStatus: 'finalised' });
    expect(await statusOf(answer)).toBe('CANC');
    await stage.sandbox.clock.advance('P21D');
    expect(await statusOf(answer)).toBe('CANC');
  });

  test('or on the pages of the bank', async () => {
    const body = transfer(stage, { requestedExecutionDate: inDays(14) });
    const answer = await lodge('payments/sepa-credit-transfers', body, REDIRECT);
    await stage.payer.pay(answer.body._links.scaRedirect.href);
    const asked = await stage.party.ask('DELETE', answer.body._links.self.href);
    const begun = await stage.party.ask('POST', asked.body._links.startAuthorisation.href, { body: {} });
    expect((await stage.payer.pay(begun.body._links.scaRedirect.href)).href).toBe(DONE);
    expect(await statusOf(answer)).toBe('CANC');
  });

  test('what has arrived stays where it is', async () => {
    const answer = await lodge('payments/instant-sepa-credit-transfers', transfer(stage));
    await authorise(answer);
    await settled();
    expect(refusalOf(await stage.party.ask('DELETE', answer.body._links.self.href))).toBe('405 CANCELLATION_INVALID');
  });
});
