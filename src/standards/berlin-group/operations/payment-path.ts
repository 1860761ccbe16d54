import { assert } from '../../../kernel/index.js';
import type { Call } from '../../standard.js';
import { PAYMENT_PRODUCTS, PAYMENT_SERVICES, type PaymentProductName, type PaymentService } from '../codes.js';

/** Service and product as the address says them. A product whose name begins with `pain.001-` takes XML. */
export interface PathProduct {
  readonly service: PaymentService;
  readonly product: { readonly name: PaymentProductName; readonly isXml: boolean; readonly wireName: string };
}

const XML_PREFIX = 'pain.001-';

/** The document has found both among its words. */
export function productOfPath({ params }: Pick<Call, 'params'>): PathProduct {
  const service = PAYMENT_SERVICES.find((one) => one === params['payment-service']);
  const wireName = params['payment-product'] ?? '';
  const isXml = wireName.startsWith(XML_PREFIX);
  const name = PAYMENT_PRODUCTS.find((one) => one === (isXml ? wireName.slice(XML_PREFIX.length) : wireName));
  assert(service && name, 'the address has a service and a product of the document');
  return { service, product: { name, isXml, wireName } };
}
