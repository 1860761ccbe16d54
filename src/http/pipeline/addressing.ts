import { assert, SandbankError } from '../../kernel/index.js';
import { expectThat, type Exchange, type Site } from './exchange.js';

/** Resources are only served where a client certificate was asked for. */
export function listenerAsksForCertificate({ trace, listener }: Exchange): void {
  expectThat(
    trace,
    {
      name: 'the request came to the address that asks for a client certificate',
      expected: 'mtls',
      actual: listener,
      clause: 'RFC 8705 section 3; FAPI 1.0 Advanced 5.2.2-5',
      remedy:
        'Call the mTLS address, which the discovery document lists under mtls_endpoint_aliases, with your transport certificate.',
    },
    listener === 'mtls',
    () => new SandbankError('client.certificate-invalid', 'This address does not take a client certificate.'),
  );
}

/** The path and method belong to an operation of one of the version's documents. */
export function operationIsKnown(exchange: Exchange): void {
  const { trace, method, path, site } = exchange;
  const name = 'the path and method are an operation of the standard';
  // RFC 9110 section 9.3.2: HEAD is GET without the body.
  const wanted = method === 'HEAD' ? 'GET' : method;
  const { found, allowed } = mostSpecific(site, wanted, path);
  if (found) {
    const { api, match } = found;
    Object.assign(exchange, { api, described: match.target, params: match.params });
    trace.know({ operationId: match.target.operationId });
    trace.check({ name, outcome: 'passed', actual: match.target.operationId });
    return;
  }
  const methods = [...allowed, ...(allowed.has('GET') ? ['HEAD'] : [])].join(', ');
  expectThat(
    trace,
    {
      name: 'the path belongs to the standard',
      expected: `a path below ${site.apis.map((one) => `/${one.api.path}`).join(' or ')}`,
      actual: path,
      remedy: 'Check the path against the document of the API.',
    },
    allowed.size > 0,
    () => new SandbankError('operation.unknown', 'There is no such resource.', { actual: path }),
  );
  const refusal = { expected: methods, actual: method, allow: methods };
  expectThat(trace, { name, expected: methods, actual: method, clause: 'RFC 9110 section 15.5.6' }, false, () => {
    return new SandbankError('operation.method-not-allowed', 'The resource does not take this method.', refusal);
  });
}

type Match = ReturnType<Site['apis'][number]['document']['find']>;

/** Documents may share a base path: the path with the most fixed segments is meant, whatever its document. */
function mostSpecific(site: Site, method: string, path: string) {
  const matches = site.apis.flatMap(({ api, document }) => {
    const prefix = api.path === '' ? '' : `/${api.path}`;
    if (!path.startsWith(`${prefix}/`)) return [];
    const match = document.find(method, path.slice(prefix.length));
    return match.kind === 'unknown' ? [] : [{ api, match }];
  });
  const most = Math.max(...matches.map(({ match }) => match.fixed));
  const meant = matches.filter(({ match }) => match.fixed === most);
  const found = meant.find(
    (one): one is (typeof meant)[number] & { match: Extract<Match, { kind: 'found' }> } => one.match.kind === 'found',
  );
  const allowed = new Set(meant.flatMap(({ match }) => (match.kind === 'wrong-method' ? match.allowed : [])));
  return { found, allowed };
}

/** Never example data: what is not built says so. */
export function operationIsImplemented(exchange: Exchange): void {
  const { trace, api, described } = exchange;
  assert(api && described, 'the operation is known');
  const { operationId } = described;
  const operation = Object.hasOwn(api.operations, operationId) ? api.operations[operationId] : undefined;
  const reason = Object.hasOwn(api.notImplemented, operationId) ? api.notImplemented[operationId] : undefined;
  expectThat(
    trace,
    {
      name: 'the sandbox implements the operation',
      expected: operationId,
      actual: operation ? operationId : 'nothing',
    },
    operation !== undefined,
    () =>
      new SandbankError('operation.not-implemented', reason ?? 'The sandbox does not implement this operation.', {
        actual: operationId,
        ...(reason !== undefined && { reason }),
      }),
  );
  assert(operation, 'an implemented operation');
  exchange.operation = operation;
}
