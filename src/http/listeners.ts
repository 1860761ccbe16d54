import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

import { SandbankError } from '../kernel/index.js';
import { tagListener, type ListenerName } from './listener-tag.js';

export interface ListenOptions {
  /** One address to bind. Default: 127.0.0.1, and ::1 on the same port where the machine has it. */
  readonly host?: string;
  /** 0 takes any free port. Without `http` there is no plain listener. */
  readonly ports: { readonly public: number; readonly mtls: number; readonly http?: number };
  /** Ports that the origins name, where clients come by another way than to the ports that are bound: through a proxy. */
  readonly announced?: { readonly public: number; readonly mtls: number };
  /** The name in the origins. Default `localhost`. */
  readonly publicName?: string;
  /** How long `close()` waits for requests under way. Default 5 s. */
  readonly closeWithinMs?: number;
  /** How long headers and whole requests may take to arrive. Default 10 s and 30 s, looked at every 2 s. */
  readonly timeouts?: { readonly headersMs: number; readonly requestMs: number; readonly checkEveryMs: number };
}

export interface TlsMaterial {
  readonly keyPem: string;
  readonly chainPem: string;
  /** Authorities named to clients of the mTLS listener. Whether a certificate is trusted is judged later. */
  readonly clientCaPem: string;
}

export interface Listeners {
  /** As the origins name them. */
  readonly ports: { readonly public: number; readonly mtls: number; readonly http?: number };
  readonly origins: { readonly public: string; readonly mtls: string; readonly http?: string };
  /** Starts serving. Until then handshakes fail and plain http answers 503. Called again, it changes app or keys. */
  serve(content: { readonly app: RequestListener; readonly tls: TlsMaterial }): void;
  /** Takes no more connections, lets requests under way end, and cuts off what is left after the cap. */
  close(): Promise<void>;
}

const LOOPBACK = ['127.0.0.1', '::1'];
const PORT_ATTEMPTS = 20;

/** TLS 1.2 with forward secrecy and AES-GCM only (FAPI 1.0 Advanced 8.5, BCP 195); the suites of TLS 1.3 as they are. */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
].join(':');

const TIMEOUTS = { headersMs: 10_000, requestMs: 30_000, checkEveryMs: 2_000 } as const;

function limitsOf({ headersMs, requestMs, checkEveryMs }: NonNullable<ListenOptions['timeouts']>) {
  return {
    maxHeaderSize: 16 * 1024,
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    keepAliveTimeout: 10_000,
    connectionsCheckingInterval: checkEveryMs,
  };
}

const TLS_LIMITS = { minVersion: 'TLSv1.2', ciphers: CIPHERS, honorCipherOrder: true } as const;

type AnyServer = Server | HttpsServer;
type Content = Parameters<Listeners['serve']>[0];

/**
 * Binds the ports, so that the addresses are known before anything that contains them (issuers, certificates) is made.
 * Throws `configuration.invalid` for a port in use, with `exitCode: 5` in its details, and for an address that is not
 * this machine's.
 */
export async function bindListeners(options: ListenOptions): Promise<Listeners> {
  let content: Content | undefined;
  const handler =
    (name: ListenerName): RequestListener =>
    (request, response) => {
      if (!content) {
        response.writeHead(503, { 'retry-after': '1' }).end();
        return;
      }
      tagListener(request, name, name === 'http' ? undefined : options.announced?.[name]);
      content.app(request, response);
    };
  const limits = limitsOf(options.timeouts ?? TIMEOUTS);
  const makers: Readonly<Record<ListenerName, () => AnyServer>> = {
    public: () => createHttpsServer({ ...limits, ...TLS_LIMITS, handshakeTimeout: 10_000 }, handler('public')),
    mtls: () =>
      createHttpsServer(
        // Any certificate gets in and is judged on the bank's clock, so that a refusal can be explained.
        { ...limits, ...TLS_LIMITS, handshakeTimeout: 10_000, requestCert: true, rejectUnauthorized: false },
        handler('mtls'),
      ),
    http: () => createHttpServer(limits, handler('http')),
  };
  const bound: Bound[] = [];
  const open = async (name: ListenerName, port: number): Promise<number> => {
    // Plain http stays on loopback whatever the host says.
    const hosts = options.host === undefined || name === 'http' ? LOOPBACK : [options.host];
    const group = await bindGroup(makers[name], hosts, { name, port });
    bound.push(...group.servers.map((server) => ({ name, server, sockets: trackSockets(server) })));
    return group.port;
  };
  const closeWithinMs = options.closeWithinMs ?? 5_000;
  try {
    const bindings = {
      public: await open('public', options.ports.public),
      mtls: await open('mtls', options.ports.mtls),
      ...(options.ports.http !== undefined && { http: await open('http', options.ports.http) }),
    };
    const ports = { ...bindings, ...options.announced };
    const name = options.publicName ?? 'localhost';
    return {
      ports,
      origins: {
        public: `https://${name}:${String(ports.public)}`,
        mtls: `https://${name}:${String(ports.mtls)}`,
        ...(ports.http !== undefined && { http: `http://${name}:${String(ports.http)}` }),
      },
      serve(next) {
        for (const { name: listener, server } of bound) {
          if ('setSecureContext' in server) secure(server, listener, next.tls);
        }
        content = next;
      },
      close: () => closeAll(bound, closeWithinMs),
    };
  } catch (error) {
    await closeAll(bound, 0);
    throw error;
  }
}

