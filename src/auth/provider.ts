import {
  errors,
  interactionPolicy,
  Provider,
  type Client,
  type Configuration,
  type KoaContextWithOIDC,
} from 'oidc-provider';

import type { Bank, Consent } from '../bank/index.js';
import { isSandbankError, MS_PER_SECOND, plusMs, type Clock } from '../kernel/index.js';
import type { Artefacts } from './artefacts/artefacts.js';
import type { PresentedCertificates } from './certificates.js';
import { recordCheck, type CheckRecorder } from './checks.js';
import type { KnownClients } from './clients/known-clients.js';
import { assertAssertionClaims, assertionAudiences, certificateChecks } from './client-authentication.js';
import { KNOWN_BY, requirementsOf, scopeName, union, type Demands } from './demands.js';
import type { Fetch } from './egress.js';
import type { AuthorizationRequest, SecurityRequirements } from './profiles/index.js';
import { clientProfile } from './profiles/client-profile.js';
import { checkAuthorizationRequest } from './request-checks.js';
import { REGISTRATION_ROUTE, ROUTES } from './routes.js';
import type { BankSecrets } from './secrets.js';

const CODE_SECONDS = 60;
const ID_TOKEN_SECONDS = 3_600;
const INTERACTION_SECONDS = 30 * 60;
const CLOCK_TOLERANCE_SECONDS = 15;
/** A hundred years: until the consent is ended by somebody. */
const ENDLESS_SECONDS = 100 * 365 * 86_400;

/** Consents that the bank carries out at once, or the client with its first call. */
const PAID_ONCE: readonly Consent['subject']['kind'][] = ['payment', 'bulk-payment', 'periodic-payment', 'basket'];

export interface ProviderOptions {
  readonly bank: Bank;
  readonly issuer: string;
  /** Base of the listener that asks for a client certificate: `https://localhost:8444/bramble`. */
  readonly mtlsBase: string;
  readonly demands: Demands;
  consentIdOf(request: AuthorizationRequest): string | undefined;
  readonly developmentRedirects: boolean;
  readonly recorder: CheckRecorder;
  readonly wall: Clock;
  readonly artefacts: Artefacts;
  readonly clients: Pick<KnownClients, 'find'>;
  readonly certificates: PresentedCertificates;
  readonly secrets: BankSecrets;
  readonly fetch: Fetch;
  /** HTML of a page of the bank for an error that cannot go back to the client. */
  renderErrorPage(page: { readonly code: string; readonly message: string }): string;
}

/** One oidc-provider for one bank, under the profiles its standard demands. */
export function createProvider(options: ProviderOptions): Provider {
  const provider = new Provider(options.issuer, configurationOf(options));
  const { artefacts } = options;
  // The library looks first and writes afterwards; two proofs with one jti at once would both pass.
  Object.assign(provider.ReplayDetection, {
    unique: (issuer: string, jti: string, exp: number) => artefacts.rememberOnce(`${issuer}:${jti}`, exp),
  });
  const internals = provider as unknown as {
    readonly OIDCContext: { readonly prototype: object };
    readonly Client: { readonly Schema: { readonly prototype: SchemaPrototype } };
  };
  Object.assign(internals.OIDCContext.prototype, {
    clientJwtAuthExpectedAudience(this: KoaContextWithOIDC['oidc']) {
      return assertionAudiences(this.fapiProfile, options);
    },
  });
  if (options.developmentRedirects) admitLocalRedirects(internals.Client.Schema.prototype);
  return provider;
}

/** The bank's APIs as one resource; its tokens are opaque and looked up. */
export function resourceOf(bankId: string): string {
  return `urn:sandbank:${bankId}:api`;
}

interface SchemaPrototype {
  invalidate(message: string, code?: string): void;
}

/**
 * oidc-provider refuses `localhost` and plain http to web clients whose responses carry an ID token. For development on
 * one's own machine both are admitted; that http only goes to loopback is checked at registration.
 */
function admitLocalRedirects(schema: SchemaPrototype): void {
  const strict = schema.invalidate.bind(schema);
  schema.invalidate = (message, code) => {
    if (code === 'implicit-forbid-localhost' || code === 'implicit-force-https') return;
    strict(message, code);
  };
}

