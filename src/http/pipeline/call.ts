import { assert } from '../../kernel/index.js';
import type { Call } from '../../standards/standard.js';
import type { Exchange } from './exchange.js';
import { singleHeaders } from './message.js';

/** What the handler gets. Addresses are made from the configured origin: the Host header is the client's word. */
export function callOf(exchange: Exchange): Call {
  const { site, described, api, client, consent, trace } = exchange;
  assert(described && api && client, 'every step has passed');
  const { clientId, organisationId, softwareId, name } = client;
  const root = `${site.baseUrl}/${api.path}`;
  return {
    operationId: described.operationId,
    params: exchange.params,
    query: exchange.query,
    headers: singleHeaders(exchange),
    body: exchange.body,
    rawBody: exchange.rawBody,
    client: { clientId, organisationId, softwareId, name },
    ...(consent && { consent }),
    bank: site.bank,
    now: exchange.now,
    interactionId: trace.interactionId,
    selfUrl: `${site.baseUrl}${exchange.path}${exchange.search}`,
    url(path, query = {}) {
      const pairs = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
      const text = new URLSearchParams(pairs).toString();
      return `${root}${path}${text === '' ? '' : `?${text}`}`;
    },
    check: (check) => trace.check(check),
  };
}
