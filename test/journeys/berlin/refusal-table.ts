import type { Service } from '../../../src/standards/berlin-group/errors.js';
import type { Row } from './refusals.js';
import { ACCESS_ROWS } from './refused-access.js';
import { AUTHORISATION_ROWS } from './refused-authorisations.js';
import { FUNDS_CONSENT_ROWS, FUNDS_ROWS } from './refused-funds.js';
import { BASKET_ROWS, PAYMENT_ROWS } from './refused-payments.js';

/** What each service refuses, and as what. */
export const TABLE: readonly (readonly [Service, readonly Row[]])[] = [
  // Authorisations of consents for funds are below those of accounts.
  ['AIS', [...ACCESS_ROWS, ...AUTHORISATION_ROWS.AIS, ...AUTHORISATION_ROWS['FUNDS-CONSENT']]],
  ['PIS', [...PAYMENT_ROWS, ...AUTHORISATION_ROWS.PIS]],
  ['SBS', [...BASKET_ROWS, ...AUTHORISATION_ROWS.SBS]],
  ['PIIS', FUNDS_ROWS],
  ['FUNDS-CONSENT', FUNDS_CONSENT_ROWS],
];
