import { SandbankError } from '../../kernel/index.js';
import type { Consent, ConsentStatus } from './consent.js';

/** What can happen to a consent. */
export const CONSENT_EVENTS = ['authorise', 'sign', 'reject', 'revoke', 'consume', 'expire', 'cancel'] as const;
export type ConsentEvent = (typeof CONSENT_EVENTS)[number];

type Rule = ConsentStatus | undefined;
type Row = Readonly<Record<ConsentEvent, Rule>>;

const NOTHING: Row = {
  authorise: undefined,
  sign: undefined, // one of several who have to agree has
  reject: undefined,
  revoke: undefined,
  consume: undefined,
  expire: undefined,
  cancel: undefined,
};
const OPEN: Row = {
  ...NOTHING,
  authorise: 'authorised',
  sign: 'partially-authorised',
  reject: 'rejected',
  revoke: 'revoked',
  expire: 'expired',
  cancel: 'revoked',
};

/** Where each event leads from each status; absent is a refusal. The guards below narrow it. */
const TRANSITIONS: Readonly<Record<ConsentStatus, Row>> = {
  'awaiting-upload': { ...OPEN, authorise: undefined, sign: undefined },
  requested: OPEN,
  'partially-authorised': OPEN,
  authorised: { ...OPEN, sign: undefined, reject: undefined, consume: 'consumed' },
  // Used up for good, but for a payment that is called back before it has moved.
  consumed: { ...NOTHING, cancel: 'revoked' },
  suspended: { ...NOTHING, revoke: 'revoked', expire: 'expired' },
  rejected: NOTHING,
  revoked: { ...NOTHING, authorise: 'authorised' },
  expired: NOTHING,
};

export type ConsentFacts = Pick<Consent, 'status' | 'reauthorisable'> & {
  readonly subject: { readonly kind: Consent['subject']['kind'] };
};

const PAYMENT_KINDS: readonly Consent['subject']['kind'][] = ['payment', 'bulk-payment', 'periodic-payment', 'basket'];

/** The status after an event, or undefined where it is refused. */
export function consentAfter(consent: ConsentFacts, event: ConsentEvent): ConsentStatus | undefined {
  const { status, reauthorisable, subject } = consent;
  const isPayment = PAYMENT_KINDS.includes(subject.kind);
  // What a customer agreed to pay is neither agreed to again nor revoked; the payment itself may be cancelled.
  if (isPayment && status === 'authorised' && (event === 'authorise' || event === 'revoke')) return undefined;
  if (status === 'revoked' && !(reauthorisable && subject.kind === 'account-access')) return undefined;
  if (event === 'sign' && !isPayment && subject.kind !== 'recurring-payment') return undefined;
  if (event === 'consume' && !isPayment) return undefined;
  if (event === 'cancel' && (!isPayment || subject.kind === 'basket')) return undefined;
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
