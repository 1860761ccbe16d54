import type { Standard, StandardVersion } from '../standard.js';
import { ACCOUNT_INFO_NOT_IMPLEMENTED, PAYMENT_INITIATION_NOT_IMPLEMENTED } from './coverage.js';
import { toConsentView } from './consent-view.js';
import { toWireError } from './errors.js';
import { toFinding } from './findings.js';
import { messageSignature } from './message-signature.js';
import { accessConsentOperations } from './operations/access-consents.js';
import { accountOperations } from './operations/accounts.js';
import { arrangementOperations } from './operations/arrangements.js';
import { partyOperations } from './operations/parties.js';
import { IDEMPOTENCY_HEADER, paymentConsentOperations } from './operations/payment-consents.js';
import { paymentOperations } from './operations/payments.js';
import { statementOperations } from './operations/statements.js';
import { transactionOperations } from './operations/transactions.js';
import { consentIdOf, security } from './security.js';
import { VERSION_ID } from './version.js';

const version40: StandardVersion = {
  id: VERSION_ID,
  version: '4.0',
  basePath: 'open-banking/v4.0',
  apis: [
    {
      id: 'account-info',
      title: 'Account and Transaction API',
      document: 'uk-obie/4.0/account-info.yaml',
      path: 'aisp',
      operations: {
        ...accessConsentOperations,
        ...accountOperations,
        ...transactionOperations,
        ...partyOperations,
        ...arrangementOperations,
        ...statementOperations,
      },
      notImplemented: ACCOUNT_INFO_NOT_IMPLEMENTED,
    },
    {
      id: 'payment-initiation',
      title: 'Payment Initiation API',
      document: 'uk-obie/4.0/payment-initiation.yaml',
      path: 'pisp',
      operations: { ...paymentConsentOperations, ...paymentOperations },
      notImplemented: PAYMENT_INITIATION_NOT_IMPLEMENTED,
    },
  ],
  security,
  consents: { consentIdOf, view: toConsentView },
  wire: {
    interactionHeader: 'x-fapi-interaction-id',
    idempotency: { header: IDEMPOTENCY_HEADER, maxLength: 40 },
    contentType: 'application/json; charset=utf-8',
    error: toWireError,
    finding: toFinding,
    signature: messageSignature,
  },
};

/** UK Open Banking Read/Write, 4.0 (documents 4.0.1): account information, payments at home and abroad. */
export const ukObie: Standard = {
  id: 'uk-obie',
  name: 'UK Open Banking',
  versions: [version40],
};
