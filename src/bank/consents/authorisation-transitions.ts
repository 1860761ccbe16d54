import { SandbankError } from '../../kernel/index.js';
import type { AuthorisationStatus } from './consent.js';

/** What can happen to a run. */
export const AUTHORISATION_EVENTS = [
  'sign-in',
  'choose-accounts',
  'send-challenge',
  'answer-challenge',
  'approve',
  'fail',
] as const;
export type AuthorisationEvent = (typeof AUTHORISATION_EVENTS)[number];

type Row = Readonly<Record<AuthorisationEvent, AuthorisationStatus | undefined>>;

const NOTHING: Row = {
  'sign-in': undefined,
  'choose-accounts': undefined,
  'send-challenge': undefined,
  'answer-challenge': undefined,
  approve: undefined,
  fail: undefined,
};

/** Where each event leads from each state; absent is a refusal. `failed` is final. */
const TRANSITIONS: Readonly<Record<AuthorisationStatus, Row>> = {
  received: { ...NOTHING, 'sign-in': 'authenticated', fail: 'failed' },
  'psu-identified': { ...NOTHING, 'sign-in': 'authenticated', fail: 'failed' },
  authenticated: {
    ...NOTHING,
    'choose-accounts': 'authenticated',
    'send-challenge': 'challenged',
    fail: 'failed',
  },
  'method-selected': {
    ...NOTHING,
    'choose-accounts': 'method-selected',
    'send-challenge': 'challenged',
    fail: 'failed',
  },
  challenged: {
    ...NOTHING,
    'choose-accounts': 'challenged',
    'send-challenge': 'challenged',
    'answer-challenge': 'finalised',
    fail: 'failed',
  },
  finalised: { ...NOTHING, 'choose-accounts': 'finalised', approve: 'finalised', fail: 'failed' },
  exempted: { ...NOTHING, 'choose-accounts': 'exempted', approve: 'exempted', fail: 'failed' },
  failed: NOTHING,
};

/** The state after an event, or undefined where the state refuses it. */
export function authorisationAfter(
  status: AuthorisationStatus,
  event: AuthorisationEvent,
): AuthorisationStatus | undefined {
  return TRANSITIONS[status][event];
}

/** As `authorisationAfter`; throws `authorisation.wrong-state` for a refusal. */
export function advanceAuthorisation(status: AuthorisationStatus, event: AuthorisationEvent): AuthorisationStatus {
  const next = authorisationAfter(status, event);
  if (next === undefined) throw wrongState(event, status);
  return next;
}

export function wrongState(event: AuthorisationEvent, actual: string): SandbankError {
  return new SandbankError('authorisation.wrong-state', `This step (${event}) is not possible now.`, {
    expected: `a state that allows ${event}`,
    actual,
  });
}
