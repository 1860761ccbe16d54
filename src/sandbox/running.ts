import type { SandboxConfig } from './config.js';
import type { DataDirectory } from './data-directory.js';
import type { Ecosystem, FixedParts } from './ecosystem.js';
import type { Worlds } from './worlds.js';

/** The parts of a running sandbox that outlive a reset, and the ecosystem that does not. */
export interface Running {
  ecosystem(): Ecosystem;
  readonly worlds: Worlds;
  stop(): Promise<void>;
}

/** What a process begins with. */
export interface Beginning {
  readonly config: SandboxConfig;
  readonly directory: DataDirectory;
  readonly fixed: FixedParts;
  /** Undone in the opposite order where the beginning fails. */
  readonly cleanUp: (() => Promise<void> | void)[];
}
