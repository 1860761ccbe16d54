export type {
  Account,
  AccountBalance,
  AccountHolder,
  AccountId,
  AccountIdentifier,
  AccountType,
  IdentifierScheme,
  NewAccount,
  Product,
} from './account.js';
export type { Accounts } from './accounts.js';
export { createAccounts, type AccountsOptions } from './create-accounts.js';
export { isIban, toIban } from './iban.js';
export { normaliseIdentification } from './national-identifiers.js';
export { accountsMigrations } from './migrations.js';
export { findAccountKey, readAccountKeys, verifyAccounts, type AccountKey } from './verify-accounts.js';
