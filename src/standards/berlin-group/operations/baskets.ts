import { isSandbankError } from '../../../kernel/index.js';
import type { Consent, ConsentKind } from '../../../bank/index.js';
import type { Call, Operation, OperationPolicy } from '../../standard.js';
import { offerAuthorisation } from '../authorising.js';
import { BASKET_STATUS } from '../codes.js';
import { idempotencyOf } from '../idempotency.js';
import { lodgedOf, writeLodged } from '../lodged.js';
import { notSupported, refusal } from '../refusals.js';
import { settingsOf } from '../settings.js';
import { VERSION_ID } from '../version.js';
import { bodyOf, consentOf, notificationHeaders } from './consents.js';

const roles = ['PISP'] as const;
const BASE = '/v1/signing-baskets';
const PAYMENTS: readonly ConsentKind[] = ['payment', 'bulk-payment', 'periodic-payment'];
const ofPath: OperationPolicy = {
  access: {
    grant: 'certificate',
    roles,
    consent: { from: { parameter: 'basketId' }, kinds: ['basket'], inForce: false },
  },
};

interface BasketRequest {
  readonly paymentIds?: readonly string[];
  readonly consentIds?: readonly string[];
}

export const basketOperations: Readonly<Record<string, Operation>> = {
  createSigningBasket: {
    policy: { access: { grant: 'certificate', roles } },
    async handle(call) {
      const request = bodyOf<BasketRequest>(call);
      const members = await membersOf(call, request);
      const { value: consent } = await create(call, request, members);
      const self = `${BASE}/${consent.id}`;
      const path = `${self}/authorisations`;
      const { body, links, headers } = await offerAuthorisation(call, { consent, path, purpose: 'consent' });
      return {
        status: 201,
        headers: { ...headers, Location: call.url(self), ...notificationHeaders(call) },
        body: {
          transactionStatus: BASKET_STATUS[consent.status],
          basketId: consent.id,
          ...body,
          _links: { ...links, self: { href: call.url(self) }, status: { href: call.url(`${self}/status`) } },
        },
      };
    },
  },
  getSigningBasket: {
    policy: ofPath,
    handle(call) {
      const consent = consentOf(call);
      const { paymentIds } = lodgedOf(consent).request as BasketRequest;
      return Promise.resolve({
        status: 200,
        body: { payments: paymentIds, transactionStatus: BASKET_STATUS[consent.status] },
      });
    },
  },
  getSigningBasketStatus: {
    policy: ofPath,
    handle: (call) =>
      Promise.resolve({ status: 200, body: { transactionStatus: BASKET_STATUS[consentOf(call).status] } }),
  },
  deleteSigningBasket: {
    policy: ofPath,
    async handle(call) {
      // One that was authorised has done its work and stays (STATUS_INVALID); its payments stay either way.
      await call.bank.consents.revoke(consentOf(call).id, 'client', { keep: true });
      return { status: 204 };
    },
  },
};

/** Throws REFERENCE_MIX_INVALID, RESOURCE_UNKNOWN and REFERENCE_STATUS_INVALID. */
async function membersOf(call: Call, { paymentIds = [], consentIds = [] }: BasketRequest): Promise<readonly Consent[]> {
  if (!settingsOf(call).signingBaskets) throw notSupported('paymentIds', 'This bank has no signing baskets.');
  if (paymentIds.length > 0 && consentIds.length > 0) {
    throw refusal('consent.invalid-combination', 'REFERENCE_MIX_INVALID', {
      message: 'Payments and consents are not authorised together here.',
      path: 'consentIds',
    });
  }
  if (consentIds.length > 0) throw notSupported('consentIds', 'Baskets of this bank hold payments.');
  if (paymentIds.length === 0) {
    throw refusal('field.missing', 'FORMAT_ERROR', { message: 'The basket is empty.', path: 'paymentIds' });
  }
  return Promise.all(paymentIds.map((id, index) => memberOf(call, id, `paymentIds[${index}]`)));
}

async function memberOf(call: Call, id: string, path: string): Promise<Consent> {
  try {
    const consent = await call.bank.consents.get(id, { clientId: call.client.clientId });
    if (consent.standard === VERSION_ID && PAYMENTS.includes(consent.subject.kind)) return consent;
  } catch (error) {
    const isUnknown =
      isSandbankError(error) && (error.code === 'consent.not-found' || error.code === 'consent.of-another-client');
    if (!isUnknown) throw error;
  }
  throw refusal('field.invalid', 'RESOURCE_UNKNOWN', { message: 'There is no such payment.', path, actual: id });
}

async function create(call: Call, request: BasketRequest, members: readonly Consent[]) {
  try {
    return await call.bank.consents.create(
      {
        clientId: call.client.clientId,
        standard: VERSION_ID,
        subject: { kind: 'basket', members: members.map(({ id }) => id) },
        execution: 'on-authorisation',
        reauthorisable: false,
        wire: writeLodged(call, { request }),
      },
      idempotencyOf(call),
    );
  } catch (error) {
    if (!isSandbankError(error) || error.code !== 'consent.wrong-status') throw error;
    throw refusal('consent.wrong-status', 'REFERENCE_STATUS_INVALID', { message: error.message, path: 'paymentIds' });
  }
}
