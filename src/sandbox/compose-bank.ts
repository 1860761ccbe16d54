import type { RequestHandler, Router } from 'express';

import {
  createAuthorizationServer,
  createLinkPages,
  LINK_ROUTE,
  type AuthorizationServer,
  type LinkPages,
} from '../auth/index.js';
import type { ConsentView, Journey, JourneyStep } from '../auth/journey/index.js';
import { createBank, type Bank, type Clearing, type Consent } from '../bank/index.js';
import type { Directory } from '../directory/index.js';
import { createFaultRules, type FaultRules } from '../faults/index.js';
import { createStandardRouter, type DocumentShelf, type StandardHandler } from '../http/index.js';
import { assert, wallClock, type IdScheme, type Random, type VirtualClock } from '../kernel/index.js';
import { registerLife, settleCustomers, type World } from '../life/index.js';
import type { Recorder } from '../observe/index.js';
import { STANDARDS } from '../standards/registry.js';
import type { Standard, StandardVersion } from '../standards/standard.js';
import {
  assertReadable,
  assetsRouter,
  consentRouter,
  contentSecurityPolicy,
  renderErrorPage,
  type TestHints,
  type Theme,
} from '../web/index.js';
import type { Watcher } from './clock-report.js';
import type { ComposeInput } from './ecosystem.js';
import { phoneRouter } from './phone-routes.js';
import { sealJudge } from './seals.js';
import type { RegistrationTarget } from './tpps.js';
import type { ComposedBank, ServedStandard } from './composed-bank.js';

export interface SharedParts extends ComposeInput {
  readonly clock: VirtualClock;
  readonly ids: IdScheme;
  readonly recorder: Recorder;
  readonly trust: Directory;
  readonly world: World;
  readonly documents: DocumentShelf;
  readonly random: Random;
  /** Between the banks; each joins it. */
  readonly clearing: Clearing;
}

interface Spoken {
  readonly standard: Standard;
  readonly version: StandardVersion;
}

/** What a bank speaks of the standards that are registered, in the order of its file. */
export function spokenVersions({ standards }: World['banks'][number]): readonly Spoken[] {
  const known = STANDARDS.flatMap((standard) => standard.versions.map((version) => ({ standard, version })));
  return standards.flatMap((id) => known.filter(({ version }) => version.id === id));
}

/** Builds one bank: its customers, its pages, its APIs, and the authorization server where a standard wants one. */
export async function composeBank(file: World['banks'][number], shared: SharedParts): Promise<ComposedBank> {
  const { storage, clock, ids, world, random, settings, clearing, trust } = shared;
  const rates = { ...world.rates, seed: String(settings.seed) };
  const bank = createBank({ profile: file.profile, storage, clock, ids, clearing, rates });
  registerLife(bank, { world, random });
  // Finds what an interrupted first start left and goes on from there.
  if (shared.isNew)
    await settleCustomers({ bank, storage, world, random, clock, historyMonths: settings.historyMonths });
  const theme: Theme = { id: file.profile.id, name: file.profile.name, ...file.brand };
  assertReadable(theme);
  const addresses = addressesOf(bank, shared);
  const spoken = spokenVersions(file);
  const versions = spoken.map(({ version }) => version);
  const viewOf = viewsOf(versions);
  const context = { shared, theme, addresses, viewOf };
  const secured = spoken.filter((one) => wantsSecurity(one, file)).map(({ version }) => version);
  const auth = await authorizationServer(bank, { ...context, versions: secured });
  const { recorder } = shared;
  const publicBase = addresses.issuer;
  const pages = await createLinkPages({
    bank,
    storage,
    wall: wallClock,
    directory: trust,
    recorder,
    publicBase,
    viewOf,
  });
  const served = auth ? withTokensEnding(bank, auth) : bank;
  const nameOf = async (clientId: string): Promise<string> =>
    (await trust.organisationByIdentifier(clientId))?.name ?? clientId;
  const routers = await routersOf(spoken, {
    bank: served,
    shared,
    mtlsBase: addresses.mtlsBase,
    portsFor: ({ version }) => portsOf({ auth: secured.includes(version) ? auth : undefined, pages, trust }),
    file,
  });
  const screensOf = (journey: Journey, route: string): Router =>
    consentRouter({
      journey,
      route,
      theme,
      path: addresses.path,
      languages: file.languages,
      testHints: (step) => testHints(bank, step),
      reference: () => recorder.current()?.interactionId,
    });
  return {
    bank: served,
    theme,
    publicBase,
    standards: spoken.map(({ standard, version }) => servedStandard(standard, version, addresses)),
    interactionHeaders: versions.map(({ wire }) => wire.interactionHeader.toLowerCase()),
    ...registrationOf(bank, { auth, addresses, versions }),
    viewOf,
    ...(auth && { watcher: tokenWatcher(bank, auth) }),
    purge: async () => {
      await auth?.purge();
      await pages.purge();
    },
    direct: routers.map(({ path, router }) => ({ path: `${addresses.path}/${path}`, handler: router })),
    mount: (app) => {
      app.use(`${addresses.path}/assets`, assetsRouter(theme));
      for (const { path, router } of routers) app.use(`${addresses.path}/${path}`, router);
      app.use(addresses.path, screensOf(pages.journey, LINK_ROUTE));
      app.use(
        addresses.path,
        phoneRouter({ bank: served, theme, path: addresses.path, languages: file.languages, viewOf, nameOf }),
      );
      if (!auth) return;
      app.use(addresses.path, screensOf(auth.journey, '/interaction'));
      app.use(addresses.path, endpointsOf(auth));
    },
  };
}

