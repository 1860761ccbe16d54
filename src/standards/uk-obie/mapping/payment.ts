import { formatInstant } from '../../../kernel/index.js';
import type { Account, Consent, PaymentOrder, PaymentStep, Signing } from '../../../bank/index.js';
import {
  instrumentOf,
  PAYMENT_PROGRESS_REASONS,
  PAYMENT_STATUS_CODES,
  REJECTION_REASONS,
  type Reason,
} from '../codes.js';
import { toStatusReason } from './consent-status.js';
import { paymentConsentRequestOf, toDebtor } from './payment-consent.js';
import type { PaymentRequest } from './payment-wire.js';
import { toTakenTerms } from './quoted-terms.js';

/** Data of a payment, but for its id. There is no Risk in this answer. */
export function toPayment(
  order: PaymentOrder,
  context: { readonly consent: Consent; readonly debtor: Account },
): Readonly<Record<string, unknown>> {
  const { consent, debtor } = context;
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
    ...(Quoted === undefined && { ExpectedExecutionDateTime: formatInstant(order.expectedExecutionAt) }),
    ExpectedSettlementDateTime: formatInstant(order.expectedSettlementAt),
    ...(wantsRefund && account && { Refund: { Account: { ...account, Name: account.Name ?? debtor.holderName } } }),
    ...toTakenTerms(order, Quoted),
    Initiation: Data.Initiation,
    ...(consent.signing && { MultiAuthorisation: toMultiAuthorisation(consent.signing) }),
    ...(account && { Debtor: account }),
  };
}

/** The order is made with the last signature, so that it is complete whenever there is one. */
function toMultiAuthorisation({ required, signed }: Signing): Readonly<Record<string, unknown>> {
  const last = signed.at(-1);
  return {
    Status: 'AUTH',
    NumberRequired: required,
    NumberReceived: signed.length,
    ...(last && { LastUpdateDateTime: formatInstant(last.at) }),
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
        LocalInstrument: instrumentOf(order.instruction.rail),
        Status: status,
        ...(reason && { StatusReason: reason.code, StatusReasonDescription: reason.description }),
      },
    };
  });
}

function reasonOf(status: PaymentOrder['status'], rejection: PaymentStep['reason']): Reason | undefined {
  return rejection ? REJECTION_REASONS[rejection] : PAYMENT_PROGRESS_REASONS[status];
}
