import { describe, expect, test } from '@jest/globals';
import { ERROR_CODES, SandbankError, type ErrorCode } from '../../../src/kernel/index.js';
import { toWireError } from '../../../src/standards/uk-obie/errors.js';
import { validatorOf } from './documents.js';
import type { Json } from './json.js';

const context = { interactionId: '93bac548-d2de-4546-b106-880a5018460d' };
const wire = (code: ErrorCode, details = {}): Json => toWireError(new SandbankError(code, 'Told.', details), context);
const validate = await validatorOf('account-info.yaml', 'ErrorResponse');

/** The table of the standard, written down a second time by status. */
const EXPECTED: readonly (readonly [number, string | undefined, readonly ErrorCode[]])[] = [
  [400, 'U002', ['field.invalid', 'consent.invalid-combination', 'payment.amount-invalid']],
  [400, 'U003', ['field.invalid-date']],
  [400, 'U004', ['field.missing']],
  [400, 'U005', ['field.unexpected']],
  [400, 'U006', ['header.invalid', 'idempotency.key-invalid']],
  [400, 'U007', ['header.missing']],
  [400, 'U008', ['consent.mismatch']],
  [400, 'U009', ['consent.wrong-status', 'consent.consumed']],
  [400, 'U010', ['request.malformed']],
  [400, 'U011', ['consent.not-found', 'account.not-found', 'payment.not-found', 'party.not-found', 'account.closed']],
  [400, 'U015', ['signature.invalid']],
  [400, 'U016', ['signature.claim-invalid']],
  [400, 'U017', ['signature.claim-missing']],
  [400, 'U018', ['signature.malformed']],
  [400, 'U019', ['signature.missing']],
  [400, 'U020', ['signature.unexpected']],
  [400, 'U021', ['account.unsupported-identifier']],
  [400, 'U023', ['payment.unsupported-currency']],
  [400, 'U026', ['payment.unsupported-rail']],
  [
    401,
    undefined,
    ['token.missing', 'token.unknown', 'token.wrong-certificate', 'client.certificate-invalid', 'client.unknown'],
  ],
  [401, 'TKXP', ['token.expired', 'consent.expired']],
  [401, 'TKSP', ['token.revoked', 'consent.revoked']],
  [403, 'U011', ['consent.of-another-client', 'payment.of-another-client', 'consent.account-not-covered']],
  [403, 'U042', ['consent.capability-missing', 'token.wrong-grant', 'token.insufficient-scope']],
  [403, 'U028', ['consent.reauthentication-needed']],
  [404, undefined, ['operation.unknown']],
  [405, undefined, ['operation.method-not-allowed']],
  [406, undefined, ['request.not-acceptable']],
  [413, undefined, ['request.too-large']],
  [415, undefined, ['request.unsupported-media-type']],
  [422, 'U029', ['idempotency.body-changed']],
  [429, undefined, ['rate.limited']],
  [500, 'U000', ['internal']],
  [501, 'U000', ['operation.not-implemented']],
];

describe('uk-obie errors', () => {
  test.each(EXPECTED.flatMap(([status, code, cores]) => cores.map((core) => [core, status, code] as const)))(
    '%s is %i %s',
    (core, status, code) => {
      const answer = wire(core);
      expect([answer.status, answer.body?.Errors[0].ErrorCode]).toEqual([status, code]);
    },
  );

  test.each(ERROR_CODES)('%s gives an answer that the document allows', (code) => {
    const { status, body } = wire(code);
    expect(status).toBeGreaterThanOrEqual(400);
    if (body !== undefined) expect(validate(body)).toEqual([]);
  });

  test('an unknown id is never 404, and a permission that is missing never 401', () => {
    const statuses = ERROR_CODES.filter((code) => /not-found/.test(code) && !code.startsWith('directory')).map(
      (code) => wire(code).status,
    );
    expect(new Set(statuses)).toEqual(new Set([400]));
    expect(wire('consent.capability-missing').status).toBe(403);
  });

  test('several findings become several errors with their own codes and paths', () => {
    const findings = [
      { code: 'field.missing', message: 'Risk is missing.', path: 'Risk' },
      { code: 'field.unexpected', message: 'Data.X is not known here.', path: 'Data.X' },
    ];
    expect(wire('field.missing', { findings }).body).toEqual({
      Id: context.interactionId,
      Errors: [
        { ErrorCode: 'U004', Message: 'Risk is missing.', Path: 'Risk' },
        { ErrorCode: 'U005', Message: 'Data.X is not known here.', Path: 'Data.X' },
      ],
    });
  });

  test('a scheme that cannot be paid from or to is U027, its number U021', () => {
    expect(wire('account.unsupported-identifier', { unsupported: 'scheme' }).body.Errors[0].ErrorCode).toBe('U027');
    expect(wire('account.unsupported-identifier', { unsupported: 'else' }).body.Errors[0].ErrorCode).toBe('U021');
  });

  test('a cancelled consent asks for re-authentication beside its reason', () => {
    expect(wire('token.revoked').body.Errors.map((error: Json) => error.ErrorCode)).toEqual(['TKSP', 'U028']);
  });

  test('Retry-After is on every 429', () => {
    expect(wire('rate.limited', { retryAfterSeconds: 7 }).headers).toEqual({ 'Retry-After': '7' });
    expect(wire('rate.limited').headers).toEqual({ 'Retry-After': '1' });
  });

  test('texts that are too long are cut, and an id that is too long is left out', () => {
    const long = toWireError(new SandbankError('internal', 'x'.repeat(600)), { interactionId: 'y'.repeat(41) });
    expect(validate(long.body)).toEqual([]);
    expect(long.body).not.toHaveProperty('Id');
  });
});
