export { createDocumentShelf, type DocumentShelf } from './documents.js';
export { bindListeners, type Listeners, type ListenOptions, type TlsMaterial } from './listeners.js';
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
export { createShell, type DirectRoute, type ShellOptions } from './shell.js';
export { createStandardRouter, type StandardHandler, type StandardRouterOptions } from './standard-router.js';
