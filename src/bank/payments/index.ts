export { createClearing } from './clearing.js';
export type { Clearing, ClearingMember, ClearingPosition, Receipt, Transfer } from './clearing.js';
export { createPayments } from './create-payments.js';
export { paymentsMigrations } from './migrations.js';
export type { PaymentModules } from './payment-modules.js';
export { PAYMENT_STATUSES } from './payment-order.js';
export type { PaymentId, PaymentOrder, PaymentRejection, PaymentStatus, PaymentStep } from './payment-order.js';
export type { Payments } from './payments.js';
export type { PaymentProduct } from './rails/rail-rules.js';