function configurationOf(options: ProviderOptions): Configuration {
  const { demands, secrets, artefacts } = options;
  const path = new URL(options.issuer).pathname;
  const takesRegistrations = demands.registered !== undefined;
  const algorithms = union(demands, ({ signingAlgorithms }) => signingAlgorithms) as ('PS256' | 'ES256')[];
  const responseTypes = union(demands, ({ profiles }) => profiles.map((id) => clientProfile(id).responseType));
  return {
    adapter: (model) => artefacts.adapterOf(model),
    acrValues: union(demands, ({ acrValues }) => acrValues),
    allowOmittingSingleRegisteredRedirectUri: false,
    assertJwtClientAuthClaimsAndHeader: (ctx, claims, _header, client) =>
      assertAssertionClaims(ctx, { claims, client, options }),
    claims: {
      // Those of the standard are in every ID token, asked for or not.
      openid: ['sub', ...union(demands, ({ idTokenClaims }) => idTokenClaims)],
      acr: null,
      auth_time: null,
      iss: null,
    },
    clientAuthMethods: takesRegistrations ? ['private_key_jwt', 'tls_client_auth'] : ['tls_client_auth'],
    clientDefaults: {
      grant_types: [...(takesRegistrations ? ['client_credentials'] : []), 'authorization_code'],
      response_types: [responseTypes[0] ?? 'code'],
      id_token_signed_response_alg: 'PS256',
      token_endpoint_auth_method: takesRegistrations ? 'private_key_jwt' : 'tls_client_auth',
    },
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    cookies: cookiesOf(options),
    discovery: discoveryOf(options),
    enabledJWA: {
      clientAuthSigningAlgValues: algorithms,
      requestObjectSigningAlgValues: algorithms,
      idTokenSigningAlgValues: ['PS256'],
      dPoPSigningAlgValues: ['PS256', 'ES256', 'EdDSA', 'Ed25519'],
    },
    expiresWithSession: () => false,
    extraClientMetadata: { properties: ['fapi_profile', 'keystore_version', KNOWN_BY], validator: () => undefined },
    features: featuresOf(options),
    fetch: (url, init) => options.fetch(url instanceof Request ? url.url : url, init),
    fetchResponseBodyLimits: { jwks_uri: 64 * 1024, sector_identifier_uri: 64 * 1024 },
    findAccount: (ctx, accountId) => ({
      accountId,
      claims: async () => {
        const { Grant: grant, RefreshToken: refreshToken } = ctx.oidc.entities;
        const consentId = grant?.jti === undefined ? undefined : await artefacts.consentOfGrant(grant.jti);
        if (consentId === undefined) return { sub: accountId };
        const endsAt = refreshToken && plusMs(options.bank.clock.now(), refreshToken.remainingTTL * MS_PER_SECOND);
        return { sub: accountId, ...requirementsOf(ctx.oidc.client, demands).idTokenClaimsOf(consentId, endsAt) };
      },
    }),
    interactions: {
      policy: policyOf(options),
      url: (_ctx, interaction) => `${path}/interaction/${interaction.uid}`,
    },
    jwks: { keys: [secrets.signingJwk] },
    loadExistingGrant: grantOfJourney,
    pkce: {
      // FAPI 1.0 Advanced has its own means where the request is not pushed (5.2.2-18).
      required: (ctx) =>
        ctx.oidc.isFapi('1.0 Final') === undefined || ctx.oidc.route === 'pushed_authorization_request',
    },
    renderError: (ctx, out) => {
      ctx.type = 'html';
      ctx.body = options.renderErrorPage({
        code: out.error,
        message: out.error_description ?? 'The request cannot be served.',
      });
    },
    responseTypes,
    routes: { ...ROUTES },
    scopes: ['openid', ...union(demands, ({ scopes }) => Object.keys(scopes))],
    ...lifetimesOf(options),
  };
}

function cookiesOf({ bank, issuer, secrets }: ProviderOptions): NonNullable<Configuration['cookies']> {
  const bankId = bank.profile.id;
  const path = new URL(issuer).pathname;
  return {
    names: {
      session: `${bankId}_session`,
      interaction: `${bankId}_interaction`,
      resume: `${bankId}_resume`,
    },
    long: { httpOnly: true, secure: true, sameSite: 'lax', path, signed: true },
    short: { httpOnly: true, secure: true, sameSite: 'lax', signed: true },
    keys: [...secrets.cookieKeys],
  };
}

