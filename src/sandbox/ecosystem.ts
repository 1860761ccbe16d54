import type { RequestListener } from 'node:http';

import type { Bank } from '../bank/index.js';
import type { DocumentShelf, Listeners, Log, TlsMaterial } from '../http/index.js';
import type { VirtualClock } from '../kernel/index.js';
import type { World } from '../life/index.js';
import type { Recorder } from '../observe/index.js';
import type { Storage } from '../storage/index.js';
import type { ClockDriver } from './clock-driver.js';
import type { SandboxConfig } from './config.js';
import type { DataDirectory } from './data-directory.js';
import type { ConsentScript } from './consent-driver.js';
import type { JourneyResult, ScriptedCustomer } from './journey-driver.js';
import type { TrialBalances } from './control/trial-balances.js';
import type { SandboxStatus } from './status.js';
import type { NewTpp, Tpp } from './tpps.js';
import type { Verification } from './verification.js';
import type { WorldSettings, WorldStore } from './world-settings.js';
import type { Worlds } from './worlds.js';

/** One world: everything behind the listeners. A reset throws it away and composes the next. */
export interface Ecosystem {
  readonly app: RequestListener;
  readonly tls: TlsMaterial;
  readonly caPem: string;
  readonly controlToken: string;
  readonly clock: VirtualClock;
  readonly clockDriver: ClockDriver;
  readonly banks: readonly Bank[];
  readonly recorder: Recorder;
  readonly log: Log;
  status(): SandboxStatus;
  createTpp(input: NewTpp): Promise<Tpp>;
  authorise(script: ScriptedCustomer | ConsentScript): Promise<JourneyResult>;
  /** Sums of all banks and between them, of one instant. */
  trialBalances(): Promise<TrialBalances>;
  /** Derives again, from one instant, what must always hold. */
  verify(): Promise<Verification>;
  /** Forgets artefacts of authorization that nobody can ask for any more. */
  purge(): Promise<void>;
  close(): Promise<void>;
}

export interface FixedParts {
  readonly fixtures: World;
  readonly documents: DocumentShelf;
}

/** What a world is built from. */
export interface ComposeInput {
  readonly config: SandboxConfig;
  readonly log: Log;
  readonly directory: DataDirectory;
  readonly listeners: Listeners;
  /** What every world of this process is made with: read once, since reading it takes longer than all the rest. */
  readonly fixed: FixedParts;
  readonly storage: Storage;
  readonly store: WorldStore;
  readonly settings: Omit<WorldSettings, 'historyWritten'>;
  readonly isNew: boolean;
  readonly worlds: Worlds;
}
