import type { PaymentRejection } from './payment-order.js';
import type { RecallReason, RecallRefusal } from './recalls/recall.js';

/** ISO 20022, ExternalStatusReason1Code (pain.002, pacs.002) and ExternalReturnReason1Code (pacs.004). */
export const ISO_REJECTIONS: Readonly<Record<PaymentRejection, string>> = {
  'insufficient-funds': 'AM04',
  'debtor-account-closed': 'AC04',
  'creditor-account-unknown': 'AC03',
  'creditor-account-closed': 'AC07',
  'currency-not-accepted': 'AM03',
};

/** ISO 20022, ExternalCancellationReason1Code (camt.056). */
export const ISO_RECALL_REASONS: Readonly<Record<RecallReason, string>> = {
  duplicate: 'DUPL',
  'technical-error': 'TECH',
  fraud: 'FRAD',
  'requested-by-customer': 'CUST',
  'wrong-amount': 'AM09',
  'wrong-account': 'AC03',
};

/** ISO 20022, ExternalPaymentCancellationRejection1Code (camt.029). */
export const ISO_RECALL_REFUSALS: Readonly<Record<RecallRefusal, string>> = {
  'account-closed': 'AC04',
  'no-funds': 'AM04',
  'customer-decision': 'CUST',
  'no-original': 'NOOR',
};

/** The return of a payment that was called back (pacs.004): following a request for cancellation. */
export const ISO_RECALLED = 'FOCR';
