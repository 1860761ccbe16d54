import { once } from 'node:events';
import { request as plainRequest } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls, type SecureVersion } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { bindListeners } from '../../src/http/index.js';
import { startRig, tokenNamed, CLIENT, consentOf, type Rig } from './rig.js';
import { send, type HttpReply } from './client.js';

let rig: Rig;

beforeAll(async () => {
  rig = await startRig();
});

afterAll(() => rig.stop());

const get = (path: string, headers: Record<string, string> = {}): Promise<HttpReply> =>
  send(`${rig.listeners.origins.public}${path}`, { ca: rig.authority.certificatePem, headers });

describe('shell', () => {
  test('an unknown address is a problem document with an interaction id', async () => {
    const reply = await get('/nothing/here');
    expect(reply.status).toBe(404);
    expect(reply.headers['content-type']).toBe('application/problem+json');
    expect(reply.json).toMatchObject({ status: 404, code: 'operation.unknown' });
    expect(reply.json.interactionId).toBe(reply.headers['x-fapi-interaction-id']);
  });

  test('an unexpected failure is generic on the wire and told in the log', async () => {
    const reply = await get('/boom');
    expect([reply.status, reply.json.code]).toEqual([500, 'internal']);
    expect(reply.text).not.toContain('SELECT');
    const line = rig.logLines.find((text) => text.includes(reply.json.interactionId) && text.includes('SELECT'));
    expect(line).toBeDefined();
  });

  test('security headers are strict, without HSTS or upgrades on loopback names', async () => {
    const { headers } = await get('/nothing');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
    );
    expect(headers['strict-transport-security']).toBeUndefined();
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  });

  test.each(['evil.example', 'localhost', 'localhost:1', 'localhost.evil.example:443', 'x@localhost'])(
    'Host: %s is misdirected',
    async (host) => {
      const reply = await get('/nothing', { host });
      expect(reply.status).toBe(421);
      expect(reply.text).not.toContain('evil');
    },
  );

  test('the address may be named by number', async () => {
    const port = String(rig.listeners.ports.public);
    expect((await get('/nothing', { host: `127.0.0.1:${port}` })).status).toBe(404);
    expect((await get('/nothing', { host: `[::1]:${port}` })).status).toBe(404);
    expect((await get('/nothing', { host: `LOCALHOST:${port}` })).status).toBe(404);
  });

  test('a client that leaves in the middle of its body is recorded as gone, and nothing fails', async () => {
    const token = tokenNamed('leaver');
    rig.tokens.set(token, {
      clientId: CLIENT,
      scopes: ['accounts'],
      grant: 'client',
      state: 'active',
      certificateThumbprint: rig.tpp.thumbprint,
    });
    rig.consents.set('c1', consentOf('c1'));
    const interactionId = '00000000-0000-4000-8000-0000000000aa';
    const socket = connectTls({
      host: 'localhost',
      port: rig.listeners.ports.mtls,
      ca: rig.authority.certificatePem,
      key: rig.tpp.keyPem,
      cert: rig.tpp.certificatePem,
    });
    await once(socket, 'secureConnect');
    const before = rig.logLines.length;
    socket.write(
      `POST /bank/toy/v1/things/consents HTTP/1.1\r\nhost: localhost:${String(rig.listeners.ports.mtls)}\r\n` +
        `authorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n` +
        `x-fapi-interaction-id: ${interactionId}\r\n\r\n{"data"`,
    );
    // The pipeline is inside the body once the token has been judged; then the client goes away.
    await until(() => socket.bytesWritten > 0);
    setImmediate(() => socket.destroy());
    await until(() => rig.logLines.slice(before).some((line) => line.includes(interactionId)));
    const [record] = await rig.recorder.find(interactionId);
    expect(record?.status).toBe(499);
    expect(rig.logLines.slice(before).join('')).not.toContain('unexpected failure');
  });
});

describe('slow clients', () => {
  test('a body that does not come is cut off with 408, and nothing fails', async () => {
    const slow = await startRig({ timeouts: { headersMs: 100, requestMs: 100, checkEveryMs: 20 } });
    const token = tokenNamed('slow');
    slow.tokens.set(token, {
      clientId: CLIENT,
      scopes: ['accounts'],
      grant: 'client',
      state: 'active',
      certificateThumbprint: slow.tpp.thumbprint,
    });
    const socket = connectTls({
      host: 'localhost',
      port: slow.listeners.ports.mtls,
      ca: slow.authority.certificatePem,
      key: slow.tpp.keyPem,
      cert: slow.tpp.certificatePem,
    });
    await once(socket, 'secureConnect');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.write(
      `POST /bank/toy/v1/things/consents HTTP/1.1\r\nhost: localhost:${String(slow.listeners.ports.mtls)}\r\n` +
        `authorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"data"`,
    );
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1.1 408 /);
    expect((await slow.recorder.list()).map(({ status }) => status)).toEqual([499]);
    expect(slow.logLines.join('')).not.toContain('unexpected failure');
    await slow.stop();
  });
});

