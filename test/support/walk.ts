import { CookieJar } from 'tough-cookie';

import type { RawClient } from './raw-client.js';
import type { ApiAnswer } from './third-party.js';

export type Fields = Readonly<Record<string, string | readonly string[]>>;

/** A browser whose every single request is in the hands of the test: cookies are kept, nothing is followed or filled in. */
export interface Walk {
  get(url: string | URL): Promise<ApiAnswer>;
  post(url: string | URL, fields: Fields, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>;
  /** Follows redirects inside the sandbox. */
  arrive(url: string | URL): Promise<{ readonly url: URL; readonly answer: ApiAnswer }>;
  /** What the browser would send to this address. */
  cookies(url: string | URL): Promise<string>;
}

const MOST_HOPS = 10;

export function createWalk(client: RawClient, publicOrigin: string): Walk {
  const jar = new CookieJar(undefined, { rejectPublicSuffixes: false, allowSpecialUseDomain: true });
  const cookies = (url: string | URL): Promise<string> => jar.getCookieString(String(url));
  const go: Walk['post'] = async (url, fields, headers = {}) => {
    const cookie = await cookies(url);
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) form.append(name, one);
    const body = form.toString();
    const answer = await client.send(url, {
      ...(body !== '' && { method: 'POST', body }),
      headers: {
        accept: 'text/html',
        ...(cookie !== '' && { cookie }),
        ...(body !== '' && { 'content-type': 'application/x-www-form-urlencoded', origin: publicOrigin }),
        ...headers,
      },
    });
    for (const line of answer.headers.getSetCookie()) await jar.setCookie(line, String(url));
    return answer;
  };
  return {
    get: (url) => go(url, {}),
    post: go,
    async arrive(start) {
      let url = new URL(start);
      for (let hop = 0; hop < MOST_HOPS; hop += 1) {
        const answer = await go(url, {});
        const location = answer.headers.get('location');
        const next = location === null ? undefined : new URL(location, url);
        if (!next || next.origin !== publicOrigin) return { url: next ?? url, answer };
        url = next;
      }
      throw new Error(`too many redirects from ${String(start)}`);
    },
    cookies,
  };
}

/** The hidden token of a page's first form. */
export function tokenOf(html: string): string {
  return /<input type="hidden" name="csrf" value="([^"]*)"/.exec(html)?.[1] ?? '';
}
