import type { ErrorCode, Finding, SandbankError } from '../../kernel/index.js';

/** How a refusal of the core looks on the wire. Without `code` no body is sent. */
interface WireError {
  readonly status: number;
  readonly code?: string;
}

/**
 * Status and U-code of every code of the core (4.0.1, read-write data API profile, status and error codes).
 * A 403 has no U-code of its own but U028: what is out of reach is told as U011, what the consent does not allow as
 * U042 (other reason). The last block cannot come out of this API; were it to, it would be a fault of the bank.
 */
const WIRE_ERRORS: Readonly<Record<ErrorCode, WireError>> = {
  'request.malformed': { status: 400, code: 'U010' },
  'request.too-large': { status: 413 },
  'request.unsupported-media-type': { status: 415 },
  'request.not-acceptable': { status: 406 },
  'field.missing': { status: 400, code: 'U004' },
  'field.invalid': { status: 400, code: 'U002' },
  'field.unexpected': { status: 400, code: 'U005' },
  'field.invalid-date': { status: 400, code: 'U003' },
  'header.missing': { status: 400, code: 'U007' },
  'header.invalid': { status: 400, code: 'U006' },
  'operation.unknown': { status: 404 },
  'operation.method-not-allowed': { status: 405 },
  'operation.not-implemented': { status: 501, code: 'U000' },

  // 401 without a body, but for a token that was good once (v4).
  'token.missing': { status: 401 },
  'token.unknown': { status: 401 },
  'token.expired': { status: 401, code: 'TKXP' },
  'token.revoked': { status: 401, code: 'TKSP' },
  'token.wrong-certificate': { status: 401 },
  'token.wrong-grant': { status: 403, code: 'U042' },
  'token.insufficient-scope': { status: 403, code: 'U042' },
  'client.certificate-invalid': { status: 401 },
  'client.certificate-missing': { status: 401 },
  'client.certificate-expired': { status: 401 },
  'client.certificate-revoked': { status: 401 },
  'client.role-missing': { status: 403, code: 'U042' },
  'client.unknown': { status: 401 },

  'consent.not-found': { status: 400, code: 'U011' },
  'consent.of-another-client': { status: 403, code: 'U011' },
  'consent.wrong-status': { status: 400, code: 'U009' },
  'consent.expired': { status: 401, code: 'TKXP' },
  'consent.revoked': { status: 401, code: 'TKSP' },
  'consent.consumed': { status: 400, code: 'U009' },
  'consent.mismatch': { status: 400, code: 'U008' },
  'consent.capability-missing': { status: 403, code: 'U042' },
  'consent.account-not-covered': { status: 403, code: 'U011' },
  'consent.invalid-combination': { status: 400, code: 'U002' },
  'consent.reauthentication-needed': { status: 403, code: 'U028' },

  'account.not-found': { status: 400, code: 'U011' },
  'account.closed': { status: 400, code: 'U011' },
  'account.unsupported-identifier': { status: 400, code: 'U021' },
  'payment.not-found': { status: 400, code: 'U011' },
  'payment.of-another-client': { status: 403, code: 'U011' },
  'payment.unsupported-rail': { status: 400, code: 'U026' },
  'payment.unsupported-currency': { status: 400, code: 'U023' },
  'payment.amount-invalid': { status: 400, code: 'U002' },
  'payment.insufficient-funds': { status: 400, code: 'U042' },
  'payment.not-cancellable': { status: 400, code: 'U042' },
  'payment.execution-date-invalid': { status: 400, code: 'U003' },
  'payment.product-unsupported': { status: 400, code: 'U026' },
  'payment.quote-unknown': { status: 400, code: 'U002' },
  'payment.quote-expired': { status: 400, code: 'U042' },
  // What was fixed in the consent must come back as it was; what goes beyond its limits fails them.
  'payment.mandate-creditor': { status: 400, code: 'U008' },
  'payment.mandate-reference': { status: 400, code: 'U008' },
  'payment.mandate-validity': { status: 400, code: 'U014' },
  'payment.mandate-maximum': { status: 400, code: 'U014' },
  'payment.mandate-limit': { status: 400, code: 'U014' },
  'party.not-found': { status: 400, code: 'U011' },

  'idempotency.key-invalid': { status: 400, code: 'U006' },
  // The 422 of 4.0.1; older texts say 400 or 409 (our default profile of this version).
  'idempotency.body-changed': { status: 422, code: 'U029' },
  'idempotency.key-reused': { status: 400, code: 'U006' },

  'signature.missing': { status: 400, code: 'U019' },
  'signature.malformed': { status: 400, code: 'U018' },
  'signature.invalid': { status: 400, code: 'U015' },
  'signature.claim-missing': { status: 400, code: 'U017' },
  'signature.claim-invalid': { status: 400, code: 'U016' },
  'signature.unexpected': { status: 400, code: 'U020' },

  'rate.limited': { status: 429 },
  internal: { status: 500, code: 'U000' },

  'credentials.invalid': { status: 500, code: 'U000' },
  'credentials.locked': { status: 500, code: 'U000' },
  'challenge.invalid': { status: 500, code: 'U000' },
  'challenge.expired': { status: 500, code: 'U000' },
  'challenge.locked': { status: 500, code: 'U000' },
  'authorisation.wrong-state': { status: 500, code: 'U000' },
  'directory.organisation-not-found': { status: 500, code: 'U000' },
  'directory.software-not-found': { status: 500, code: 'U000' },
  'directory.invalid-role': { status: 500, code: 'U000' },
  'directory.invalid-redirect-uri': { status: 500, code: 'U000' },
  'directory.invalid-csr': { status: 500, code: 'U000' },
  'directory.certificate-not-found': { status: 500, code: 'U000' },
  'directory.invalid-request': { status: 500, code: 'U000' },
  'configuration.invalid': { status: 500, code: 'U000' },
  'clock.cannot-go-back': { status: 500, code: 'U000' },
};

