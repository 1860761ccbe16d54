import { dateOf, SandbankError } from '../../../kernel/index.js';
import type { Consent, ConsentKind, ConsentSubject, PaymentOrder } from '../../../bank/index.js';
import type { Call, Operation, OperationPolicy, Reply } from '../../standard.js';
import { approachOf, offerAuthorisation, psuIdOf } from '../authorising.js';
import { isXmlOrder } from '../bodies.js';
import { transactionStatusOf } from '../codes.js';
import { idempotencyOf, REQUEST_ID_HEADER } from '../idempotency.js';
import { startStep } from '../links.js';
import { lodgedOf, writeLodged, type Lodged } from '../lodged.js';
import type { WireObject } from '../mapping/fields.js';
import { fromInitiation } from '../mapping/pain001.js';
import { toPaymentEcho } from '../mapping/payment-echo.js';
import { fromPaymentRequest } from '../mapping/payment-request.js';
import { toStatusReport } from '../mapping/status-report.js';
import { unknownResource } from '../refusals.js';
import { settingsOf } from '../settings.js';
import { VERSION_ID } from '../version.js';
import { paymentPath } from './authorisations.js';
import { bodyOf, consentOf, notificationHeaders } from './consents.js';
import { productOfPath } from './payment-path.js';

const JSON_TYPE = 'application/json';
const XML_TYPE = 'application/xml';
const roles = ['PISP'] as const;
const kinds: readonly ConsentKind[] = ['payment', 'bulk-payment', 'periodic-payment'];
const ofPath: OperationPolicy = {
  access: { grant: 'certificate', roles, consent: { from: { parameter: 'paymentId' }, kinds, inForce: false } },
};
const ofPathInBoth: OperationPolicy = { ...ofPath, answerTypes: [JSON_TYPE, XML_TYPE] };

export const paymentOperations: Readonly<Record<string, Operation>> = {
  initiatePayment: {
    policy: { access: { grant: 'certificate', roles }, bodyTypes: [XML_TYPE, 'multipart/form-data'] },
    async handle(call) {
      requireOffered(call);
      const { subject, lodged } = orderOf(call);
      const { value: consent } = await call.bank.consents.create(
        {
          clientId: call.client.clientId,
          standard: VERSION_ID,
          subject,
          execution: 'on-authorisation',
          reauthorisable: false,
          wire: writeLodged(call, lodged),
        },
        idempotencyOf(call, lodged),
      );
      const self = paymentPath(call, consent.id);
      const path = `${self}/authorisations`;
      const { body, links, headers } = await offerAuthorisation(call, { consent, path, purpose: 'consent' });
      return {
        status: 201,
        headers: { ...headers, Location: call.url(self), ...notificationHeaders(call) },
        body: {
          transactionStatus: transactionStatusOf(consent, await ordersOf(call, consent)),
          paymentId: consent.id,
          transactionFeeIndicator: false,
          ...body,
          _links: { ...links, self: { href: call.url(self) }, status: { href: call.url(`${self}/status`) } },
        },
      };
    },
  },
  getPaymentInformation: {
    policy: ofPathInBoth,
    async handle(call) {
      const consent = paymentOf(call);
      const { request, xml } = lodgedOf(consent);
      if (xml !== undefined) {
        requireType(call, XML_TYPE);
        return { status: 200, text: { contentType: XML_TYPE, content: xml } };
      }
      requireType(call, JSON_TYPE);
      const shown = toPaymentEcho(request as WireObject, consent.subject.kind);
      const transactionStatus = transactionStatusOf(consent, await ordersOf(call, consent));
      return { status: 200, body: { ...shown, transactionStatus } };
    },
  },
  getPaymentInitiationStatus: {
    policy: ofPathInBoth,
    async handle(call) {
      const consent = paymentOf(call);
      const orders = await ordersOf(call, consent);
      if (call.answerType !== XML_TYPE) return statusReply(consent, orders);
      if (lodgedOf(consent).xml === undefined) throw notAcceptable(JSON_TYPE);
      const content = toStatusReport(consent, {
        orders,
        profile: call.bank.profile,
        messageId: call.interactionId.replaceAll('-', '').slice(0, 35),
        now: call.now,
      });
      return { status: 200, text: { contentType: XML_TYPE, content } };
    },
  },
  cancelPayment: {
    policy: ofPath,
    handle: (call) => cancel(call, paymentOf(call)),
  },
};

