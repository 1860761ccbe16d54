import type { Dispatcher } from 'undici';

/** What a call over TLS with our own trust store answered. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

export interface HttpCall {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A client that trusts the sandbox's CA and nothing else, and shows a certificate where it has one. */
export interface TlsClient {
  /** Follows no redirect. */
  call(url: string, call?: HttpCall): Promise<HttpAnswer>;
  close(): Promise<void>;
}

export function createTlsClient(options: {
  readonly ca: string;
  readonly certificate?: string;
  readonly key?: string;
}): TlsClient {
  let connections: Promise<Dispatcher> | undefined;
  return {
    call: async (url, { method = 'GET', headers = {}, body } = {}) => {
      // Loaded with the first call: a start makes none, and need not wait for it.
      const { request } = await import('undici');
      const agent = await (connections ??= connect(options));
      const answer = await request(url, { dispatcher: agent, method, headers, ...(body !== undefined && { body }) });
      return { status: answer.statusCode, headers: answer.headers, body: await answer.body.text() };
    },
    close: async () => {
      await (await connections)?.close();
    },
  };
}

async function connect(options: Parameters<typeof createTlsClient>[0]): Promise<Dispatcher> {
  const { Agent } = await import('undici');
  return new Agent({
    connect: {
      ca: options.ca,
      ...(options.certificate !== undefined && { cert: options.certificate }),
      ...(options.key !== undefined && { key: options.key }),
    },
    bodyTimeout: 30_000,
    headersTimeout: 30_000,
  });
}
