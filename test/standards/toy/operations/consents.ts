import { assert, MS_PER_DAY, plusMs } from '../../../../src/kernel/index.js';
import { fingerprintOf } from '../../../../src/standards/kit/canonical-json.js';
import type { Operation, OperationPolicy } from '../../../../src/standards/standard.js';
import { toConsent } from '../mapping/consent.js';
import { toCapabilities } from '../permissions.js';
import { VERSION_ID } from '../version.js';

const roles = ['player'] as const;
const named: OperationPolicy = {
  access: {
    grant: 'certificate',
    roles,
    consent: { from: { parameter: 'leave' }, kinds: ['account-access'], inForce: false },
  },
};

export const consentOperations: Readonly<Record<string, Operation>> = {
  askLeave: {
    policy: { access: { grant: 'certificate', roles }, idempotencyKey: 'required' },
    async handle(call) {
      const { wishes } = call.body as { readonly wishes: readonly string[] };
      const key = call.headers['toy-once'];
      assert(key !== undefined, 'the key is given');
      const { value } = await call.bank.consents.create(
        {
          clientId: call.client.clientId,
          standard: VERSION_ID,
          subject: { kind: 'account-access', capabilities: toCapabilities(wishes), recurring: true },
          reauthorisable: false,
          wire: JSON.stringify(call.body),
        },
        {
          clientId: call.client.clientId,
          key,
          fingerprint: fingerprintOf(call.body),
          expiresAt: plusMs(call.now, MS_PER_DAY),
        },
      );
      return { status: 201, body: toConsent(value), headers: { Location: call.url(`/leaves/${value.id}`) } };
    },
  },
  readLeave: {
    policy: named,
    handle({ consent }) {
      assert(consent, 'a named consent');
      return Promise.resolve({ status: 200, body: toConsent(consent) });
    },
  },
  endLeave: {
    policy: named,
    async handle({ bank, consent }) {
      assert(consent, 'a named consent');
      await bank.consents.revoke(consent.id, 'client', { keep: true });
      return { status: 204 };
    },
  },
};
