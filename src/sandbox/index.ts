export { readConfig, type SandboxOptions } from './config.js';
export { connectToSandbox, type ControlClient, type ReadyLine } from './control-client.js';
export { diagnose, type DoctorFinding } from './diagnosis.js';
export type { ExplainedRequest } from './explained-request.js';
export { startSandbox, type Sandbox, type SandboxBank, type SandboxClock } from './sandbox.js';
export type { BankStatus, SandboxStatus } from './status.js';
export type { NewTpp, Tpp } from './tpps.js';
