import type { ErrorCode, SandbankError } from '../../kernel/index.js';
import { PROBLEM_TYPE, takesProblems, toProblem, type TppMessage } from './problem.js';

/** The services of the interface: each has its own list of codes (1.3.12, 14.11). */
export const SERVICES = ['AIS', 'PIS', 'PIIS', 'SBS', 'FUNDS-CONSENT'] as const;
export type Service = (typeof SERVICES)[number];

export function serviceOf(operationId = ''): Service {
  if (/ConfirmationOfFunds/.test(operationId)) return 'FUNDS-CONSENT';
  if (operationId === 'checkAvailabilityOfFunds') return 'PIIS';
  if (/SigningBasket/.test(operationId)) return 'SBS';
  return /Payment/.test(operationId) ? 'PIS' : 'AIS';
}

const BAD_REQUEST = [
  'FORMAT_ERROR',
  'PARAMETER_NOT_CONSISTENT',
  'PARAMETER_NOT_SUPPORTED',
  'SERVICE_INVALID',
  'RESOURCE_UNKNOWN',
  'RESOURCE_EXPIRED',
  'RESOURCE_BLOCKED',
  'TIMESTAMP_INVALID',
  'PERIOD_INVALID',
  'SCA_METHOD_UNKNOWN',
  'CONSENT_UNKNOWN',
] as const;
const UNAUTHORIZED = [
  'CERTIFICATE_INVALID',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_BLOCKED',
  'CERTIFICATE_REVOKE',
  'CERTIFICATE_MISSING',
  'SIGNATURE_INVALID',
  'SIGNATURE_MISSING',
  'CORPORATE_ID_INVALID',
  'PSU_CREDENTIALS_INVALID',
  'CONSENT_INVALID',
  'CONSENT_EXPIRED',
  'TOKEN_UNKNOWN',
  'TOKEN_INVALID',
  'TOKEN_EXPIRED',
] as const;
const FORBIDDEN = ['CONSENT_UNKNOWN', 'SERVICE_BLOCKED', 'RESOURCE_UNKNOWN', 'RESOURCE_EXPIRED'] as const;

type CodeList = Readonly<Record<number, readonly string[]>>;

const EVERY_SERVICE: CodeList = {
  400: [...BAD_REQUEST, 'SCA_INVALID'],
  401: [...UNAUTHORIZED, 'ROLE_INVALID'],
  403: FORBIDDEN,
  404: ['RESOURCE_UNKNOWN'],
  405: ['SERVICE_INVALID'],
  409: ['STATUS_INVALID'],
};
const READING: CodeList = { 406: ['REQUESTED_FORMATS_INVALID'], 429: ['ACCESS_EXCEEDED'] };

/** By service and status; a status without a list has answers without a body. */
export const CODES: Readonly<Record<Service, CodeList>> = {
  AIS: { ...EVERY_SERVICE, ...READING, 400: [...BAD_REQUEST, 'SCA_INVALID', 'SESSIONS_NOT_SUPPORTED'] },
  PIS: {
    ...EVERY_SERVICE,
    400: [...BAD_REQUEST, 'SCA_INVALID', 'PAYMENT_FAILED', 'EXECUTION_DATE_INVALID'],
    401: [...UNAUTHORIZED, 'ROLE_INVALID', 'KID_MISSING'],
    403: [...FORBIDDEN, 'PRODUCT_INVALID'],
    404: ['RESOURCE_UNKNOWN', 'PRODUCT_UNKNOWN'],
    405: ['SERVICE_INVALID', 'CANCELLATION_INVALID'],
  },
  PIIS: {
    ...EVERY_SERVICE,
    400: [...BAD_REQUEST, 'SCA_INVALID', 'SESSIONS_NOT_SUPPORTED', 'CARD_INVALID', 'NO_PIIS_ACTIVATION'],
  },
  SBS: {
    ...EVERY_SERVICE,
    400: [...BAD_REQUEST, 'SCA_INVALID', 'REFERENCE_MIX_INVALID'],
    409: ['REFERENCE_STATUS_INVALID', 'STATUS_INVALID'],
  },
  'FUNDS-CONSENT': {
    ...EVERY_SERVICE,
    ...READING,
    400: [...BAD_REQUEST, 'SESSIONS_NOT_SUPPORTED'],
    401: UNAUTHORIZED,
  },
};

/** What a code is told as in a service whose list lacks it. */
const NEXT_BEST: Readonly<Record<number, string>> = {
  400: 'FORMAT_ERROR',
  401: 'CERTIFICATE_INVALID',
  403: 'SERVICE_BLOCKED',
  404: 'RESOURCE_UNKNOWN',
  405: 'SERVICE_INVALID',
  409: 'STATUS_INVALID',
};

interface WireError {
  readonly status: number;
  readonly code?: string;
}

const FAULT: WireError = { status: 500 };
const FORMAT: WireError = { status: 400, code: 'FORMAT_ERROR' };
const SIGNATURE: WireError = { status: 401, code: 'SIGNATURE_INVALID' };
const CREDENTIALS: WireError = { status: 401, code: 'PSU_CREDENTIALS_INVALID' };

