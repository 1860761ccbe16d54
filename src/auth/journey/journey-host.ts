import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Authorisation, Consent } from '../../bank/index.js';
import type { Asker } from './journey-step.js';
import type { JourneyState } from './journey-store.js';

/** One request of the customer's browser. A cookie in it is what binds the journey to the browser. */
export interface Visit {
  /** From the address: `/interaction/{uid}/...`. */
  readonly uid: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Who opened a journey and where it ends: an authorization request (`OidcHost`), or a page that a standard linked to
 * (`LinkHost`). The steps between are the same.
 */
export interface JourneyHost {
  /** Finds what was opened for this browser. Throws `JourneyEnded` where there is nothing, or it is another browser's. */
  open(visit: Visit): Promise<OpenJourney>;
}

export interface OpenJourney {
  readonly purpose: Authorisation['purpose'];
  /** Where a decided journey goes on. */
  readonly returnTo: string;
  /** The first step's state; throws what the core refuses. Called at the first visit only. */
  begin(): Promise<Pick<JourneyState, 'consentId' | 'authorisationId'> & { readonly request: string }>;
  asker(consent: Consent): Promise<Asker>;
  /** Before the approval is written: what must be there when it is. Answers what sends the browser on afterwards. */
  prepareApproval(decision: {
    readonly consent: Consent;
    readonly authorisationId: string;
    readonly partyId: string;
  }): Promise<() => Promise<string>>;
  /** The customer said no: where she goes. */
  refused(): Promise<string>;
  /** The bank cannot go on: where she may return to. */
  ended(): Promise<string>;
}
