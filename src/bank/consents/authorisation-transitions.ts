import { SandbankError } from '../../kernel/index.js';
import type { AuthorisationStatus } from './consent.js';

/** What can happen to a run. */
export const AUTHORISATION_EVENTS = [
  'identify',
  'sign-in',
  'choose-accounts',
  'select-method',
  'send-challenge',
  'answer-challenge',
  'answer-provisionally', // right, and the client still has to confirm that it has its customer back
  'send-to-app', // decoupled: the question goes to the customer's own device
  'answer-in-app',
  'approve',
  'confirm',
  'fail',
] as const;
export type AuthorisationEvent = (typeof AUTHORISATION_EVENTS)[number];

type Row = Readonly<Record<AuthorisationEvent, AuthorisationStatus | undefined>>;

const NOTHING: Row = {
  identify: undefined,
  'sign-in': undefined,
  'choose-accounts': undefined,
  'select-method': undefined,
  'send-challenge': undefined,
  'answer-challenge': undefined,
  'answer-provisionally': undefined,
  'send-to-app': undefined,
  'answer-in-app': undefined,
  approve: undefined,
  confirm: undefined,
  fail: undefined,
};

/** Where each event leads from each state; absent is a refusal. `failed` is final. */
const TRANSITIONS: Readonly<Record<AuthorisationStatus, Row>> = {
  received: { ...NOTHING, identify: 'psu-identified', 'sign-in': 'authenticated', fail: 'failed' },
  'psu-identified': {
    ...NOTHING,
    identify: 'psu-identified',
    'sign-in': 'authenticated',
    'send-to-app': 'challenged',
    fail: 'failed',
  },
  authenticated: {
    ...NOTHING,
    'choose-accounts': 'authenticated',
    'select-method': 'method-selected',
    'send-challenge': 'challenged',
    'send-to-app': 'challenged',
    fail: 'failed',
  },
  'method-selected': {
    ...NOTHING,
    'choose-accounts': 'method-selected',
    'select-method': 'method-selected',
    'send-challenge': 'challenged',
    'send-to-app': 'challenged',
    fail: 'failed',
  },
  challenged: {
    ...NOTHING,
    'choose-accounts': 'challenged',
    'select-method': 'method-selected',
    'send-challenge': 'challenged',
    'answer-challenge': 'finalised',
    'answer-provisionally': 'unconfirmed',
    'send-to-app': 'challenged',
    'answer-in-app': 'finalised',
    fail: 'failed',
  },
  unconfirmed: {
    ...NOTHING,
    'choose-accounts': 'unconfirmed',
    approve: 'unconfirmed',
    confirm: 'finalised',
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
