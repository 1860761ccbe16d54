import { assert, isSandbankError, SandbankError } from '../../../kernel/index.js';
import type { Account, Consent } from '../../../bank/index.js';
import type { Call, Operation, OperationPolicy } from '../../standard.js';
import { offerAuthorisation } from '../authorising.js';
import { consentStatusOf } from '../codes.js';
import { idempotencyOf } from '../idempotency.js';
import { writeLodged } from '../lodged.js';
import { fromConsentRequest, toConsent, type ConsentRequest } from '../mapping/access-consent.js';
import { settingsOf } from '../settings.js';
import { VERSION_ID } from '../version.js';

const roles = ['AISP'] as const;
const ofPath: OperationPolicy = {
  access: {
    grant: 'certificate',
    roles,
    consent: { from: { parameter: 'consentId' }, kinds: ['account-access'], inForce: false },
  },
};

export const consentOperations: Readonly<Record<string, Operation>> = {
  createConsent: {
    policy: { access: { grant: 'certificate', roles } },
    async handle(call) {
      const request = bodyOf<ConsentRequest>(call);
      const { subject, expiresAt } = fromConsentRequest(request, { now: call.now, settings: settingsOf(call) });
      const { value: consent } = await call.bank.consents.create(
        {
          clientId: call.client.clientId,
          standard: VERSION_ID,
          subject,
          expiresAt,
          reauthorisable: false,
          wire: writeLodged(call, { request }),
        },
        idempotencyOf(call),
      );
      const self = `/v1/consents/${consent.id}`;
      const path = `${self}/authorisations`;
      const { body, links, headers } = await offerAuthorisation(call, { consent, path, purpose: 'consent' });
      return {
        status: 201,
        headers: { ...headers, Location: call.url(self), ...notificationHeaders(call) },
        body: {
          consentStatus: consentStatusOf(consent),
          consentId: consent.id,
          ...body,
          _links: { ...links, self: { href: call.url(self) }, status: { href: call.url(`${self}/status`) } },
        },
      };
    },
  },
  getConsentInformation: {
    policy: ofPath,
    async handle(call) {
      const consent = consentOf(call);
      const accounts = await linkedAccounts(call, consent);
      return { status: 200, body: toConsent(consent, { accounts, accountsUrl: call.url('/v1/accounts') }) };
    },
  },
  getConsentStatus: {
    policy: ofPath,
    handle: (call) => Promise.resolve({ status: 200, body: { consentStatus: consentStatusOf(consentOf(call)) } }),
  },
  deleteConsent: {
    policy: ofPath,
    async handle(call) {
      await endByClient(call, consentOf(call));
      return { status: 204 };
    },
  },
};

/** Ended by its third party, and still there to be read as terminatedByTpp. What has ended already stays as it is. */
export async function endByClient(call: Call, consent: Consent): Promise<void> {
  try {
    await call.bank.consents.revoke(consent.id, 'client', { keep: true });
  } catch (error) {
    const isOver = isSandbankError(error) && ['consent.wrong-status', 'consent.expired'].includes(error.code);
    if (!isOver || !['rejected', 'revoked', 'expired'].includes(consent.status)) throw error;
  }
}

/** Bodies of this standard are optional in its document where they are needed all the same. */
export function bodyOf<T>(call: Call): T {
  if (call.body !== undefined) return call.body as T;
  throw new SandbankError('request.malformed', 'The body is missing.');
}

/** The bank does not notify; who asked for it is told so (1.3.12, 5.3.4). */
export function notificationHeaders({ headers }: Pick<Call, 'headers'>): Readonly<Record<string, string>> {
  return headers['tpp-notification-uri'] === undefined ? {} : { 'ASPSP-Notification-Support': 'false' };
}

export function consentOf(call: Call): Consent {
  assert(call.consent, `${call.operationId} names a consent`);
  return call.consent;
}

function linkedAccounts(call: Call, { accounts }: Consent): Promise<readonly Account[]> {
  const linked = accounts.filter(({ unlinkedAt }) => unlinkedAt === undefined);
  return Promise.all(linked.map(({ accountId }) => call.bank.accounts.get(accountId)));
}