function endpointsOf(auth: AuthorizationServer): RequestHandler {
  return (request, response, next) => {
    const isAuth = auth.paths.some((path) => request.path === path || request.path.startsWith(`${path}/`));
    if (!isAuth) {
      next();
      return;
    }
    // What it cannot answer to a client it shows on a page of the bank, which needs the policy of pages.
    response.set('content-security-policy', contentSecurityPolicy());
    auth.callback(request, response);
  };
}

/** One router for each version, with what the bank's file says of its standard. */
function routersOf(
  spoken: ReturnType<typeof spokenVersions>,
  parts: {
    readonly bank: Bank;
    readonly shared: SharedParts;
    readonly mtlsBase: string;
    portsFor(one: Spoken): StandardPorts;
    readonly file: World['banks'][number];
  },
): Promise<readonly { readonly path: string; readonly router: StandardHandler }[]> {
  const { bank, shared, mtlsBase, file } = parts;
  const faults = faultsOf(file, shared.settings.seed);
  return Promise.all(
    spoken.map(async (one) => ({
      path: one.version.basePath,
      router: await createStandardRouter({
        version: one.version,
        bank,
        documents: shared.documents,
        ports: parts.portsFor(one),
        recorder: shared.recorder,
        wall: wallClock,
        log: shared.log,
        validateResponses: shared.config.validateResponses,
        baseUrl: `${mtlsBase}/${one.version.basePath}`,
        settings: settingsOf(one, file),
        ...(faults && { faults }),
      }),
    })),
  );
}

function wantsSecurity(one: Spoken, file: World['banks'][number]): boolean {
  const { security, wantsSecurity: wants } = one.version;
  return security !== undefined && (wants?.(settingsOf(one, file)) ?? true);
}

function settingsOf({ standard, version }: Spoken, file: World['banks'][number]): unknown {
  return version.readSettings?.(file.settings[standard.id]);
}

type StandardPorts = Parameters<typeof createStandardRouter>[0]['ports'];

/** What the APIs ask of the rest. A bank whose callers are known by certificate has no tokens, no clients and no signer. */
function portsOf({
  auth,
  pages,
  trust,
}: {
  readonly auth: AuthorizationServer | undefined;
  readonly pages: LinkPages;
  readonly trust: Directory;
}): StandardPorts {
  return {
    tokens: auth?.tokens ?? { resolve: () => Promise.resolve(undefined) },
    clients: auth?.clients ?? { find: () => Promise.resolve(undefined) },
    certificates: { judge: (certificate, at) => trust.judgeCertificate(certificate, at) },
    seals: sealJudge(trust),
    ...(auth && { proofs: auth.proofs, authorizationServer: auth.metadataUrl }),
    signer: auth?.signer ?? { key: () => Promise.reject(new Error('no standard of this bank signs its answers')) },
    trustAnchor: new URL(trust.issuer).hostname,
    pages,
  };
}

function registrationOf(
  bank: Bank,
  {
    auth,
    addresses,
    versions,
  }: {
    readonly auth: AuthorizationServer | undefined;
    readonly addresses: Addresses;
    readonly versions: readonly StandardVersion[];
  },
): Pick<ComposedBank, 'registration'> {
  if (auth?.registrationEndpoint === undefined) return {};
  const registration: RegistrationTarget = {
    bank: bank.profile.id,
    issuer: addresses.issuer,
    organisationId: auth.organisationId,
    registrationEndpoint: auth.registrationEndpoint,
    scopeRoles: versions.find(registersClients)?.security?.scopeRoles ?? {},
  };
  return { registration };
}

