export type { ClockMoved, MovedAmount } from './clock-report.js';
export { readConfig, type SandboxOptions } from './config.js';
export { connectToSandbox, type ControlClient, type ReadyLine } from './control-client.js';
export { diagnose, type DoctorFinding } from './diagnosis.js';
export type { ExplainedRequest } from './explained-request.js';
export { startSandbox, type Sandbox, type SandboxBank, type SandboxClock, type SandboxSnapshots } from './sandbox.js';
export type { BankStatus, SandboxStatus } from './status.js';
export type { NewTpp, Tpp } from './tpps.js';
export { backUp } from './backup.js';
export type { Snapshot } from './snapshots.js';
export { verifyDataDirectory } from './offline-verification.js';
export type { Verification, VerificationCheck } from './verification.js';
export {
  generatePopulation,
  reportRealism,
  type Generated,
  type GenerateOptions,
  type RealismReport,
  type ReportOptions,
} from './generation.js';
