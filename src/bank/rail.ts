/** The payment rails the sandbox knows; what each takes and how long it needs is data (payments/rails). */
export const RAILS = ['faster-payments', 'sepa-credit-transfer', 'sepa-instant', 'target-2', 'cross-border'] as const;
export type Rail = (typeof RAILS)[number];
