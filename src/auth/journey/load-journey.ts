import type { Bank, Consent } from '../../bank/index.js';
import { assert, isSandbankError, type Clock, type SandbankError } from '../../kernel/index.js';
import type { Storage } from '../../storage/index.js';
import { recordCheck, type CheckRecorder } from '../checks.js';
import type { ConsentView } from './consent-view.js';
import { JourneyEnded } from './journey-ended.js';
import type { JourneyHost, OpenJourney, Visit } from './journey-host.js';
import type { JourneyState, JourneyStore } from './journey-store.js';

export interface JourneyOptions {
  readonly bank: Bank;
  readonly storage: Storage;
  readonly wall: Clock;
  readonly host: JourneyHost;
  readonly recorder: CheckRecorder;
  readonly formSecret: Buffer;
  /** The view of the standard that owns the consent. */
  viewOf(consent: Consent): ConsentView;
}

/** A journey as it was loaded for one visit. */
export interface Loaded {
  readonly visit: Visit;
  readonly opened: OpenJourney;
  readonly state: JourneyState;
  readonly consent: Consent;
}

/** Finds the journey of the browser; starts it at the first visit. */
export async function loadJourney(visit: Visit, options: JourneyOptions, store: JourneyStore): Promise<Loaded> {
  const opened = await options.host.open(visit);
  const state = (await store.find(visit.uid)) ?? (await start(visit, { opened, options, store }));
  options.recorder.current()?.know({ consentId: state.consentId });
  return { visit, opened, state, consent: await consentOf(state, opened, options) };
}

async function start(
  visit: Visit,
  {
    opened,
    options,
    store,
  }: { readonly opened: OpenJourney; readonly options: JourneyOptions; readonly store: JourneyStore },
): Promise<JourneyState> {
  try {
    await store.add({ uid: visit.uid, step: 'login', ...(await opened.begin()) });
  } catch (error) {
    throw await endedBy(error, opened, options);
  }
  const state = await store.find(visit.uid);
  assert(state, 'a started journey is found');
  return state;
}

async function consentOf(state: JourneyState, opened: OpenJourney, options: JourneyOptions): Promise<Consent> {
  try {
    return await options.bank.consents.get(state.consentId);
  } catch (error) {
    throw await endedBy(error, opened, options);
  }
}

/** What the core refuses in the middle of a journey ends it: the customer gets a page, the client hears of it. */
export async function endedBy(error: unknown, opened: OpenJourney, options: JourneyOptions): Promise<unknown> {
  if (!isSandbankError(error)) return error;
  recordRefusal(error, options);
  return new JourneyEnded(error.code, error.message, await opened.ended());
}

/** What the bank held against a form. The words of the core are safe: codes and passwords are never in them. */
export function recordRefusal({ code, message, details }: SandbankError, { recorder }: JourneyOptions): void {
  recordCheck(recorder, false, {
    name: 'the bank accepts what the customer entered',
    expected: details.expected ?? message,
    actual: details.actual === undefined ? code : `${code}: ${details.actual}`,
    remedy: message,
  });
}
