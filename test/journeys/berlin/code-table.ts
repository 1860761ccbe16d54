import type { Service } from '../../../src/standards/berlin-group/errors.js';

const ALL: readonly Service[] = ['AIS', 'PIS', 'PIIS', 'SBS', 'FUNDS-CONSENT'];
const CERTIFICATES = './certificates.test.ts';
const BANK_FILE = './bank-file.test.ts';
const OAUTH2 = './oauth2.test.ts';

/** Codes that need other certificates or another bank than the table of refusals has, with the test that tells them. */
export const TOLD_IN: Readonly<Record<string, { readonly file: string; readonly services: readonly Service[] }>> = {
  '401 CERTIFICATE_INVALID': { file: CERTIFICATES, services: ALL },
  '401 CERTIFICATE_EXPIRED': { file: CERTIFICATES, services: ALL },
  '401 CERTIFICATE_BLOCKED': { file: CERTIFICATES, services: ALL },
  '401 CERTIFICATE_REVOKE': { file: CERTIFICATES, services: ALL },
  '401 CERTIFICATE_MISSING': { file: CERTIFICATES, services: ALL },
  '401 ROLE_INVALID': { file: CERTIFICATES, services: ['AIS', 'PIS', 'PIIS', 'SBS'] },
  '401 SIGNATURE_MISSING': { file: BANK_FILE, services: ALL },
  '401 SIGNATURE_INVALID': { file: BANK_FILE, services: ALL },
  '401 KID_MISSING': { file: BANK_FILE, services: ['PIS'] },
  '401 CONSENT_EXPIRED': { file: BANK_FILE, services: ['AIS'] },
  '401 TOKEN_INVALID': { file: OAUTH2, services: ['AIS', 'PIS'] },
  '401 TOKEN_EXPIRED': { file: OAUTH2, services: ['AIS'] },
  '403 PRODUCT_INVALID': { file: BANK_FILE, services: ['PIS'] },
};

/** Codes that nothing of the service can come to at this bank. */
const NOWHERE = {
  '400 SERVICE_INVALID': 'a service that is not offered is a method that is not taken, 405',
  '400 RESOURCE_EXPIRED': 'what a body points at does not grow old: payments and consents are there or not',
  '400 RESOURCE_BLOCKED':
    'no account of the simulation is ever closed, and one that does not serve fails its authorisation, where the code stands in the answer to the status',
  '400 TIMESTAMP_INVALID': 'no request has a time that the bank would have to believe',
  '401 CORPORATE_ID_INVALID': 'customers are found by PSU-ID; the id of a company is not needed and not looked at',
  '403 SERVICE_BLOCKED': 'no customer is shut out of the channel as such',
  '403 RESOURCE_EXPIRED': 'what is over says so by its status; only consents to accounts run out, and those are 401',
} as const;

const SAME_TOKENS =
  'one check of tokens serves all services before they are told apart; oauth2.test.ts has it say this of accounts';
const NO_PERIOD = 'nothing here has a period';
const NO_CONSENT = 'nothing here is read under a consent';
const NO_CONSENT_ID = 'what is addressed here is no consent: RESOURCE_UNKNOWN';
const NO_ADDRESS =
  'the address of a resource that is not there is 403; an address that is none belongs to no service and is told by AIS';

