import { formatInstant } from '../../../kernel/index.js';
import type { Account, BankProfile, Consent, PaymentOrder, PaymentStep } from '../../../bank/index.js';
import {
  domesticRailOf,
  PAYMENT_PROGRESS_REASONS,
  PAYMENT_STATUS_CODES,
  REJECTION_REASONS,
  SWIFT,
  type Reason,
} from '../codes.js';
import { toStatusReason } from './consent-status.js';
import { expectedTimes, paymentConsentRequestOf, toDebtor } from './payment-consent.js';
import type { PaymentRequest } from './payment-wire.js';
import { toTakenTerms } from './quoted-terms.js';

/** Data of a payment, but for its id. There is no Risk in this answer. */
export function toPayment(
  order: PaymentOrder,
  context: { readonly consent: Consent; readonly debtor: Account; readonly profile: BankProfile },
): Readonly<Record<string, unknown>> {
  const { consent, debtor, profile } = context;
  const { Data } = JSON.parse(order.wire) as PaymentRequest;
  const account = toDebtor(consent, debtor);
  const { Data: asked, Quoted } = paymentConsentRequestOf(consent);
  const wantsRefund = asked.ReadRefundAccount === 'Yes';
  return {
    ConsentId: order.consentId,
    CreationDateTime: formatInstant(order.createdAt),
    Status: PAYMENT_STATUS_CODES[order.status],
    StatusUpdateDateTime: formatInstant(order.statusAt),
    ...toStatusReason(reasonOf(order.status, order.rejection)),
    ...(Quoted === undefined && expectedTimes(profile, order.createdAt)),
    ExpectedSettlementDateTime: formatInstant(order.expectedSettlementAt),
    ...(wantsRefund && account && { Refund: { Account: { ...account, Name: account.Name ?? debtor.holderName } } }),
    ...toTakenTerms(order, Quoted),
    Initiation: Data.Initiation,
    ...(account && { Debtor: account }),
  };
}

/** The way of the one money movement behind a payment, oldest step first. */
export function toPaymentDetails(order: PaymentOrder): readonly Readonly<Record<string, unknown>>[] {
  return order.steps.map((step) => {
    const status = PAYMENT_STATUS_CODES[step.status];
    const reason = reasonOf(step.status, step.reason);
    return {
      PaymentTransactionId: order.id,
      Status: status,
      StatusUpdateDateTime: formatInstant(step.at),
      StatusDetail: {
        LocalInstrument: instrumentOf(order),
        Status: status,
        ...(reason && { StatusReason: reason.code, StatusReasonDescription: reason.description }),
      },
    };
  });
}

function instrumentOf({ instruction }: PaymentOrder): string {
  return instruction.rail === 'cross-border' ? SWIFT : domesticRailOf(instruction.amount).instrument;
}

function reasonOf(status: PaymentOrder['status'], rejection: PaymentStep['reason']): Reason | undefined {
  return rejection ? REJECTION_REASONS[rejection] : PAYMENT_PROGRESS_REASONS[status];
}
