import type { AccountAccessView, JourneyStep, PaymentView, ShownAccount } from '../../src/auth/journey/index.js';
import { money, parseInstant } from '../../src/kernel/index.js';
import type { ScreenContext } from '../../src/web/consent/frame.js';
import { SANDBANK_THEME } from '../../src/web/kit/index.js';

export const CONTEXT: ScreenContext = {
  theme: { ...SANDBANK_THEME, id: 'bramble', name: 'Bramble Bank' },
  assets: '/bramble/assets',
};

export function account(index: number, change: Partial<ShownAccount> = {}): ShownAccount {
  return {
    account: {
      id: `acc-${String(index)}`,
      bank: 'bramble',
      ledgerAccount: index,
      product: { id: 'everyday', name: 'Bramble Everyday', type: 'current', category: 'personal' },
      currency: 'GBP',
      status: 'open',
      holderName: 'MS A CLARKE',
      identifiers: [{ scheme: 'sort-code-account-number', identification: `0405061234567${String(index)}` }],
      openedAt: parseInstant('2024-01-01T00:00:00Z')!,
      holders: [{ partyId: 'p1', role: 'sole' }],
    },
    eligible: true,
    balanceMinor: 123_456n,
    ...change,
  };
}

export const ACCESS: AccountAccessView = {
  kind: 'account-access',
  clusters: [
    { title: 'Your balances', items: ['How much is in your account'] },
    { title: 'Your transactions', items: ['Your incoming transactions', 'Your outgoing transactions'] },
  ],
  until: parseInstant('2027-02-23T09:00:00Z')!,
  historyFrom: parseInstant('2026-08-01T00:00:00Z')!,
};

export const PAYMENT: PaymentView = {
  kind: 'payment',
  amount: money(1_250n, 'GBP'),
  payee: { name: 'Mx Morgan Lacey', account: '04-05-06 18089181' },
  reference: 'Thank you',
};

/** What every step has, for this third party. */
export function base(name = 'Lantern Budgets', problem?: string) {
  return {
    uid: 'u1',
    csrf: 'token-of-this-visit',
    asker: {
      name,
      organisation: name,
      registration: 'FCA 9000002',
      redirectOrigin: 'https://tpp.example',
    },
    ...(problem !== undefined && { problem }),
  };
}

/** One step of each kind. */
export function stepsFor(name?: string, problem?: string): Readonly<Record<JourneyStep['step'], JourneyStep>> {
  const common = base(name, problem);
  const sent = { sentTo: 'the number ending in 0101', attemptsLeft: 5 };
  return {
    login: { ...common, view: ACCESS, step: 'login' },
    code: { ...common, view: ACCESS, step: 'code', ...sent },
    accounts: { ...common, view: ACCESS, step: 'accounts', choice: 'many', accounts: [account(0), account(1)] },
    review: { ...common, view: ACCESS, step: 'review', accounts: [account(0)] },
    confirm: { ...common, view: PAYMENT, step: 'confirm', account: account(0), accounts: [account(0)], ...sent },
  };
}
