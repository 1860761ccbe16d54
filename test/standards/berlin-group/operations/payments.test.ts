import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { instant, localDate } from '../../../../src/kernel/index.js';
import { writeCreditTransferInitiation } from '../../../../src/standards/kit/iso20022/index.js';
import { codesOf, CONSENT, ibanOf, openWorld, OTHER, PETRA, type Json, type World } from '../world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const REDIRECT = { 'tpp-redirect-uri': 'https://tpp.example/back' };
const EMBEDDED = {
  'tpp-redirect-preferred': 'false',
  'tpp-decoupled-preferred': 'false',
  'psu-id': PETRA.customerNumber,
};
const SEPA = '/v1/payments/sepa-credit-transfers';

function transfer(more: Json = {}): Json {
  return {
    endToEndIdentification: 'RENT-2026-12',
    debtorAccount: { iban: ibanOf(world.giro) },
    instructedAmount: { currency: 'EUR', amount: '24.90' },
    creditorAccount: { iban: ibanOf(world.emils) },
    creditorName: 'Emil Okafor',
    remittanceInformationUnstructured: 'Bestellung 2041',
    ...more,
  };
}
const pay = (path: string, body: Json, headers: Json = REDIRECT) => world.ask('POST', path, { body, headers });
const statusOf = async (answer: Json) =>
  (await world.ask('GET', answer.body._links.status.href)).body.transactionStatus;

/** Password, method and code through the interface. */
async function embedded(href: string): Promise<Json> {
  const put = (body: Json) => world.ask('PUT', href, { body, headers: { 'psu-id': PETRA.customerNumber } });
  await put({ psuData: { password: PETRA.password } });
  await put({ authenticationMethodId: 'sms' });
  return (await put({ scaAuthenticationData: await world.code() })).body;
}