/** Products and services that the bank's file says. Throws PRODUCT_UNKNOWN; what a rail does not carry is PRODUCT_INVALID. */
function requireOffered(call: Call): void {
  const { service, product } = productOfPath(call);
  const { payments, xml } = settingsOf(call);
  if (payments[service].includes(product.name) && (xml || !product.isXml)) return;
  throw new SandbankError('payment.unsupported-rail', 'This bank does not have that product for that service.', {
    path: 'payment-product',
    expected: payments[service].join(', '),
    actual: `${service}/${product.wireName}`,
  });
}

/** The body is of the form that the product says: XML for one that begins with pain.001, JSON for the others. */
function orderOf(call: Call): { readonly subject: ConsentSubject; readonly lodged: Lodged } {
  const { service, product } = productOfPath(call);
  const body = bodyOf<unknown>(call);
  if (isXmlOrder(body) !== product.isXml || (isXmlOrder(body) && (service === 'periodic-payments') !== !!body.terms)) {
    throw new SandbankError('request.unsupported-media-type', 'The product takes bodies of another type.', {
      path: 'Content-Type',
    });
  }
  const context = {
    service,
    product: product.name,
    orderReference: (call.headers[REQUEST_ID_HEADER] ?? '').replaceAll('-', '').slice(0, 32),
    today: dateOf(call.now),
  };
  const made = { service, product: product.name };
  if (!isXmlOrder(body))
    return { subject: fromPaymentRequest(body as WireObject, context), lodged: { ...made, request: body } };
  const { initiation, xml, terms } = body;
  return {
    subject: fromInitiation(initiation, { ...context, ...(terms && { terms }) }),
    lodged: { ...made, xml, ...(terms && { request: terms }) },
  };
}

/** Below another service or product there is no such payment. */
function paymentOf(call: Call): Consent {
  const consent = consentOf(call);
  const { service, product, xml } = lodgedOf(consent);
  const wanted = productOfPath(call);
  const isThere =
    service === wanted.service && product === wanted.product.name && (xml !== undefined) === wanted.product.isXml;
  if (isThere) return consent;
  throw unknownResource('payment', consent.id);
}

function ordersOf(call: Call, consent: Consent): Promise<readonly PaymentOrder[]> {
  return call.bank.payments.ordersOf(consent.id);
}

function statusReply(consent: Consent, orders: readonly PaymentOrder[]): Reply {
  const noFunds = orders.some(({ rejection }) => rejection === 'insufficient-funds');
  return {
    status: 200,
    body: {
      transactionStatus: transactionStatusOf(consent, orders),
      ...(noFunds && {
        fundsAvailable: false,
        tppMessage: [{ category: 'WARNING', code: 'FUNDS_NOT_AVAILABLE', text: 'The account has not enough money.' }],
      }),
    },
  };
}

/**
 * What nobody has agreed to goes at once (204). What a customer agreed to she calls back herself, by an authorisation that
 * the third party starts (202). Throws `payment.not-cancellable`.
 */
async function cancel(call: Call, consent: Consent): Promise<Reply> {
  const isAgreed = consent.status === 'consumed' || consent.status === 'authorised';
  const isOpen = consent.status === 'requested' || consent.status === 'partially-authorised';
  if (isOpen) {
    await call.bank.consents.revoke(consent.id, 'client', { keep: true });
    return { status: 204 };
  }
  if (!isAgreed || !(await call.bank.payments.isCancellable(consent.id))) {
    throw new SandbankError('payment.not-cancellable', 'This payment cannot be called back any more.', {
      expected: 'a payment that is not on its way yet',
      actual: consent.id,
    });
  }
  const self = paymentPath(call, consent.id);
  const approach = approachOf(call, consent);
  const address = call.url(`${self}/cancellation-authorisations`);
  return {
    status: 202,
    body: {
      transactionStatus: transactionStatusOf(consent, await ordersOf(call, consent)),
      _links: {
        ...startStep(approach, { address, isIdentified: psuIdOf(call) !== undefined }),
        self: { href: call.url(self) },
        status: { href: call.url(`${self}/status`) },
      },
    },
  };
}

/** An order is read in the form in which it was lodged; a client that said nothing takes it as it is. */
function requireType(call: Call, type: string): void {
  const accept = call.headers['accept'];
  if (call.answerType === type || accept === undefined || accept.includes('*/*') || accept.includes(type)) return;
  throw notAcceptable(type);
}

function notAcceptable(type: string): SandbankError {
  return new SandbankError('request.not-acceptable', `The answer is ${type}.`, { path: 'Accept', expected: type });
}