/** What an account scheme and a second identifier are called when they are what the bank cannot serve. */
export type Unsupported = 'scheme' | 'secondary-identifier';
const UNSUPPORTED_CODES: Readonly<Record<Unsupported, string>> = { scheme: 'U027', 'secondary-identifier': 'U022' };

const MAX_MESSAGE = 500;
const MAX_ID = 40;

/** OBErrorResponse1 of v4: the list is what counts; `Code` and `Message` above it are deprecated and left out. */
export function toWireError(
  error: SandbankError,
  context: { readonly interactionId: string; readonly operationId?: string },
): { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } {
  const { status, code } = WIRE_ERRORS[error.code];
  const headers = headersOf(error, status);
  if (code === undefined) return { status, ...headers };
  return {
    status,
    body: {
      ...(context.interactionId !== '' && context.interactionId.length <= MAX_ID && { Id: context.interactionId }),
      Errors: entriesOf(error),
    },
    ...headers,
  };
}

function entriesOf(error: SandbankError): readonly Readonly<Record<string, string>>[] {
  const { findings, path, unsupported } = error.details;
  if (findings !== undefined && findings.length > 0) return findings.map((finding) => entry(codeOf(finding), finding));
  const code =
    error.code === 'account.unsupported-identifier' && isUnsupported(unsupported)
      ? UNSUPPORTED_CODES[unsupported]
      : codeOf(error);
  const first = entry(code, { message: error.message, ...(path !== undefined && { path }) });
  // A cancelled consent comes back by a new authorisation, which U028 asks for (4.0.1, 401 of a revoked token).
  return code === 'TKSP' ? [first, entry('U028', { message: 'Ask the customer to authorise again.' })] : [first];
}

function entry(
  code: string,
  told: { readonly message: string; readonly path?: string },
): Readonly<Record<string, string>> {
  return {
    ErrorCode: code,
    ...(told.message !== '' && { Message: told.message.slice(0, MAX_MESSAGE) }),
    ...(told.path !== undefined && told.path !== '' && { Path: told.path.slice(0, MAX_MESSAGE) }),
  };
}

function codeOf(refusal: Pick<Finding, 'code'>): string {
  return WIRE_ERRORS[refusal.code].code ?? 'U000';
}

function isUnsupported(value: unknown): value is Unsupported {
  return typeof value === 'string' && Object.hasOwn(UNSUPPORTED_CODES, value);
}

/** The challenge of a 401 is the same in every standard, and written by the listener. */
function headersOf(error: SandbankError, status: number): { readonly headers?: Readonly<Record<string, string>> } {
  return status === 429 ? { headers: { 'Retry-After': String(error.details.retryAfterSeconds ?? 1) } } : {};
}