describe('berlin-group payments', () => {
  test.each([
    'sepa-credit-transfers',
    'instant-sepa-credit-transfers',
    'target-2-payments',
    'cross-border-credit-transfers',
  ])('initiatePayment: %s goes from RCVD to ACCC', async (product) => {
    const answer = await pay(`/v1/payments/${product}`, transfer());
    expect([answer.status, answer.body.transactionStatus]).toEqual([201, 'RCVD']);
    await world.redirect(answer.body.paymentId, []);
    expect(await statusOf(answer)).toBe('ACTC');
    await world.advance(6 * 86_400_000);
    expect(await statusOf(answer)).toBe('ACCC');
    const { body } = await world.ask('GET', answer.body._links.self.href);
    expect(body).toMatchObject({ ...transfer(), transactionStatus: 'ACCC' });
  });

  test('initiatePayment: embedded, and more than there is becomes RJCT', async () => {
    const answer = await pay(SEPA, transfer({ instructedAmount: { currency: 'EUR', amount: '99999.00' } }), EMBEDDED);
    expect(await embedded(answer.body._links.updatePsuAuthentication.href)).toMatchObject({ scaStatus: 'finalised' });
    const { body } = await world.ask('GET', answer.body._links.status.href);
    expect(body).toMatchObject({
      transactionStatus: 'RJCT',
      fundsAvailable: false,
      tppMessage: [{ code: 'FUNDS_NOT_AVAILABLE' }],
    });
  });

  test('initiatePayment: decoupled with the customer named beforehand asks her at once', async () => {
    const answer = await pay(SEPA, transfer(), { 'tpp-decoupled-preferred': 'true', 'psu-id': PETRA.customerNumber });
    expect(answer.body.psuMessage).toBe('Please confirm in the app of Dogger Bank.');
    const [run] = await world.bank.consents.authorisationsOf(answer.body.paymentId);
    const german = {
      'tpp-decoupled-preferred': 'true',
      'psu-id': PETRA.customerNumber,
      'psu-accept-language': 'de-DE,en',
    };
    expect((await pay(SEPA, transfer(), german)).body.psuMessage).toBe(
      'Bitte bestätigen Sie in der App der Dogger Bank.',
    );
    await world.bank.consents.answerDecoupled(run!.id, 'refuse');
    expect(await statusOf(answer)).toBe('RJCT');
    expect((await world.ask('GET', answer.body._links.scaStatus.href)).body.scaStatus).toBe('failed');
  });

  test.each<[string, Json, number, string]>([
    ['no creditor name', { creditorName: undefined }, 400, 'FORMAT_ERROR'],
    ['no account to pay from', { debtorAccount: undefined }, 400, 'FORMAT_ERROR'],
    ['an amount with a sign', { instructedAmount: { currency: 'EUR', amount: '-1.00' } }, 400, 'FORMAT_ERROR'],
    ['an amount with more after it', { instructedAmount: { currency: 'EUR', amount: '1.00;' } }, 400, 'FORMAT_ERROR'],
    ['nothing to pay', { instructedAmount: { currency: 'EUR', amount: '0.00' } }, 400, 'FORMAT_ERROR'],
    ['another currency', { instructedAmount: { currency: 'USD', amount: '1.00' } }, 400, 'FORMAT_ERROR'],
    ['an IBAN with more after it', { creditorAccount: { iban: 'DE02120300000000202051!' } }, 400, 'FORMAT_ERROR'],
    ['a day that has passed', { requestedExecutionDate: '2026-01-05' }, 400, 'EXECUTION_DATE_INVALID'],
    ['an hour', { requestedExecutionTime: '2026-12-24T10:00:00Z' }, 400, 'PARAMETER_NOT_SUPPORTED'],
  ])('initiatePayment: refuses %s', async (_what, more, status, code) => {
    const answer = await pay(SEPA, transfer(more));
    expect([answer.status, codesOf(answer)[0]]).toEqual([status, code]);
  });

  test('initiatePayment: products and services that are unknown, not offered or do not fit', async () => {
    const unknown = await pay('/v1/payments/pigeon-transfers', transfer());
    expect([unknown.status, codesOf(unknown)]).toEqual([404, ['PRODUCT_UNKNOWN']]);
    const service = await pay('/v1/gifts/sepa-credit-transfers', transfer());
    expect([service.status, codesOf(service)]).toEqual([404, ['RESOURCE_UNKNOWN']]);
    const offered = await pay('/v1/periodic-payments/target-2-payments', transfer());
    expect([offered.status, codesOf(offered)]).toEqual([404, ['PRODUCT_UNKNOWN']]);
    const json = await pay('/v1/payments/pain.001-sepa-credit-transfers', transfer());
    expect(json.status).toBe(415);
    const own = await openWorld({ payments: { 'periodic-payments': ['target-2-payments'] } });
    try {
      const standing = { ...transfer(), startDate: '2027-01-04', frequency: 'Monthly' };
      const answer = await own.ask('POST', '/v1/periodic-payments/target-2-payments', {
        body: standing,
        headers: REDIRECT,
      });
      expect([answer.status, codesOf(answer)]).toEqual([403, ['PRODUCT_INVALID']]);
    } finally {
      await own.close();
    }
  });

  test('getPaymentInformation: only where and for whom it was lodged', async () => {
    const { body } = await pay(SEPA, transfer());
    const elsewhere = await world.ask('GET', `/v1/payments/target-2-payments/${body.paymentId}`);
    expect([elsewhere.status, codesOf(elsewhere)]).toEqual([403, ['RESOURCE_UNKNOWN']]);
    const stranger = await world.ask('GET', `${SEPA}/${body.paymentId}`, { caller: OTHER });
    expect([stranger.status, codesOf(stranger)]).toEqual([403, ['RESOURCE_UNKNOWN']]);
    const xml = await world.ask('GET', `${SEPA}/${body.paymentId}`, { headers: { accept: 'application/xml' } });
    expect([xml.status, xml.text]).toEqual([406, '']);
  });

  test('cancelPayment: at once before anybody agreed, by the customer afterwards, and not once it is on its way', async () => {
    const open = await pay(SEPA, transfer());
    expect((await world.ask('DELETE', open.body._links.self.href)).status).toBe(204);
    expect(await statusOf(open)).toBe('CANC');

    const day = '2027-03-01';
    const dated = await pay(SEPA, transfer({ requestedExecutionDate: day }));
    await world.redirect(dated.body.paymentId, []);
    expect(await statusOf(dated)).toBe('ACTC');
    const received = await world.ask('DELETE', dated.body._links.self.href, { headers: EMBEDDED });
    expect(received.status).toBe(202);
    const start = received.body._links.startAuthorisationWithPsuAuthentication.href;
    const begun = await world.ask('POST', start, {
      body: { psuData: { password: PETRA.password } },
      headers: EMBEDDED,
    });
    expect([begun.status, begun.body.scaStatus]).toEqual([201, 'psuAuthenticated']);
    expect((await world.ask('GET', start)).body.authorisationIds).toHaveLength(1);
    const put = (body: Json) => world.ask('PUT', begun.body._links.selectAuthenticationMethod.href, { body });
    await put({ authenticationMethodId: 'app' });
    expect((await put({ scaAuthenticationData: await world.code() })).body.scaStatus).toBe('finalised');
    expect((await world.ask('GET', begun.body._links.scaStatus.href)).body).toEqual({ scaStatus: 'finalised' });
    expect(await statusOf(dated)).toBe('CANC');

    const gone = await pay(SEPA, transfer());
    await world.redirect(gone.body.paymentId, []);
    await world.advance(60_000);
    await world.advance(5 * 86_400_000);
    const late = await world.ask('DELETE', gone.body._links.self.href);
    expect([late.status, codesOf(late)]).toEqual([405, ['CANCELLATION_INVALID']]);
  });
});