function featuresOf(options: ProviderOptions): NonNullable<Configuration['features']> {
  const { demands, secrets } = options;
  // Whoever did not register has no keys, but for the one of its certificate.
  const takesRegistrations = demands.registered !== undefined;
  const resource = resourceOf(options.bank.profile.id);
  const ownToken = (client: { clientId: string }, token: { clientId?: string | undefined }): boolean =>
    token.clientId === client.clientId;
  return {
    claimsParameter: {
      enabled: true,
      assertClaimsParameter: async (ctx, claims) => {
        for (const members of [claims.id_token, claims.userinfo]) {
          const odd = Object.values(members ?? {}).some(
            (one) => one !== null && (typeof one !== 'object' || Array.isArray(one)),
          );
          if (odd) throw new errors.InvalidRequest('claims members must be null or objects');
        }
        // There is no userinfo endpoint; what is asked of it is left out, as unknown claims are (OIDC Core 5.5), but for
        // the consent, which is in the ID token anyway.
        delete claims.userinfo;
        claims.id_token ??= {};
        // At the authorization endpoint the same is checked by the interaction policy, with claims or without.
        if (ctx.oidc.route === 'pushed_authorization_request')
          await checkAuthorizationRequest(ctx, checkOptions(options));
      },
    },
    clientCredentials: { enabled: takesRegistrations },
    dPoP: { enabled: takesRegistrations, nonceSecret: secrets.nonceSecret },
    devInteractions: { enabled: false },
    fapi: {
      enabled: true,
      profile: (_ctx, client: Client | undefined) => {
        const profile = client?.['fapi_profile'];
        return profile === '1.0 Final' || profile === '2.0' ? profile : undefined;
      },
    },
    introspection: {
      enabled: true,
      // Whoever ended the consent, and whether or not its tokens were told: what it stood for is not active (RFC 7662 2.2).
      allowedPolicy: async (_ctx, client, token) => {
        if (!ownToken(client, token)) return false;
        const { grantId } = token as { readonly grantId?: string };
        if (grantId === undefined) return true;
        const status = (await consentOf(grantId, options))?.status;
        return status === 'authorised' || status === 'consumed';
      },
    },
    mTLS: { enabled: true, certificateBoundAccessTokens: true, tlsClientAuth: true, ...certificateChecks(options) },
    pushedAuthorizationRequests: { enabled: true },
    requestObjects: { enabled: takesRegistrations },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resource,
      useGrantedResource: () => true,
      getResourceServerInfo: (ctx, indicator, client) => {
        if (indicator !== resource) throw new errors.InvalidTarget();
        const requirements = requirementsOf(client, demands);
        return {
          scope: resourceScopes(ctx, requirements).join(' '),
          accessTokenFormat: 'opaque',
          accessTokenTTL: requirements.accessTokenSeconds,
        };
      },
    },
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => ownToken(client, token) },
    rpInitiatedLogout: { enabled: false },
    userinfo: { enabled: false },
  };
}

/** Those of the standard by name, or those of this very request that name a consent; the grant says which of them are given. */
function resourceScopes({ oidc }: KoaContextWithOIDC, requirements: SecurityRequirements): readonly string[] {
  const names = Object.keys(requirements.scopes);
  if (requirements.scopesNameConsents !== true) return names;
  const { AuthorizationCode: code, RefreshToken: refreshToken } = oidc.entities;
  const asked = [oidc.params?.['scope'], code?.scope, refreshToken?.scope]
    .filter((scope) => typeof scope === 'string')
    .flatMap((scope) => scope.split(' '));
  return asked.filter((scope) => names.includes(scopeName(scope, requirements) ?? ''));
}

