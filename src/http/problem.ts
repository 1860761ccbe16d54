import { STATUS_CODES, type ServerResponse } from 'node:http';

import { isSandbankError, SandbankError, type ErrorCode } from '../kernel/index.js';
import { endWith } from './ending.js';

/** The status of every code on routes that belong to no standard (control API, directory). */
const STATUS: Readonly<Record<ErrorCode, number>> = {
  'request.malformed': 400,
  'request.too-large': 413,
  'request.unsupported-media-type': 415,
  'request.not-acceptable': 406,
  'field.missing': 400,
  'field.invalid': 400,
  'field.unexpected': 400,
  'field.invalid-date': 400,
  'header.missing': 400,
  'header.invalid': 400,
  'operation.unknown': 404,
  'operation.method-not-allowed': 405,
  'operation.not-implemented': 501,
  'token.missing': 401,
  'token.unknown': 401,
  'token.expired': 401,
  'token.revoked': 401,
  'token.wrong-certificate': 401,
  'token.wrong-grant': 403,
  'token.insufficient-scope': 403,
  'client.certificate-invalid': 401,
  'client.certificate-missing': 401,
  'client.certificate-expired': 401,
  'client.certificate-revoked': 401,
  'client.role-missing': 403,
  'client.unknown': 401,
  'consent.not-found': 404,
  'consent.of-another-client': 403,
  'consent.wrong-status': 409,
  'consent.expired': 403,
  'consent.revoked': 403,
  'consent.consumed': 409,
  'consent.mismatch': 400,
  'consent.capability-missing': 403,
  'consent.account-not-covered': 403,
  'consent.invalid-combination': 400,
  'consent.reauthentication-needed': 403,
  'account.not-found': 404,
  'account.closed': 409,
  'account.unsupported-identifier': 400,
  'payment.not-found': 404,
  'payment.of-another-client': 403,
  'payment.unsupported-rail': 400,
  'payment.unsupported-currency': 400,
  'payment.amount-invalid': 400,
  'payment.insufficient-funds': 409,
  'payment.not-cancellable': 409,
  'payment.execution-date-invalid': 400,
  'payment.product-unsupported': 400,
  'payment.quote-unknown': 400,
  'payment.quote-expired': 400,
  'payment.mandate-creditor': 400,
  'payment.mandate-reference': 400,
  'payment.mandate-validity': 400,
  'payment.mandate-maximum': 400,
  'payment.mandate-limit': 409,
  'idempotency.key-invalid': 400,
  'idempotency.body-changed': 409,
  'idempotency.key-reused': 409,
  'signature.missing': 400,
  'signature.malformed': 400,
  'signature.invalid': 400,
  'signature.claim-missing': 400,
  'signature.claim-invalid': 400,
  'signature.unexpected': 400,
  'credentials.invalid': 401,
  'credentials.locked': 423,
  'challenge.invalid': 403,
  'challenge.expired': 403,
  'challenge.locked': 423,
  'authorisation.wrong-state': 409,
  'party.not-found': 404,
  'directory.organisation-not-found': 404,
  'directory.software-not-found': 404,
  'directory.invalid-role': 400,
  'directory.invalid-redirect-uri': 400,
  'directory.invalid-csr': 400,
  'directory.certificate-not-found': 404,
  'directory.invalid-request': 400,
  'configuration.invalid': 400,
  'clock.cannot-go-back': 409,
  'rate.limited': 429,
  internal: 500,
};

/** Any exception as an error that may be shown: what is not ours, and not a plain client error, is `internal`. */
export function toSandbankError(error: unknown): SandbankError {
  if (isSandbankError(error)) return error;
  const status = clientStatusOf(error);
  if (status === 413) return new SandbankError('request.too-large', 'The request is too large.', {}, { cause: error });
  if (status === 415) {
    return new SandbankError(
      'request.unsupported-media-type',
      'The body is of a type that is not read here.',
      {},
      {
        cause: error,
      },
    );
  }
  if (status !== undefined) {
    return new SandbankError('request.malformed', 'The request cannot be read.', {}, { cause: error });
  }
  return new SandbankError('internal', 'Something went wrong at the bank.', {}, { cause: error });
}

/** Express and its body parsers mark client errors with a status. */
function clientStatusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  return error.status >= 400 && error.status < 500 ? error.status : undefined;
}

/** Writes an error as RFC 9457 problem details. Nothing but code, safe message and where it is goes out. */
export function writeProblem(response: ServerResponse, error: SandbankError, interactionId: string): void {
  const status = STATUS[error.code];
  const { path, expected, findings } = error.details;
  const body = JSON.stringify({
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: error.message,
    code: error.code,
    interactionId,
    ...(path !== undefined && { path }),
    ...(expected !== undefined && { expected }),
    ...(findings !== undefined && { findings }),
  });
  response.statusCode = status;
  response.setHeader('content-type', 'application/problem+json');
  response.setHeader('cache-control', 'no-store');
  if (error.details.retryAfterSeconds !== undefined) {
    response.setHeader('retry-after', String(error.details.retryAfterSeconds));
  }
  endWith(response, body);
}
