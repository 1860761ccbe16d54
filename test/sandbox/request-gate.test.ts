import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { createRequestGate, type RequestGate } from '../../src/sandbox/request-gate.js';

describe('the gate between two worlds', () => {
  const waiting: ServerResponse[] = [];
  const hold = (_request: IncomingMessage, response: ServerResponse): void => {
    waiting.push(response);
  };
  let gate: RequestGate;
  let origin: string;
  const server = createServer((request, response) => {
    gate.guard(hold)(request, response);
  });

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('waits for who is inside, turns newcomers away, and lets them in again', async () => {
    gate = createRequestGate({ exempt: (url) => url === '/reset' });
    const inside = fetch(`${origin}/slow`);
    const asking = fetch(`${origin}/reset`);
    while (waiting.length < 2) await new Promise(setImmediate);
    let isEmpty = false;
    const closing = gate.close().then(() => {
      isEmpty = true;
    });
    const turnedAway = await fetch(`${origin}/late`);
    expect([turnedAway.status, turnedAway.headers.get('retry-after')]).toEqual([503, '1']);
    expect(isEmpty).toBe(false);
    // Who asks for the exchange is not waited for: it is waiting itself.
    for (const response of waiting.splice(0)) if (response.req.url === '/slow') response.end('done');
    expect(await (await inside).text()).toBe('done');
    await closing;
    gate.open();
    const next = fetch(`${origin}/next`);
    while (waiting.length < 1) await new Promise(setImmediate);
    for (const response of waiting.splice(0)) response.end('again');
    expect(await (await next).text()).toBe('again');
    asking.catch(() => undefined);
  });
});
