import type { Express } from 'express';

import { createAuthorizationServer } from '../auth/index.js';
import { createBank, type Bank } from '../bank/index.js';
import type { Directory } from '../directory/index.js';
import { createStandardRouter, type DocumentShelf } from '../http/index.js';
import { wallClock, type IdScheme, type Random, type VirtualClock } from '../kernel/index.js';
import { registerLife, settleCustomers, type World, type WorldBank } from '../life/index.js';
import type { Recorder } from '../observe/index.js';
import { STANDARDS } from '../standards/registry.js';
import type { Standard, StandardVersion } from '../standards/standard.js';
import { assetsRouter, consentRouter, renderErrorPage, type Theme } from '../web/index.js';
import type { ComposeInput } from './compose.js';
import type { RegistrationTarget } from './tpps.js';

/** A bank with everything around it, ready to be mounted. */
export interface ComposedBank {
  readonly bank: Bank;
  readonly theme: Theme;
  readonly registration: RegistrationTarget;
  readonly standards: readonly ServedStandard[];
  mount(app: Express, path: string): void;
}

export interface ServedStandard {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** On the listener that asks for a client certificate. */
  readonly baseUrl: string;
  readonly apis: StandardVersion['apis'];
}

export interface SharedParts extends ComposeInput {
  readonly clock: VirtualClock;
  readonly ids: IdScheme;
  readonly recorder: Recorder;
  readonly world: World;
  readonly documents: DocumentShelf;
  readonly random: Random;
}
