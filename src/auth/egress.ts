import type { Directory } from '../directory/index.js';
import type { ClientStore } from './clients/client-store.js';

const TIMEOUT_MS = 2_500;
const MAX_BODY_BYTES = 64 * 1024;

export type Fetch = (url: string | URL, options?: RequestInit) => Promise<Response>;

/**
 * The one way out of the authorization server (jwks_uri, sector identifiers, notifications). Keystores of our own
 * directory are answered in the process; other addresses only where they were allowed by configuration; never a redirect,
 * never more than 64 kB or 2.5 seconds. Registered addresses are chosen by third parties, so this is where request forgery
 * would start.
 */
export function createEgress(options: {
  readonly directory: Pick<Directory, 'issuer' | 'jwks'>;
  readonly clients: Pick<ClientStore, 'byJwksUri'>;
  readonly allowedOrigins: readonly string[];
}): Fetch {
  const { directory, clients, allowedOrigins } = options;
  return async (input, init) => {
    const url = new URL(input);
    if (isOf(directory.issuer, url)) {
      const client = await clients.byJwksUri(url.href);
      if (!client) return Response.json({ error: 'not found' }, { status: 404 });
      return Response.json(await directory.jwks(client.softwareId));
    }
    if (!allowedOrigins.includes(url.origin)) throw new TypeError(`requests to ${url.origin} are not allowed`);
    const answer = await fetch(url, {
      ...(init?.method !== undefined && { method: init.method }),
      ...(init?.headers !== undefined && { headers: init.headers }),
      ...(init?.body !== undefined && { body: init.body }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return capped(answer);
  };
}

function isOf(issuer: string, url: URL): boolean {
  const base = new URL(issuer);
  return url.origin === base.origin && url.pathname.startsWith(`${base.pathname.replace(/\/$/, '')}/`);
}

async function capped(answer: Response): Promise<Response> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    const bytes = chunk as Uint8Array;
    size += bytes.byteLength;
    if (size > MAX_BODY_BYTES) throw new TypeError(`the answer is longer than ${String(MAX_BODY_BYTES)} bytes`);
    chunks.push(bytes);
  }
  return new Response(Buffer.concat(chunks), { status: answer.status, headers: answer.headers });
}
