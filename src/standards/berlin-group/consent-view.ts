import { assert, money } from '../../kernel/index.js';
import type { AccountIdentifier, Capability, Consent, PaymentInstruction } from '../../bank/index.js';
import type { AccountAccessView, ConsentView, PaymentView } from '../../auth/journey/index.js';
import { frequencyOf } from './codes.js';
import { lodgedOf } from './lodged.js';

const CLUSTERS: readonly {
  readonly title: string;
  readonly items: readonly { readonly when: Capability; readonly text: string }[];
}[] = [
  {
    title: 'Your account details',
    items: [
      { when: 'accounts.list', text: 'Account name, type and currency' },
      { when: 'accounts.identifiers', text: 'Your IBAN' },
      { when: 'party.account-holders', text: 'The name of the account holder' },
    ],
  },
  { title: 'Your balances', items: [{ when: 'balances', text: 'How much is in your account' }] },
  {
    title: 'Your transactions',
    items: [
      { when: 'transactions.credits', text: 'Your incoming transactions' },
      { when: 'transactions.debits', text: 'Your outgoing transactions' },
      { when: 'transactions.detail', text: 'Who you paid and who paid you' },
    ],
  },
  { title: 'Your regular payments', items: [{ when: 'standing-orders.basic', text: 'Your standing orders' }] },
];

/** What a screen shows of a consent of this standard. */
export function toConsentView(consent: Consent): ConsentView {
  const { subject } = consent;
  switch (subject.kind) {
    case 'account-access':
      return accessView(consent, subject.capabilities);
    case 'funds-check':
      return {
        kind: 'account-access',
        clusters: [
          {
            title: 'Whether an amount is available',
            items: [`A yes or no for ${readable(subject.account)} whenever you pay by card`],
          },
        ],
      };
    case 'payment':
      return paymentView(subject.instruction);
    case 'periodic-payment': {
      const { instruction, schedule } = subject;
      const often = `${frequencyOf(schedule.frequency)} from ${schedule.start}`;
      const reference = [instruction.reference, often].filter((text) => text !== undefined).join(' - ');
      return { ...paymentView(instruction), reference };
    }
    case 'bulk-payment':
      return bulkView(subject.instructions);
    case 'basket':
      return basketView(consent);
    case 'recurring-payment':
      assert(false, 'this standard has no consents for variable recurring payments');
  }
}

function accessView({ expiresAt }: Consent, capabilities: readonly Capability[]): AccountAccessView {
  return {
    kind: 'account-access',
    clusters: CLUSTERS.map(({ title, items }) => ({
      title,
      items: items.filter(({ when }) => capabilities.includes(when)).map(({ text }) => text),
    })).filter(({ items }) => items.length > 0),
    ...(expiresAt !== undefined && { until: expiresAt }),
  };
}

function paymentView({ amount, creditor, debtor, reference }: PaymentInstruction): PaymentView {
  return {
    kind: 'payment',
    amount,
    payee: { name: creditor.name ?? 'Unnamed payee', account: readable(creditor) },
    ...(reference !== undefined && { reference }),
    ...(debtor && { debtorAccount: readable(debtor) }),
  };
}

/** The bank takes no bulk of several currencies. */
function bulkView(instructions: readonly PaymentInstruction[]): PaymentView {
  const [first] = instructions;
  assert(first, 'a bulk has payments');
  const sum = instructions.reduce((total, { amount }) => total + amount.amountMinor, 0n);
  const names = instructions.map(({ creditor }) => creditor.name ?? readable(creditor));
  return {
    kind: 'payment',
    amount: money(sum, first.amount.currency),
    payee: { name: `${instructions.length} payees`, account: names.slice(0, 10).join(', ') },
    ...(first.debtor && { debtorAccount: readable(first.debtor) }),
  };
}

function basketView(consent: Consent): PaymentView {
  const { total, request } = lodgedOf(consent);
  const { paymentIds = [] } = (request ?? {}) as { readonly paymentIds?: readonly string[] };
  return {
    kind: 'payment',
    amount: total ? money(BigInt(total.amountMinor), total.currency) : money(0n, 'EUR'),
    payee: { name: `${total?.count ?? paymentIds.length} payments`, account: paymentIds.join(', ') },
  };
}

function readable({ scheme, identification }: Pick<AccountIdentifier, 'scheme' | 'identification'>): string {
  if (scheme === 'pan') return `card ending ${identification.slice(-4)}`;
  return scheme === 'iban' ? identification.replace(/(.{4})(?=.)/g, '$1 ') : identification;
}
