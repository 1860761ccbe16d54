import type { Standard } from '../../../src/standards/standard.js';
import { toConsentView } from './consent-view.js';
import { NOT_IMPLEMENTED } from './coverage.js';
import { toWireError } from './errors.js';
import { toFinding } from './findings.js';
import { accountOperations } from './operations/accounts.js';
import { consentOperations } from './operations/consents.js';
import { VERSION_ID } from './version.js';

/** A standard that nobody publishes, with the stems of a real one. */
export const toy: Standard = {
  id: 'toy',
  name: 'Toy Banking',
  versions: [
    {
      id: VERSION_ID,
      version: '1.0',
      basePath: 'toys/v1',
      apis: [
        {
          id: 'accounts',
          title: 'Toys',
          document: 'toy/1.0/accounts.yaml',
          path: 'box',
          operations: { ...consentOperations, ...accountOperations },
          notImplemented: NOT_IMPLEMENTED,
        },
      ],
      clients: 'by-certificate',
      consents: { view: toConsentView },
      wire: {
        interactionHeader: 'toy-call',
        idempotency: { header: 'toy-once', maxLength: 20 },
        contentType: 'application/json',
        error: toWireError,
        finding: toFinding,
      },
    },
  ],
};