describe('berlin-group bulk and periodic payments', () => {
  test('a bulk of which one is refused is PART', async () => {
    const { debtorAccount, endToEndIdentification: _none, ...one } = transfer();
    const payments = [one, { ...one, instructedAmount: { currency: 'EUR', amount: '90000.00' } }];
    const answer = await pay('/v1/bulk-payments/sepa-credit-transfers', {
      debtorAccount,
      payments,
      batchBookingPreferred: true,
    });
    expect(answer.status).toBe(201);
    await world.redirect(answer.body.paymentId, []);
    expect(await statusOf(answer)).toBe('PART');
    const { body } = await world.ask('GET', answer.body._links.self.href);
    expect(body.payments).toHaveLength(2);
    const empty = await pay('/v1/bulk-payments/sepa-credit-transfers', { debtorAccount, payments: [] });
    expect([empty.status, codesOf(empty)]).toEqual([400, ['FORMAT_ERROR']]);
  });

  test('a periodic payment runs, is a standing order to read, and can be stopped', async () => {
    const standing = {
      ...transfer(),
      startDate: '2027-02-01',
      frequency: 'Monthly',
      dayOfExecution: '1',
      executionRule: 'following',
    };
    const answer = await pay('/v1/periodic-payments/sepa-credit-transfers', standing);
    expect(answer.status).toBe(201);
    await world.redirect(answer.body.paymentId, []);
    expect(await statusOf(answer)).toBe('ACTC');
    const consent = await world.consent({ allPsd2: 'allAccounts' });
    const list = await world.ask('GET', `/v1/accounts/${world.giro.id}/transactions?bookingStatus=information`, {
      headers: { 'consent-id': consent },
    });
    expect(list.body.transactions.information).toMatchObject([
      {
        additionalInformationStructured: {
          standingOrderDetails: { startDate: '2027-02-01', frequency: 'Monthly', dayOfExecution: '1' },
        },
      },
    ]);
    const { body } = await world.ask('GET', answer.body._links.self.href);
    expect(body).toMatchObject({ frequency: 'Monthly', transactionStatus: 'ACTC' });
    for (const [more, code] of [
      [{ frequency: 'MonthlyVariable' }, 'FORMAT_ERROR'],
      [{ frequency: 'MonthlyVariable', monthsOfExecution: ['1', '1'] }, 'FORMAT_ERROR'],
      [{ monthsOfExecution: ['1'] }, 'PARAMETER_NOT_CONSISTENT'],
      [{ endDate: '2027-01-01' }, 'PARAMETER_NOT_CONSISTENT'],
      [{ startDate: undefined }, 'FORMAT_ERROR'],
      [{ dayOfExecution: '32' }, 'FORMAT_ERROR'],
    ] as const) {
      const refused = await pay('/v1/periodic-payments/sepa-credit-transfers', { ...standing, ...more });
      expect([refused.status, codesOf(refused)[0]]).toEqual([400, code]);
    }
  });
});