function registersClients({ clients = 'registered', security }: StandardVersion): boolean {
  return clients === 'registered' && security !== undefined;
}

/** What the file of the bank wants to go wrong. */
function faultsOf({ profile, latency }: World['banks'][number], seed: number): FaultRules | undefined {
  return latency && createFaultRules({ latency, seed: `${profile.id} ${String(seed)}` });
}

/** Each consent is shown as the standard that owns it says. */
function viewsOf(versions: readonly StandardVersion[]): (consent: Consent) => ConsentView {
  return (consent) => {
    const owner = versions.find(({ id }) => id === consent.standard);
    assert(owner, `the standard ${consent.standard} is served`);
    return owner.consents.view(consent);
  };
}

/** The bank with its end of a consent tied to the tokens: who ends the one, wherever, ends the others. */
function withTokensEnding(bank: Bank, auth: Pick<AuthorizationServer, 'revokeConsentTokens'>): Bank {
  return {
    ...bank,
    consents: {
      ...bank.consents,
      revoke: async (id, actor, options) => {
        await bank.consents.revoke(id, actor, options);
        await auth.revokeConsentTokens(id);
      },
    },
  };
}

function tokenWatcher({ profile, clock }: Bank, auth: Pick<AuthorizationServer, 'tokensEnded'>): Watcher {
  return {
    bank: profile.id,
    async watch() {
      const from = clock.now();
      return async (limit) => {
        const ended = await auth.tokensEnded(from, clock.now());
        const items = ended.map(({ kind, at, clientId }) => ({ kind: `token.${kind}-ended`, at, subject: clientId }));
        const kinds = [...new Set(items.map(({ kind }) => kind))];
        const counts = kinds.map((kind) => ({ kind, count: items.filter((item) => item.kind === kind).length }));
        return { counts, items: items.slice(0, limit) };
      };
    },
  };
}

interface Addresses {
  /** `/bramble` */
  readonly path: string;
  readonly issuer: string;
  readonly mtlsBase: string;
}

function addressesOf({ profile }: Bank, { listeners }: SharedParts): Addresses {
  const path = `/${profile.id}`;
  return { path, issuer: `${listeners.origins.public}${path}`, mtlsBase: `${listeners.origins.mtls}${path}` };
}

function servedStandard(standard: Standard, version: StandardVersion, { mtlsBase }: Addresses): ServedStandard {
  return {
    id: standard.id,
    name: standard.name,
    version: version.version,
    baseUrl: `${mtlsBase}/${version.basePath}`,
    apis: version.apis,
  };
}

/**
 * The bank's authorization server, or none: under the demands of the first standard that registers its clients, and of
 * the first that knows them by their certificates.
 */
async function authorizationServer(
  bank: Bank,
  context: {
    readonly shared: SharedParts;
    readonly theme: Theme;
    readonly addresses: Addresses;
    /** Those that want one. */
    readonly versions: readonly StandardVersion[];
    readonly viewOf: (consent: Consent) => ConsentView;
  },
): Promise<AuthorizationServer | undefined> {
  const { shared, theme, addresses, viewOf, versions } = context;
  const requirements = versions.find(registersClients)?.security;
  const byCertificate = versions.find((version) => !registersClients(version))?.security;
  if (requirements === undefined && byCertificate === undefined) return undefined;
  return createAuthorizationServer({
    bank,
    storage: shared.storage,
    clock: shared.clock,
    wall: wallClock,
    ids: shared.ids,
    directory: shared.trust,
    recorder: shared.recorder,
    issuer: addresses.issuer,
    mtlsBase: addresses.mtlsBase,
    ...(requirements && { requirements }),
    ...(byCertificate && { byCertificate }),
    consentIdOf: (request) =>
      versions.map(({ consents }) => consents.consentIdOf?.(request)).find((id) => id !== undefined),
    viewOf,
    renderErrorPage: ({ code, message }) => {
      const reference = shared.recorder.current()?.interactionId;
      return renderErrorPage({
        theme,
        path: addresses.path,
        code,
        message,
        ...(reference !== undefined && { reference }),
      });
    },
    developmentRedirects: shared.config.developmentRedirects,
  });
}

/** Published test customers at the login, and the simulated phone where a code is asked for. */
async function testHints(bank: Bank, step: JourneyStep): Promise<TestHints> {
  const customers = step.step === 'login' ? await bank.parties.testCustomers() : [];
  const inbox = step.partyId === undefined ? [] : await bank.messages.inbox(step.partyId);
  const latestCode = inbox.find(({ code }) => code !== undefined)?.code;
  return { customers, ...(latestCode !== undefined && { latestCode }) };
}
