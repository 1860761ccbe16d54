import { EMBEDDED, type Json } from '../../support/berlin-party.js';
import { FUNDS_CONSENTS, row, strangeToken, UNKNOWN, type Refused, type Row } from './refusals.js';

const FUNDS = '/v1/funds-confirmations';
const question = (stage: Refused, more: Json = {}, headers: Json = {}) =>
  stage.party.ask('POST', FUNDS, {
    body: {
      account: { iban: stage.payer.ibans[0] },
      instructedAmount: { currency: 'EUR', amount: '10.00' },
      ...more,
    },
    headers,
  });
const lodge = (stage: Refused, body: Json, headers: Json = EMBEDDED) =>
  stage.party.ask('POST', FUNDS_CONSENTS, { body, headers });

export const FUNDS_ROWS: readonly Row[] = [
  row('400 FORMAT_ERROR', 'an X-Request-ID that is no UUID', (stage) => question(stage, {}, { 'x-request-id': 'one' })),
  row('400 FORMAT_ERROR', 'no amount', (stage) => question(stage, { instructedAmount: undefined })),
  row('400 FORMAT_ERROR', 'an IBAN that does not check', (stage) =>
    question(stage, { account: { iban: 'DE00900400507450040327' } }),
  ),
  row('400 NO_PIIS_ACTIVATION', 'an account whose customer did not agree', (stage) =>
    question(stage, { account: { iban: stage.payee.ibans[0] } }),
  ),
  row('400 CARD_INVALID', 'another card than she agreed to', async (stage) => {
    const made = await lodge(stage, { account: { iban: stage.payer.ibans[0] }, cardNumber: '4111' });
    await stage.embedded(made.body._links.updatePsuAuthentication.href);
    return question(stage, { account: { iban: stage.payer.ibans[0] }, cardNumber: '5222' });
  }),
  row('400 PARAMETER_NOT_SUPPORTED', 'a mobile number in place of an account', (stage) =>
    question(stage, { account: { msisdn: '+49 151 2345678' } }),
  ),
  strangeToken('POST', FUNDS),
  row('405 SERVICE_INVALID', 'a method that it does not take', ({ party }) => party.ask('GET', FUNDS)),
  row('415', 'a question in XML', ({ party }) => party.ask('POST', FUNDS, { xml: '<a/>' })),
];

export const FUNDS_CONSENT_ROWS: readonly Row[] = [
  row('400 FORMAT_ERROR', 'an X-Request-ID that is no UUID', (stage) =>
    lodge(stage, { account: { iban: stage.payer.ibans[0] } }, { 'x-request-id': 'one' }),
  ),
  row('400 FORMAT_ERROR', 'no account', (stage) => lodge(stage, { cardNumber: '4111' })),
  row('400 PARAMETER_NOT_SUPPORTED', 'a mobile number in place of an account', (stage) =>
    lodge(stage, { account: { msisdn: '+49 151 2345678' } }),
  ),
  row('403 CONSENT_UNKNOWN', 'a consent that is not there', ({ party }) =>
    party.ask('GET', `${FUNDS_CONSENTS}/${UNKNOWN}`),
  ),
  row('403 CONSENT_UNKNOWN', "somebody else's consent", ({ stranger, fundsConsentId }) =>
    stranger.ask('GET', `${FUNDS_CONSENTS}/${fundsConsentId}`),
  ),
  row('403 CONSENT_UNKNOWN', "the end of somebody else's consent", ({ stranger, fundsConsentId }) =>
    stranger.ask('DELETE', `${FUNDS_CONSENTS}/${fundsConsentId}`),
  ),
  strangeToken('GET', `${FUNDS_CONSENTS}/${UNKNOWN}`),
  row('406 REQUESTED_FORMATS_INVALID', 'a consent in XML, to read', ({ party, fundsConsentId }) =>
    party.ask('GET', `${FUNDS_CONSENTS}/${fundsConsentId}`, { headers: { accept: 'application/xml' } }),
  ),
  row('405 SERVICE_INVALID', 'a method that it does not take', ({ party }) =>
    party.ask('PUT', FUNDS_CONSENTS, { body: {} }),
  ),
  row('415', 'a consent in XML', ({ party }) => party.ask('POST', FUNDS_CONSENTS, { xml: '<a/>' })),
];
