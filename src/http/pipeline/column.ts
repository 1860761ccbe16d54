import { listenerAsksForCertificate, operationIsImplemented, operationIsKnown } from './addressing.js';
import { accountIsCovered, capabilitiesAreAgreed, consentIsInForce } from './agreement.js';
import {
  certificateIsOfClient,
  certificateIsTrusted,
  clientIsRegistered,
  grantReachesOperation,
  keyIsProven,
  tokenIsActive,
  tokenIsPresented,
} from './caller.js';
import type { Step } from './exchange.js';
import {
  answerIsAcceptable,
  bodyIsReadable,
  contentTypeIsTaken,
  idempotencyKeyIsGiven,
  messageIsSigned,
  requestFitsDocument,
} from './message.js';

/**
 * What must hold before a handler runs, in this order. Who asks comes before what is asked: an anonymous caller costs
 * little (no body is read, nothing is validated or verified) and learns nothing about the shape of a good request.
 */
export const RESOURCE_STEPS: readonly Step[] = [
  listenerAsksForCertificate,
  operationIsKnown,
  operationIsImplemented,
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
  contentTypeIsTaken,
  answerIsAcceptable,
  bodyIsReadable,
  idempotencyKeyIsGiven,
  messageIsSigned,
  requestFitsDocument,
];
