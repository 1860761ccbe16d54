import { describe, expect, test } from '@jest/globals';
import type { Capability, Consent } from '../../../src/bank/index.js';
import { instant } from '../../../src/kernel/index.js';
import { toConsentView } from '../../../src/standards/uk-obie/consent-view.js';
import { PERMISSIONS, toCapabilities, type Permission } from '../../../src/standards/uk-obie/permissions.js';

const AT = instant(Date.UTC(2026, 10, 25));

function consent(more: Partial<Consent>): Consent {
  return {
    id: 'c1',
    bank: 'bramble',
    clientId: 'tpp',
    standard: 'uk-obie/4.0',
    subject: { kind: 'account-access', capabilities: [], recurring: true },
    status: 'requested',
    statusReason: { actor: 'client', code: 'created' },
    createdAt: AT,
    statusAt: AT,
    accounts: [],
    reauthorisable: true,
    execution: 'by-client',
    wire: '{}',
    ...more,
  };
}

const itemsOf = (capabilities: readonly Capability[]): readonly string[] => {
  const view = toConsentView(consent({ subject: { kind: 'account-access', capabilities, recurring: true } }));
  return view.kind === 'account-access' ? view.clusters.flatMap(({ items }) => items) : [];
};

describe('uk-obie consent on the screen', () => {
  test('nothing that is asked for is kept from the customer: every capability has its line', () => {
    for (const permission of PERMISSIONS) {
      const capabilities = toCapabilities([permission]);
      expect(itemsOf(capabilities)).toHaveLength(capabilities.length);
    }
    const all: readonly Permission[] = PERMISSIONS;
    expect(new Set(itemsOf(toCapabilities(all))).size).toBe(toCapabilities(all).length);
  });

  test('clusters without a line are not shown', () => {
    const subject = { kind: 'account-access', capabilities: ['accounts.list', 'balances'], recurring: true } as const;
    expect(toConsentView(consent({ subject, expiresAt: AT }))).toEqual({
      kind: 'account-access',
      clusters: [
        { title: 'Your account details', items: ['Account name, type and currency'] },
        { title: 'Your balances', items: ['How much is in your account, and your overdraft'] },
      ],
      until: AT,
    });
  });

  test('the period of transactions is told', () => {
    const subject = {
      kind: 'account-access',
      capabilities: [],
      historyFrom: AT,
      historyTo: AT,
      recurring: true,
    } as const;
    expect(toConsentView(consent({ subject }))).toMatchObject({ historyFrom: AT, historyTo: AT });
  });

  test('a payment shows amount, payee and account in readable groups', () => {
    const instruction = {
      amount: { amountMinor: 2490n, currency: 'GBP' },
      creditor: { scheme: 'sort-code-account-number', identification: '11223387654321', name: 'Lantern Books' },
      debtor: { scheme: 'iban', identification: 'GB29NWBK60161331926819' },
      endToEndId: 'e',
      instructionId: 'i',
      reference: 'Order 7',
      rail: 'faster-payments',
    } as const;
    expect(toConsentView(consent({ subject: { kind: 'payment', instruction } }))).toEqual({
      kind: 'payment',
      amount: { amountMinor: 2490n, currency: 'GBP' },
      payee: { name: 'Lantern Books', account: '11-22-33 87654321' },
      reference: 'Order 7',
      debtorAccount: 'GB29 NWBK 6016 1331 9268 19',
    });
  });
});
