import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Router, type NextFunction, type Request, type Response } from 'express';

import { contentSecurityPolicy, ReferencePage, renderPage } from '../web/index.js';
import type { ServedStandard } from './composed-bank.js';
import { parseYaml } from './parsed-yaml.js';

/** One document of the reference, with where Swagger UI shows it. */
export interface ReferenceDocument {
  /** Of the API alone: `Payment Initiation API`. */
  readonly name: string;
  readonly title: string;
  readonly path: string;
  readonly document: string;
  /** Where the bank serves it; the document itself knows only the end of the address. */
  readonly server?: string;
}

/** Where the control API is explained. */
export const CONTROL_PATH = '/control';

/** Documents of the reference: each API of each standard once, and the control API. */
export function referencePages(standards: readonly ServedStandard[]): readonly ReferenceDocument[] {
  const pages = new Map<string, ReferenceDocument>();
  for (const standard of standards) {
    for (const api of standard.apis) {
      pages.set(api.document, {
        name: api.title,
        title: `${standard.name} ${standard.version}: ${api.title}`,
        path: `/${standard.id}-${standard.version}/${api.id}`,
        document: api.document,
        server: `${standard.baseUrl}/${api.path}`,
      });
    }
  }
  const control = 'Sandbank control API';
  return [...pages.values(), { name: control, title: control, path: CONTROL_PATH, document: 'control.yaml' }];
}

/**
 * Swagger UI writes styles into its elements, so its policy is wider than that of the bank's pages: only for styles, and
 * only here.
 */
const SWAGGER_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The reference, offline: a list, and per document a page of Swagger UI and the file itself. */
export function createReferenceRouter(options: {
  readonly openapiDir: string;
  readonly standards: readonly ServedStandard[];
}): Router {
  const router = Router();
  const pages = referencePages(options.standards);
  router.get('/', (request, response) => {
    const documents = pages.map(({ title, path }) => ({
      title,
      page: `${request.baseUrl}${path}/`,
      file: `${request.baseUrl}${path}.yaml`,
    }));
    response
      .set('content-security-policy', contentSecurityPolicy())
      .set('cache-control', 'no-store')
      .type('html')
      .send(renderPage(ReferencePage({ documents })));
  });
  for (const page of pages) {
    const read = (): string => readFileSync(join(options.openapiDir, page.document), 'utf8');
    router.get(`${page.path}.yaml`, (_request, response) => {
      response.set('content-type', 'application/yaml; charset=utf-8').send(read());
    });
    // Made when somebody looks: a start would spend a fifth of its time on pages that few of them show.
    let made: Promise<Router> | undefined;
    router.use(page.path, async (request, response, next) => {
      made ??= swaggerPage(page, read());
      (await made)(request, response, next);
    });
  }
  return router;
}

/**
 * "Try it out" is off: a browser cannot show the client certificate, sign the body or hold the token that the APIs ask
 * for.
 */
async function swaggerPage({ title, server }: ReferenceDocument, text: string): Promise<Router> {
  const { default: swaggerUi } = await import('swagger-ui-express');
  const parsed = parseYaml(text) as object;
  const definition = server === undefined ? parsed : { ...parsed, servers: [{ url: server }] };
  const settings = {
    customSiteTitle: title,
    customfavIcon: '/assets/mark.svg',
    customCss: '.swagger-ui .topbar, .swagger-ui .auth-wrapper { display: none }',
    swaggerOptions: { supportedSubmitMethods: [], defaultModelsExpandDepth: 0 },
  };
  const router = Router();
  router.use((request: Request, response: Response, next: NextFunction) => {
    response.set('content-security-policy', SWAGGER_POLICY);
    if (request.path === '/') response.set('cache-control', 'no-store');
    next();
  });
  router.use(swaggerUi.serveFiles(definition, settings), swaggerUi.setup(definition, settings));
  return router;
}
