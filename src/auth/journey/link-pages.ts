import type { Bank, Consent } from '../../bank/index.js';
import type { Directory } from '../../directory/index.js';
import type { Clock } from '../../kernel/index.js';
import type { Storage } from '../../storage/index.js';
import type { CheckRecorder } from '../checks.js';
import { loadFormSecret } from '../secrets.js';
import type { ConsentView } from './consent-view.js';
import { createJourney, type Journey } from './journey.js';
import { createLinkHost, type LinkHost } from './link-host.js';

/** The bank's pages for authorisations that were started by a call of an API. */
export interface LinkPages extends Pick<LinkHost, 'urlFor' | 'purge'> {
  readonly journey: Journey;
}

/** Opens the pages of one bank on a migrated database. Needs no authorization server. */
export async function createLinkPages(options: {
  readonly bank: Bank;
  readonly storage: Storage;
  /** How long a link lives. */
  readonly wall: Clock;
  readonly directory: Pick<Directory, 'organisationByIdentifier'>;
  readonly recorder: CheckRecorder;
  /** `https://localhost:8443/dogger` */
  readonly publicBase: string;
  viewOf(consent: Consent): ConsentView;
}): Promise<LinkPages> {
  const host = createLinkHost(options);
  const formSecret = await loadFormSecret(options.storage, options.bank.profile.id);
  return {
    urlFor: (input) => host.urlFor(input),
    purge: () => host.purge(),
    journey: createJourney({ ...options, host, formSecret, viewOf: (consent) => options.viewOf(consent) }),
  };
}
