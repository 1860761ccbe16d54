/**
 * Operations of the documents that are not built, with the reason; answered with 501, never with example data. All
 * operations of 1.3.12 are; what is left out below an operation is listed in the README of this folder.
 */
export const NOT_IMPLEMENTED: Readonly<Record<string, string>> = {};

/** A header or parameter of the documents that has no effect where it is sent, with the reason. */
export interface NotRead {
  readonly reason: string;
  /** Where it is not read; absent: nowhere. */
  readonly operations?: readonly string[];
  /** It is read here and not read anywhere else. */
  readonly exceptIn?: readonly string[];
}

const OF_THE_DEVICE = 'Describes the device of the customer, for risk scores that this bank does not compute.';
const CORPORATE = 'Customers of this bank have one kind of number, which says for whom they act.';
const NOTIFIES_NOBODY = 'The bank sends no notifications; who asks while creating a resource is told so in the answer.';

/**
 * What the documents declare and no handler reads: each is one that the standard lets a bank ignore. A test compares this
 * with what every operation was seen to read.
 */
export const NOT_READ: Readonly<Record<string, NotRead>> = {
  'PSU-IP-Port': { reason: OF_THE_DEVICE },
  'PSU-Accept': { reason: OF_THE_DEVICE },
  'PSU-Accept-Charset': { reason: OF_THE_DEVICE },
  'PSU-Accept-Encoding': { reason: OF_THE_DEVICE },
  'PSU-User-Agent': { reason: OF_THE_DEVICE },
  'PSU-Http-Method': { reason: OF_THE_DEVICE },
  'PSU-Device-ID': { reason: OF_THE_DEVICE },
  'PSU-Geo-Location': { reason: OF_THE_DEVICE },
  'PSU-ID-Type': { reason: CORPORATE },
  'PSU-Corporate-ID': { reason: CORPORATE },
  'PSU-Corporate-ID-Type': { reason: CORPORATE },
  'PSU-ID': {
    reason: 'A status is told without its customer; where she may be named is at the authorisations.',
    operations: ['getSigningBasketStatus'],
  },
  'PSU-IP-Address': {
    reason: 'It says that the customer is there, which counts where accounts are read; nothing else is rationed.',
    exceptIn: [
      'getAccountList',
      'readAccountDetails',
      'getBalances',
      'getTransactionList',
      'getTransactionDetails',
      'getCardAccountList',
      'readCardAccountDetails',
      'getCardAccountBalances',
      'getCardAccountTransactionList',
    ],
  },
  'Consent-ID': {
    reason:
      'It would join a payment to a session of reading; consents for sessions are refused (SESSIONS_NOT_SUPPORTED).',
    operations: ['initiatePayment', 'createSigningBasket'],
  },
  'TPP-Explicit-Authorisation-Preferred': {
    reason: 'A cancellation that the customer has to agree to is always begun by the third party.',
    operations: ['cancelPayment'],
  },
  'TPP-Brand-Logging-Information': { reason: 'For the log of a bank alone; this one logs who the certificate names.' },
  'TPP-Rejection-NoFunds-Preferred': {
    reason: 'The bank never waits for money: a payment without cover is rejected whatever was preferred.',
  },
  'TPP-Notification-URI': {
    reason: NOTIFIES_NOBODY,
    exceptIn: ['initiatePayment', 'createConsent', 'createSigningBasket'],
  },
  'TPP-Notification-Content-Preferred': { reason: NOTIFIES_NOBODY },
};

/** What is read only in some states of the resource. */
export const READ_WHEN: Readonly<Record<string, string>> = {
  'PSU-Accept-Language': 'where the answer has a text for the customer',
  'PSU-ID': 'where it is not known yet who the customer is',
};

export function isNotRead(name: string, operationId: string): boolean {
  const entry = NOT_READ[name];
  if (!entry) return false;
  if (entry.operations) return entry.operations.includes(operationId);
  return entry.exceptIn?.includes(operationId) !== true;
}
