import { createAuthorizationServer, type AuthorizationServer } from '../auth/index.js';
import type { JourneyStep } from '../auth/journey/index.js';
import { createBank, type Bank } from '../bank/index.js';
import type { Directory } from '../directory/index.js';
import { createStandardRouter, type DocumentShelf } from '../http/index.js';
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
import type { ComposeInput } from './ecosystem.js';
import type { ComposedBank, ServedStandard } from './composed-bank.js';

export interface SharedParts extends ComposeInput {
  readonly clock: VirtualClock;
  readonly ids: IdScheme;
  readonly recorder: Recorder;
  readonly trust: Directory;
  readonly world: World;
  readonly documents: DocumentShelf;
  readonly random: Random;
}

/** What a bank speaks of the standards that are registered, in the order of its file. */
export function spokenVersions({
  standards,
}: World['banks'][number]): readonly { readonly standard: Standard; readonly version: StandardVersion }[] {
  const known = STANDARDS.flatMap((standard) => standard.versions.map((version) => ({ standard, version })));
  return standards.flatMap((id) => known.filter(({ version }) => version.id === id));
}

/** Builds one bank: its customers, its authorization server, its screens and its APIs. */
export async function composeBank(file: World['banks'][number], shared: SharedParts): Promise<ComposedBank> {
  const { storage, clock, ids, world, random, settings } = shared;
  const bank = createBank({ profile: file.profile, storage, clock, ids });
  registerLife(bank, { world, random });
  // Finds what an interrupted first start left and goes on from there.
  if (shared.isNew)
    await settleCustomers({ bank, storage, world, random, clock, historyMonths: settings.historyMonths });
  const theme: Theme = { id: file.profile.id, name: file.profile.name, ...file.brand };
  assertReadable(theme);
  const addresses = addressesOf(bank, shared);
  const versions = spokenVersions(file);
  const auth = await authorizationServer(bank, {
    shared,
    theme,
    addresses,
    versions: versions.map(({ version }) => version),
  });
  const served = withTokensEnding(bank, auth);
  const standards = versions.map(({ standard, version }) => servedStandard(standard, version, addresses));
  const routers = await Promise.all(
    versions.map(async ({ version }) => ({
      path: version.basePath,
      router: await createStandardRouter({
        version,
        bank: served,
        documents: shared.documents,
        ports: {
          tokens: auth.tokens,
          clients: auth.clients,
          certificates: { judge: (certificate, at) => shared.trust.judgeCertificate(certificate, at) },
          proofs: auth.proofs,
          signer: auth.signer,
          trustAnchor: new URL(shared.trust.issuer).hostname,
        },
        recorder: shared.recorder,
        wall: wallClock,
        log: shared.log,
        validateResponses: shared.config.validateResponses,
        baseUrl: `${addresses.mtlsBase}/${version.basePath}`,
      }),
    })),
  );
  const screens = consentRouter({
    journey: auth.journey,
    theme,
    path: addresses.path,
    testHints: (step) => testHints(bank, step),
    reference: () => shared.recorder.current()?.interactionId,
  });
  return {
    bank: served,
    theme,
    standards,
    registration: {
      bank: bank.profile.id,
      issuer: addresses.issuer,
      organisationId: auth.organisationId,
      registrationEndpoint: auth.registrationEndpoint,
      scopeRoles: versions[0]?.version.security.scopeRoles ?? {},
    },
    purge: auth.purge,
    mount: (app) => {
      app.use(`${addresses.path}/assets`, assetsRouter(theme));
      for (const { path, router } of routers) app.use(`${addresses.path}/${path}`, router);
      app.use(addresses.path, screens);
      app.use(addresses.path, (request, response, next) => {
        const isAuth = auth.paths.some((path) => request.path === path || request.path.startsWith(`${path}/`));
        if (!isAuth) {
          next();
          return;
        }
        // What it cannot answer to a client it shows on a page of the bank, which needs the policy of pages.
        response.set('content-security-policy', contentSecurityPolicy());
        auth.callback(request, response);
      });
    },
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

/** The bank's authorization server under the demands of its standard. With several, each consent finds its own. */
function authorizationServer(
  bank: Bank,
  context: {
    readonly shared: SharedParts;
    readonly theme: Theme;
    readonly addresses: Addresses;
    readonly versions: readonly StandardVersion[];
  },
): Promise<AuthorizationServer> {
  const { shared, theme, addresses, versions } = context;
  const [first] = versions;
  assert(first, 'a bank speaks at least one standard');
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
    requirements: first.security,
    consentIdOf: (request) =>
      versions.map(({ consents }) => consents.consentIdOf(request)).find((id) => id !== undefined),
    viewOf: (consent) => {
      const owner = versions.find(({ id }) => id === consent.standard);
      assert(owner, `the standard ${consent.standard} is served`);
      return owner.consents.view(consent);
    },
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