describe('listeners', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)('a resumed %s session still shows its certificate', async (maxVersion) => {
    const token = tokenNamed('resumer');
    rig.tokens.set(token, {
      clientId: CLIENT,
      scopes: ['accounts'],
      grant: 'client',
      state: 'active',
      certificateThumbprint: rig.tpp.thumbprint,
    });
    const exchange = async (session?: Buffer): Promise<{ reply: string; reused: boolean; session: Buffer }> => {
      const socket = connectTls({
        host: 'localhost',
        port: rig.listeners.ports.mtls,
        ca: rig.authority.certificatePem,
        maxVersion,
        ...(session ? { session } : { key: rig.tpp.keyPem, cert: rig.tpp.certificatePem }),
      });
      let next = session;
      socket.on('session', (issued: Buffer) => (next = issued));
      await once(socket, 'secureConnect');
      const reused = socket.isSessionReused();
      let reply = '';
      socket.on('data', (chunk: Buffer) => (reply += chunk.toString()));
      socket.write(
        `POST /bank/toy/v1/things/consents HTTP/1.1\r\nhost: localhost:${String(rig.listeners.ports.mtls)}\r\n` +
          `authorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}`,
      );
      await once(socket, 'close');
      return { reply, reused, session: next! };
    };
    const first = await exchange();
    const second = await exchange(first.session);
    expect([first.reused, second.reused]).toEqual([false, true]);
    expect(first.reply).toContain('field.missing');
    expect(second.reply).toContain('field.missing');
  });

  const handshake = async (port: number, maxVersion: SecureVersion, ciphers?: string): Promise<string> => {
    const socket = connectTls({
      host: 'localhost',
      port,
      ca: rig.authority.certificatePem,
      maxVersion,
      minVersion: 'TLSv1',
      ...(ciphers !== undefined && { ciphers }),
    });
    try {
      await once(socket, 'secureConnect');
      return `${String(socket.getProtocol())} ${socket.getCipher().name}`;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? 'refused';
    } finally {
      socket.destroy();
    }
  };

  test('TLS 1.3 and 1.2 with ECDHE and AES-GCM are spoken, nothing older or weaker', async () => {
    const { mtls } = rig.listeners.ports;
    expect(await handshake(mtls, 'TLSv1.3')).toMatch(/^TLSv1.3 TLS_/);
    expect(await handshake(mtls, 'TLSv1.2')).toMatch(/^TLSv1.2 ECDHE-ECDSA-AES\d+-GCM/);
    expect(await handshake(mtls, 'TLSv1.2', 'ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0')).toMatch(/ALERT|FAILURE|ERR_SSL/);
    expect(await handshake(mtls, 'TLSv1.1', 'ALL:@SECLEVEL=0')).toMatch(/ERR_SSL|ECONNRESET/);
  });

  test('both loopback addresses answer on one port, and plain http too', async () => {
    const port = rig.listeners.ports.http!;
    for (const host of ['127.0.0.1', '::1']) {
      const sent = plainRequest({ host, port, path: '/nothing', agent: false });
      sent.end();
      const [response] = await once(sent, 'response');
      expect(response.statusCode).toBe(404);
      response.resume();
    }
  });

  test('plain http shows the home page and its assets, and nothing that takes a token or a cookie', async () => {
    const port = rig.listeners.ports.http!;
    const codeOf = async (path: string): Promise<unknown> => {
      const sent = plainRequest({
        host: '127.0.0.1',
        port,
        path,
        agent: false,
        headers: { authorization: 'Bearer x' },
      });
      sent.end();
      const [response] = await once(sent, 'response');
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      return JSON.parse(Buffer.concat(chunks).toString('utf8')).detail;
    };
    const refused = 'Only the home page is served without TLS.';
    for (const path of ['/boom', '/bank/toy/v1/things/accounts', '/_sandbox/status', '//boom', '/assets']) {
      expect(await codeOf(path)).toBe(refused);
    }
    expect(await codeOf('/')).not.toBe(refused);
    expect(await codeOf('/assets/none.css')).not.toBe(refused);
  });

  test('headers beyond the limit are refused', async () => {
    expect((await get('/nothing', { 'x-large': 'x'.repeat(20_000) })).status).toBe(431);
  });

  test('a port in use is a configuration error with exit code 5', async () => {
    const { public: taken } = rig.listeners.ports;
    const attempt = bindListeners({ ports: { public: 0, mtls: taken } });
    await expect(attempt).rejects.toMatchObject({ code: 'configuration.invalid', details: { exitCode: 5 } });
  });

  test('an address of another machine is a configuration error', async () => {
    const attempt = bindListeners({ host: '192.0.2.1', ports: { public: 0, mtls: 0 } });
    await expect(attempt).rejects.toMatchObject({ code: 'configuration.invalid', details: { exitCode: 3 } });
  });

  test('plain http answers 503 until serving begins', async () => {
    const listeners = await bindListeners({ ports: { public: 0, mtls: 0, http: 0 }, closeWithinMs: 100 });
    const sent = plainRequest({ host: '127.0.0.1', port: listeners.ports.http!, agent: false });
    sent.end();
    const [response] = await once(sent, 'response');
    expect(response.statusCode).toBe(503);
    response.resume();
    await listeners.close();
  });

  test('close lets a request under way end, and cuts off what says nothing', async () => {
    const other = await startRig();
    const token = tokenNamed('slow');
    other.tokens.set(token, {
      clientId: CLIENT,
      scopes: ['accounts'],
      grant: 'client',
      state: 'active',
      certificateThumbprint: other.tpp.thumbprint,
    });
    const entered = Promise.withResolvers<undefined>();
    const release = Promise.withResolvers<undefined>();
    other.toy.answer('LodgeConsent', async () => {
      entered.resolve(undefined);
      await release.promise;
      return { status: 201, body: {} };
    });
    const mute = connectTcp(other.listeners.ports.public, '127.0.0.1');
    mute.on('error', () => undefined);
    await once(mute, 'connect');
    const answer = other.call('/things/consents', {
      method: 'POST',
      token,
      body: '{"data":{"what":"accounts"}}',
      headers: { 'content-type': 'application/json' },
    });
    await entered.promise;
    const cut = once(mute, 'close');
    const stopped = other.stop();
    release.resolve(undefined);
    expect((await answer).status).toBe(201);
    await stopped;
    await cut;
  });
});

/** Lets the event loop turn until something has happened; jest's own timeout is the limit. */
async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await new Promise((resolve) => setImmediate(resolve));
}