/** Every code of the core (1.3.12, 14.11). The last block cannot come out of this API but for a fault of the bank. */
const WIRE_ERRORS: Readonly<Record<ErrorCode, WireError>> = {
  'request.malformed': FORMAT,
  'request.too-large': { status: 413 },
  'request.unsupported-media-type': { status: 415 },
  'request.not-acceptable': { status: 406, code: 'REQUESTED_FORMATS_INVALID' },
  'field.missing': FORMAT,
  'field.invalid': FORMAT,
  'field.unexpected': FORMAT,
  'field.invalid-date': FORMAT,
  'header.missing': FORMAT,
  'header.invalid': FORMAT,
  'operation.unknown': { status: 404, code: 'RESOURCE_UNKNOWN' },
  'operation.method-not-allowed': { status: 405, code: 'SERVICE_INVALID' },
  'operation.not-implemented': { status: 501, code: 'SERVICE_INVALID' },

  'token.missing': { status: 401, code: 'TOKEN_INVALID' },
  'token.unknown': { status: 401, code: 'TOKEN_UNKNOWN' },
  'token.expired': { status: 401, code: 'TOKEN_EXPIRED' },
  'token.revoked': { status: 401, code: 'TOKEN_INVALID' },
  'token.wrong-certificate': { status: 401, code: 'TOKEN_INVALID' },
  'token.wrong-grant': { status: 401, code: 'TOKEN_INVALID' },
  'token.insufficient-scope': { status: 401, code: 'TOKEN_INVALID' },
  'client.certificate-invalid': { status: 401, code: 'CERTIFICATE_INVALID' },
  'client.certificate-missing': { status: 401, code: 'CERTIFICATE_MISSING' },
  'client.certificate-expired': { status: 401, code: 'CERTIFICATE_EXPIRED' },
  'client.certificate-revoked': { status: 401, code: 'CERTIFICATE_REVOKE' },
  'client.role-missing': { status: 401, code: 'ROLE_INVALID' },
  'client.unknown': { status: 401, code: 'CERTIFICATE_BLOCKED' },

  'consent.not-found': { status: 403, code: 'CONSENT_UNKNOWN' },
  'consent.of-another-client': { status: 403, code: 'CONSENT_UNKNOWN' },
  'consent.wrong-status': { status: 409, code: 'STATUS_INVALID' },
  'consent.expired': { status: 401, code: 'CONSENT_EXPIRED' },
  'consent.revoked': { status: 401, code: 'CONSENT_INVALID' },
  'consent.consumed': { status: 409, code: 'STATUS_INVALID' },
  'consent.mismatch': { status: 409, code: 'STATUS_INVALID' },
  'consent.capability-missing': { status: 401, code: 'CONSENT_INVALID' },
  'consent.account-not-covered': { status: 401, code: 'CONSENT_INVALID' },
  'consent.invalid-combination': { status: 400, code: 'PARAMETER_NOT_CONSISTENT' },
  'consent.reauthentication-needed': { status: 401, code: 'CONSENT_INVALID' },

  'account.not-found': { status: 404, code: 'RESOURCE_UNKNOWN' },
  'account.closed': { status: 400, code: 'RESOURCE_BLOCKED' },
  'account.unsupported-identifier': FORMAT,
  'payment.not-found': { status: 403, code: 'RESOURCE_UNKNOWN' },
  'payment.of-another-client': { status: 403, code: 'RESOURCE_UNKNOWN' },
  'payment.unsupported-rail': { status: 404, code: 'PRODUCT_UNKNOWN' },
  'payment.unsupported-currency': FORMAT,
  'payment.amount-invalid': FORMAT,
  'payment.insufficient-funds': { status: 400, code: 'PAYMENT_FAILED' },
  'payment.not-cancellable': { status: 405, code: 'CANCELLATION_INVALID' },
  'payment.execution-date-invalid': { status: 400, code: 'EXECUTION_DATE_INVALID' },
  'payment.product-unsupported': { status: 403, code: 'PRODUCT_INVALID' },
  'payment.quote-unknown': { status: 400, code: 'PARAMETER_NOT_CONSISTENT' },
  'payment.quote-expired': { status: 400, code: 'PARAMETER_NOT_CONSISTENT' },
  'payment.mandate-creditor': { status: 400, code: 'PARAMETER_NOT_CONSISTENT' },
  'payment.mandate-reference': { status: 400, code: 'PARAMETER_NOT_CONSISTENT' },
  'payment.mandate-validity': { status: 400, code: 'EXECUTION_DATE_INVALID' },
  'payment.mandate-maximum': { status: 400, code: 'PAYMENT_FAILED' },
  'payment.mandate-limit': { status: 400, code: 'PAYMENT_FAILED' },
  'party.not-found': CREDENTIALS,

  // X-Request-ID names one request: the same one again is a retry, another body under it is a mistake.
  'idempotency.key-invalid': FORMAT,
  'idempotency.body-changed': FORMAT,
  'idempotency.key-reused': FORMAT,

  'signature.missing': { status: 401, code: 'SIGNATURE_MISSING' },
  'signature.malformed': SIGNATURE,
  'signature.invalid': SIGNATURE,
  'signature.claim-missing': SIGNATURE,
  'signature.claim-invalid': SIGNATURE,
  'signature.unexpected': SIGNATURE,

  // A wrong password and a wrong code are the same to the third party (14.11.1, PSU_CREDENTIALS_INVALID).
  'credentials.invalid': CREDENTIALS,
  'credentials.locked': CREDENTIALS,
  'challenge.invalid': CREDENTIALS,
  'challenge.expired': { status: 400, code: 'SCA_INVALID' },
  'challenge.locked': { status: 400, code: 'SCA_INVALID' },
  'authorisation.wrong-state': { status: 409, code: 'STATUS_INVALID' },

  'rate.limited': { status: 429, code: 'ACCESS_EXCEEDED' },
  internal: FAULT,

  'directory.organisation-not-found': FAULT,
  'directory.software-not-found': FAULT,
  'directory.invalid-role': FAULT,
  'directory.invalid-redirect-uri': FAULT,
  'directory.invalid-csr': FAULT,
  'directory.certificate-not-found': FAULT,
  'directory.invalid-request': FAULT,
  'configuration.invalid': FAULT,
  'clock.cannot-go-back': FAULT,
};

