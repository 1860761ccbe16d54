import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ERROR_CODES, SandbankError } from '../../../src/kernel/index.js';
import { CODES, serviceOf, SERVICES, toWireError, type Service } from '../../../src/standards/berlin-group/errors.js';
import { version, type Json } from './world.js';

const DOCUMENTS: Readonly<Record<Service, string>> = {
  AIS: 'account-information',
  PIS: 'payment-initiation',
  PIIS: 'confirmation-of-funds',
  SBS: 'signing-baskets',
  'FUNDS-CONSENT': 'confirmation-of-funds-consents',
};
const NAMES: Readonly<Record<number, string>> = {
  400: 'BadRequestCode',
  401: 'UnauthorizedCode',
  403: 'ForbiddenCode',
  404: 'NotFoundCode',
  405: 'MethodNotAllowedCode',
  406: 'NotAcceptableCode',
  409: 'ConflictCode',
  429: 'TooManyRequestsCode',
};
const STATUSES = Object.keys(NAMES).map(Number);

function documented(service: Service): ReadonlyMap<number, readonly string[]> {
  const file = new URL(`../../../openapi/berlin-group/1.3/${DOCUMENTS[service]}.yaml`, import.meta.url);
  const { schemas } = parse(readFileSync(file, 'utf8')).components;
  return new Map(
    STATUSES.map((status) => {
      const codes = schemas[NAMES[status]!]?.enum ?? [];
      const cancellation = status === 405 ? (schemas['CancellationNotAllowedCode']?.enum ?? []) : [];
      return [status, [...new Set<string>([...codes, ...cancellation])].sort()];
    }),
  );
}

const OPERATION: Readonly<Record<Service, string>> = {
  AIS: 'createConsent',
  PIS: 'cancelPayment',
  PIIS: 'checkAvailabilityOfFunds',
  SBS: 'createSigningBasket',
  'FUNDS-CONSENT': 'createConsentConfirmationOfFunds',
};

describe('berlin-group errors', () => {
  test.each(SERVICES)('%s: the lists of codes are those of its document', (service) => {
    const codes = documented(service);
    for (const status of STATUSES)
      expect([status, [...(CODES[service][status] ?? [])].sort()]).toEqual([status, codes.get(status)]);
  });

  test.each(SERVICES)('%s: every error of the core is told in a code that its document has', (service) => {
    const codes = documented(service);
    for (const code of ERROR_CODES) {
      const { status, body } = toWireError(new SandbankError(code, 'Why.'), { operationId: OPERATION[service] });
      if (status === 501) continue;
      const told = (body as Json)?.tppMessages?.map((message: Json) => message.code) ?? [];
      const allowed = codes.get(status) ?? [];
      expect([code, told.every((one: string) => allowed.includes(one))]).toEqual([code, true]);
      expect([code, status, told.length]).toEqual([code, status, allowed.length > 0 ? 1 : 0]);
    }
  });

  test('every operation is of the service of its document', () => {
    for (const { id, operations } of version.apis) {
      for (const operationId of Object.keys(operations)) {
        expect([operationId, DOCUMENTS[serviceOf(operationId)]]).toEqual([operationId, id]);
      }
    }
  });

  test('several findings are several messages, each with its place; only those of the same status', () => {
    const error = new SandbankError('field.missing', 'Two things.', {
      findings: [
        { code: 'field.missing', message: 'a is missing.', path: 'a' },
        { code: 'field.invalid', message: 'b is wrong.', path: 'b' },
        { code: 'operation.unknown', message: 'no.' },
      ],
    });
    expect(toWireError(error, { operationId: 'createConsent' }).body).toEqual({
      tppMessages: [
        { category: 'ERROR', code: 'FORMAT_ERROR', path: 'a', text: 'a is missing.' },
        { category: 'ERROR', code: 'FORMAT_ERROR', path: 'b', text: 'b is wrong.' },
      ],
    });
  });
});
