import type { Operation, Standard, StandardApi, StandardVersion } from '../standard.js';
import { readBody } from './bodies.js';
import { toConsentView } from './consent-view.js';
import { NOT_IMPLEMENTED } from './coverage.js';
import { toWireError } from './errors.js';
import { toFinding } from './findings.js';
import { messageSignature, underSeal } from './message-signature.js';
import { accountOperations } from './operations/accounts.js';
import {
  basketAuthorisationOperations,
  consentAuthorisationOperations,
  paymentAuthorisationOperations,
} from './operations/authorisations.js';
import { basketOperations } from './operations/baskets.js';
import { cardAccountOperations } from './operations/card-accounts.js';
import { consentOperations } from './operations/consents.js';
import { fundsConsentOperations } from './operations/funds-consents.js';
import { fundsOperations } from './operations/funds.js';
import { paymentOperations } from './operations/payments.js';
import { transactionOperations } from './operations/transactions.js';
import { consentIdOf, security } from './security.js';
import { readSettings, settingsOf } from './settings.js';
import { VERSION_ID } from './version.js';

/** Paths of the documents have the version in them already. */
function api(id: string, title: string, operations: Readonly<Record<string, Operation>>): StandardApi {
  const document = `berlin-group/1.3/${id}.yaml`;
  return { id, title, document, path: '', operations: underSeal(operations), notImplemented: NOT_IMPLEMENTED };
}

const version13: StandardVersion = {
  id: VERSION_ID,
  version: '1.3',
  basePath: 'psd2',
  apis: [
    api('account-information', 'Account information', {
      ...consentOperations,
      ...consentAuthorisationOperations,
      ...accountOperations,
      ...transactionOperations,
      ...cardAccountOperations,
    }),
    api('payment-initiation', 'Payment initiation', { ...paymentOperations, ...paymentAuthorisationOperations }),
    api('confirmation-of-funds', 'Confirmation of funds', fundsOperations),
    api('confirmation-of-funds-consents', 'Consents for the confirmation of funds', fundsConsentOperations),
    api('signing-baskets', 'Signing baskets', { ...basketOperations, ...basketAuthorisationOperations }),
  ],
  clients: 'by-certificate',
  security,
  wantsSecurity: (settings) => settingsOf({ settings }).scaApproaches.includes('oauth2'),
  consents: { consentIdOf, view: toConsentView },
  wire: {
    interactionHeader: 'x-request-id',
    idempotency: { header: 'X-Request-ID', maxLength: 36 },
    contentType: 'application/json',
    error: toWireError,
    finding: toFinding,
    signature: messageSignature,
    readBody,
  },
  readSettings,
};

/** Berlin Group NextGenPSD2, 1.3.12: accounts, payments, funds and baskets for third parties known by certificate. */
export const berlinGroup: Standard = {
  id: 'berlin-group',
  name: 'Berlin Group NextGenPSD2',
  versions: [version13],
};
