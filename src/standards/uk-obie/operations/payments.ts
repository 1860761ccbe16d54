import { isSandbankError, SandbankError } from '../../../kernel/index.js';
import type { Consent, PaymentOrder } from '../../../bank/index.js';
import type { Call, Operation, Reply } from '../../standard.js';
import { resource, whole } from '../envelope.js';
import { firstDifference } from '../mapping/comparison.js';
import { paymentConsentRequestOf } from '../mapping/payment-consent.js';
import { toDomesticPayment, toPaymentDetails } from '../mapping/payment.js';
import type { PaymentRequest } from '../mapping/payment-wire.js';
import { consentOfToken, idempotencyOf, requireAuthorised } from './payment-consents.js';

const byClient = { grant: 'client', scopes: ['payments'] } as const;
const answerSigned = { request: false, response: true } as const;

export const paymentOperations: Readonly<Record<string, Operation>> = {
  CreateDomesticPayments: {
    policy: {
      access: { grant: 'customer', scopes: ['payments'], consent: 'payment' },
      signature: { request: true, response: true },
      idempotencyKey: 'required',
    },
    async handle(call) {
      const request = call.body as PaymentRequest;
      const consent = await consentOfToken(call, request.Data.ConsentId, 'Data.ConsentId');
      // Once there is an order, the idempotency key decides what this is: a retry (201), a retry with another body
      // (U029) or a second payment (U009). A comparison with the consent would answer U008 to all but the first.
      if ((await call.bank.payments.byConsent(consent.id)) === undefined) {
        requireAuthorised(consent, 'Data.ConsentId');
        requireSameOrder(paymentConsentRequestOf(consent), request, call);
      }
      const { value } = await submit(call, consent, request);
      return answer(call, value, 201);
    },
  },
  GetDomesticPaymentsDomesticPaymentId: {
    policy: { access: byClient, signature: answerSigned },
    async handle(call) {
      return answer(call, await paymentOfPath(call), 200);
    },
  },
  GetDomesticPaymentsDomesticPaymentIdPaymentDetails: {
    policy: { access: byClient, signature: answerSigned },
    async handle(call) {
      return whole(call, { PaymentStatus: toPaymentDetails(await paymentOfPath(call)) });
    },
  },
};

/** Initiation and Risk are those of the consent, field by field and by value. Throws `consent.mismatch`. */
function requireSameOrder(
  agreed: { readonly Data: { readonly Initiation: unknown }; readonly Risk: unknown },
  order: PaymentRequest,
  call: Call,
): void {
  const difference =
    firstDifference(agreed.Data.Initiation, order.Data.Initiation, 'Data.Initiation') ??
    firstDifference(agreed.Risk, order.Risk, 'Risk');
  const name = 'the order equals what was agreed';
  const clause = 'UK Open Banking 4.0.1, domestic payments, POST';
  if (!difference) {
    call.check({ name, outcome: 'passed', clause });
    return;
  }
  const expected = difference.agreed ?? 'no such field';
  const actual = difference.ordered ?? 'no such field';
  call.check({ name, outcome: 'failed', expected: `${difference.path}: ${expected}`, actual, clause });
  throw new SandbankError('consent.mismatch', `${difference.path} differs from the consent.`, {
    path: difference.path,
    expected,
    actual,
  });
}

async function submit(
  call: Call,
  consent: Consent,
  request: PaymentRequest,
): ReturnType<Call['bank']['payments']['submit']> {
  try {
    return await call.bank.payments.submit(
      { clientId: call.client.clientId, consentId: consent.id, wire: JSON.stringify(request) },
      idempotencyOf(call),
    );
  } catch (error) {
    // The core names parts of its own instruction; here they are fields.
    if (!isSandbankError(error) || error.details.path !== 'creditor') throw error;
    const details = { ...error.details, path: 'Data.Initiation.CreditorAccount.Identification' };
    throw new SandbankError(error.code, error.message, details, { cause: error });
  }
}

async function paymentOfPath(call: Call): Promise<PaymentOrder> {
  return call.bank.payments.get(call.params.DomesticPaymentId ?? '', { clientId: call.client.clientId });
}

async function answer(call: Call, order: PaymentOrder, status: 200 | 201): Promise<Reply> {
  const [consent, debtor] = await Promise.all([
    call.bank.consents.get(order.consentId),
    call.bank.accounts.get(order.debtorAccountId),
  ]);
  return resource(call, {
    status,
    path: `/domestic-payments/${order.id}`,
    data: toDomesticPayment(order, { consent, debtor, profile: call.bank.profile }),
  });
}
