import type { Express } from 'express';

import type { Bank } from '../bank/index.js';
import type { StandardVersion } from '../standards/standard.js';
import type { Theme } from '../web/index.js';
import type { RegistrationTarget } from './tpps.js';

/** A bank with everything around it, ready to be mounted. */
export interface ComposedBank {
  readonly bank: Bank;
  readonly theme: Theme;
  readonly registration: RegistrationTarget;
  readonly standards: readonly ServedStandard[];
  readonly mount: (app: Express) => void;
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
