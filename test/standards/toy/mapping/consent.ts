import type { Consent } from '../../../../src/bank/index.js';
import { formatInstant } from '../../../../src/kernel/index.js';
import { CONSENT_STATUS } from '../codes.js';
import { toWishes } from '../permissions.js';

export function toConsent({ id, status, subject, createdAt }: Consent) {
  return {
    leave: id,
    state: CONSENT_STATUS[status],
    wishes: subject.kind === 'account-access' ? toWishes(subject.capabilities) : [],
    since: formatInstant(createdAt),
  };
}
