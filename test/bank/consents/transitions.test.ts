import { describe, expect, test } from '@jest/globals';

import { AUTHORISATION_EVENTS, authorisationAfter } from '../../../src/bank/consents/authorisation-transitions.js';
import { CONSENT_EVENTS, consentAfter } from '../../../src/bank/consents/consent-transitions.js';
import { CONSENT_STATUSES } from '../../../src/bank/consents/consent.js';

describe('transition tables', () => {
  test('a failed run is final, and approval needs both factors', () => {
    for (const event of AUTHORISATION_EVENTS) expect(authorisationAfter('failed', event)).toBeUndefined();
    for (const status of ['received', 'psu-identified', 'authenticated', 'method-selected', 'challenged'] as const) {
      expect(authorisationAfter(status, 'approve')).toBeUndefined();
    }
  });

  test('what waits for a confirmation is finalised by that alone, and nothing else is confirmed', () => {
    for (const event of AUTHORISATION_EVENTS) {
      const next = authorisationAfter('unconfirmed', event);
      if (event === 'confirm') expect(next).toBe('finalised');
      else expect([undefined, 'unconfirmed', 'failed']).toContain(next);
    }
    for (const status of ['received', 'authenticated', 'challenged', 'finalised', 'exempted', 'failed'] as const) {
      expect(authorisationAfter(status, 'confirm')).toBeUndefined();
    }
  });

  test.each(['consumed', 'rejected', 'expired'] as const)('a consent that is %s is final', (status) => {
    for (const kind of ['account-access', 'payment'] as const) {
      for (const event of CONSENT_EVENTS) {
        const isCalledBack = status === 'consumed' && kind === 'payment' && event === 'cancel';
        const next = consentAfter({ status, reauthorisable: true, subject: { kind } }, event);
        expect(next).toBe(isCalledBack ? 'revoked' : undefined);
      }
    }
  });

  test('only payments can be called back, and a basket is none', () => {
    for (const kind of ['account-access', 'basket', 'funds-check', 'recurring-payment'] as const) {
      for (const status of CONSENT_STATUSES) {
        expect(consentAfter({ status, reauthorisable: true, subject: { kind } }, 'cancel')).toBeUndefined();
      }
    }
  });

  test('only an authorised payment can be consumed, and it is neither revoked nor authorised again', () => {
    for (const status of CONSENT_STATUSES) {
      const consent = { status, reauthorisable: true, subject: { kind: 'payment' } } as const;
      expect(consentAfter(consent, 'consume')).toBe(status === 'authorised' ? 'consumed' : undefined);
    }
    const authorised = { status: 'authorised', reauthorisable: true, subject: { kind: 'payment' } } as const;
    expect(consentAfter(authorised, 'revoke')).toBeUndefined();
    expect(consentAfter(authorised, 'authorise')).toBeUndefined();
  });
});