function lifetimesOf(
  options: ProviderOptions,
): Pick<Configuration, 'ttl' | 'issueRefreshToken' | 'rotateRefreshToken'> {
  const { demands } = options;
  const remaining = new WeakMap<object, number>();
  return {
    // A payment has no later: its access token outlives the order, and the order is read without the customer.
    issueRefreshToken: async (ctx, client, source) => {
      const consent = await consentOf(source.grantId, options);
      if (!consent || PAID_ONCE.includes(consent.subject.kind) || !client.grantTypeAllowed('refresh_token'))
        return false;
      const { refreshTokenSeconds } = requirementsOf(client, demands);
      remaining.set(ctx, Math.min(grantSeconds(consent, options), refreshTokenSeconds));
      return true;
    },
    // Never rotated (FAPI 2.0 5.3.2.1-10); asked at every refresh, so this is where a consent that ended stops it.
    rotateRefreshToken: async (ctx) => {
      const consent = await consentOf(ctx.oidc.entities.RefreshToken?.grantId, options);
      const alive = recordCheck(options.recorder, consent?.status === 'authorised', {
        name: 'the consent behind the refresh token is alive',
        expected: 'authorised',
        actual: consent?.status ?? 'withdrawn',
        remedy: 'Ask the customer to authorise again.',
      });
      if (!alive) throw new errors.InvalidGrant('the consent has ended');
      return false;
    },
    ttl: {
      AccessToken: (_ctx, _token, client) => requirementsOf(client, demands).accessTokenSeconds,
      ClientCredentials: (_ctx, _token, client) => requirementsOf(client, demands).accessTokenSeconds,
      AuthorizationCode: CODE_SECONDS,
      Grant: ENDLESS_SECONDS,
      IdToken: ID_TOKEN_SECONDS,
      Interaction: INTERACTION_SECONDS,
      RefreshToken: (ctx) => remaining.get(ctx) ?? requirementsOf(ctx.oidc.client, demands).refreshTokenSeconds,
      Session: INTERACTION_SECONDS,
    },
  };
}

/** Only the grant of this very journey: a session must not answer for another consent. */
async function grantOfJourney(ctx: KoaContextWithOIDC): Promise<InstanceType<Provider['Grant']> | undefined> {
  const grantId = ctx.oidc.result?.consent?.grantId;
  return grantId === undefined ? undefined : ctx.oidc.provider.Grant.find(grantId);
}

/**
 * How long a grant of this consent lives, in seconds of business time: as long as the consent, and not only as long as a
 * refresh token, which starts later. A clock that moves while a code is on its way must not end what the code stands for.
 */
export function grantSeconds(consent: Pick<Consent, 'expiresAt'>, { bank }: Pick<ProviderOptions, 'bank'>): number {
  if (consent.expiresAt === undefined) return ENDLESS_SECONDS;
  return Math.max(1, Math.floor((consent.expiresAt - bank.clock.now()) / MS_PER_SECOND));
}

async function consentOf(
  grantId: string | undefined,
  { artefacts, bank }: ProviderOptions,
): Promise<Consent | undefined> {
  const consentId = grantId === undefined ? undefined : await artefacts.consentOfGrant(grantId);
  if (consentId === undefined) return undefined;
  try {
    return await bank.consents.get(consentId);
  } catch (error) {
    if (isSandbankError(error) && error.code === 'consent.not-found') return undefined;
    throw error;
  }
}

function checkOptions({
  bank,
  recorder,
  demands,
  consentIdOf,
}: ProviderOptions): Parameters<typeof checkAuthorizationRequest>[1] {
  return { consents: bank.consents, recorder, demands, consentIdOf };
}

/** Login first, always; and before it, whether there is something to authorise. */
function policyOf(options: ProviderOptions): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  policy.get('login')?.checks.add(
    new interactionPolicy.Check('consent', 'the consent must be open for authorisation', async (ctx) => {
      if (ctx.oidc.result === undefined) await checkAuthorizationRequest(ctx, checkOptions(options));
      return false;
    }),
    0,
  );
  return policy;
}

function discoveryOf({ issuer, mtlsBase, demands }: ProviderOptions): Record<string, unknown> {
  const alias = (route: string): string => `${mtlsBase}${route}`;
  const registration = demands.registered && { registration_endpoint: alias(REGISTRATION_ROUTE) };
  return {
    ...registration,
    mtls_endpoint_aliases: {
      token_endpoint: alias(ROUTES.token),
      pushed_authorization_request_endpoint: alias(ROUTES.pushed_authorization_request),
      introspection_endpoint: alias(ROUTES.introspection),
      revocation_endpoint: alias(ROUTES.revocation),
      ...registration,
    },
    request_object_signing_alg_values_supported: union(demands, ({ signingAlgorithms }) => signingAlgorithms),
    claim_types_supported: ['normal'],
    service_documentation: `${new URL(issuer).origin}/docs`,
  };
}
