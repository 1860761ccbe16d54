import { EMBEDDED, REDIRECT, type Json } from '../../support/berlin-party.js';
import { CONSENT } from '../../support/berlin-stage.js';
import { initiation, transfer } from './orders.js';
import { orderWith, row, SEPA, strangeToken, UNKNOWN, type Refused, type Row } from './refusals.js';

const standing = (stage: Refused, more: Json) =>
  orderWith(
    stage,
    { startDate: '2026-09-01', frequency: 'Monthly', ...more },
    '/v1/periodic-payments/sepa-credit-transfers',
  );
const authorised = async (stage: Refused, more: Json = {}): Promise<string> => {
  const { body } = await orderWith(stage, more, SEPA, EMBEDDED);
  await stage.embedded(body._links.updatePsuAuthentication.href);
  return `${SEPA}/${body.paymentId}`;
};

export const PAYMENT_ROWS: readonly Row[] = [
  row('400 FORMAT_ERROR', 'an order without X-Request-ID', (stage) =>
    orderWith(stage, {}, SEPA, { ...REDIRECT, 'x-request-id': undefined }),
  ),
  row('400 FORMAT_ERROR', 'an X-Request-ID that is no UUID', (stage) =>
    orderWith(stage, {}, SEPA, { ...REDIRECT, 'x-request-id': 'order-1' }),
  ),
  row('400 FORMAT_ERROR', 'an order without PSU-IP-Address', (stage) =>
    orderWith(stage, {}, SEPA, { ...REDIRECT, 'psu-ip-address': undefined }),
  ),
  row('400 FORMAT_ERROR', 'no payee', (stage) => orderWith(stage, { creditorName: undefined })),
  row('400 FORMAT_ERROR', 'no account to pay from', (stage) => orderWith(stage, { debtorAccount: undefined })),
  row('400 FORMAT_ERROR', 'a payee whose IBAN does not check', (stage) =>
    orderWith(stage, { creditorAccount: { iban: 'DE00900400503713559057' } }),
  ),
  row('400 FORMAT_ERROR', 'an amount with a sign', (stage) =>
    orderWith(stage, { instructedAmount: { currency: 'EUR', amount: '-1.00' } }),
  ),
  row('400 FORMAT_ERROR', 'nothing to pay', (stage) =>
    orderWith(stage, { instructedAmount: { currency: 'EUR', amount: '0.00' } }),
  ),
  row('400 FORMAT_ERROR', 'half a cent', (stage) =>
    orderWith(stage, { instructedAmount: { currency: 'EUR', amount: '1.005' } }),
  ),
  row('400 FORMAT_ERROR', 'a currency that the account does not have', (stage) =>
    orderWith(stage, { instructedAmount: { currency: 'USD', amount: '1.00' } }),
  ),
  row('400 EXECUTION_DATE_INVALID', 'a day that has passed', (stage) =>
    orderWith(stage, { requestedExecutionDate: '2026-01-05' }),
  ),
  row('400 PARAMETER_NOT_SUPPORTED', 'an hour', (stage) =>
    orderWith(stage, { requestedExecutionTime: '2026-12-24T10:00:00Z' }),
  ),
  row('400 FORMAT_ERROR', 'a rhythm of months that are not named', (stage) =>
    standing(stage, { frequency: 'MonthlyVariable' }),
  ),
  row('400 PARAMETER_NOT_CONSISTENT', 'a standing order that ends before it begins', (stage) =>
    standing(stage, { endDate: '2026-08-01' }),
  ),
  row('400 FORMAT_ERROR', 'an empty bulk', ({ party, payer }) =>
    party.ask('POST', '/v1/bulk-payments/sepa-credit-transfers', {
      body: { debtorAccount: { iban: payer.ibans[0] }, payments: [] },
      headers: REDIRECT,
    }),
  ),
  row('400 FORMAT_ERROR', 'an instant order whose message does not say so', (stage) =>
    stage.party.ask('POST', '/v1/payments/pain.001-instant-sepa-credit-transfers', {
      xml: initiation(stage),
      headers: REDIRECT,
    }),
  ),
  row('400 FORMAT_ERROR', 'control sums that do not match', (stage) =>
    stage.party.ask('POST', '/v1/payments/pain.001-sepa-credit-transfers', {
      xml: initiation(stage).replaceAll(/<CtrlSum>[\d.]+/g, '<CtrlSum>99.99'),
      headers: REDIRECT,
    }),
  ),
  row('401 PSU_CREDENTIALS_INVALID', 'a wrong password', async (stage) => {
    const { body } = await orderWith(stage, {}, SEPA, EMBEDDED);
    return stage.party.ask('PUT', body._links.updatePsuAuthentication.href, {
      body: { psuData: { password: 'falsch' } },
      headers: { 'psu-id': stage.payer.customerNumber },
    });
  }),
  strangeToken('GET', `${SEPA}/${UNKNOWN}`),
  row('403 RESOURCE_UNKNOWN', 'a payment that is not there', ({ party }) => party.ask('GET', `${SEPA}/${UNKNOWN}`)),
  row('403 RESOURCE_UNKNOWN', "somebody else's payment", ({ stranger, paymentId }) =>
    stranger.ask('GET', `${SEPA}/${paymentId}/status`),
  ),
  row('403 RESOURCE_UNKNOWN', "the end of somebody else's payment", ({ stranger, paymentId }) =>
    stranger.ask('DELETE', `${SEPA}/${paymentId}`),
  ),
  row('403 RESOURCE_UNKNOWN', 'a payment below another product', ({ party, paymentId }) =>
    party.ask('GET', `/v1/payments/target-2-payments/${paymentId}`),
  ),
  row('403 RESOURCE_UNKNOWN', 'an authorisation that is not there', ({ party, paymentId }) =>
    party.ask('GET', `${SEPA}/${paymentId}/authorisations/${UNKNOWN}`),
  ),
  row('404 PRODUCT_UNKNOWN', 'a product that nobody has', (stage) =>
    orderWith(stage, {}, '/v1/payments/pigeon-transfers'),
  ),
  row('404 PRODUCT_UNKNOWN', 'a product that this bank does not have for the service', (stage) =>
    orderWith(stage, {}, '/v1/periodic-payments/target-2-payments'),
  ),
  row('404 RESOURCE_UNKNOWN', 'a service that is none', (stage) =>
    orderWith(stage, {}, '/v1/gifts/sepa-credit-transfers'),
  ),
  row('405 SERVICE_INVALID', 'a method that payments do not take', ({ party, paymentId }) =>
    party.ask('PUT', `${SEPA}/${paymentId}`, { body: {} }),
  ),
  row('405 CANCELLATION_INVALID', 'the end of a payment that has arrived', async (stage) => {
    const path = await authorised(stage);
    await stage.sandbox.clock.advance('PT1H');
    return stage.party.ask('DELETE', path);
  }),
  row('406', 'an order in JSON, read as XML', ({ party, paymentId }) =>
    party.ask('GET', `${SEPA}/${paymentId}`, { headers: { accept: 'application/xml' } }),
  ),
  row('409 STATUS_INVALID', 'a second authorisation', async (stage) =>
    stage.party.ask('POST', `${await authorised(stage)}/authorisations`, { body: {}, headers: EMBEDDED }),
  ),
  row('409 STATUS_INVALID', 'a code before the password', async (stage) => {
    const { body } = await orderWith(stage, {}, SEPA, EMBEDDED);
    return stage.party.ask('PUT', body._links.updatePsuAuthentication.href, {
      body: { scaAuthenticationData: '123456' },
    });
  }),
  row('415', 'JSON for a product in XML', (stage) =>
    orderWith(stage, {}, '/v1/payments/pain.001-sepa-credit-transfers'),
  ),
  row('415', 'XML for a product in JSON', (stage) =>
    stage.party.ask('POST', SEPA, { xml: initiation(stage), headers: REDIRECT }),
  ),
];

