export { createParties, type Parties, type PartiesOptions, type PartyAccounts } from './create-parties.js';
export type { CodeGuard } from './login-guard.js';
export { partiesMigrations } from './migrations.js';
export type { Credential, NewCredential, NewParty, Party, PartyId, PostalAddress, TestCustomer } from './party.js';
export { hashPassword, type PasswordHash } from './passwords.js';
