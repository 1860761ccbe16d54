import { SandbankError } from '../../../kernel/index.js';
import type { Consent } from '../../../bank/index.js';
import type { Call, Operation, OperationPolicy } from '../../standard.js';
import { resource } from '../envelope.js';
import { fromAccessConsentRequest, toAccessConsent, type AccessConsentRequest } from '../mapping/access-consent.js';
import { VERSION_ID } from '../version.js';

const policy: OperationPolicy = { access: { grant: 'client', scopes: ['accounts'] } };

export const accessConsentOperations: Readonly<Record<string, Operation>> = {
  CreateAccountAccessConsents: {
    policy,
    async handle(call) {
      const request = call.body as AccessConsentRequest;
      const { subject, expiresAt } = fromAccessConsentRequest(request, call.now);
      const { value } = await call.bank.consents.create({
        clientId: call.client.clientId,
        standard: VERSION_ID,
        subject,
        ...(expiresAt !== undefined && { expiresAt }),
        // From v4 on a customer brings a cancelled consent back by authorising it again.
        reauthorisable: true,
        wire: JSON.stringify(request),
      });
      return answer(call, value, 201);
    },
  },
  GetAccountAccessConsentsConsentId: {
    policy,
    async handle(call) {
      return answer(call, await consentOfPath(call), 200);
    },
  },
  DeleteAccountAccessConsentsConsentId: {
    policy,
    async handle(call) {
      const { id } = await consentOfPath(call);
      await call.bank.consents.revoke(id, 'client');
      return { status: 204 };
    },
  },
};

function answer(call: Call, consent: Consent, status: 200 | 201): ReturnType<typeof resource> {
  const path = `/account-access-consents/${consent.id}`;
  return resource(call, { status, path, data: toAccessConsent(consent), risk: {} });
}

/** A consent of another kind or standard is not an account access consent, and so unknown here. */
async function consentOfPath(call: Call): Promise<Consent> {
  const id = call.params.ConsentId ?? '';
  const consent = await call.bank.consents.get(id, { clientId: call.client.clientId });
  if (consent.standard === VERSION_ID && consent.subject.kind === 'account-access') return consent;
  throw new SandbankError('consent.not-found', 'There is no such account access consent.', {
    path: 'ConsentId',
    actual: id,
  });
}
