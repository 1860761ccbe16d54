import type { Request, RequestHandler } from 'express';

import { chooseTexts, type Texts } from '../kit/index.js';

const COOKIE = 'lang';

/** `?lang=de` holds for the pages after it, too: redirects to the next step carry no query. */
export function rememberLanguage({
  path,
  languages = [],
}: {
  readonly path: string;
  readonly languages?: readonly string[];
}): RequestHandler {
  return (request, response, next) => {
    const asked = request.query['lang'];
    if (typeof asked === 'string' && languages.includes(asked)) {
      response.appendHeader('set-cookie', `${COOKIE}=${asked}; Path=${path}; HttpOnly; Secure; SameSite=Lax`);
    }
    next();
  };
}

/** The texts for whoever reads this answer. */
export function readerTexts(request: Request, languages: readonly string[] = ['en']): Texts {
  const { lang } = request.query;
  const kept = /(?:^|;\s*)lang=([a-z]{2})(?:;|$)/.exec(request.headers.cookie ?? '')?.[1];
  return chooseTexts(languages, {
    asked: typeof lang === 'string' && languages.includes(lang) ? lang : kept,
    accepted: request.headers['accept-language'],
  });
}
