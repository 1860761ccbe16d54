import { SandbankError } from '../../kernel/index.js';
import type { Consent, ConsentStatus } from './consent.js';

/** What can happen to a consent. */
export const CONSENT_EVENTS = ['authorise', 'reject', 'revoke', 'consume', 'expire'] as const;
export type ConsentEvent = (typeof CONSENT_EVENTS)[number];

type Rule = ConsentStatus | undefined;
type Row = Readonly<Record<ConsentEvent, Rule>>;

const NOTHING: Row = {
  authorise: undefined,
  reject: undefined,
  revoke: undefined,
  consume: undefined,
  expire: undefined,
};
const OPEN: Row = { ...NOTHING, authorise: 'authorised', reject: 'rejected', revoke: 'revoked', expire: 'expired' };

/** Where each event leads from each status; absent is a refusal. The guards below narrow it. */
const TRANSITIONS: Readonly<Record<ConsentStatus, Row>> = {
  'awaiting-upload': { ...OPEN, authorise: undefined },
  requested: OPEN,
  'partially-authorised': OPEN,
  authorised: { ...NOTHING, authorise: 'authorised', revoke: 'revoked', consume: 'consumed', expire: 'expired' },
  consumed: NOTHING,
  suspended: { ...NOTHING, revoke: 'revoked', expire: 'expired' },
  rejected: NOTHING,
  revoked: { ...NOTHING, authorise: 'authorised' },
  expired: NOTHING,
};

export type ConsentFacts = Pick<Consent, 'status' | 'reauthorisable'> & {
  readonly subject: { readonly kind: Consent['subject']['kind'] };
};

/** The status after an event, or undefined where it is refused. */
export function consentAfter(consent: ConsentFacts, event: ConsentEvent): ConsentStatus | undefined {
  const { status, reauthorisable, subject } = consent;
  const isPayment = subject.kind === 'payment';
  // UK Open Banking: a payment consent is neither authorised again nor revoked once it is authorised.
  if (isPayment && status === 'authorised' && (event === 'authorise' || event === 'revoke')) return undefined;
  if (status === 'revoked' && !(reauthorisable && subject.kind === 'account-access')) return undefined;
  if (event === 'consume' && !isPayment) return undefined;
  return TRANSITIONS[status][event];
}

/** As `consentAfter`; throws `consent.expired`, `consent.consumed` or `consent.wrong-status` for a refusal. */
export function advanceConsent(consent: ConsentFacts, event: ConsentEvent): ConsentStatus {
  const next = consentAfter(consent, event);
  if (next !== undefined) return next;
  if (consent.status === 'expired') throw new SandbankError('consent.expired', 'This consent has expired.');
  if (event === 'consume' && consent.status === 'consumed') {
    throw new SandbankError('consent.consumed', 'This consent was used already.');
  }
  throw new SandbankError('consent.wrong-status', `A consent that is ${consent.status} does not allow this.`, {
    expected: `a status that allows ${event}`,
    actual: consent.status,
  });
}
