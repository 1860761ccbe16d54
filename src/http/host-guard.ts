import type { IncomingMessage, ServerResponse } from 'node:http';

import { endWith } from './ending.js';
import { announcedPortOf } from './listener-tag.js';

/**
 * Lets through only requests that name this server. The authorization server builds its discovery document from the
 * Host header, and a foreign name (DNS rebinding) would let a web page talk to a loopback service.
 */
export function hostGuard(names: readonly string[]) {
  const allowed = new Set(names.map((name) => name.toLowerCase()));
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const hosts = request.headersDistinct['host'] ?? [];
    const [host] = hosts;
    if (host === undefined || hosts.length !== 1 || request.url?.startsWith('/') !== true) {
      refuse(response, 400, 'The request must name one host and a path on it.');
      return;
    }
    const port = String(announcedPortOf(request));
    const [, name, given] = /^(\[[0-9a-f:.]+\]|[^:]+)(?::(\d+))?$/i.exec(host) ?? [];
    const standardPort = port === '443' || port === '80';
    if (
      name === undefined ||
      !allowed.has(name.toLowerCase()) ||
      (given === undefined ? !standardPort : given !== port)
    ) {
      refuse(response, 421, 'This server does not answer for that host.');
      return;
    }
    next();
  };
}

function refuse(response: ServerResponse, status: number, detail: string): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/problem+json; charset=utf-8');
  endWith(response, JSON.stringify({ type: 'about:blank', status, detail }));
}
