import { assert, parseInstant, parseMoney, type Money } from '../../kernel/index.js';
import type { AccountIdentifier, Capability, Consent, PaymentInstruction } from '../../bank/index.js';
import type { ConsentView, PaymentTerms } from '../../auth/journey/index.js';
import type { WireAmount } from './mapping/amount.js';
import { paymentConsentRequestOf } from './mapping/payment-consent.js';

/** Data clusters in the customer's words, in the order in which they are shown. One row for each kind of data. */
interface Cluster {
  readonly title: string;
  readonly items: readonly { readonly when: Capability; readonly text: string }[];
}

const CLUSTERS: readonly Cluster[] = [
  {
    title: 'Your account details',
    items: [
      { when: 'accounts.list', text: 'Account name, type and currency' },
      { when: 'accounts.identifiers', text: 'Account number and sort code' },
      { when: 'accounts.full-card-numbers', text: 'Your full card number' },
    ],
  },
  { title: 'Your balances', items: [{ when: 'balances', text: 'How much is in your account, and your overdraft' }] },
  {
    title: 'Your transactions',
    items: [
      { when: 'transactions.credits', text: 'Your incoming transactions' },
      { when: 'transactions.debits', text: 'Your outgoing transactions' },
      { when: 'transactions.basic', text: 'Dates, amounts and references' },
      { when: 'transactions.detail', text: 'Who you paid and who paid you, and your balance after each transaction' },
    ],
  },
  {
    title: 'Your regular payments',
    items: [
      { when: 'direct-debits', text: 'Your direct debits' },
      { when: 'standing-orders.basic', text: 'Your standing orders' },
      { when: 'standing-orders.detail', text: 'Who your standing orders go to' },
      { when: 'scheduled-payments.basic', text: 'Your payments planned for later' },
      { when: 'scheduled-payments.detail', text: 'Who your planned payments go to' },
    ],
  },
  {
    title: 'Your payees',
    items: [
      { when: 'beneficiaries.basic', text: 'The names of payees you have saved' },
      { when: 'beneficiaries.detail', text: 'The account details of your payees' },
    ],
  },
  {
    title: 'Your statements',
    items: [
      { when: 'statements.basic', text: 'Which statements you have' },
      { when: 'statements.detail', text: 'The amounts on your statements' },
    ],
  },
  {
    title: 'Your product and offers',
    items: [
      { when: 'products', text: 'Fees, rates and benefits of your account' },
      { when: 'offers', text: 'Offers on your account' },
    ],
  },
  {
    title: 'Your contact details',
    items: [
      { when: 'party.customer', text: 'Your name, address, phone number and e-mail address' },
      { when: 'party.account-holders', text: 'The same of everybody who holds or runs the account' },
    ],
  },
];

/** What a screen shows of a consent of this standard. */
export function toConsentView(consent: Consent): ConsentView {
  const { subject } = consent;
  if (subject.kind === 'account-access') {
    return {
      kind: 'account-access',
      clusters: toClusters(subject.capabilities),
      ...(consent.expiresAt !== undefined && { until: consent.expiresAt }),
      ...(subject.historyFrom !== undefined && { historyFrom: subject.historyFrom }),
      ...(subject.historyTo !== undefined && { historyTo: subject.historyTo }),
    };
  }
  assert(subject.kind === 'payment', 'this standard makes account-access and payment consents');
  const { amount, creditor, debtor, reference } = subject.instruction;
  const terms = termsOf(consent, subject.instruction);
  return {
    kind: 'payment',
    amount,
    payee: { name: creditor.name ?? 'Unnamed payee', account: toReadable(creditor) },
    ...(reference !== undefined && { reference }),
    ...(debtor && { debtorAccount: toReadable(debtor) }),
    ...(terms && { terms }),
  };
}

/** What a payment abroad costs, as it was quoted when the consent was lodged. */
function termsOf(consent: Consent, { charges = 'shared' }: PaymentInstruction): PaymentTerms | undefined {
  const { Quoted } = paymentConsentRequestOf(consent);
  if (!Quoted) return undefined;
  const { Taken, Transferred, Charge, Rate } = Quoted;
  const until = Rate?.ExpirationDateTime === undefined ? undefined : parseInstant(Rate.ExpirationDateTime);
  return {
    debit: moneyOf(Taken),
    transferred: moneyOf(Transferred),
    charges: Charge && charges !== 'creditor' ? [moneyOf(Charge)] : [],
    bearer: charges,
    ...(Rate && {
      exchange: {
        unit: Rate.UnitCurrency,
        quoted: Rate.QuotedCurrency,
        rate: Rate.Rate,
        type: Rate.RateType,
        ...(until !== undefined && { until }),
      },
    }),
  };
}

function moneyOf({ Amount, Currency }: WireAmount): Money {
  return parseMoney(Amount, Currency);
}

function toClusters(capabilities: readonly Capability[]): readonly { title: string; items: readonly string[] }[] {
  return CLUSTERS.map(({ title, items }) => ({
    title,
    items: items.filter(({ when }) => capabilities.includes(when)).map(({ text }) => text),
  })).filter(({ items }) => items.length > 0);
}

/** `20-40-50 12345678`, and an IBAN in groups of four. */
function toReadable({ scheme, identification }: AccountIdentifier): string {
  if (scheme === 'sort-code-account-number') {
    return identification.replace(/^(\d{2})(\d{2})(\d{2})(\d{8})$/, '$1-$2-$3 $4');
  }
  return scheme === 'iban' ? identification.replace(/(.{4})(?=.)/g, '$1 ') : identification;
}
