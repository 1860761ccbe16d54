import type { Capability } from '../../../src/bank/index.js';
import { CAPABILITIES } from '../../../src/bank/index.js';

export type Wish = 'purses' | 'contents' | 'history' | 'never';

/** What a third party wishes for to get a capability. */
export const WISH_FOR: Readonly<Record<Capability, Wish>> = {
  'accounts.list': 'purses',
  'accounts.identifiers': 'purses',
  'accounts.full-card-numbers': 'never',
  balances: 'contents',
  'transactions.credits': 'history',
  'transactions.debits': 'history',
  'transactions.basic': 'history',
  'transactions.detail': 'history',
  'beneficiaries.basic': 'never',
  'beneficiaries.detail': 'never',
  'standing-orders.basic': 'never',
  'standing-orders.detail': 'never',
  'direct-debits': 'never',
  'scheduled-payments.basic': 'never',
  'scheduled-payments.detail': 'never',
  'statements.basic': 'never',
  'statements.detail': 'never',
  products: 'never',
  offers: 'never',
  'party.account-holders': 'never',
  'party.customer': 'never',
};

export function toCapabilities(wishes: readonly string[]): readonly Capability[] {
  return CAPABILITIES.filter((capability) => wishes.includes(WISH_FOR[capability]));
}

export function toWishes(capabilities: readonly Capability[]): readonly Wish[] {
  return [...new Set(capabilities.map((capability) => WISH_FOR[capability]))];
}
