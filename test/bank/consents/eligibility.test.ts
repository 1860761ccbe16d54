import { describe, expect, test } from '@jest/globals';

import type { Account, ConsentSubject } from '../../../src/bank/index.js';
import { judgeAccount } from '../../../src/bank/consents/eligibility.js';
import { instant, money } from '../../../src/kernel/index.js';

const account: Account = {
  id: 'a',
  bank: 'bramble',
  ledgerAccount: 1,
  product: { id: 'everyday', name: 'Everyday', type: 'current', category: 'personal' },
  currency: 'GBP',
  status: 'open',
  holderName: 'MS A CLARKE',
  identifiers: [
    { scheme: 'sort-code-account-number', identification: '04050612345678' },
    { scheme: 'iban', identification: 'GB00BRMB04050612345678' },
  ],
  openedAt: instant(0),
  holders: [{ partyId: 'p', role: 'sole' }],
};

function paymentTo(scheme: 'sort-code-account-number' | 'iban', identification: string): ConsentSubject {
  const creditor = { scheme, identification, name: 'Payee' };
  return {
    kind: 'payment',
    instruction: {
      amount: money(100n, 'GBP'),
      creditor,
      endToEndId: 'E',
      instructionId: 'I',
      rail: 'faster-payments',
    },
  };
}

describe('an account offered for a payment', () => {
  test('is eligible when it is open, current and in the currency of the payment', () => {
    expect(judgeAccount(account, paymentTo('iban', 'GB00BRMB04050699999999'))).toEqual({ account, eligible: true });
  });

  test.each([
    ['sort-code-account-number', '04050612345678'],
    ['iban', 'GB00BRMB04050612345678'],
  ] as const)('is not offered where it is the one to be paid, named by %s', (scheme, identification) => {
    expect(judgeAccount(account, paymentTo(scheme, identification))).toMatchObject({
      eligible: false,
      reason: 'This is the account that would be paid.',
    });
  });

  test.each([
    ['closed', { status: 'closed' as const }, 'This account is closed.'],
    [
      'a savings account',
      { product: { ...account.product, type: 'savings' as const } },
      'Payments can only be made from a current account.',
    ],
    ['in another currency', { currency: 'EUR' }, 'This payment is in GBP, and this account is in EUR.'],
  ])('is not offered when it is %s, and says so', (_what, change, reason) => {
    const judged = judgeAccount({ ...account, ...change }, paymentTo('iban', 'GB00BRMB04050699999999'));
    expect(judged).toMatchObject({ eligible: false, reason });
  });
});