/** Where a service tells a code of the core otherwise. */
const OF_SERVICE: Partial<Readonly<Record<Service, Partial<Readonly<Record<ErrorCode, WireError>>>>>> = {
  PIS: {
    'consent.not-found': { status: 403, code: 'RESOURCE_UNKNOWN' },
    'consent.of-another-client': { status: 403, code: 'RESOURCE_UNKNOWN' },
    'consent.expired': { status: 403, code: 'RESOURCE_EXPIRED' },
    'consent.revoked': { status: 409, code: 'STATUS_INVALID' },
  },
  SBS: {
    'consent.not-found': { status: 403, code: 'RESOURCE_UNKNOWN' },
    'consent.of-another-client': { status: 403, code: 'RESOURCE_UNKNOWN' },
    'consent.expired': { status: 403, code: 'RESOURCE_EXPIRED' },
    'consent.revoked': { status: 409, code: 'STATUS_INVALID' },
    'consent.invalid-combination': { status: 400, code: 'REFERENCE_MIX_INVALID' },
  },
};

/** A consent that a reading rests on stands in a header: unknown there is a bad request, not in force is a 401. */
const OF_CONSENT_IN_CALL: Partial<Readonly<Record<ErrorCode, WireError>>> = {
  'consent.not-found': { status: 400, code: 'CONSENT_UNKNOWN' },
  'consent.of-another-client': { status: 400, code: 'CONSENT_UNKNOWN' },
  'consent.wrong-status': { status: 401, code: 'CONSENT_INVALID' },
  'consent.consumed': { status: 401, code: 'CONSENT_INVALID' },
};
const READS_UNDER_CONSENT = /^(?:getAccountList|read(?:Card)?Account|getBalances|getTransaction|getCardAccount)/;

const MAX_TEXT = 500;

/** One entry for each fault that was found: as `tppMessages`, or as a problem to who takes that (14.11.3). */
export function toWireError(
  error: SandbankError,
  { operationId, accept }: { readonly operationId?: string; readonly accept?: string },
): { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } {
  const service = serviceOf(operationId);
  const { status, code } = wireErrorOf(error.code, service, operationId);
  const codes = status === 501 ? ['SERVICE_INVALID'] : CODES[service][status];
  if (code === undefined || codes === undefined) return { status };
  const told = (wanted: string): string =>
    [wanted, code].find((one) => codes.includes(one)) ?? NEXT_BEST[status] ?? wanted;
  const { findings = [], path, wireCode } = error.details;
  const main = typeof wireCode === 'string' ? wireCode : code;
  const several = findings
    .map((finding) => ({ ...finding, wire: wireErrorOf(finding.code, service, operationId) }))
    .filter(({ wire }) => wire.status === status)
    .map((finding) => message(told(finding.wire.code ?? main), finding))
    // Alternatives of a body say the same thing once each.
    .filter((one, index, all) => all.findIndex((other) => other.text === one.text) === index);
  const single = message(told(main), { message: error.message, ...(path !== undefined && { path }) });
  const tppMessages = several.length > 0 ? several : [single];
  if (!takesProblems(accept)) return { status, body: { tppMessages } };
  return { status, body: toProblem(status, tppMessages), headers: { 'Content-Type': PROBLEM_TYPE } };
}

function wireErrorOf(code: ErrorCode, service: Service, operationId = ''): WireError {
  if (READS_UNDER_CONSENT.test(operationId)) return OF_CONSENT_IN_CALL[code] ?? WIRE_ERRORS[code];
  return OF_SERVICE[service]?.[code] ?? WIRE_ERRORS[code];
}

function message(code: string, told: { readonly message: string; readonly path?: string }): TppMessage {
  return {
    category: 'ERROR',
    code,
    ...(told.path !== undefined && told.path !== '' && { path: told.path }),
    text: told.message.slice(0, MAX_TEXT),
  };
}
