import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { openWorld, type World } from './world.js';

const PATH = '/bramble/open-banking/v4.0/aisp/accounts';

/** Bytes that no HTTP client would send, over the certificate of a third party. */
describe('bytes on the wire', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  }, 60_000);

  afterAll(async () => {
    await world?.close();
  });

  /** The status of every answer that comes before the bank closes the connection, or falls silent. */
  function statusesOf(bytes: string): Promise<readonly number[]> {
    const { sandbox, lantern } = world;
    const { hostname, port } = new URL(sandbox.status.mtlsOrigin);
    return new Promise((resolve, reject) => {
      const { transport } = lantern.tpp;
      const socket = connect({
        host: hostname,
        port: Number(port),
        ca: sandbox.caPem,
        cert: transport.chainPem,
        key: transport.privateKeyPem,
      });
      let text = '';
      const end = (): void => {
        socket.destroy();
        resolve([...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status)));
      };
      socket.setTimeout(1_500, end);
      socket.on('secureConnect', () => socket.write(bytes));
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
      });
      socket.on('close', end);
      socket.on('error', (error: Error) => {
        if (text === '') reject(error);
        else end();
      });
    });
  }

  const request = (line: string, headers: readonly string[], body = ''): string =>
    `${[line, ...headers, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`;
  const host = (): string => `Host: ${new URL(world.sandbox.status.mtlsOrigin).host}`;
  const bearer = (): string => `Authorization: Bearer ${world.access.token}`;

  const TABLE: Readonly<Record<string, readonly [() => string, readonly number[]]>> = {
    'a good request is served': [() => request(`GET ${PATH} HTTP/1.1`, [host(), bearer()]), [200]],
    'a request for another host is refused': [
      () => request(`GET ${PATH} HTTP/1.1`, ['Host: bank.example', bearer()]),
      [421],
    ],
    'a request without a host is refused': [() => request(`GET ${PATH} HTTP/1.1`, [bearer()]), [400]],
    'two hosts are refused': [() => request(`GET ${PATH} HTTP/1.1`, [host(), 'Host: bank.example', bearer()]), [400]],
    'an absolute address of another host is refused': [
      () => request(`GET https://bank.example${PATH} HTTP/1.1`, [host(), bearer()]),
      [400],
    ],
    'TRACE is refused': [() => request(`TRACE ${PATH} HTTP/1.1`, [host(), bearer()]), [405]],
    'CONNECT ends the connection': [() => request('CONNECT bank.example:443 HTTP/1.1', ['Host: bank.example:443']), []],
    'a length and a transfer encoding at once are refused': [
      () =>
        request(
          `POST ${PATH} HTTP/1.1`,
          [host(), bearer(), 'Content-Length: 4', 'Transfer-Encoding: chunked'],
          '0\r\n\r\nGET /x HTTP/1.1\r\n\r\n',
        ),
      [400],
    ],
    'two lengths are refused': [
      () => request(`POST ${PATH} HTTP/1.1`, [host(), bearer(), 'Content-Length: 1', 'Content-Length: 2'], 'xx'),
      [400],
    ],
    'a header with a bare line feed is refused': [
      () => `GET ${PATH} HTTP/1.1\r\n${host()}\r\nX-Odd: a\nX-More: b\r\n\r\n`,
      [400],
    ],
    'a header of 100 kB is refused': [
      () => request(`GET ${PATH} HTTP/1.1`, [host(), `X-Long: ${'a'.repeat(100_000)}`]),
      [431],
    ],
    'what is no HTTP is refused': [() => 'hello, bank\r\n\r\n', [400]],
    'a null byte in a path is refused': [() => request(`GET ${PATH}\u0000 HTTP/1.1`, [host(), bearer()]), [400]],
  };

  test.each(Object.entries(TABLE).map(([name, [bytes, statuses]]) => [name, bytes, statuses] as const))(
    '%s',
    async (_name, bytes, statuses) => {
      expect(await statusesOf(bytes())).toEqual(statuses);
    },
  );

  test('and afterwards the bank serves as before', async () => {
    const { lantern, access } = world;
    expect((await lantern.call('GET', '/aisp/accounts', { token: access.token })).status).toBe(200);
  });
});
