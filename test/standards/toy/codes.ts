import type { AccountType, ConsentStatus } from '../../../src/bank/index.js';

export const CONSENT_STATUS: Readonly<Record<ConsentStatus, string>> = {
  'awaiting-upload': 'asked',
  requested: 'asked',
  'partially-authorised': 'asked',
  authorised: 'granted',
  consumed: 'used up',
  suspended: 'paused',
  rejected: 'refused',
  revoked: 'stopped',
  expired: 'over',
};

export const ACCOUNT_TYPE: Readonly<Record<AccountType, string>> = {
  current: 'purse',
  savings: 'piggy bank',
  'credit-card': 'card',
  loan: 'debt',
  mortgage: 'debt',
};
