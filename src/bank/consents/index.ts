export { CAPABILITIES, CONSENT_STATUSES } from './consent.js';
export type {
  Authorisation,
  AuthorisationStatus,
  Capability,
  Challenge,
  Consent,
  ConsentActor,
  ConsentEvidence,
  ConsentId,
  ConsentKind,
  ConsentStatus,
  ConsentStatusReason,
  ConsentSubject,
  LinkedAccount,
  NewConsent,
  PaymentMandate,
} from './consent.js';
export type { ConsentsOptions } from './change-consent.js';
export type { Consents, EligibleAccount } from './consents.js';
export { createConsents } from './create-consents.js';
export { dynamicLinkHash } from './dynamic-link.js';
export type { PaymentInstruction } from './instruction.js';
export { consentsMigrations } from './migrations.js';
