import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Provider } from 'oidc-provider';

import type { Bank, Consent } from '../bank/index.js';
import type { Directory } from '../directory/index.js';
import type { Clock, IdScheme, Instant } from '../kernel/index.js';
import type { Storage } from '../storage/index.js';
import { createArtefacts, type Artefacts, type EndedToken } from './artefacts/artefacts.js';
import { createPresentedCertificates, type PresentedCertificates } from './certificates.js';
import { recordCheck, type CheckRecorder } from './checks.js';
import { withCertificateClients } from './clients/certificate-clients.js';
import { createClientStore, type ClientStore, type RegisteredClient } from './clients/client-store.js';
import type { KnownClients } from './clients/known-clients.js';
import { createRegistrationEndpoint } from './clients/registration-endpoint.js';
import type { Demands } from './demands.js';
import { createEgress } from './egress.js';
import { explainErrors } from './explain.js';
import type { ConsentView, Journey } from './journey/index.js';
import { createJourney } from './journey/journey.js';
import { createOidcHost } from './journey/oidc-host.js';
import type { AuthorizationRequest, SecurityRequirements } from './profiles/index.js';
import { createProofChecker, type ProofInput } from './proofs.js';
import { createProvider } from './provider.js';
import { REGISTRATION_ROUTE, ROUTES } from './routes.js';
import { loadSecrets, type BankSecrets } from './secrets.js';

export interface AuthorizationServerOptions {
  readonly bank: Bank;
  readonly storage: Storage;
  /** The bank's clock: how long tokens live, and how certificates are judged. */
  readonly clock: Clock;
  /** Proof freshness. */
  readonly wall: Clock;
  readonly ids: IdScheme;
  readonly directory: Directory;
  /** The recorder of observe fits. */
  readonly recorder: CheckRecorder;
  /** `https://localhost:8443/bramble` */
  readonly issuer: string;
  /** The same path on the listener that asks for a client certificate: `https://localhost:8444/bramble`. */
  readonly mtlsBase: string;
  /** Of the standard whose clients register; absent where nobody does. */
  readonly requirements?: SecurityRequirements;
  /** Of the standard whose clients are known by their certificates. One of the two is there. */
  readonly byCertificate?: SecurityRequirements;
  /** Finds the consent an authorization request is about; the standard's rule. */
  consentIdOf(request: AuthorizationRequest): string | undefined;
  /** How the standard that owns a consent shows it to the customer. */
  viewOf(consent: Consent): ConsentView;
  /** HTML of a page of the bank. `code` belongs into the element with id error-code. */
  renderErrorPage(page: { readonly code: string; readonly message: string }): string;
  /** Admits https://localhost and loopback redirect URIs at registration. Default on. */
  readonly developmentRedirects?: boolean;
  /** Origins outside the ecosystem whose keystores may be fetched. Default none. */
  readonly allowedFetchOrigins?: readonly string[];
}

/** A token as the resource pipeline needs it. */
export interface ResolvedAccessToken {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly grant: 'client' | 'customer';
  readonly consentId?: string;
  readonly certificateThumbprint?: string;
  readonly keyThumbprint?: string;
  readonly state: 'active' | 'expired' | 'revoked';
}

