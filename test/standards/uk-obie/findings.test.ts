import { describe, expect, test } from '@jest/globals';
import type { SchemaViolation } from '../../../src/standards/standard.js';
import { toFinding } from '../../../src/standards/uk-obie/findings.js';

const violation = (more: Partial<SchemaViolation>): SchemaViolation => ({
  where: 'body',
  pointer: '',
  keyword: 'type',
  params: {},
  message: 'must be string',
  ...more,
});

describe('uk-obie findings', () => {
  test.each<[string, Partial<SchemaViolation>, string, string | undefined]>([
    [
      'a missing field',
      { pointer: '/Data/Initiation', keyword: 'required', params: { missingProperty: 'InstructedAmount' } },
      'field.missing',
      'Data.Initiation.InstructedAmount',
    ],
    [
      'a missing field at the top',
      { keyword: 'required', params: { missingProperty: 'Risk' } },
      'field.missing',
      'Risk',
    ],
    [
      'a field that is not known',
      { pointer: '/Data', keyword: 'additionalProperties', params: { additionalProperty: 'Colour' } },
      'field.unexpected',
      'Data.Colour',
    ],
    [
      'a value outside its list',
      { pointer: '/Data/Permissions/0', keyword: 'enum', params: { allowedValues: ['a', 'b'] } },
      'field.invalid',
      'Data.Permissions[0]',
    ],
    [
      'an amount that is none',
      { pointer: '/Data/Initiation/InstructedAmount/Amount', keyword: 'pattern' },
      'field.invalid',
      'Data.Initiation.InstructedAmount.Amount',
    ],
    ['an empty list', { pointer: '/Data/Permissions', keyword: 'minItems' }, 'field.invalid', 'Data.Permissions'],
    ['a text that is too long', { pointer: '/Data/X', keyword: 'maxLength' }, 'field.invalid', 'Data.X'],
    ['another type', { pointer: '/Data' }, 'field.invalid', 'Data'],
    [
      'a date that is none',
      { pointer: '/Data/ExpirationDateTime', keyword: 'format', params: { format: 'date-time' } },
      'field.invalid-date',
      'Data.ExpirationDateTime',
    ],
    [
      'a filter that is no date',
      { where: 'query', pointer: '/fromBookingDateTime', keyword: 'format', params: { format: 'date-time' } },
      'field.invalid-date',
      'fromBookingDateTime',
    ],
    [
      'a header that is missing',
      { where: 'header', keyword: 'required', params: { missingProperty: 'x-idempotency-key' } },
      'header.missing',
      'x-idempotency-key',
    ],
    [
      'a header that is wrong',
      { where: 'header', pointer: '/x-fapi-auth-date', keyword: 'pattern' },
      'header.invalid',
      'x-fapi-auth-date',
    ],
    [
      'an idempotency key that is too long',
      { where: 'header', pointer: '/x-idempotency-key', keyword: 'maxLength' },
      'idempotency.key-invalid',
      'x-idempotency-key',
    ],
    [
      'a signature that is missing',
      { where: 'header', keyword: 'required', params: { missingProperty: 'x-jws-signature' } },
      'signature.missing',
      'x-jws-signature',
    ],
    [
      'a token that is missing',
      { where: 'header', keyword: 'required', params: { missingProperty: 'Authorization' } },
      'token.missing',
      'Authorization',
    ],
    ['a body that is none', { params: { type: 'object' } }, 'field.invalid', undefined],
    ['a name with a slash', { pointer: '/Data/a~1b~0c', keyword: 'type' }, 'field.invalid', 'Data.a/b~c'],
  ])('%s', (_name, more, code, path) => {
    const finding = toFinding(violation(more));
    expect([finding.code, finding.path]).toEqual([code, path]);
    expect(finding.message).toMatch(/^\S.+\.$/);
  });

  test('a short list of allowed values is told', () => {
    const finding = toFinding(
      violation({ pointer: '/Data/X', keyword: 'enum', params: { allowedValues: ['Yes', 'No'] } }),
    );
    expect(finding.message).toBe('Data.X must be one of Yes, No.');
  });
});
