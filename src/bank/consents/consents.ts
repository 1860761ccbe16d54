import type { Instant } from '../../kernel/index.js';
import type { SqlTransaction } from '../../storage/index.js';
import type { Account, AccountId } from '../accounts/index.js';
import type { PartyId } from '../parties/index.js';
import type { IdempotencyKey, Written } from '../idempotency/index.js';
import type {
  Authorisation,
  Consent,
  ConsentActor,
  ConsentEvidence,
  ConsentId,
  NewConsent,
  ScaMethod,
} from './consent.js';

/**
 * Consents and their authorisations. Every change is one transaction with its evidence line and its domain event.
 * Expiry is judged on the bank's clock at every read, so that a consent past its end is `expired` before any job ran.
 */
export interface Consents {
  create(input: NewConsent, idempotency?: IdempotencyKey): Promise<Written<Consent>>;
  /** Throws `consent.not-found`; with `clientId`, also `consent.of-another-client`. Deleted consents are not found. */
  get(id: ConsentId, options?: { readonly clientId?: string }): Promise<Consent>;
  listByClient(clientId: string): Promise<readonly Consent[]>;
  listByParty(partyId: PartyId): Promise<readonly Consent[]>;
  evidence(id: ConsentId): Promise<readonly ConsentEvidence[]>;

