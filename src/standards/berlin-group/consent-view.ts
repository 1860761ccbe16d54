import { assert } from '../../kernel/index.js';
import type { AccountIdentifier, Capability, Consent, PaymentInstruction } from '../../bank/index.js';
import type { AccountAccessView, ConsentView, PaymentLine } from '../../auth/journey/index.js';

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
      return { kind: 'payment', ...lineOf(subject.instruction), ...debtorOf(subject.instruction) };
    case 'periodic-payment': {
      const { instruction, schedule } = subject;
      const { frequency, start, end } = schedule;
      return {
        kind: 'periodic',
        ...lineOf(instruction),
        ...debtorOf(instruction),
        schedule: { frequency, start, ...(end !== undefined && { end }) },
      };
    }
    case 'bulk-payment':
      return { kind: 'bulk', payments: subject.instructions.map(lineOf), ...debtorOf(subject.instructions[0]) };
    case 'basket':
      // Its members are resources of their own: the journey shows their views.
      return { kind: 'basket', payments: [], accesses: [] };
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

function lineOf({ amount, creditor, reference }: PaymentInstruction): PaymentLine {
  return {
    amount,
    payee: { name: creditor.name ?? 'Unnamed payee', account: readable(creditor) },
    ...(reference !== undefined && { reference }),
  };
}

function debtorOf(instruction: PaymentInstruction | undefined): { readonly debtorAccount?: string } {
  return instruction?.debtor ? { debtorAccount: readable(instruction.debtor) } : {};
}

function readable({ scheme, identification }: Pick<AccountIdentifier, 'scheme' | 'identification'>): string {
  if (scheme === 'pan') return `card ending ${identification.slice(-4)}`;
  return scheme === 'iban' ? identification.replace(/(.{4})(?=.)/g, '$1 ') : identification;
}
