import { EMBEDDED, refusalOf, type Json } from '../../support/berlin-party.js';
import { consentWith, reading, row, strangeToken, UNKNOWN, type Refused, type Row } from './refusals.js';

const GLOBAL = { allPsd2: 'allAccounts' };
const BOOKED = '/transactions?bookingStatus=booked';
const list = (stage: Refused, headers: Json) => stage.party.ask('GET', '/v1/accounts', { headers });
/** Starts an embedded authorisation of a consent of its own and sends it one step. */
const step = async (stage: Refused, body: Json, headers: Json = {}) => {
  const made = await consentWith(stage, GLOBAL, {}, EMBEDDED);
  return stage.party.ask('PUT', made.body._links.updatePsuAuthentication.href, { body, headers });
};
const identified = (stage: Refused) => ({ 'psu-id': stage.payer.customerNumber });

/** Accounts: consents, readings, authorisations. */
export const ACCESS_ROWS: readonly Row[] = [
  row('400 FORMAT_ERROR', 'a consent without X-Request-ID', (stage) =>
    consentWith(stage, GLOBAL, {}, { 'x-request-id': undefined }),
  ),
  row('400 FORMAT_ERROR', 'an X-Request-ID that is no UUID', (stage) =>
    consentWith(stage, GLOBAL, {}, { 'x-request-id': '4711' }),
  ),
  row('400 FORMAT_ERROR', 'a consent without PSU-IP-Address', (stage) =>
    consentWith(stage, GLOBAL, {}, { ...EMBEDDED, 'psu-ip-address': undefined }),
  ),
  row('400 FORMAT_ERROR', 'a body that is no JSON', ({ party }) =>
    party.ask('POST', '/v1/consents', { xml: '{"access":', headers: { 'content-type': 'application/json' } }),
  ),
  row('400 FORMAT_ERROR', 'no body', ({ party }) => party.ask('POST', '/v1/consents', { headers: EMBEDDED })),
  row('400 FORMAT_ERROR', 'an access to nothing', (stage) => consentWith(stage, {})),
  row('400 FORMAT_ERROR', 'an IBAN that does not check', (stage) =>
    consentWith(stage, { accounts: [{ iban: 'DE00900400507450040327' }] }),
  ),
  row('400 FORMAT_ERROR', 'a redirect that is a script', (stage) =>
    consentWith(stage, GLOBAL, {}, { 'tpp-redirect-uri': 'javascript:alert(1)' }),
  ),
  row('400 PARAMETER_NOT_CONSISTENT', 'two kinds of access', (stage) =>
    consentWith(stage, { ...GLOBAL, accounts: [] }),
  ),
  row('400 PARAMETER_NOT_SUPPORTED', 'lists of trusted payees', (stage) =>
    consentWith(stage, { additionalInformation: { trustedBeneficiaries: [] } }),
  ),
  row('400 SESSIONS_NOT_SUPPORTED', 'a session', (stage) =>
    consentWith(stage, GLOBAL, { combinedServiceIndicator: true }),
  ),
  row('400 PERIOD_INVALID', 'an end that has passed', (stage) =>
    consentWith(stage, GLOBAL, { validUntil: '2026-01-01' }),
  ),
  row('400 PERIOD_INVALID', 'a period that ends before it begins', (stage) =>
    reading(stage, `${BOOKED}&dateFrom=2026-06-02&dateTo=2026-06-01`),
  ),
  row('400 FORMAT_ERROR', 'a day that is none', (stage) => reading(stage, `${BOOKED}&dateFrom=2026-02-31`)),
  row('400 FORMAT_ERROR', 'no first day', (stage) => reading(stage, BOOKED)),
  row('400 RESOURCE_UNKNOWN', 'an entry to begin from that is not there', (stage) =>
    reading(stage, `${BOOKED}&entryReferenceFrom=nothing`),
  ),
  row('400 FORMAT_ERROR', 'a reading that names no consent', (stage) => list(stage, {})),
  row('400 CONSENT_UNKNOWN', 'a reading under a consent that is not there', (stage) =>
    list(stage, { 'consent-id': UNKNOWN }),
  ),
  row('400 CONSENT_UNKNOWN', "a reading under somebody else's consent", ({ stranger, consentId }) =>
    stranger.ask('GET', '/v1/accounts', { headers: { 'consent-id': consentId } }),
  ),
  row('400 SCA_METHOD_UNKNOWN', 'a method that the customer does not have', async (stage) => {
    const made = await consentWith(stage, GLOBAL, {}, EMBEDDED);
    const put = (body: Json) =>
      stage.party.ask('PUT', made.body._links.updatePsuAuthentication.href, { body, headers: identified(stage) });
    await put({ psuData: { password: stage.payer.password } });
    return put({ authenticationMethodId: 'pigeon' });
  }),
  row('401 PSU_CREDENTIALS_INVALID', 'a wrong password', (stage) =>
    step(stage, { psuData: { password: 'falsch' } }, identified(stage)),
  ),
  row('401 PSU_CREDENTIALS_INVALID', 'a customer who is not known', (stage) =>
    step(stage, { psuData: { password: 'falsch' } }, { 'psu-id': '99999999' }),
  ),
  row('401 CONSENT_INVALID', 'a reading under a consent that waits', (stage) =>
    list(stage, { 'consent-id': stage.waiting }),
  ),
  row('401 CONSENT_INVALID', 'a reading under a consent that was ended', (stage) =>
    list(stage, { 'consent-id': stage.ended }),
  ),
  row('401 CONSENT_INVALID', 'balances under a consent to the list', (stage) =>
    reading(stage, '/balances', { 'consent-id': stage.listOnly }),
  ),
  row('401 CONSENT_INVALID', "an account of somebody else's", ({ party, payee, consentId }) =>
    party.ask('GET', `/v1/accounts/${payee.accounts[0]?.id ?? ''}`, { headers: { 'consent-id': consentId } }),
  ),
  strangeToken('GET', '/v1/accounts'),
  row('403 CONSENT_UNKNOWN', 'a consent that is not there', ({ party }) => party.ask('GET', `/v1/consents/${UNKNOWN}`)),
  row('403 CONSENT_UNKNOWN', "the status of somebody else's consent", ({ stranger, consentId }) =>
    stranger.ask('GET', `/v1/consents/${consentId}/status`),
  ),
  row('403 CONSENT_UNKNOWN', "the end of somebody else's consent", ({ stranger, consentId }) =>
    stranger.ask('DELETE', `/v1/consents/${consentId}`),
  ),
  row('403 CONSENT_UNKNOWN', 'a payment as if it were a consent', ({ party, paymentId }) =>
    party.ask('GET', `/v1/consents/${paymentId}`),
  ),
  row('403 RESOURCE_UNKNOWN', 'an authorisation that is not there', ({ party, waiting }) =>
    party.ask('GET', `/v1/consents/${waiting}/authorisations/${UNKNOWN}`),
  ),
  row('403 RESOURCE_UNKNOWN', 'a transaction that is not there', (stage) => reading(stage, `/transactions/${UNKNOWN}`)),
  row('404 RESOURCE_UNKNOWN', 'an account that is not there', ({ party, consentId }) =>
    party.ask('GET', `/v1/accounts/${UNKNOWN}`, { headers: { 'consent-id': consentId } }),
  ),
  row('404 RESOURCE_UNKNOWN', 'an address that is none', ({ party }) => party.ask('GET', '/v1/loans')),
  row('405 SERVICE_INVALID', 'a method that consents do not take', ({ party }) =>
    party.ask('PUT', '/v1/consents', { body: {} }),
  ),
  row('406 REQUESTED_FORMATS_INVALID', 'transactions as plain text', (stage) =>
    reading(stage, `${BOOKED}&dateFrom=2026-06-01`, { accept: 'text/plain' }),
  ),
  row('406 REQUESTED_FORMATS_INVALID', 'standing orders in XML', (stage) =>
    reading(stage, '/transactions?bookingStatus=information', { accept: 'application/xml' }),
  ),
  row('409 STATUS_INVALID', 'an authorisation of a consent that is valid', ({ party, consentId }) =>
    party.ask('POST', `/v1/consents/${consentId}/authorisations`, { body: {}, headers: EMBEDDED }),
  ),
  row('409 STATUS_INVALID', 'a code before the password', (stage) =>
    step(stage, { scaAuthenticationData: '123456' }, identified(stage)),
  ),
  row('415', 'a consent in XML', ({ party }) => party.ask('POST', '/v1/consents', { xml: '<a/>' })),
  row('429 ACCESS_EXCEEDED', 'a reading more often than was agreed', async (stage) => {
    const alone = { 'consent-id': stage.consentId, 'psu-ip-address': undefined };
    let answer = await list(stage, alone);
    for (let turn = 0; turn < 4; turn += 1) {
      if (refusalOf(answer) !== '200') throw new Error(`reading ${turn + 1}: ${answer.text}`);
      answer = await list(stage, alone);
    }
    return answer;
  }),
];
