import { Router } from 'express';

import type { VirtualClock } from '../kernel/index.js';
import {
  assetsRouter,
  contentSecurityPolicy,
  HomePage,
  renderPage,
  SANDBANK_THEME,
  type HomeView,
} from '../web/index.js';
import type { ComposedBank, ServedStandard } from './composed-bank.js';
import { CONTROL_PATH, referencePages } from './reference-routes.js';

export interface HomeOptions {
  readonly composed: readonly ComposedBank[];
  readonly clock: VirtualClock;
  readonly caFile: string;
  readonly directoryIssuer: string;
  readonly origins: { readonly public: string; readonly mtls: string };
}

/** The first page anybody sees: over plain http on loopback, and on the public listener too. */
export function homeRouter(options: HomeOptions): Router {
  const router = Router();
  router.use('/assets', assetsRouter(SANDBANK_THEME));
  router.get('/', async (_request, response) => {
    const page = renderPage(HomePage({ view: await homeView(options) }));
    response
      .set('content-security-policy', contentSecurityPolicy())
      .set('cache-control', 'no-store')
      .type('html')
      .send(page);
  });
  return router;
}

async function homeView({ composed, clock, caFile, directoryIssuer, origins }: HomeOptions): Promise<HomeView> {
  return {
    publicOrigin: origins.public,
    mtlsOrigin: origins.mtls,
    directoryIssuer,
    caFile,
    businessTime: clock.now(),
    clockMode: clock.mode,
    clockSpeed: clock.speed,
    docs: docsOf(origins.public, (path) => path === CONTROL_PATH),
    banks: await Promise.all(
      composed.map(async ({ bank, theme, publicBase, registration, standards }) => ({
        id: bank.profile.id,
        name: bank.profile.name,
        tagline: theme.tagline,
        ...(registration && { issuer: registration.issuer }),
        phone: `${publicBase}/phone`,
        customers: await bank.parties.testCustomers(),
        standards: standards.map((standard) => ({
          name: `${standard.name} ${standard.version}`,
          baseUrl: standard.baseUrl,
          docs: docsOf(origins.public, (path) => path !== CONTROL_PATH, [standard]),
        })),
      })),
    ),
  };
}

/** Absolute, because this page is also served by the plain listener, which shows nothing else. */
function docsOf(
  publicOrigin: string,
  wanted: (path: string) => boolean,
  standards: readonly ServedStandard[] = [],
): readonly { readonly title: string; readonly url: string }[] {
  return referencePages(standards)
    .filter(({ path }) => wanted(path))
    .map(({ name, path }) => ({ title: name, url: `${publicOrigin}/docs${path}/` }));
}
