import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

import helmet from 'helmet';

export type Header = readonly [name: string, value: string];

const API_POLICY = { defaultSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] };

/**
 * What stands on every answer. Pages replace the content policy by their own. HSTS on a loopback name would outlive the
 * sandbox in the browser. The headers are the same for every request, so that they are made once.
 */
export function securityHeaders({ loopback }: { readonly loopback: boolean }): readonly Header[] {
  const middleware = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: API_POLICY },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
    strictTransportSecurity: loopback ? false : { maxAge: 31_536_000 },
  });
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  middleware(request, response, () => undefined);
  return Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)] as const);
}
