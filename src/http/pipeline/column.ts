import { assert } from '../../kernel/index.js';
import { listenerAsksForCertificate, operationIsImplemented, operationIsKnown } from './addressing.js';
import { accountIsCovered, capabilitiesAreAgreed, capabilitiesHoldOnAccount, consentIsInForce } from './agreement.js';
import {
  certificateIsOfClient,
  certificateIsTrusted,
  clientIsRegistered,
  grantReachesOperation,
  keyIsProven,
  tokenIsActive,
  tokenIsPresented,
} from './caller.js';
import { certificateSaysWho, namedConsentIsOwn, roleReachesOperation } from './certificate-caller.js';
import { tokenIsOfConsent, tokenIsOwn } from './token-of-certificate.js';
import type { Exchange, Step } from './exchange.js';
import {
  answerIsAcceptable,
  bodyIsReadable,
  contentTypeIsTaken,
  idempotencyKeyIsGiven,
  requestFitsDocument,
} from './message.js';
import { messageIsSigned } from './signature.js';

/*
 * What must hold before a handler runs, in this order. Who asks comes before what is asked: an anonymous caller costs
 * little (no body is read, nothing is validated or verified) and learns nothing about the shape of a good request.
 */
export const OPENING_STEPS: readonly Step[] = [listenerAsksForCertificate, operationIsKnown, operationIsImplemented];

/** A registered client with a token that is bound to it. */
const CALLER_BY_TOKEN: readonly Step[] = [
  tokenIsPresented,
  tokenIsActive,
  certificateIsTrusted,
  keyIsProven,
  clientIsRegistered,
  certificateIsOfClient,
  grantReachesOperation,
  consentIsInForce,
  capabilitiesAreAgreed,
  accountIsCovered,
  capabilitiesHoldOnAccount,
];

/** A certificate is the registration; the call names the consent, and a token that comes along is of it. */
const CALLER_BY_CERTIFICATE: readonly Step[] = [
  certificateSaysWho,
  roleReachesOperation,
  tokenIsOwn,
  namedConsentIsOwn,
  tokenIsOfConsent,
  capabilitiesAreAgreed,
  accountIsCovered,
  capabilitiesHoldOnAccount,
];

export function callerSteps({ operation }: Exchange): readonly Step[] {
  assert(operation, 'the operation is known');
  return operation.policy.access.grant === 'certificate' ? CALLER_BY_CERTIFICATE : CALLER_BY_TOKEN;
}

export const MESSAGE_STEPS: readonly Step[] = [
  contentTypeIsTaken,
  answerIsAcceptable,
  bodyIsReadable,
  idempotencyKeyIsGiven,
  messageIsSigned,
  requestFitsDocument,
];
