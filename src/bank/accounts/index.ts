export type {
  Account, AccountBalance, AccountHolder, AccountId, AccountIdentifier, AccountType, IdentifierScheme, NewAccount, Product,
} from './account.js';
