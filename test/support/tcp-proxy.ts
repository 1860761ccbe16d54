import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Passes bytes on, as a load balancer does that must not look into TLS: each connection to the next target. */
export interface TcpProxy {
  readonly port: number;
  /**
   * Which target the connections from now on go to. Undefined: each in turn. Those that are open are ended, and their
   * clients have noticed when it resolves.
   */
  use(target: number | undefined): Promise<void>;
  /** How many connections each target was given. */
  readonly given: readonly number[];
  close(): Promise<void>;
}

/** Targets are ports of this machine, asked for when a connection comes. */
export async function startProxy(targets: readonly number[], port = 0): Promise<TcpProxy> {
  const given = targets.map(() => 0);
  const sockets = new Set<Socket>();
  const clients = new Set<Socket>();
  let pinned: number | undefined;
  let turn = 0;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  };
  const server = createServer((inside) => {
    const index = pinned ?? turn++ % targets.length;
    given[index] = (given[index] ?? 0) + 1;
    const outside = connect({ host: '127.0.0.1', port: targets[index] ?? 0 });
    for (const socket of [inside, outside]) keep(socket);
    clients.add(inside);
    inside.once('close', () => clients.delete(inside));
    inside.pipe(outside).pipe(inside);
    inside.once('close', () => outside.destroy());
    outside.once('close', () => inside.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    given,
    use: async (target) => {
      pinned = target;
      const gone = [...clients].map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())));
      for (const socket of clients) socket.end();
      await Promise.all(gone);
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Ports that were free a moment ago. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => startProxy([])));
  for (const server of servers) await server.close();
  return servers.map(({ port }) => port);
}