describe('berlin-group orders in XML', () => {
  const order = (more: Json = {}): string =>
    writeCreditTransferInitiation({
      messageId: 'MSG-1',
      createdAt: instant(Date.UTC(2026, 10, 25, 9)),
      initiatingParty: { name: 'Petra Brandt' },
      payments: [
        {
          paymentInformationId: 'BLOCK-1',
          executionDate: localDate(new Date(world.clock.now()).toISOString().slice(0, 10)),
          type: { serviceLevel: { code: 'SEPA' } },
          debtor: { name: 'Petra Brandt' },
          debtorAccount: { scheme: 'iban', identification: ibanOf(world.giro) },
          debtorAgent: { bic: 'DGGRDEFFXXX' },
          transfers: [
            {
              endToEndId: 'RENT-1',
              amount: { amountMinor: 1_000n, currency: 'EUR' },
              creditor: { name: 'Emil Okafor' },
              creditorAccount: { scheme: 'iban', identification: ibanOf(world.emils) },
              remittance: { unstructured: ['Miete'], structured: [] },
            },
          ],
          ...more,
        },
      ],
    });
  const PATH = '/v1/payments/pain.001-sepa-credit-transfers';

  test('a pain.001 is paid, read as it was sent and answered with pain.002', async () => {
    const xml = order();
    const answer = await world.ask('POST', PATH, { xml, headers: REDIRECT });
    expect([answer.status, answer.body.transactionStatus]).toEqual([201, 'RCVD']);
    await world.redirect(answer.body.paymentId, []);
    const read = await world.ask('GET', answer.body._links.self.href);
    expect([read.headers.get('content-type'), read.text]).toEqual(['application/xml', xml]);
    const report = await world.ask('GET', answer.body._links.status.href, { headers: { accept: 'application/xml' } });
    expect(report.text).toContain('<OrgnlMsgId>MSG-1</OrgnlMsgId>');
    expect(report.text).toContain('<TxSts>ACTC</TxSts>');
    expect(await statusOf(answer)).toBe('ACTC');
  });

  test('what is wrong with it is told with its place, and hostile XML is refused', async () => {
    const wrong = await world.ask('POST', PATH, {
      xml: order({ debtorAccount: { scheme: 'other', identification: '123' } }),
      headers: REDIRECT,
    });
    expect([wrong.status, wrong.body.tppMessages[0].path]).toEqual([
      400,
      '/Document/CstmrCdtTrfInitn/PmtInf[1]/DbtrAcct/Id/Othr',
    ]);
    const bomb = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>';
    expect((await world.ask('POST', PATH, { xml: bomb, headers: REDIRECT })).status).toBe(400);
    expect((await world.ask('POST', SEPA, { xml: order(), headers: REDIRECT })).status).toBe(415);
  });

  test('an instant order says so in its message, and only that', async () => {
    const instant = '/v1/payments/pain.001-instant-sepa-credit-transfers';
    const plain = await world.ask('POST', instant, { xml: order(), headers: REDIRECT });
    expect([plain.status, codesOf(plain)]).toEqual([400, ['FORMAT_ERROR']]);
    const type = { serviceLevel: { code: 'SEPA' }, localInstrument: { code: 'INST' } };
    expect((await world.ask('POST', instant, { xml: order({ type }), headers: REDIRECT })).status).toBe(201);
  });

  test('a bulk in XML has a status for each transfer, and one that was called back says why', async () => {
    const path = '/v1/bulk-payments/pain.001-sepa-credit-transfers';
    const one = {
      amount: { amountMinor: 1_000n, currency: 'EUR' },
      creditor: { name: 'Emil Okafor' },
      creditorAccount: { scheme: 'iban', identification: ibanOf(world.emils) },
      remittance: { unstructured: [], structured: [] },
    };
    const transfers = [
      { ...one, endToEndId: 'A' },
      { ...one, endToEndId: 'B', amount: { amountMinor: 90_000_000n, currency: 'EUR' } },
    ];
    const answer = await world.ask('POST', path, { xml: order({ transfers }), headers: REDIRECT });
    await world.redirect(answer.body.paymentId, []);
    const report = (href: string) => world.ask('GET', href, { headers: { accept: 'application/xml' } });
    const { text } = await report(answer.body._links.status.href);
    expect(text.match(/<(?:GrpSts|TxSts|Cd)>\w+/g)).toEqual(['<GrpSts>PART', '<TxSts>ACTC', '<TxSts>RJCT', '<Cd>AM04']);
    const open = await world.ask('POST', PATH, { xml: order(), headers: REDIRECT });
    await world.ask('DELETE', open.body._links.self.href);
    const cancelled = await report(open.body._links.status.href);
    expect(cancelled.text.match(/<(?:GrpSts|TxSts|Cd)>\w+/g)).toEqual(['<GrpSts>RJCT', '<Cd>DS02']);
  });

  test('a periodic payment comes in two parts', async () => {
    const terms = JSON.stringify({ startDate: '2027-02-01', frequency: 'Monthly' });
    const xml = [
      '--b1',
      'Content-Disposition: form-data; name="xml_sct"',
      'Content-Type: application/xml',
      '',
      order(),
      '--b1',
      'Content-Disposition: form-data; name="json_standingorderType"',
      '',
      terms,
      '--b1--',
      '',
    ].join('\r\n');
    const headers = { ...REDIRECT, 'content-type': 'multipart/form-data; boundary=b1' };
    const answer = await world.ask('POST', '/v1/periodic-payments/pain.001-sepa-credit-transfers', { xml, headers });
    expect(answer.status).toBe(201);
    const half = await world.ask('POST', '/v1/periodic-payments/pain.001-sepa-credit-transfers', {
      xml: xml.replace('json_standingorderType', 'other'),
      headers,
    });
    expect([half.status, codesOf(half)]).toEqual([400, ['FORMAT_ERROR']]);
  });
});

