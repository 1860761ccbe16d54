import type { Money } from '../../kernel/index.js';
import type { SqlTransaction } from '../../storage/index.js';
import type { Consent, ConsentActor, ConsentSubject } from '../consents/index.js';
import type { IdempotencyKey, Written } from '../idempotency/index.js';
import type { OrdersProgress } from './bulk-batches.js';
import type { LimitUse } from './mandates/mandate-use.js';
import type { PaymentId, PaymentOrder } from './payment-order.js';
import type { Recall, RecallReason } from './recalls/recall.js';
import type { Submission } from './submit-payment.js';

/**
 * Payment orders. Submission consumes the consent, holds the money and stores order, idempotency key and event in one
 * transaction; the clock does the rest through due work (`payment.advance`).
 */
export interface Payments {
  /**
   * Throws what `Consents.consume` throws, `idempotency.body-changed`, and for a debtor account that is gone
   * `account.closed`. Not enough money is an outcome: the order is `rejected`, and the consent consumed all the same.
   * Under a mandate (`recurring-payment`) `instruction` says what is paid. The consent stays as it is, and what does not
   * fit it is refused: `payment.mandate-*` (mandates/mandate-checks), `consent.expired`, `consent.revoked`.
   */
  submit(order: Submission, idempotency: IdempotencyKey): Promise<Written<PaymentOrder>>;
  /** Throws `payment.not-found`; with `clientId`, `payment.of-another-client`. */
  get(id: PaymentId, options?: { readonly clientId?: string }): Promise<PaymentOrder>;
  /**
   * Of each limit of a mandate what is used and left in the period of the moment, in the order in which the mandate has
   * them. Throws `consent.not-found`, `consent.mismatch` where the consent is no mandate.
   */
  mandateUse(consentId: string): Promise<readonly LimitUse[]>;
  byConsent(consentId: string): Promise<PaymentOrder | undefined>;
  /** Every order of a consent, oldest first: the members of a bulk, the runs of a periodic payment. */
  ordersOf(consentId: string): Promise<readonly PaymentOrder[]>;
  /** How far the payments of a consent have come, in numbers: of a file with thousands of them. One read. */
  progressOf(consentId: string): Promise<OrdersProgress>;
  /** May it still be called back? Not once money is on its way. */
  isCancellable(consentId: string): Promise<boolean>;
  /** Inside the caller's transaction. Throws `payment.not-cancellable`. Holds are released; runs to come are struck off. */
  cancel(tx: SqlTransaction, consentId: string, actor: ConsentActor): Promise<void>;
  /**
   * Asks back what has arrived (camt.056). The bank of the payee answers after the rail's time: what it gives back is then
   * on the payer's account, and the order `returned`; or it refuses, and the order stays `credited`. Throws
   * `payment.not-found`, `payment.not-cancellable` for what has not arrived or is asked back already.
   */
  recall(id: PaymentId, reason: RecallReason): Promise<Recall>;
  /** Every time a payment was asked back, oldest first. */
  recallsOf(id: PaymentId): Promise<readonly Recall[]>;
  /** Whether an amount is available now on an account of this bank; for checks that stand for no payment. */
  fundsAvailableOn(accountId: string, amount: Money): Promise<boolean>;
  /**
   * Throws what a rail of this bank refuses (payments/rails) for a payment that the bank is to carry out itself, before
   * anybody is asked to approve it. Other consents pass.
   */
  refuseUnpayable(subject: ConsentSubject): void;
  /**
   * Inside the transaction of the approval: consumes the consent and makes the orders of a payment, a bulk or the first
   * run of a periodic payment. Throws as `submit`; too little money is a rejected order. Of a bulk of more than 250
   * the orders are made by due work (`payment.batch`), each with its own outcome.
   */
  onAuthorised(tx: SqlTransaction, consent: Consent): Promise<void>;
  /**
   * Is the amount of the consent's instruction available on the account chosen in it? Moves and holds nothing. Under a
   * mandate the amount is that which is given.
   */
  fundsAvailable(consentId: string, amount?: Money): Promise<boolean>;
}
