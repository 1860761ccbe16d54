export { PAYMENT_STATUSES } from './payment-order.js';
export type {
  PaymentId, PaymentOrder, PaymentRejection, PaymentStatus, PaymentStep,
} from './payment-order.js';
export type { Payments } from './payments.js';