export interface ClientLookup {
  readonly clientId: string;
  readonly organisationId: string;
  readonly softwareId: string;
  readonly name: string;
  /** Public keys, from the directory's keystore or the registered jwks_uri. */
  keys(): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

export interface AuthorizationServer {
  /** Mount at the bank's path: `app.use('/bramble', server.callback)`. No body parser in front of it. */
  readonly callback: (request: IncomingMessage, response: ServerResponse) => void;
  /** Path prefixes below the bank's that the callback serves, `/.well-known` included; the rest is not its business. */
  readonly paths: readonly string[];
  readonly tokens: {
    resolve(token: string): Promise<ResolvedAccessToken | undefined>;
    /** Did the customer agree to this consent in an authorization request, so that a token stands for her yes? */
    standFor(consentId: string): Promise<boolean>;
  };
  readonly clients: {
    find(clientId: string): Promise<ClientLookup | undefined>;
    list(): Promise<readonly RegisteredClient[]>;
  };
  readonly proofs: { check(input: ProofInput): Promise<void> };
  readonly signer: {
    key(): Promise<{ kid: string; organisationId: string; trustAnchor: string; privateKey: CryptoKey }>;
  };
  readonly jwks: { readonly keys: readonly Readonly<Record<string, unknown>>[] };
  readonly journey: Journey;
  /** The bank's id in the directory. */
  readonly organisationId: string;
  /** Absent where nobody registers. */
  readonly registrationEndpoint?: string;
  /** Where the server describes itself (RFC 8414). */
  readonly metadataUrl: string;
  /** Every token of the consent is dead when this returns. Call it when a consent was revoked or deleted. */
  revokeConsentTokens(consentId: string): Promise<void>;
  /** Tokens that ended by their time on the bank's clock, after `from` and up to `to`. */
  tokensEnded(from: Instant, to: Instant): Promise<readonly EndedToken[]>;
  /** Forgets what has been over for long. */
  purge(): Promise<void>;
}

function demandsOf({ requirements, byCertificate }: AuthorizationServerOptions): Demands {
  return { ...(requirements && { registered: requirements }), ...(byCertificate && { byCertificate }) };
}

/** Those that registered, and they with all who are known beside them. */
function openClients(
  { bank, storage, clock, ids, directory, recorder, byCertificate }: AuthorizationServerOptions,
  developmentRedirects: boolean,
): { readonly clients: ClientStore; readonly known: KnownClients } {
  const { id } = bank.profile;
  const clients = createClientStore({ bank: id, storage, ids, now: () => clock.now(), directory, recorder });
  const known = byCertificate && withCertificateClients(clients, { directory, recorder, developmentRedirects });
  return { clients, known: known ?? clients };
}

/**
 * Opens the authorization server of a bank on a migrated database: keys are read or minted, the bank is entered into the
 * directory as ASPSP, and one oidc-provider is built under the profiles of the bank's standard.
 */
export async function createAuthorizationServer(options: AuthorizationServerOptions): Promise<AuthorizationServer> {
  const { bank, storage, clock, wall, directory, recorder, requirements, issuer, mtlsBase } = options;
  const demands = demandsOf(options);
  const { id, name, country } = bank.profile;
  const organisation = await directory.registerBank({ id, name, country, issuer });
  const secrets = await loadSecrets(storage, id);
  const developmentRedirects = options.developmentRedirects ?? true;
  const { clients, known } = openClients(options, developmentRedirects);
  const artefacts = createArtefacts({
    bank: id,
    storage,
    clock,
    wall,
    findClient: (clientId) => known.metadataOf(clientId),
  });
  const certificates = createPresentedCertificates({ directory, clock });
  const fetch = createEgress({ directory, clients, allowedOrigins: options.allowedFetchOrigins ?? [] });
  const proofs = createProofChecker({ artefacts, wall, recorder });
  const shared = {
    bank,
    storage,
    wall,
    directory,
    recorder,
    demands,
    artefacts,
    clients: known,
    certificates,
    fetch,
    proofs,
    developmentRedirects,
  };
  const consentIdOf = (request: AuthorizationRequest): string | undefined => options.consentIdOf(request);
  const provider = createProvider({
    ...shared,
    issuer,
    mtlsBase,
    secrets,
    consentIdOf,
    renderErrorPage: (page) => options.renderErrorPage(page),
  });
  explainErrors({ provider, recorder, issuer, mtlsBase, certificates, demands });
  prepareRequests(provider, { certificates, issuer, recorder, bankId: id });
  const registrationEndpoint = `${mtlsBase}${REGISTRATION_ROUTE}`;
  const register =
    requirements &&
    createRegistrationEndpoint({
      ...shared,
      clients,
      requirements,
      provider,
      endpoint: registrationEndpoint,
      audiences: [issuer, organisation.id],
    });
  return {
    callback: dispatch({ provider, register, recorder }),
    paths: ['/.well-known', ...(register ? [REGISTRATION_ROUTE] : []), ...Object.values(ROUTES)],
    tokens: {
      resolve: (token) => resolve(token, artefacts),
      standFor: (consentId) => standFor(consentId, { artefacts, bank }),
    },
    clients: { find: (clientId) => lookUp(clientId, { clients, directory, fetch }), list: () => clients.list() },
    proofs,
    signer: signerOf(secrets, organisation.id, issuer),
    jwks: { keys: [publicPart(secrets)] },
    journey: createJourney({
      ...shared,
      host: createOidcHost({ ...shared, provider, consentIdOf }),
      formSecret: secrets.formSecret,
      viewOf: (consent) => options.viewOf(consent),
    }),
    organisationId: organisation.id,
    ...(register && { registrationEndpoint }),
    metadataUrl: `${issuer}/.well-known/oauth-authorization-server`,
    revokeConsentTokens: (consentId) => artefacts.revokeConsent(consentId),
    tokensEnded: (from, to) => artefacts.endedBetween(from, to),
    purge: () => artefacts.purge(),
  };
}

function dispatch(parts: {
  readonly provider: Provider;
  readonly register: ((request: IncomingMessage, response: ServerResponse) => Promise<void>) | undefined;
  readonly recorder: CheckRecorder;
}): AuthorizationServer['callback'] {
  const { provider, register, recorder } = parts;
  const serve = provider.callback();
  return (request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    if (!register || (path !== REGISTRATION_ROUTE && !path.startsWith(`${REGISTRATION_ROUTE}/`))) {
      void serve(request, response);
      return;
    }
    register(request, response).catch((error: unknown) => {
      recordCheck(recorder, false, { name: 'the registration is served', actual: messageOf(error) });
      if (response.headersSent) {
        response.destroy();
        return;
      }
      response.statusCode = 500;
      response.setHeader('Content-Type', 'application/json; charset=utf-8');
      response.end(JSON.stringify({ error: 'server_error', error_description: 'the request cannot be served' }));
    });
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** What oidc-provider cannot do itself, in front of it. */
function prepareRequests(
  provider: Provider,
  context: {
    readonly certificates: PresentedCertificates;
    readonly issuer: string;
    readonly recorder: CheckRecorder;
    readonly bankId: string;
  },
): void {
  const { certificates, issuer, recorder, bankId } = context;
  provider.use(async (ctx, next) => {
    recorder.current()?.know({ bank: bankId, operationId: `${ctx.method} ${ctx.path}` });
    if (!checkMethod(ctx, recorder)) return;
    await certificates.judge(ctx.req);
    if (ctx.path === ROUTES.authorization || ctx.path.startsWith(`${ROUTES.authorization}/`)) {
      // Each consent is logged in for anew: a session of an earlier journey neither answers nor gets in the way.
      dropCookie(ctx.req, provider.cookieName('session'));
    }
    if (ctx.path.startsWith('/.well-known/')) {
      // Its addresses are built from the Host header; they are to be the same on both listeners.
      ctx.req.headers.host = new URL(issuer).host;
      await next();
      if (ctx.body !== null && typeof ctx.body === 'object')
        ctx.body = correctDiscovery(ctx.body as Record<string, unknown>);
      return;
    }
    await next();
  });
}

const POST_ONLY: readonly string[] = [
  ROUTES.token,
  ROUTES.pushed_authorization_request,
  ROUTES.introspection,
  ROUTES.revocation,
];

/** The library answers 404 to a method it does not route; RFC 9126 2.3 and RFC 9110 15.5.6 ask for 405. */
function checkMethod(ctx: Parameters<Parameters<Provider['use']>[0]>[0], recorder: CheckRecorder): boolean {
  if (!POST_ONLY.includes(ctx.path) || ctx.method === 'OPTIONS') return true;
  const holds = recordCheck(recorder, ctx.method === 'POST', {
    name: 'the method is served at this address',
    expected: 'POST',
    actual: ctx.method,
    clause: 'RFC 6749 3.2, RFC 9126 2.3',
  });
  if (holds) return true;
  ctx.status = 405;
  ctx.set('Allow', 'POST');
  ctx.body = { error: 'invalid_request', error_description: 'only POST is served here' };
  return false;
}

/** `implicit` is only how the library counts `code id_token`; form_post is offered to no client. */
function correctDiscovery(document: Record<string, unknown>): Record<string, unknown> {
  const { grant_types_supported: grantTypes } = document;
  return {
    ...document,
    ...(Array.isArray(grantTypes) && { grant_types_supported: grantTypes.filter((type) => type !== 'implicit') }),
    ...('response_modes_supported' in document && { response_modes_supported: ['fragment', 'query'] }),
  };
}

function dropCookie(request: IncomingMessage, name: string): void {
  const { cookie } = request.headers;
  if (cookie === undefined) return;
  const kept = cookie.split(';').filter((pair) => {
    const key = pair.split('=', 1)[0]?.trim();
    return key !== name && key !== `${name}.sig`;
  });
  request.headers.cookie = kept.join(';');
}

async function resolve(value: string, artefacts: Artefacts): Promise<ResolvedAccessToken | undefined> {
  const token = await artefacts.token(value);
  if (!token) return undefined;
  const { kind, scope, ...rest } = token;
  return { ...rest, grant: kind, scopes: scope.split(' ').filter((one) => one !== '') };
}

/** A grant is written before the yes that it goes with, so that the yes is asked for. */
async function standFor(
  consentId: string,
  { artefacts, bank }: { readonly artefacts: Artefacts; readonly bank: Bank },
): Promise<boolean> {
  const granted = await artefacts.authorisationsOfGrants(consentId);
  if (granted.length === 0) return false;
  const runs = await bank.consents.authorisationsOf(consentId, 'consent');
  return runs.some(({ id, status }) => status === 'finalised' && granted.includes(id));
}

async function lookUp(
  clientId: string,
  context: {
    readonly clients: ClientStore;
    readonly directory: Directory;
    readonly fetch: ReturnType<typeof createEgress>;
  },
): Promise<ClientLookup | undefined> {
  const client = await context.clients.active(clientId);
  if (!client) return undefined;
  const { organisationId, softwareId, name, jwksUri } = client;
  return {
    clientId,
    organisationId,
    softwareId,
    name,
    keys: async () => {
      const answer = await context.fetch(jwksUri, { headers: { accept: 'application/json' } });
      const body = (await answer.json()) as { readonly keys?: readonly Readonly<Record<string, unknown>>[] };
      return body.keys ?? [];
    },
  };
}

function signerOf(secrets: BankSecrets, organisationId: string, issuer: string): AuthorizationServer['signer'] {
  const key = {
    kid: secrets.signingJwk.kid,
    organisationId,
    trustAnchor: new URL(issuer).hostname,
    privateKey: secrets.privateKey,
  };
  return { key: () => Promise.resolve(key) };
}

function publicPart({ signingJwk }: BankSecrets): Readonly<Record<string, unknown>> {
  const { kty, n, e, kid, alg, use } = signingJwk;
  return { kty, n, e, kid, alg, use };
}
