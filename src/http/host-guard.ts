import type { NextFunction, Request, Response } from 'express';

/**
 * Lets through only requests that name this server. The authorization server builds its discovery document from the
 * Host header, and a foreign name (DNS rebinding) would let a web page talk to a loopback service.
 */
export function hostGuard(names: readonly string[]) {
  const allowed = new Set(names.map((name) => name.toLowerCase()));
  return (request: Request, response: Response, next: NextFunction): void => {
    const hosts = request.headersDistinct['host'] ?? [];
    const [host] = hosts;
    if (host === undefined || hosts.length !== 1 || !request.url.startsWith('/')) {
      refuse(response, 400, 'The request must name one host and a path on it.');
      return;
    }
    const port = String(request.socket.localPort);
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

function refuse(response: Response, status: number, detail: string): void {
  response.status(status).type('application/problem+json');
  response.send(JSON.stringify({ type: 'about:blank', status, detail }));
}
