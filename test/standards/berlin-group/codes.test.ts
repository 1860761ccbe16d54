import { describe, expect, test } from '@jest/globals';
import type { Consent, ConsentStatusReason, PaymentStatus } from '../../../src/bank/index.js';
import { consentStatusOf, transactionStatusOf } from '../../../src/standards/berlin-group/codes.js';

const orders = (...statuses: PaymentStatus[]) => statuses.map((status) => ({ status }));
const of = (kind: Consent['subject']['kind'], status: Consent['status']) =>
  ({ status, subject: { kind } }) as unknown as Pick<Consent, 'status' | 'subject'>;

describe('berlin-group codes', () => {
  test.each<[ConsentStatusReason['code'], string]>([
    ['revoked-by-client', 'terminatedByTpp'],
    ['replaced', 'terminatedByTpp'],
    ['revoked-by-psu', 'revokedByPsu'],
    ['revoked-by-bank', 'expired'],
  ])('a consent that is %s is %s', (code, wire) => {
    expect(consentStatusOf({ status: 'revoked', statusReason: { actor: 'psu', code } })).toBe(wire);
  });

  test.each<[string, PaymentStatus[], string]>([
    ['payment', ['received'], 'ACTC'],
    ['payment', ['accepted'], 'ACCP'],
    ['payment', ['settling'], 'ACSP'],
    ['payment', ['debited'], 'ACSC'],
    ['payment', ['credited'], 'ACCC'],
    ['payment', ['rejected'], 'RJCT'],
    ['payment', ['cancelled'], 'CANC'],
    ['bulk-payment', ['credited', 'debited'], 'ACSC'],
    ['bulk-payment', ['credited', 'rejected'], 'PART'],
    ['bulk-payment', ['rejected', 'rejected'], 'RJCT'],
    ['bulk-payment', ['cancelled', 'cancelled'], 'CANC'],
    ['periodic-payment', ['scheduled'], 'ACTC'],
    ['periodic-payment', ['credited', 'scheduled'], 'ACSP'],
    ['periodic-payment', ['credited', 'credited'], 'ACCC'],
  ])('a %s whose orders are %j is %s', (kind, statuses, wire) => {
    expect(transactionStatusOf(of(kind as Consent['subject']['kind'], 'consumed'), orders(...statuses))).toBe(wire);
  });

  test('before there is an order the consent says how far it is', () => {
    const statuses = (['requested', 'partially-authorised', 'rejected', 'revoked', 'expired'] as const).map((status) =>
      transactionStatusOf(of('payment', status), []),
    );
    expect(statuses).toEqual(['RCVD', 'PATC', 'RJCT', 'CANC', 'RJCT']);
  });
});