  /**
   * Starts a run. Throws `consent.wrong-status` unless the consent is `requested`, waits for further signatures
   * (`partially-authorised`), or `authorised`/`revoked` where it
   * may be authorised again, and `consent.expired`.
   */
  startAuthorisation(
    id: ConsentId,
    mode: Authorisation['mode'],
    options?: {
      /** Default `consent`. `cancellation` needs a payment that can still be called back. */
      readonly purpose?: Authorisation['purpose'];
      /** Named by the client beforehand; as by `identify`. */
      readonly customerNumber?: string;
      /** Redirect only: her yes takes effect when the client confirms it (`confirm`). Default: at once. */
      readonly needsConfirmation?: boolean;
    },
  ): Promise<Authorisation>;
  /** Oldest first. */
  authorisationsOf(id: ConsentId, purpose?: Authorisation['purpose']): Promise<readonly Authorisation[]>;
  /** Who it is, without proof yet. Never tells whether the customer exists. */
  identify(authorisationId: string, customerNumber: string): Promise<Authorisation>;
  /** The methods of the authenticated customer. */
  methods(authorisationId: string): Promise<readonly ScaMethod[]>;
  /** Chooses one and sends its code (as `sendChallenge`). Throws `field.invalid` for a method she has not. */
  selectMethod(authorisationId: string, methodId: string): Promise<Authorisation>;
  /**
   * Counts a read of a resource on the bank's calendar day. Throws `rate.limited` when the customer is not there and the
   * consent's frequency is used up; a one-off consent ends with the day of its first read.
   */
  recordAccess(id: ConsentId, access: { readonly resource: string; readonly customerPresent: boolean }): Promise<void>;
  /**
   * How far a client has read a resource under any of its consents with this customer; undefined where it has not read
   * it. What a mark means is the caller's affair.
   */
  readMark(id: ConsentId, resource: string): Promise<string | undefined>;
  setReadMark(id: ConsentId, resource: string, mark: string): Promise<void>;
  authorisation(id: string): Promise<Authorisation>;
  /**
   * First factor. Throws `credentials.invalid` in the same time and words whether or not the customer exists, and
   * `credentials.locked` (five failures lock the login for 15 minutes of wall time).
   */
  authenticate(
    authorisationId: string,
    login: {
      /** Absent: the one named beforehand (`identify`). */
      readonly customerNumber?: string;
      readonly password: string;
    },
  ): Promise<Authorisation>;
  /** Accounts the authenticated customer may choose for this consent, and those she may not, with the reason. */
  eligibleAccounts(authorisationId: string): Promise<readonly EligibleAccount[]>;
  /** Account access: one or more of the eligible. Payment: exactly one. Throws `consent.account-not-covered`. */
  chooseAccounts(authorisationId: string, accounts: readonly AccountId[]): Promise<Authorisation>;
  /**
   * Sends a six-digit code to the customer's inbox, bound to amount and payee for a payment. Replaces an open one. In a
   * decoupled run it sends a question to her app instead, answered by `answerDecoupled`; for that she need only be
   * identified, and the account of a payment may be chosen after it was sent.
   */
  sendChallenge(authorisationId: string): Promise<Authorisation>;
  /**
   * Second factor. Wrong codes of a customer in a row are counted over all her runs: five lock her out for 15 minutes of
   * wall time (`credentials.locked`; RTS on SCA, article 4(3)(b)). Throws `challenge.invalid`, on the fifth wrong code `challenge.locked` (the run has then failed
   * and the consent is rejected unless it was already authorised), `challenge.expired`.
   */
  answerChallenge(authorisationId: string, code: string): Promise<Authorisation>;
  /**
   * The customer's answer in her app to a decoupled run: a yes counts as both factors (her device and what unlocks it),
   * a no ends the run as `refuse` does. Throws `authorisation.wrong-state` for another mode, `challenge.expired`.
   */
  answerDecoupled(authorisationId: string, decision: 'approve' | 'refuse'): Promise<Authorisation>;
  /**
   * Customer's yes: the consent becomes authorised with the chosen accounts, and a payment that the bank carries out
   * itself is submitted in the same transaction. A new recurring consent replaces the older ones of the same client and
   * customer. Where the account needs several of its holders, the consent is `partially-authorised` (`Consent.signing`)
   * until the last of them has said yes, each in a run of his own; a no of one rejects it. For a cancellation the payment is called back. `shown` is kept as evidence. In a run that needs the client's
   * confirmation all this happens then, and the consent is returned as it was.
   */
  approve(authorisationId: string, shown: string): Promise<Consent>;
  /**
   * A code for the browser to take back to the client after the yes; undefined where nothing waits for one. Asked again,
   * the one before is worthless.
   */
  issueConfirmation(authorisationId: string): Promise<string | undefined>;
  /**
   * The client has its customer back, and the code that she brought: the yes takes effect. Throws `challenge.invalid`; on
   * the third wrong one `challenge.locked` and after ten minutes of wall time `challenge.expired`, when the run has failed
   * and its consent is rejected; `authorisation.wrong-state`, and what `approve` throws.
   */
  confirm(authorisationId: string, code: string): Promise<Authorisation>;
  /** Customer's no, or a failed run: the consent is rejected, unless it is one that was authorised before. */
  refuse(
    authorisationId: string,
    why: 'refused-by-psu' | 'authentication-failed' | 'no-eligible-account' | 'debtor-not-of-psu',
  ): Promise<Consent>;

  /**
   * Ends access. By the client it is deleted: from then on `consent.not-found`, unless it is to be kept for reading its
   * end.
   */
  revoke(id: ConsentId, actor: ConsentActor, options?: { readonly keep?: boolean }): Promise<void>;
  /** Inside the payment's transaction. Throws `consent.consumed` or `consent.wrong-status`; compares the challenge's bound hash. */
  consume(tx: SqlTransaction, id: ConsentId, boundTo: string): Promise<Consent>;
  /** Inside the payment's transaction: the consent of a payment that was called back is `revoked`, as `cancelled`. */
  callBack(tx: SqlTransaction, id: ConsentId, actor: ConsentActor): Promise<Consent>;
  /** Marks what has passed its end. Returns how many. */
  expireDue(now: Instant): Promise<number>;
}

export interface EligibleAccount {
  readonly account: Account;
  readonly eligible: boolean;
  /** In plain words, when not eligible: `This account is closed.` */
  readonly reason?: string;
}
