import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { CONSENT_STATUSES, PAYMENT_STATUSES } from '../../../src/bank/index.js';
import {
  ACCESS_CONSENT_STATUSES,
  ACCOUNT_CATEGORIES,
  ACCOUNT_TYPE_CODES,
  CONSENT_REASONS,
  PAYMENT_CONSENT_STATUSES,
  PAYMENT_STATUS_CODES,
  PROPRIETARY_CODES,
  REJECTION_REASONS,
  SCHEME_NAMES,
  TRANSACTION_CODES,
} from '../../../src/standards/uk-obie/codes.js';
import type { Json } from './json.js';

const FOLDER = new URL('../../../openapi/uk-obie/4.0/', import.meta.url);
const schemasOf = (file: string): Json => parse(readFileSync(new URL(file, FOLDER), 'utf8')).components.schemas;
const reading = schemasOf('account-info.yaml');
const paying = schemasOf('payment-initiation.yaml');

describe('uk-obie codes', () => {
  test.each([
    ['account types', Object.values(ACCOUNT_TYPE_CODES), reading.AccountTypeCode.enum],
    ['account categories', Object.values(ACCOUNT_CATEGORIES), reading.Account.properties.AccountCategory.enum],
    ['account schemes', Object.values(SCHEME_NAMES), reading.AccountScheme['x-namespaced-enum']],
    ['access consent statuses', Object.values(ACCESS_CONSENT_STATUSES), reading.ConsentStatus.enum],
    ['payment consent statuses', Object.values(PAYMENT_CONSENT_STATUSES), paying.PaymentConsentStatus.enum],
    ['payment statuses', Object.values(PAYMENT_STATUS_CODES), paying.DomesticPaymentStatus.enum],
  ])('%s are values of the document', (_name, used: readonly string[], allowed: readonly string[]) => {
    expect(used.filter((value) => !allowed.includes(value))).toEqual([]);
  });

  test('every state of the core has a status', () => {
    expect(Object.keys(ACCESS_CONSENT_STATUSES).sort()).toEqual([...CONSENT_STATUSES].sort());
    expect(Object.keys(PAYMENT_CONSENT_STATUSES).sort()).toEqual([...CONSENT_STATUSES].sort());
    expect(Object.keys(PAYMENT_STATUS_CODES).sort()).toEqual([...PAYMENT_STATUSES].sort());
  });

  test('the states that a third party sees have the codes of the standard', () => {
    const { requested, authorised, rejected, revoked, expired } = ACCESS_CONSENT_STATUSES;
    expect([requested, authorised, rejected, revoked, expired]).toEqual(['AWAU', 'AUTH', 'RJCT', 'CANC', 'EXPD']);
    expect(PAYMENT_CONSENT_STATUSES.consumed).toBe('COND');
    expect(PAYMENT_STATUSES.map((status) => PAYMENT_STATUS_CODES[status])).toEqual([
      'RCVD',
      'PDNG',
      'ACCP',
      'ACSP',
      'ACSC',
      'ACCC',
      // What came back after it had arrived did arrive.
      'ACCC',
      'RJCT',
      'RJCT',
    ]);
  });

  test('no two payment states share a status, but for those that end it without a payment or after it', () => {
    const { cancelled: _calledBack, returned: _givenBack, ...others } = PAYMENT_STATUS_CODES;
    expect(new Set(Object.values(others)).size).toBe(PAYMENT_STATUSES.length - 2);
  });

  test('reasons have four characters', () => {
    const reasons = [...Object.values(CONSENT_REASONS), ...Object.values(REJECTION_REASONS)];
    for (const reason of reasons) expect(reason?.code ?? 'none').toMatch(/^[A-Z0-9]{4}$|^none$/);
  });

  test('transaction codes are ISO families with four letters, and proprietary ones are unique', () => {
    for (const directions of Object.values(TRANSACTION_CODES)) {
      for (const { family, subFamily } of Object.values(directions)) {
        expect(`${family}/${subFamily}`).toMatch(/^[A-Z]{4}\/[A-Z]{4}$/);
      }
    }
    expect(Object.keys(PROPRIETARY_CODES).sort()).toEqual(Object.keys(TRANSACTION_CODES).sort());
    expect(new Set(Object.values(PROPRIETARY_CODES)).size).toBe(Object.keys(TRANSACTION_CODES).length);
  });
});
