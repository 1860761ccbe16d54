/**
 * Every refusal of the neutral core. A standard maps each code to its own wire error, exhaustively, so that a new code
 * does not compile until every standard answers it. There is no HTTP status here.
 */
export const ERROR_CODES = [
  // the request itself
  'request.malformed', // not parseable at all
  'request.too-large',
  'request.unsupported-media-type',
  'request.not-acceptable',
  'field.missing',
  'field.invalid',
  'field.unexpected',
  'field.invalid-date',
  'header.missing',
  'header.invalid',
  'operation.unknown', // no such path
  'operation.method-not-allowed',
  'operation.not-implemented',
  // who asks
  'token.missing',
  'token.unknown',
  'token.expired',
  'token.revoked',
  'token.wrong-certificate', // bound to another certificate, or none was shown
  'token.wrong-grant', // e.g. client credentials where the customer's grant is needed
  'token.insufficient-scope',
  'client.certificate-invalid',
  'client.certificate-missing',
  'client.certificate-expired',
  'client.certificate-revoked',
  'client.role-missing',
  'client.unknown',
  // consent
  'consent.not-found',
  'consent.of-another-client',
  'consent.wrong-status',
  'consent.expired',
  'consent.revoked',
  'consent.consumed',
  'consent.mismatch', // the order differs from what was agreed
  'consent.capability-missing',
  'consent.account-not-covered',
  'consent.invalid-combination', // capabilities that make no sense together
  'consent.reauthentication-needed',
  // resources
  'account.not-found',
  'account.closed',
  'account.unsupported-identifier',
  'payment.not-found',
  'payment.of-another-client',
  'payment.unsupported-rail',
  'payment.unsupported-currency',
  'payment.amount-invalid',
  'payment.insufficient-funds',
  'payment.not-cancellable',
  'payment.execution-date-invalid',
  'payment.product-unsupported',
  'payment.quote-unknown', // no such contract for a rate of exchange
  'payment.quote-expired',
  'payment.mandate-creditor', // the mandate is for other payees
  'payment.mandate-reference',
  'payment.mandate-validity', // not begun yet, or over
  'payment.mandate-maximum', // of one payment
  'payment.mandate-limit', // of a period, with what is left of it
  // repeated requests
  'idempotency.key-invalid',
  'idempotency.body-changed',
  'idempotency.key-reused', // a request id that may be used once
  // message signatures
  'signature.missing',
  'signature.malformed',
  'signature.invalid',
  'signature.claim-missing',
  'signature.claim-invalid',
  'signature.unexpected',
  // the customer
  'credentials.invalid',
  'credentials.locked',
  'challenge.invalid',
  'challenge.expired',
  'challenge.locked',
  'authorisation.wrong-state',
  'party.not-found',
  // the directory
  'directory.organisation-not-found',
  'directory.software-not-found',
  'directory.invalid-role',
  'directory.invalid-redirect-uri',
  'directory.invalid-csr',
  'directory.certificate-not-found',
  'directory.invalid-request',
  // the sandbox
  'configuration.invalid',
  'clock.cannot-go-back',
  'rate.limited',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface ErrorDetails {
  /** Where in the request: a JSON path such as `Data.Initiation.InstructedAmount.Amount`, or a header or parameter name. */
  readonly path?: string;
  readonly expected?: string;
  readonly actual?: string;
  readonly retryAfterSeconds?: number;
  /** One entry per finding where several were found at once (validation). */
  readonly findings?: readonly Finding[];
  readonly [key: string]: unknown;
}

/** One of several things wrong with a request. */
export interface Finding {
  readonly code: ErrorCode;
  readonly message: string;
  readonly path?: string;
}

/** The one error class of the core. `message` is safe to show to the caller. */
export class SandbankError extends Error {
  override readonly name = 'SandbankError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

export function isSandbankError(error: unknown): error is SandbankError {
  return error instanceof SandbankError;
}
