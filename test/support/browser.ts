import { CookieJar } from 'tough-cookie';
import { Agent, request } from 'undici';

import { fieldsOf, formWith, idsOf, textOf, type FormEntries } from './html-forms.js';

export interface BrowserPage {
  readonly url: URL;
  readonly status: number;
  readonly html: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The address outside the sandbox that the last redirect went to: the third party's own. */
  readonly leftFor: URL | undefined;
  has(id: string): boolean;
  text(id: string): string | undefined;
  ids(pattern: RegExp): readonly string[];
}

/** A browser of a person who has scripts switched off: cookies, redirects and plain forms. */
export interface Browser {
  visit(url: string | URL): Promise<BrowserPage>;
  /** Fills the form that holds the button and presses it. */
  press(page: BrowserPage, buttonId: string, entries?: FormEntries): Promise<BrowserPage>;
  close(): Promise<void>;
}

const MOST_REDIRECTS = 12;

export function createBrowser(options: { readonly caPem: string; readonly publicOrigin: string }): Browser {
  const agent = new Agent({ connect: { ca: options.caPem } });
  const jar = new CookieJar(undefined, { rejectPublicSuffixes: false, allowSpecialUseDomain: true });

  const fetchOnce = async (url: URL, form: URLSearchParams | undefined): Promise<BrowserPage> => {
    const cookie = await jar.getCookieString(url.href);
    const answer = await request(url, {
      dispatcher: agent,
      method: form ? 'POST' : 'GET',
      headers: {
        accept: 'text/html,application/xhtml+xml',
        ...(cookie !== '' && { cookie }),
        ...(form && { 'content-type': 'application/x-www-form-urlencoded', origin: options.publicOrigin }),
      },
      ...(form && { body: form.toString() }),
    });
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) await jar.setCookie(line, url.href);
    const html = await answer.body.text();
    return {
      url,
      status: answer.statusCode,
      html,
      headers: answer.headers,
      leftFor: undefined,
      has: (id) => textOf(html, id) !== undefined,
      text: (id) => textOf(html, id),
      ids: (pattern) => idsOf(html, pattern),
    };
  };

  /** A redirect is followed with GET, as browsers do after a form, and only as far as the sandbox reaches. */
  const go = async (start: URL, form?: URLSearchParams): Promise<BrowserPage> => {
    let page = await fetchOnce(start, form);
    for (let hop = 0; hop < MOST_REDIRECTS; hop += 1) {
      const { location } = page.headers;
      if (page.status < 300 || page.status > 399 || typeof location !== 'string') return page;
      const next = new URL(location, page.url);
      if (next.origin !== options.publicOrigin) return { ...page, leftFor: next };
      page = await fetchOnce(next, undefined);
    }
    throw new Error(`more than ${MOST_REDIRECTS} redirects from ${start.href}`);
  };

  return {
    visit: (url) => go(new URL(url)),
    press: (page, buttonId, entries = {}) => {
      const form = formWith(page.html, buttonId);
      const action = new URL(form.action, page.url);
      const fields = fieldsOf(form, buttonId, entries);
      if (form.method === 'POST') return go(action, fields);
      action.search = fields.toString();
      return go(action);
    },
    close: async () => {
      if (!agent.closed) await agent.close();
    },
  };
}
