/** The payment rails the sandbox knows; what each takes and how long it needs is data (payments/rails). */
export const RAILS = [
  'faster-payments',
  'bacs',
  'chaps',
  'sepa-credit-transfer',
  'sepa-instant',
  'target-2',
  'cross-border',
] as const;
export type Rail = (typeof RAILS)[number];

/** Rails on which the payer may be debited in another currency than that which arrives. */
export const EXCHANGING_RAILS: readonly Rail[] = ['cross-border'];
