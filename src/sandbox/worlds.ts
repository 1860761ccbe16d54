import type { Snapshot } from './snapshots.js';
import type { SandboxStatus } from './status.js';

/** Worlds that can take the place of the present one. Trust and addresses stay whichever it is. */
export interface Worlds {
  /** As at the first start. Two that ask at once get the same one. */
  reset(): Promise<SandboxStatus>;
  saveSnapshot(name: string): Promise<Snapshot>;
  listSnapshots(): readonly Snapshot[];
  /** Throws `operation.unknown`. */
  deleteSnapshot(name: string): void;
  /** Throws `operation.unknown`, and `configuration.invalid` for one of another version, world or data directory. */
  loadSnapshot(name: string): Promise<SandboxStatus>;
}
