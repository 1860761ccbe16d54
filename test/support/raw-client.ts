import { Agent, request } from 'undici';

import type { ApiAnswer } from './third-party.js';

/** What a TLS client shows: leaf and issuing authority, and the key. */
export interface Identity {
  readonly chainPem: string;
  readonly privateKeyPem: string;
}

export interface RawRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** A list sends the header several times. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
}

/** Sends exactly what it is told, over any certificate or none, and follows nothing. */
export interface RawClient {
  send<T = unknown>(url: string | URL, call?: RawRequest): Promise<ApiAnswer<T>>;
  close(): Promise<void>;
}

export function createRawClient(options: { readonly caPem: string; readonly identity?: Identity }): RawClient {
  const { caPem, identity } = options;
  const agent = new Agent({
    connect: { ca: caPem, ...(identity && { cert: identity.chainPem, key: identity.privateKeyPem }) },
  });
  return {
    async send<T>(url: string | URL, { method = 'GET', headers = {}, body }: RawRequest = {}): Promise<ApiAnswer<T>> {
      const answer = await request(url, { dispatcher: agent, method, headers, ...(body !== undefined && { body }) });
      const text = await answer.body.text();
      const seen = new Headers();
      for (const [name, value] of Object.entries(answer.headers)) {
        for (const one of [value ?? []].flat()) seen.append(name, one);
      }
      const isJson = text !== '' && /\bjson\b/.test(seen.get('content-type') ?? '');
      return { status: answer.statusCode, headers: seen, text, body: (isJson ? JSON.parse(text) : undefined) as T };
    },
    close: () => agent.close(),
  };
}
