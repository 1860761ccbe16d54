/** The library: a whole open banking ecosystem as a value. */
export { startSandbox } from './sandbox/index.js';
export type {
  BankStatus,
  NewTpp,
  Sandbox,
  SandboxBank,
  SandboxClock,
  SandboxOptions,
  SandboxStatus,
  Tpp,
} from './sandbox/index.js';
export { SandbankError, type ErrorCode } from './kernel/index.js';