const BASKETS = '/v1/signing-baskets';
const basket = (stage: Refused, body: Json, headers: Json = REDIRECT) =>
  stage.party.ask('POST', BASKETS, { body, headers });

export const BASKET_ROWS: readonly Row[] = [
  row('400 FORMAT_ERROR', 'an X-Request-ID that is no UUID', (stage) =>
    basket(stage, { paymentIds: [stage.paymentId] }, { 'x-request-id': 'one' }),
  ),
  row('400 FORMAT_ERROR', 'an empty basket', (stage) => basket(stage, { paymentIds: [] })),
  row('400 REFERENCE_MIX_INVALID', 'access to accounts that the customer picks at the bank', async (stage) => {
    const access = { accounts: [], balances: [] };
    const offered = await stage.party.ask('POST', '/v1/consents', { body: { ...CONSENT, access }, headers: REDIRECT });
    return basket(stage, { paymentIds: [stage.paymentId], consentIds: [offered.body.consentId] });
  }),
  row('400 REFERENCE_MIX_INVALID', 'a consent for the confirmation of funds', async (stage) => {
    const account = { iban: stage.payer.ibans[0] };
    const made = await stage.party.ask('POST', '/v2/consents/confirmation-of-funds', {
      body: { account },
      headers: REDIRECT,
    });
    return basket(stage, { consentIds: [made.body.consentId] });
  }),
  row('400 RESOURCE_UNKNOWN', 'a consent that is not there', (stage) => basket(stage, { consentIds: [UNKNOWN] })),
  row('409 REFERENCE_STATUS_INVALID', 'a consent that is valid already', async (stage) =>
    basket(stage, { consentIds: [await stage.consent({ balances: [{ iban: stage.payer.ibans[0] }] })] }),
  ),
  row('400 RESOURCE_UNKNOWN', 'a payment that is not there', (stage) => basket(stage, { paymentIds: [UNKNOWN] })),
  row('400 RESOURCE_UNKNOWN', "somebody else's payment", ({ stranger, paymentId }) =>
    stranger.ask('POST', BASKETS, { body: { paymentIds: [paymentId] }, headers: REDIRECT }),
  ),
  strangeToken('GET', `${BASKETS}/${UNKNOWN}`),
  row('403 RESOURCE_UNKNOWN', 'a basket that is not there', ({ party }) => party.ask('GET', `${BASKETS}/${UNKNOWN}`)),
  row('403 RESOURCE_UNKNOWN', "somebody else's basket", ({ stranger, basketId }) =>
    stranger.ask('GET', `${BASKETS}/${basketId}`),
  ),
  row('405 SERVICE_INVALID', 'a method that baskets do not take', ({ party }) =>
    party.ask('PUT', BASKETS, { body: {} }),
  ),
  row('409 REFERENCE_STATUS_INVALID', 'a payment that is authorised already', async (stage) => {
    const path = await authorised(stage, { requestedExecutionDate: '2026-12-01' });
    return basket(stage, { paymentIds: [path.slice(SEPA.length + 1)] });
  }),
  row('409 STATUS_INVALID', 'the end of a basket that is authorised', async (stage) => {
    const payment = await stage.party.ask('POST', SEPA, { body: transfer(stage), headers: EMBEDDED });
    const { body } = await basket(stage, { paymentIds: [payment.body.paymentId] }, EMBEDDED);
    await stage.embedded(body._links.updatePsuAuthentication.href);
    return stage.party.ask('DELETE', body._links.self.href);
  }),
];
