import { wallClock, type Clock, type IdScheme, type Instant } from '../../kernel/index.js';
import type { SqlReader, SqlTransaction, Storage } from '../../storage/index.js';
import type { Accounts } from '../accounts/index.js';
import type { EventLog } from '../events/index.js';
import type { Messages } from '../messages/index.js';
import type { Parties } from '../parties/index.js';
import type { BankProfile } from '../profile.js';
import type {
  Consent,
  ConsentActor,
  ConsentEvidence,
  ConsentId,
  ConsentStatus,
  ConsentStatusReason,
  ConsentSubject,
} from './consent.js';
import { insertEvidence, selectConsent, type StoredConsent } from './consent-rows.js';

/** What consents of one bank are made of. */
export interface ConsentsOptions {
  readonly bank: BankProfile;
  readonly storage: Storage;
  /** Business time: a consent's end. */
  readonly clock: Clock;
  readonly ids: IdScheme;
  readonly accounts: Pick<Accounts, 'ofParty'>;
  readonly parties: Pick<Parties, 'get' | 'verifyLogin' | 'byCustomerNumber' | 'codes'>;
  readonly messages: Pick<Messages, 'send'>;
  readonly events: Pick<EventLog, 'append'>;
  /** Carries authorised payments out; without it nothing that waits for the bank can be agreed to or called back. */
  readonly payments?: AuthorisedPayments;
  /** Proof freshness: one-time codes. Wall time unless a test says otherwise. */
  readonly wall?: Clock;
}

/** What consents need of payments (which use consents). */
export interface AuthorisedPayments {
  /** Throws for a payment that the bank cannot carry out. */
  refuseUnpayable(subject: ConsentSubject): void;
  /** In the transaction of the approval. Uses the consent up. */
  onAuthorised(tx: SqlTransaction, consent: Consent): Promise<void>;
  isCancellable(consentId: ConsentId): Promise<boolean>;
  /** Throws `payment.not-cancellable`. */
  cancel(tx: SqlTransaction, consentId: ConsentId, actor: ConsentActor): Promise<void>;
}

export interface StatusChange {
  readonly status: ConsentStatus;
  readonly reason: ConsentStatusReason;
  readonly what: string;
  readonly channel: string;
  readonly shown?: string;
  readonly at?: Instant;
  readonly partyId?: string;
  readonly boundTo?: string;
  readonly isDeletion?: boolean;
  /** Runs that began before the change may decide after it. */
  readonly keepsVersion?: boolean;
}

/** Changes a status with its evidence line and its event, in the caller's transaction. */
export async function changeStatus(
  tx: SqlTransaction,
  options: ConsentsOptions,
  { consent, change }: { readonly consent: Consent; readonly change: StatusChange },
): Promise<Consent> {
  const { bank, clock, events } = options;
  const at = change.at ?? clock.now();
  await tx.run(
    `UPDATE consents SET status = ?, reason_actor = ?, reason_code = ?, status_at = ?, version = version + ?,
       party_id = coalesce(?, party_id), bound_to = coalesce(?, bound_to), deleted_at = ? WHERE id = ?`,
    [
      change.status,
      change.reason.actor,
      change.reason.code,
      at,
      change.keepsVersion ? 0 : 1,
      change.partyId ?? null,
      change.boundTo ?? null,
      change.isDeletion ? at : null,
      consent.id,
    ],
  );
  const { actor } = change.reason;
  const { what, channel, shown } = change;
  await insertEvidence(tx, consent.id, { at, actor, what, channel, ...(shown !== undefined && { shown }) });
  const type = change.isDeletion ? 'consent.deleted' : `consent.${change.status}`;
  const data = { clientId: consent.clientId, kind: consent.subject.kind, reason: change.reason.code, actor };
  await events.append(tx, { type, subject: consent.id, at, data });
  return change.isDeletion
    ? { ...consent, status: change.status, statusReason: change.reason, statusAt: at }
    : (await selectConsent(tx, { bank: bank.id, id: consent.id, now: clock.now() })).consent;
}

export function readConsent(sql: SqlReader, options: ConsentsOptions, id: ConsentId): Promise<StoredConsent> {
  return selectConsent(sql, { bank: options.bank.id, id, now: options.clock.now() });
}

export function addEvidence(
  tx: SqlTransaction,
  options: ConsentsOptions,
  evidence: Omit<ConsentEvidence, 'at'> & { readonly consentId: ConsentId },
): Promise<void> {
  const { consentId, ...line } = evidence;
  return insertEvidence(tx, consentId, { ...line, at: options.clock.now() });
}

export function wallOf(options: ConsentsOptions): Clock {
  return options.wall ?? wallClock;
}
