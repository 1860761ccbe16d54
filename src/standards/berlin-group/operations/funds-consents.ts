import type { ConsentSubject } from '../../../bank/index.js';
import { assert } from '../../../kernel/index.js';
import type { Operation, OperationPolicy } from '../../standard.js';
import { offerAuthorisation } from '../authorising.js';
import { consentStatusOf } from '../codes.js';
import { idempotencyOf } from '../idempotency.js';
import { lodgedOf, writeLodged } from '../lodged.js';
import { fromReference, type AccountReference } from '../mapping/account-reference.js';
import type { WireObject } from '../mapping/fields.js';
import { VERSION_ID } from '../version.js';
import { bodyOf, consentOf, endByClient } from './consents.js';

const roles = ['CBPII'] as const;
const BASE = '/v2/consents/confirmation-of-funds';
const ofPath: OperationPolicy = {
  access: {
    grant: 'certificate',
    roles,
    consent: { from: { parameter: 'consentId' }, kinds: ['funds-check'], inForce: false },
  },
};

/** What a card issuer registers for (confirmation of funds consent, 2.0). */
export interface FundsConsentRequest {
  readonly account: AccountReference;
  readonly cardNumber?: string;
}

export const fundsConsentOperations: Readonly<Record<string, Operation>> = {
  createConsentConfirmationOfFunds: {
    policy: { access: { grant: 'certificate', roles } },
    async handle(call) {
      const request = bodyOf<FundsConsentRequest>(call);
      const subject: ConsentSubject = { kind: 'funds-check', account: fromReference(request.account, 'account') };
      const { value: consent } = await call.bank.consents.create(
        {
          clientId: call.client.clientId,
          standard: VERSION_ID,
          subject,
          reauthorisable: false,
          wire: writeLodged(call, { request }),
        },
        idempotencyOf(call),
      );
      const self = `${BASE}/${consent.id}`;
      const { body, links, headers } = await offerAuthorisation(call, {
        consent,
        path: `/v1/consents/${consent.id}/authorisations`,
        purpose: 'consent',
      });
      return {
        status: 201,
        headers: { ...headers, Location: call.url(self) },
        body: {
          consentStatus: consentStatusOf(consent),
          consentId: consent.id,
          ...body,
          _links: { ...links, self: { href: call.url(self) }, status: { href: call.url(`${self}/status`) } },
        },
      };
    },
  },
  getConsentConfirmationOfFunds: {
    policy: ofPath,
    handle(call) {
      const consent = consentOf(call);
      const { request } = lodgedOf(consent);
      assert(request !== undefined, 'the request of a consent is kept');
      const body = { ...(request as WireObject), consentStatus: consentStatusOf(consent) };
      return Promise.resolve({ status: 200, body });
    },
  },
  getConsentConfirmationOfFundsStatus: {
    policy: ofPath,
    handle: (call) => Promise.resolve({ status: 200, body: { consentStatus: consentStatusOf(consentOf(call)) } }),
  },
  deleteConsentConfirmationOfFunds: {
    policy: ofPath,
    async handle(call) {
      await endByClient(call, consentOf(call));
      return { status: 204 };
    },
  },
};
