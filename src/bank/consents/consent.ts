import type { Instant } from '../../kernel/index.js';
import type { AccountId, AccountIdentifier, AccountType } from '../accounts/index.js';
import type { PartyId } from '../parties/index.js';
import type { PaymentInstruction, PaymentSchedule } from './instruction.js';
import type { PaymentMandate } from './mandate.js';

export type ConsentId = string;

/** Neutral data clusters. A standard maps its permissions, scopes or access objects to these. */
export const CAPABILITIES = [
  'accounts.list',
  'accounts.identifiers',
  'accounts.full-card-numbers',
  'balances',
  'transactions.credits',
  'transactions.debits',
  'transactions.basic',
  'transactions.detail',
  'beneficiaries.basic',
  'beneficiaries.detail',
  'standing-orders.basic',
  'standing-orders.detail',
  'direct-debits',
  'scheduled-payments.basic',
  'scheduled-payments.detail',
  'statements.basic',
  'statements.detail',
  'products',
  'offers',
  'party.account-holders',
  'party.customer',
] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** What is agreed to. */
export type ConsentSubject =
  | {
      readonly kind: 'account-access';
      readonly capabilities: readonly Capability[];
      /** The window of transactions that may be read; open at an absent end. */
      readonly historyFrom?: Instant;
      readonly historyTo?: Instant;
      readonly recurring: boolean;
      /** Reads a day without the customer being there, per resource (`Consents.recordAccess`). */
      readonly perDayFrequency?: number;
      /**
       * `by-customer` (the default): she picks. `named`: the TPP named accounts, each with what may be read of it.
       * `all`: every account she has. `list-only`: the list of all her accounts and nothing of each.
       */
      readonly choice?: 'by-customer' | 'named' | 'all' | 'list-only';
      readonly named?: readonly NamedAccount[];
      /** Only accounts of these types; absent: of every type. */
      readonly accountTypes?: readonly AccountType[];
    }
  | { readonly kind: 'payment'; readonly instruction: PaymentInstruction }
  | {
      readonly kind: 'bulk-payment';
      readonly instructions: readonly PaymentInstruction[];
      readonly batchBooking: boolean;
    }
  | { readonly kind: 'periodic-payment'; readonly instruction: PaymentInstruction; readonly schedule: PaymentSchedule }
  /** Several consents authorised as one: payments, and access that leaves the customer no choice of accounts. */
  | { readonly kind: 'basket'; readonly members: readonly ConsentId[] }
  | { readonly kind: 'recurring-payment'; readonly mandate: PaymentMandate }
  | { readonly kind: 'funds-check'; readonly account: AccountIdentifier };

/** An account that the TPP named, and the capabilities it asks for on it. */
export interface NamedAccount {
  readonly account: AccountIdentifier;
  readonly capabilities: readonly Capability[];
}

export type ConsentKind = ConsentSubject['kind'];

export const CONSENT_STATUSES = [
  'awaiting-upload',
  'requested',
  'partially-authorised',
  'authorised',
  'consumed',
  'suspended',
  'rejected',
  'revoked',
  'expired',
] as const;
export type ConsentStatus = (typeof CONSENT_STATUSES)[number];

export type ConsentActor = 'psu' | 'client' | 'bank' | 'operator' | 'clock';

/** Who ended or changed it and why, in words of the core. */
export interface ConsentStatusReason {
  readonly actor: ConsentActor;
  readonly code:
    | 'created'
    | 'authorised'
    | 'refused-by-psu'
    | 'authentication-failed'
    | 'no-eligible-account'
    | 'debtor-not-of-psu'
    | 'revoked-by-psu'
    | 'revoked-by-client'
    | 'revoked-by-bank'
    | 'expired'
    | 'consumed'
    | 'partially-authorised'
    | 'replaced' // by a newer recurring consent of the same client and customer
    | 'cancelled'; // a payment that the customer or the client called back
}

export interface Consent {
  readonly id: ConsentId;
  readonly bank: string;
  readonly clientId: string;
  /** The standard that made it, as an opaque tag: `uk-obie/4.0`. Only that standard reads `wire`. */
  readonly standard: string;
  readonly subject: ConsentSubject;
  readonly status: ConsentStatus;
  readonly statusReason: ConsentStatusReason;
  readonly createdAt: Instant;
  readonly statusAt: Instant;
  /** Access ends here on the bank's clock. */
  readonly expiresAt?: Instant;
  /** The customer who authorised it; of several the first. */
  readonly partyId?: PartyId;
  readonly accounts: readonly LinkedAccount[];
  /** From the first signature on where several customers have to agree. */
  readonly signing?: Signing;
  /** Who carries out an authorised payment: the client by a call of its own, or the bank at once. */
  readonly execution: 'by-client' | 'on-authorisation';
  /** May a revoked one be authorised again? The standard says. */
  readonly reauthorisable: boolean;
  readonly wire: string;
}

/** Where several have to agree: how many, who has, and until when the others may. */
export interface Signing {
  readonly required: number;
  readonly until: Instant;
  /** In the order in which they signed. */
  readonly signed: readonly { readonly partyId: PartyId; readonly at: Instant }[];
}

export interface LinkedAccount {
  readonly accountId: AccountId;
  readonly linkedAt: Instant;
  readonly unlinkedAt?: Instant;
}

export interface NewConsent {
  /** Default `by-client`. */
  readonly execution?: Consent['execution'];
  readonly clientId: string;
  readonly standard: string;
  readonly subject: ConsentSubject;
  readonly expiresAt?: Instant;
  readonly reauthorisable: boolean;
  readonly wire: string;
}

/** One run of a customer through authentication and decision, for one consent. */
export interface Authorisation {
  readonly id: string;
  readonly consentId: ConsentId;
  readonly mode: 'redirect' | 'decoupled' | 'embedded';
  /** What the customer's yes does. */
  readonly purpose: 'consent' | 'cancellation';
  /** The method chosen for the second factor, once chosen. */
  readonly methodId?: string;
  readonly status: AuthorisationStatus;
  readonly partyId?: PartyId;
  readonly accounts: readonly AccountId[];
  readonly challenge?: Challenge;
  /** Her yes takes effect only when the client has confirmed it (`Consents.confirm`). */
  readonly needsConfirmation?: boolean;
  readonly createdAt: Instant;
}

/**
 * `exempted`: authorised without a second factor by rule. `unconfirmed`: authenticated, and the client is still to prove
 * that the customer came back to it. `failed` is final.
 */
export type AuthorisationStatus =
  | 'received'
  | 'psu-identified'
  | 'authenticated'
  | 'method-selected'
  | 'challenged'
  | 'unconfirmed'
  | 'finalised'
  | 'failed'
  | 'exempted';

/** A one-time code under way. The code itself is only in the customer's inbox. Times are wall time: proof freshness. */
export interface Challenge {
  readonly sentTo: string;
  readonly expiresAt: Instant;
  readonly attemptsLeft: number;
  /** SHA-256 over amount, currency and payee (PSD2 RTS art. 5, dynamic linking); absent for account access. */
  readonly boundTo?: string;
}

/** One line of proof: what changed, when, by whom and what the customer was shown. */
export interface ConsentEvidence {
  readonly at: Instant;
  readonly actor: ConsentActor;
  readonly what: string;
  readonly channel: string;
  readonly shown?: string;
}

/** A way to receive a one-time code. A customer has one or more; with one there is nothing to select. */
export interface ScaMethod {
  readonly id: string;
  readonly kind: 'sms-code' | 'push-code';
  /** `SMS to mobile ending 4821` */
  readonly name: string;
}
