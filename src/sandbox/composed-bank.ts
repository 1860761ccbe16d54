import type { Express } from 'express';

import type { ConsentView } from '../auth/journey/index.js';
import type { Bank, Consent } from '../bank/index.js';
import type { DirectRoute } from '../http/index.js';
import type { StandardVersion } from '../standards/standard.js';
import type { Theme } from '../web/index.js';
import type { Watcher } from './clock-report.js';
import type { RegistrationTarget } from './tpps.js';

/** A bank with everything around it, ready to be mounted. */
export interface ComposedBank {
  readonly bank: Bank;
  readonly theme: Theme;
  /** Where browsers find it: `https://localhost:8443/dogger`. */
  readonly publicBase: string;
  /** Where clients register; absent at a bank that knows them by their certificates. */
  readonly registration?: RegistrationTarget;
  readonly standards: readonly ServedStandard[];
  /** Of its standards, lower case. */
  readonly interactionHeaders: readonly string[];
  readonly mount: (app: Express) => void;
  /** Its APIs, which are served before the application. */
  readonly direct: readonly DirectRoute[];
  viewOf(consent: Consent): ConsentView;
  /** Tells which tokens ended; absent where there are none. */
  readonly watcher?: Watcher;
  readonly purge: () => Promise<void>;
}

export interface ServedStandard {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** On the listener that asks for a client certificate. */
  readonly baseUrl: string;
  readonly apis: StandardVersion['apis'];
}
