import { isSandbankError, SandbankError } from '../../../kernel/index.js';
import type { Consent, ConsentKind } from '../../../bank/index.js';
import type { Call, Operation, OperationPolicy } from '../../standard.js';
import { offerAuthorisation } from '../authorising.js';
import { BEFORE_THE_ORDER } from '../codes.js';
import { idempotencyOf } from '../idempotency.js';
import { lodgedOf, writeLodged } from '../lodged.js';
import { refusal } from '../refusals.js';
import { settingsOf } from '../settings.js';
import { VERSION_ID } from '../version.js';
import { bodyOf, consentOf, notificationHeaders } from './consents.js';

const roles = ['PISP'] as const;
const BASE = '/v1/signing-baskets';
const PAYMENTS: readonly ConsentKind[] = ['payment', 'bulk-payment', 'periodic-payment'];
/** Consents for the confirmation of funds are known to the bank here, which then does not mix them in. */
const CONSENTS: readonly ConsentKind[] = ['account-access', 'funds-check'];
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
          transactionStatus: BEFORE_THE_ORDER[consent.status],
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
      const { paymentIds: payments, consentIds: consents } = lodgedOf(consent).request as BasketRequest;
      const transactionStatus = BEFORE_THE_ORDER[consent.status];
      return Promise.resolve({
        status: 200,
        body: { ...(payments && { payments }), ...(consents && { consents }), transactionStatus },
      });
    },
  },
  getSigningBasketStatus: {
    policy: ofPath,
    handle: (call) =>
      Promise.resolve({ status: 200, body: { transactionStatus: BEFORE_THE_ORDER[consentOf(call).status] } }),
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

/** Throws RESOURCE_UNKNOWN; what may stand together in a basket the bank says (REFERENCE_MIX_INVALID). */
async function membersOf(call: Call, { paymentIds = [], consentIds = [] }: BasketRequest): Promise<readonly Consent[]> {
  if (!settingsOf(call).signingBaskets) {
    throw new SandbankError('operation.method-not-allowed', 'This bank has no signing baskets.');
  }
  if (paymentIds.length + consentIds.length === 0) {
    throw refusal('field.missing', 'FORMAT_ERROR', { message: 'The basket is empty.', path: 'paymentIds' });
  }
  return Promise.all([
    ...paymentIds.map((id, index) => memberOf(call, id, { path: `paymentIds[${index}]`, kinds: PAYMENTS })),
    ...consentIds.map((id, index) => memberOf(call, id, { path: `consentIds[${index}]`, kinds: CONSENTS })),
  ]);
}

async function memberOf(
  call: Call,
  id: string,
  { path, kinds }: { readonly path: string; readonly kinds: readonly ConsentKind[] },
): Promise<Consent> {
  try {
    const consent = await call.bank.consents.get(id, { clientId: call.client.clientId });
    if (consent.standard === VERSION_ID && kinds.includes(consent.subject.kind)) return consent;
  } catch (error) {
    const isUnknown =
      isSandbankError(error) && (error.code === 'consent.not-found' || error.code === 'consent.of-another-client');
    if (!isUnknown) throw error;
  }
  const what = kinds === PAYMENTS ? 'payment' : 'consent';
  throw refusal('field.invalid', 'RESOURCE_UNKNOWN', { message: `There is no such ${what}.`, path, actual: id });
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
    throw refusal('consent.wrong-status', 'REFERENCE_STATUS_INVALID', { message: error.message });
  }
}
