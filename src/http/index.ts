export { createDocumentShelf, type DocumentShelf } from './documents.js';
export { startFlushing, type Flushing } from './flushing.js';
export { listenerOf, tagListener, type ListenerName } from './listener-tag.js';
export { bindListeners, startListeners, type Listeners, type ListenOptions, type TlsMaterial } from './listeners.js';
export { createLog, type Log } from './log.js';
export type { PipelinePorts } from './pipeline/exchange.js';
export type {
  BankSigner,
  CertificateJudge,
  ClientRegistry,
  ProofChecker,
  ResolvedToken,
  TokenResolver,
} from './ports.js';
export { toSandbankError, writeProblem } from './problem.js';
export { createShell, LOOPBACK_NAMES, type ShellOptions } from './shell.js';
export { createStandardRouter, type StandardRouterOptions } from './standard-router.js';
