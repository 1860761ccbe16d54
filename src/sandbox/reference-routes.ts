import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Router, type NextFunction, type Request, type Response } from 'express';
import swaggerUi, { type JsonObject } from 'swagger-ui-express';
import { parse } from 'yaml';

import type { ServedStandard } from './composed-bank.js';

/** One document of the reference, with where Swagger UI shows it. */
export interface ReferencePage {
  readonly title: string;
  readonly path: string;
  readonly document: string;
}

/** Pages of the reference: each API of each standard once, and the control API. */
export function referencePages(standards: readonly ServedStandard[]): readonly ReferencePage[] {
  const pages = new Map<string, ReferencePage>();
  for (const standard of standards) {
    for (const api of standard.apis) {
      pages.set(api.document, {
        title: `${standard.name} ${standard.version}: ${api.title}`,
        path: `/${standard.id}-${standard.version}/${api.id}`,
        document: api.document,
      });
    }
  }
  return [...pages.values(), { title: 'Sandbank control API', path: '/control', document: 'control.yaml' }];
}

/**
 * Swagger UI per document, offline. Its page carries inline styles, so its policy is wider than that of the bank's
 * pages: only for styles, and only here. "Try it out" is off: a browser cannot show the client certificate, sign the
 * body or hold the token that the APIs ask for.
 */
export function createReferenceRouter(options: {
  readonly openapiDir: string;
  readonly standards: readonly ServedStandard[];
}): Router {
  const router = Router();
  router.use((_request: Request, response: Response, next: NextFunction) => {
    response.set(
      'content-security-policy',
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    next();
  });
  const pages = referencePages(options.standards);
  for (const { path, title, document } of pages) {
    const definition = parse(readFileSync(join(options.openapiDir, document), 'utf8'), {
      maxAliasCount: 1_000,
    }) as JsonObject;
    const settings = {
      customSiteTitle: title,
      swaggerOptions: { supportedSubmitMethods: [], defaultModelsExpandDepth: 0 },
    };
    router.use(path, swaggerUi.serveFiles(definition, settings), swaggerUi.setup(definition, settings));
  }
  router.get('/', (request, response) => {
    response.redirect(`${request.baseUrl}${pages[0]?.path ?? '/control'}/`);
  });
  return router;
}
