import type { ConsentView } from '../../../src/auth/journey/index.js';
import type { Consent } from '../../../src/bank/index.js';
import { toWishes } from './permissions.js';

export function toConsentView({ subject, expiresAt }: Consent): ConsentView {
  const capabilities = subject.kind === 'account-access' ? subject.capabilities : [];
  return {
    kind: 'account-access',
    clusters: [{ title: 'Your toys', items: toWishes(capabilities) }],
    ...(expiresAt !== undefined && { until: expiresAt }),
  };
}
