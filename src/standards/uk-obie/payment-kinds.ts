import type { Instant } from '../../kernel/index.js';
import type { PaymentInstruction } from '../../bank/index.js';
import { fromPaymentConsentRequest } from './mapping/instruction.js';
import { fromInternationalConsentRequest } from './mapping/international-instruction.js';
import type { PaymentConsentRequest } from './mapping/payment-wire.js';

/** What the interface for payments at home and the one for payments abroad do not have in common. */
export interface PaymentKind {
  readonly name: 'domestic' | 'international';
  readonly consents: string;
  readonly payments: string;
  /** The path parameter, and the member of an answer. */
  readonly paymentId: string;
  toInstruction(
    request: PaymentConsentRequest,
    context: { readonly now: Instant; readonly currency: string },
  ): PaymentInstruction;
}

export const DOMESTIC: PaymentKind = {
  name: 'domestic',
  consents: '/domestic-payment-consents',
  payments: '/domestic-payments',
  paymentId: 'DomesticPaymentId',
  toInstruction: fromPaymentConsentRequest,
};

export const INTERNATIONAL: PaymentKind = {
  name: 'international',
  consents: '/international-payment-consents',
  payments: '/international-payments',
  paymentId: 'InternationalPaymentId',
  toInstruction: fromInternationalConsentRequest,
};

export function kindOf({ rail }: Pick<PaymentInstruction, 'rail'>): PaymentKind {
  return rail === 'cross-border' ? INTERNATIONAL : DOMESTIC;
}
