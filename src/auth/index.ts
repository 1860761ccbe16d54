/** The authorization server of a bank. */
export { createAuthorizationServer } from './authorization-server.js';
export type {
  AuthorizationServer,
  AuthorizationServerOptions,
  ClientLookup,
  ResolvedAccessToken,
} from './authorization-server.js';
export type { AuthCheck, CheckRecorder } from './checks.js';
export { LINK_ROUTE } from './journey/link-host.js';
export { createLinkPages, type LinkPages } from './journey/link-pages.js';
export type { RegisteredClient } from './clients/client-store.js';
export { authMigrations } from './migrations.js';
