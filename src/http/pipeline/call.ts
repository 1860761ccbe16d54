import { assert } from '../../kernel/index.js';
import type { Call } from '../../standards/standard.js';
import { essenceOf } from '../documents.js';
import type { Exchange } from './exchange.js';
import { singleHeaders } from './message.js';

/** What the handler gets. Addresses are made from the configured origin: the Host header is the client's word. */
export function callOf(exchange: Exchange): Call {
  const { site, described, api, client, consent, trace } = exchange;
  assert(described && api && client, 'every step has passed');
  const { keys: _keys, ...caller } = client;
  const root = api.path === '' ? site.baseUrl : `${site.baseUrl}/${api.path}`;
  return {
    operationId: described.operationId,
    params: exchange.params,
    query: exchange.query,
    headers: singleHeaders(exchange),
    body: exchange.body,
    rawBody: exchange.rawBody,
    client: caller,
    ...(consent && { consent }),
    bank: site.bank,
    now: exchange.now,
    interactionId: trace.interactionId,
    answerType: exchange.answerType ?? essenceOf(site.version.wire.contentType),
    settings: site.settings,
    authorisationUrl: (input) => {
      assert(site.ports.pages, 'a standard whose customers are redirected is given pages');
      return site.ports.pages.urlFor(input);
    },
    ...(site.ports.authorizationServer !== undefined && { authorizationServer: site.ports.authorizationServer }),
    selfUrl: `${site.baseUrl}${exchange.path}${exchange.search}`,
    url(path, query = {}) {
      const pairs = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
      const text = new URLSearchParams(pairs).toString();
      return `${root}${path}${text === '' ? '' : `?${text}`}`;
    },
    check: (check) => trace.check(check),
  };
}
