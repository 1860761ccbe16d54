export type { Credential, NewCredential, NewParty, Party, PartyId, PostalAddress, TestCustomer } from './party.js';
