import type { Money } from '../../kernel/index.js';
import type { SqlTransaction } from '../../storage/index.js';
import type { Consent, ConsentActor, ConsentSubject } from '../consents/index.js';
import type { IdempotencyKey, Written } from '../idempotency/index.js';
import type { PaymentId, PaymentOrder } from './payment-order.js';

/**
 * Payment orders. Submission consumes the consent, holds the money and stores order, idempotency key and event in one
 * transaction; the clock does the rest through due work (`payment.advance`).
 */
export interface Payments {
  /**
   * Throws what `Consents.consume` throws, `idempotency.body-changed`, and for a debtor account that is gone
   * `account.closed`. Not enough money is an outcome: the order is `rejected`, and the consent consumed all the same.
   */
  submit(
    order: { readonly clientId: string; readonly consentId: string; readonly wire: string },
    idempotency: IdempotencyKey,
  ): Promise<Written<PaymentOrder>>;
  /** Throws `payment.not-found`; with `clientId`, `payment.of-another-client`. */
  get(id: PaymentId, options?: { readonly clientId?: string }): Promise<PaymentOrder>;
  byConsent(consentId: string): Promise<PaymentOrder | undefined>;
  /** Every order of a consent, oldest first: the members of a bulk, the runs of a periodic payment. */
  ordersOf(consentId: string): Promise<readonly PaymentOrder[]>;
  /** May it still be called back? Not once money is on its way. */
  isCancellable(consentId: string): Promise<boolean>;
  /** Inside the caller's transaction. Throws `payment.not-cancellable`. Holds are released; runs to come are struck off. */
  cancel(tx: SqlTransaction, consentId: string, actor: ConsentActor): Promise<void>;
  /** Whether an amount is available now on an account of this bank; for checks that stand for no payment. */
  fundsAvailableOn(accountId: string, amount: Money): Promise<boolean>;
  /**
   * Throws what a rail of this bank refuses (payments/rails) for a payment that the bank is to carry out itself, before
   * anybody is asked to approve it. Other consents pass.
   */
  refuseUnpayable(subject: ConsentSubject): void;
  /**
   * Inside the transaction of the approval: consumes the consent and makes the orders of a payment, a bulk or the first
   * run of a periodic payment. Throws as `submit`; too little money is a rejected order.
   */
  onAuthorised(tx: SqlTransaction, consent: Consent): Promise<void>;
  /** Is the amount of the consent's instruction available on the account chosen in it? Moves and holds nothing. */
  fundsAvailable(consentId: string): Promise<boolean>;
}
