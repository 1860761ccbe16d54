import { describe, expect, test } from '@jest/globals';
import type { Consent, ConsentSubject, PaymentInstruction } from '../../../src/bank/index.js';
import { localDate, money } from '../../../src/kernel/index.js';
import { toConsentView } from '../../../src/standards/berlin-group/consent-view.js';

const instruction: PaymentInstruction = {
  amount: money(2_490n, 'EUR'),
  creditor: { scheme: 'iban', identification: 'DE02120300000000202051', name: 'Laterne' },
  debtor: { scheme: 'iban', identification: 'DE02500105170137075030' },
  endToEndId: 'e',
  instructionId: 'i',
  reference: 'Bestellung',
  rail: 'sepa-credit-transfer',
};
const viewOf = (subject: ConsentSubject, wire: object = {}) =>
  toConsentView({ subject, wire: JSON.stringify(wire) } as Consent);

describe('berlin-group screens', () => {
  test('access shows what may be read, in words', () => {
    const view = viewOf({ kind: 'account-access', capabilities: ['accounts.list', 'balances'], recurring: true });
    expect(view).toMatchObject({ clusters: [{ title: 'Your account details' }, { title: 'Your balances' }] });
  });

  test('a payment shows amount, payee and both accounts', () => {
    expect(viewOf({ kind: 'payment', instruction })).toEqual({
      kind: 'payment',
      amount: money(2_490n, 'EUR'),
      payee: { name: 'Laterne', account: 'DE02 1203 0000 0000 2020 51' },
      reference: 'Bestellung',
      debtorAccount: 'DE02 5001 0517 0137 0750 30',
    });
  });

  test('a periodic payment says how often, a bulk has a line for each payment', () => {
    const schedule = { start: localDate('2027-02-01'), frequency: 'monthly', ifClosed: 'following' } as const;
    expect(viewOf({ kind: 'periodic-payment', instruction, schedule })).toMatchObject({
      kind: 'periodic',
      reference: 'Bestellung',
      schedule: { frequency: 'monthly', start: '2027-02-01' },
    });
    const bulk: ConsentSubject = {
      kind: 'bulk-payment',
      instructions: [instruction, instruction],
      batchBooking: false,
    };
    expect(viewOf(bulk)).toMatchObject({
      kind: 'bulk',
      payments: [{ payee: { name: 'Laterne' } }, { amount: money(2_490n, 'EUR') }],
      debtorAccount: 'DE02 5001 0517 0137 0750 30',
    });
    expect(viewOf({ kind: 'basket', members: ['a'] })).toEqual({
      kind: 'basket',
      payments: [],
      accesses: [],
    });
  });

  test('a consent for questions about funds names the account', () => {
    const view = viewOf({ kind: 'funds-check', account: { scheme: 'iban', identification: 'DE02120300000000202051' } });
    expect(JSON.stringify(view)).toContain('DE02 1203 0000 0000 2020 51');
  });
});
