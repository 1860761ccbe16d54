/** The library: a whole open banking ecosystem as a value. */
export { startSandbox } from './sandbox/index.js';
export type {
  BankStatus,
  ClockMoved,
  NewTpp,
  Sandbox,
  SandboxBank,
  SandboxClock,
  SandboxOptions,
  SandboxSnapshots,
  SandboxStatus,
  Snapshot,
  Tpp,
} from './sandbox/index.js';
export { SandbankError, type ErrorCode } from './kernel/index.js';
