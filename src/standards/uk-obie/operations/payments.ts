import { isSandbankError, SandbankError } from '../../../kernel/index.js';
import type { Consent, PaymentOrder } from '../../../bank/index.js';
import type { Call, Operation, Reply } from '../../standard.js';
import { resource, whole } from '../envelope.js';
import { firstDifference } from '../mapping/comparison.js';
import { paymentConsentRequestOf } from '../mapping/payment-consent.js';
import { toPayment, toPaymentDetails } from '../mapping/payment.js';
import type { PaymentRequest } from '../mapping/payment-wire.js';
import { DOMESTIC, INTERNATIONAL, kindOf, type PaymentKind } from '../payment-kinds.js';
import { withFields } from '../pricing.js';
import { consentOfToken, idempotencyOf, requireAuthorised } from './payment-consents.js';

const byClient = { grant: 'client', scopes: ['payments'] } as const;
const answerSigned = { request: false, response: true } as const;

const paying = {
  access: { grant: 'customer', scopes: ['payments'], consent: 'payment' },
  signature: { request: true, response: true },
  idempotencyKey: 'required',
} as const;
const reading = { access: byClient, signature: answerSigned } as const;

export const paymentOperations: Readonly<Record<string, Operation>> = {
  CreateDomesticPayments: { policy: paying, handle: (call) => pay(call, DOMESTIC) },
  GetDomesticPaymentsDomesticPaymentId: { policy: reading, handle: (call) => read(call, DOMESTIC) },
  GetDomesticPaymentsDomesticPaymentIdPaymentDetails: { policy: reading, handle: (call) => follow(call, DOMESTIC) },
  CreateInternationalPayments: { policy: paying, handle: (call) => pay(call, INTERNATIONAL) },
  GetInternationalPaymentsInternationalPaymentId: { policy: reading, handle: (call) => read(call, INTERNATIONAL) },
  GetInternationalPaymentsInternationalPaymentIdPaymentDetails: {
    policy: reading,
    handle: (call) => follow(call, INTERNATIONAL),
  },
};

async function pay(call: Call, kind: PaymentKind): Promise<Reply> {
  const request = call.body as PaymentRequest;
  const consent = await consentOfToken(call, { id: request.Data.ConsentId, path: 'Data.ConsentId', kind });
  // Once there is an order, the idempotency key decides what this is: a retry (201), a retry with another body
  // (U029) or a second payment (U009). A comparison with the consent would answer U008 to all but the first.
  if ((await call.bank.payments.byConsent(consent.id)) === undefined) {
    requireAuthorised(consent, 'Data.ConsentId');
    requireSameOrder({ agreed: paymentConsentRequestOf(consent), ordered: request, kind }, call);
  }
  const ordered = () => submit(call, consent, request);
  const { value } = await (kind === INTERNATIONAL ? withFields(ordered) : ordered());
  return answer(call, value, { kind, status: 201 });
}

async function read(call: Call, kind: PaymentKind): Promise<Reply> {
  return answer(call, await paymentOfPath(call, kind), { kind, status: 200 });
}

async function follow(call: Call, kind: PaymentKind): Promise<Reply> {
  return whole(call, { PaymentStatus: toPaymentDetails(await paymentOfPath(call, kind)) });
}

/** Initiation and Risk are those of the consent, field by field and by value. Throws `consent.mismatch`. */
function requireSameOrder(
  {
    agreed,
    ordered,
    kind,
  }: {
    readonly agreed: { readonly Data: { readonly Initiation: unknown }; readonly Risk: unknown };
    readonly ordered: PaymentRequest;
    readonly kind: PaymentKind;
  },
  call: Call,
): void {
  const difference =
    firstDifference(agreed.Data.Initiation, ordered.Data.Initiation, 'Data.Initiation') ??
    firstDifference(agreed.Risk, ordered.Risk, 'Risk');
  const name = 'the order equals what was agreed';
  const clause = `UK Open Banking 4.0.1, ${kind.name} payments, POST`;
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

/** Throws `payment.not-found` also for a payment of the other kind, and `payment.of-another-client`. */
async function paymentOfPath(call: Call, kind: PaymentKind): Promise<PaymentOrder> {
  const id = call.params[kind.paymentId] ?? '';
  const order = await call.bank.payments.get(id, { clientId: call.client.clientId });
  if (kindOf(order.instruction) === kind) return order;
  throw new SandbankError('payment.not-found', `There is no such ${kind.name} payment.`, { actual: id });
}

async function answer(
  call: Call,
  order: PaymentOrder,
  { kind, status }: { readonly kind: PaymentKind; readonly status: 200 | 201 },
): Promise<Reply> {
  const [consent, debtor] = await Promise.all([
    call.bank.consents.get(order.consentId),
    call.bank.accounts.get(order.debtorAccountId),
  ]);
  return resource(call, {
    status,
    path: `${kind.payments}/${order.id}`,
    data: { [kind.paymentId]: order.id, ...toPayment(order, { consent, debtor }) },
  });
}
