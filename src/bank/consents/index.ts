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
  NamedAccount,
  NewConsent,
  ScaMethod,
  Signing,
} from './consent.js';
export { capabilitiesOn } from './capabilities.js';
export type { AuthorisedPayments, ConsentsOptions } from './change-consent.js';
export type { Consents, EligibleAccount } from './consents.js';
export { createConsents } from './create-consents.js';
export { dynamicLinkHash, subjectLinkHash } from './dynamic-link.js';
export type { PaymentInstruction, PaymentSchedule } from './instruction.js';
export type { LimitPeriod, PaymentMandate, PeriodicLimit } from './mandate.js';
export { consentsMigrations } from './migrations.js';
export { readConsentStates, verifyConsents, type ConsentState } from './verify-consents.js';