describe('berlin-group signing baskets', () => {
  test('two payments are authorised by one code', async () => {
    const [one, other] = [await pay(SEPA, transfer()), await pay(SEPA, transfer())];
    const paymentIds = [one.body.paymentId, other.body.paymentId];
    const basket = await world.ask('POST', '/v1/signing-baskets', { body: { paymentIds }, headers: EMBEDDED });
    expect([basket.status, basket.body.transactionStatus]).toEqual([201, 'RCVD']);
    expect(await embedded(basket.body._links.updatePsuAuthentication.href)).toMatchObject({ scaStatus: 'finalised' });
    expect(await statusOf(basket)).toBe('ACTC');
    expect([await statusOf(one), await statusOf(other)]).toEqual(['ACTC', 'ACTC']);
    const { body } = await world.ask('GET', basket.body._links.self.href);
    expect(body).toEqual({ payments: paymentIds, transactionStatus: 'ACTC' });
    const again = await world.ask('POST', '/v1/signing-baskets', { body: { paymentIds }, headers: EMBEDDED });
    expect([again.status, codesOf(again)]).toEqual([409, ['REFERENCE_STATUS_INVALID']]);
    const done = await world.ask('DELETE', basket.body._links.self.href);
    expect([done.status, codesOf(done)]).toEqual([409, ['STATUS_INVALID']]);
  });

  test('a basket goes and its payments stay; what it cannot hold is told', async () => {
    const one = await pay(SEPA, transfer());
    const make = (body: Json) => world.ask('POST', '/v1/signing-baskets', { body, headers: REDIRECT });
    const basket = await make({ paymentIds: [one.body.paymentId] });
    expect((await world.ask('DELETE', basket.body._links.self.href)).status).toBe(204);
    expect([await statusOf(basket), await statusOf(one)]).toEqual(['CANC', 'RCVD']);
    const offered = await world.ask('POST', '/v1/consents', {
      body: { ...CONSENT, access: { accounts: [], balances: [] } },
      headers: REDIRECT,
    });
    const mixed = await make({ paymentIds: [one.body.paymentId], consentIds: [offered.body.consentId] });
    expect([mixed.status, codesOf(mixed)]).toEqual([400, ['REFERENCE_MIX_INVALID']]);
    const unknown = await make({ paymentIds: ['nothing'] });
    expect([unknown.status, codesOf(unknown)]).toEqual([400, ['RESOURCE_UNKNOWN']]);
  });
});

describe('berlin-group confirmation of funds', () => {
  const ask = (more: Json = {}) =>
    world.ask('POST', '/v1/funds-confirmations', {
      body: { account: { iban: ibanOf(world.giro) }, instructedAmount: { currency: 'EUR', amount: '10.00' }, ...more },
    });

  test('funds are confirmed to whom the customer let ask, by her card', async () => {
    const before = await ask();
    expect([before.status, codesOf(before)]).toEqual([400, ['NO_PIIS_ACTIVATION']]);
    const path = '/v2/consents/confirmation-of-funds';
    const lodged = await world.ask('POST', path, {
      body: { account: { iban: ibanOf(world.giro) }, cardNumber: '4111' },
      headers: EMBEDDED,
    });
    expect([lodged.status, lodged.body.consentStatus]).toEqual([201, 'received']);
    await embedded(lodged.body._links.updatePsuAuthentication.href);
    expect((await world.ask('GET', lodged.body._links.status.href)).body).toEqual({ consentStatus: 'valid' });
    expect((await ask({ cardNumber: '4111' })).body).toEqual({ fundsAvailable: true });
    expect((await ask({ instructedAmount: { currency: 'EUR', amount: '99999.00' } })).body).toEqual({
      fundsAvailable: false,
    });
    const card = await ask({ cardNumber: '5222' });
    expect([card.status, codesOf(card)]).toEqual([400, ['CARD_INVALID']]);
    expect((await world.ask('DELETE', lodged.body._links.self.href)).status).toBe(204);
    expect((await world.ask('GET', lodged.body._links.self.href)).body.consentStatus).toBe('terminatedByTpp');
    expect((await ask()).status).toBe(400);
  });
});