/** Codes that no test of the service has the bank say, each with the reason. */
export const NOT_TOLD: Readonly<Record<Service, Readonly<Record<string, string>>>> = {
  AIS: NOWHERE,
  PIS: {
    ...NOWHERE,
    '401 TOKEN_EXPIRED': SAME_TOKENS,
    '400 RESOURCE_UNKNOWN': 'an order points at accounts alone, and an unknown one fails the authorisation',
    '400 PERIOD_INVALID': 'a standing order that ends before it begins contradicts itself: PARAMETER_NOT_CONSISTENT',
    '400 CONSENT_UNKNOWN': 'a payment is its own consent',
    '400 PAYMENT_FAILED': 'a payment that cannot be carried out is a payment whose status is RJCT, no broken request',
    '401 CONSENT_INVALID': 'a payment is its own consent',
    '401 CONSENT_EXPIRED': 'a payment is its own consent',
    '403 CONSENT_UNKNOWN': NO_CONSENT_ID,
  },
  SBS: {
    ...NOWHERE,
    '401 TOKEN_INVALID': SAME_TOKENS,
    '401 TOKEN_EXPIRED': SAME_TOKENS,
    '400 PARAMETER_NOT_CONSISTENT': 'what does not go together in a basket is REFERENCE_MIX_INVALID',
    '400 PARAMETER_NOT_SUPPORTED': 'a basket has no parts that this bank would not take',
    '400 PERIOD_INVALID': NO_PERIOD,
    '400 CONSENT_UNKNOWN': 'a member that is not there is RESOURCE_UNKNOWN, whatever it would have been',
    '401 CONSENT_INVALID': NO_CONSENT,
    '401 CONSENT_EXPIRED': NO_CONSENT,
    '403 CONSENT_UNKNOWN': NO_CONSENT_ID,
    '404 RESOURCE_UNKNOWN': NO_ADDRESS,
  },
  PIIS: {
    ...NOWHERE,
    '401 TOKEN_INVALID': SAME_TOKENS,
    '401 TOKEN_EXPIRED': SAME_TOKENS,
    '400 PARAMETER_NOT_CONSISTENT': 'account, card and amount cannot contradict each other',
    '400 RESOURCE_UNKNOWN': 'an unknown account is one whose customer did not agree: NO_PIIS_ACTIVATION',
    '400 PERIOD_INVALID': NO_PERIOD,
    '400 SCA_METHOD_UNKNOWN': 'no customer authenticates for a question about funds',
    '400 SCA_INVALID': 'no customer authenticates for a question about funds',
    '400 CONSENT_UNKNOWN': 'the consent is found by the account: NO_PIIS_ACTIVATION',
    '400 SESSIONS_NOT_SUPPORTED': 'no request can ask for a session',
    '401 PSU_CREDENTIALS_INVALID': 'no customer authenticates for a question about funds',
    '401 CONSENT_INVALID': 'the consent is found by the account: NO_PIIS_ACTIVATION',
    '401 CONSENT_EXPIRED': 'a consent for funds holds until it is ended',
    '403 CONSENT_UNKNOWN': 'the consent is found by the account: NO_PIIS_ACTIVATION',
    '403 RESOURCE_UNKNOWN': 'the address names nothing',
    '404 RESOURCE_UNKNOWN': NO_ADDRESS,
    '409 STATUS_INVALID': 'a question changes nothing',
  },
  'FUNDS-CONSENT': {
    ...NOWHERE,
    '401 TOKEN_INVALID': SAME_TOKENS,
    '401 TOKEN_EXPIRED': SAME_TOKENS,
    '400 PARAMETER_NOT_CONSISTENT': 'account and card cannot contradict each other',
    '400 RESOURCE_UNKNOWN': 'an unknown account fails the authorisation',
    '400 PERIOD_INVALID': NO_PERIOD,
    '400 SCA_METHOD_UNKNOWN': 'its authorisations are below those of accounts: AIS',
    '400 CONSENT_UNKNOWN': 'its consents are addressed, never pointed at: 403',
    '400 SESSIONS_NOT_SUPPORTED': 'no request can ask for a session',
    '401 PSU_CREDENTIALS_INVALID': 'its authorisations are below those of accounts: AIS',
    '401 CONSENT_INVALID': NO_CONSENT,
    '401 CONSENT_EXPIRED': 'a consent for funds holds until it is ended',
    '403 RESOURCE_UNKNOWN': 'its authorisations are below those of accounts: AIS',
    '404 RESOURCE_UNKNOWN': NO_ADDRESS,
    '409 STATUS_INVALID': 'an end that has been is an end: it may be said again',
    '429 ACCESS_EXCEEDED': 'nothing is read under it',
  },
};