interface Bound {
  readonly name: ListenerName;
  readonly server: AnyServer;
  readonly sockets: ReadonlySet<Socket>;
}

function secure(server: HttpsServer, listener: ListenerName, tls: TlsMaterial): void {
  server.setSecureContext({
    key: tls.keyPem,
    cert: tls.chainPem,
    ...TLS_LIMITS,
    ...(listener === 'mtls' && { ca: tls.clientCaPem }),
  });
}

/** One listener on all its addresses, on one port. A free port of the first address may be taken on the second. */
async function bindGroup(
  make: () => AnyServer,
  hosts: readonly string[],
  wanted: { readonly name: ListenerName; readonly port: number },
): Promise<{ readonly servers: readonly AnyServer[]; readonly port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const servers: AnyServer[] = [];
    let port = wanted.port;
    try {
      for (const [index, host] of hosts.entries()) {
        const server = make();
        try {
          port = await listen(server, host, port);
        } catch (error) {
          if (index > 0 && isMissingAddress(error)) continue;
          throw error;
        }
        servers.push(server);
      }
      return { servers, port };
    } catch (error) {
      await Promise.all(servers.map((server) => closed(server)));
      if (wanted.port === 0 && codeOf(error) === 'EADDRINUSE' && attempt < PORT_ATTEMPTS) continue;
      throw refusal(error, wanted, hosts);
    }
  }
}

function listen(server: AnyServer, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function refusal(error: unknown, wanted: { name: ListenerName; port: number }, hosts: readonly string[]): unknown {
  const code = codeOf(error);
  const where = `${hosts.join(' and ')} port ${String(wanted.port)}`;
  if (code === 'EADDRINUSE' || code === 'EACCES') {
    const why = code === 'EACCES' ? 'may not be opened by this user' : 'is in use';
    return new SandbankError(
      'configuration.invalid',
      `Port ${String(wanted.port)} of the ${wanted.name} listener ${why}.`,
      { path: `ports.${wanted.name}`, expected: 'a free port', actual: where, exitCode: 5 },
      { cause: error },
    );
  }
  if (code === undefined) return error;
  return new SandbankError(
    'configuration.invalid',
    `The ${wanted.name} listener cannot be bound: ${code}.`,
    { path: 'host', expected: 'an address of this machine', actual: where, exitCode: 3 },
    { cause: error },
  );
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The machine has no IPv6. */
function isMissingAddress(error: unknown): boolean {
  return ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes(codeOf(error) ?? '');
}

/** Also sockets that have not finished their handshake, which the http server does not know yet. */
function trackSockets(server: AnyServer): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

function closed(server: AnyServer): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

async function closeAll(bound: readonly Bound[], withinMs: number): Promise<void> {
  const done = Promise.all(bound.map(({ server }) => closed(server)));
  // A connection whose request has just ended is idle; close() itself only ends those that were idle before.
  const sweep = setInterval(() => {
    for (const { server } of bound) server.closeIdleConnections();
  }, 20);
  const cut = setTimeout(() => {
    for (const { sockets } of bound) for (const socket of sockets) socket.destroy();
  }, withinMs);
  for (const { server } of bound) server.closeIdleConnections();
  await done;
  clearInterval(sweep);
  clearTimeout(cut);
}
