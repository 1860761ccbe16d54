import type { Instant } from '../../kernel/index.js';
import type { PasswordHash } from './passwords.js';

export type PartyId = string;

/** A person or a business that the bank knows. */
export interface Party {
  readonly id: PartyId;
  readonly bank: string;
  /** The persona file the party came from, e.g. `salaried-renter`; absent for customers made through the API. */
  readonly persona?: string;
  readonly kind: 'person' | 'business';
  /** Display name: `Ms Amelia Clarke`, `Larkrise Bakery Ltd`. */
  readonly name: string;
  readonly fullLegalName: string;
  readonly email: string;
  readonly mobile: string;
  readonly address: PostalAddress;
  readonly createdAt: Instant;
}

export interface PostalAddress {
  readonly streetName: string;
  readonly buildingNumber: string;
  readonly postCode: string;
  readonly townName: string;
  readonly countrySubDivision?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/** A login. One person may act for several parties (herself, her company). */
export interface Credential {
  readonly customerNumber: string;
  readonly partyId: PartyId;
}

/** What is told of a test customer, so that a developer can log in as her. Never exists outside a sandbox. */
export interface TestCustomer {
  readonly partyId: PartyId;
  readonly persona?: string;
  readonly name: string;
  readonly story: string;
  readonly customerNumber: string;
  readonly password: string;
  readonly accounts: readonly { readonly id: string; readonly identification: string; readonly product: string }[];
}

export interface NewParty extends Omit<Party, 'id' | 'createdAt' | 'bank'> {
  readonly createdAt: Instant;
  readonly story?: string;
}

export interface NewCredential {
  /** Of the password, where thousands of customers share one and each hash would cost as much as a login. */
  readonly hashed?: PasswordHash;
  readonly customerNumber: string;
  /** Kept as a scrypt hash; and in clear beside it only because these are published test customers. */
  readonly password: string;
}
