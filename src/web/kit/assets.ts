import { Router } from 'express';

import { markSvg } from './mark.js';
import { STYLESHEET } from './stylesheet.js';
import { themeStylesheet, type Theme } from './theme.js';

/** Serves the stylesheet, the theme and the mark of one bank (or of the sandbox). */
export function assetsRouter(theme: Theme): Router {
  const files: Readonly<Record<string, readonly [string, string]>> = {
    '/sandbank.css': ['text/css; charset=utf-8', STYLESHEET],
    '/theme.css': ['text/css; charset=utf-8', themeStylesheet(theme)],
    '/mark.svg': ['image/svg+xml', markSvg(theme)],
  };
  const router = Router();
  for (const [path, [type, text]] of Object.entries(files)) {
    router.get(path, (_request, response) => {
      response.set('content-type', type).set('cache-control', 'public, max-age=300').send(text);
    });
  }
  return router;
}
