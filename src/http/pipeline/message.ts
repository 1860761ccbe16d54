import type { IncomingHttpHeaders } from 'node:http';

import { assert, SandbankError, type Finding } from '../../kernel/index.js';
import { essenceOf, isJson } from '../documents.js';
import { JsonTextError, parseStrictJson } from '../json-text.js';
import { readBody } from '../raw-body.js';
import { expectThat, recording, type Exchange } from './exchange.js';

/** The answer can be given in a form that the client reads. */
export function answerIsAcceptable(exchange: Exchange): void {
  const { trace, request, site } = exchange;
  const offered = exchange.operation?.policy.answerTypes ?? [essenceOf(site.version.wire.contentType)];
  const accept = request.headers.accept;
  const chosen = accept === undefined ? offered[0] : preferred(accept, offered);
  expectThat(
    trace,
    {
      name: 'the client accepts the media type of the answer',
      expected: offered.join(', '),
      actual: accept ?? 'anything',
      clause: 'RFC 9110 section 12.5.1',
      remedy: `Send \`Accept: ${offered.join(' or ')}\`, or no Accept header.`,
    },
    chosen !== undefined,
    () =>
      new SandbankError('request.not-acceptable', `The answer is ${offered.join(' or ')}.`, {
        expected: offered.join(', '),
        path: 'Accept',
      }),
  );
  assert(chosen !== undefined, 'a media type was agreed');
  exchange.answerType = chosen;
}

/** The type that the client would rather have; of equals the first that is offered. */
function preferred(accept: string, offered: readonly string[]): string | undefined {
  const ranges = accept.split(',').map((part) => ({
    essence: essenceOf(part),
    weight: Number(/;\s*q=([01](?:\.\d{0,3})?)\s*(?:;|$)/i.exec(part)?.[1] ?? 1),
  }));
  const weighed = offered.map((type) => ({ type, weight: weightOf(type, ranges) }));
  const best = Math.max(...weighed.map(({ weight }) => weight));
  return best > 0 ? weighed.find(({ weight }) => weight === best)?.type : undefined;
}

/** The most specific range that fits decides, and a weight of 0 refuses (RFC 9110 section 12.5.1). */
function weightOf(type: string, ranges: readonly { readonly essence: string; readonly weight: number }[]): number {
  for (const wildcard of [type, `${type.split('/')[0] ?? ''}/*`, '*/*']) {
    const range = ranges.find(({ essence }) => essence === wildcard);
    if (range) return range.weight;
  }
  return 0;
}

/** The body is JSON (or what the operation reads beside it) in UTF-8, not compressed: a signature covers the bytes as they were sent. */
export function contentTypeIsTaken(exchange: Exchange): void {
  const { trace, request, described } = exchange;
  assert(described, 'the operation is known');
  const taken = described.requestTypes.filter((type) => isJson(type) || isReadBeside(exchange, type));
  if (taken.length === 0 || (!described.bodyRequired && hasNoBody(request.headers))) return;
  const given = request.headers['content-type'];
  const charset = /;\s*charset="?([^";\s]+)/i.exec(given ?? '')?.[1];
  const encoding = request.headers['content-encoding'];
  const claim = { clause: 'RFC 9110 section 15.5.16', remedy: `Send the body as ${taken.join(' or ')}.` };
  expectThat(
    trace,
    {
      ...claim,
      name: 'the body is of a media type that the operation takes',
      expected: taken.join(', '),
      actual: given ?? 'none',
    },
    given !== undefined && taken.includes(essenceOf(given)) && (charset === undefined || /^utf-?8$/i.test(charset)),
    () =>
      new SandbankError('request.unsupported-media-type', `The body must be ${taken.join(' or ')}.`, {
        expected: taken.join(', '),
        path: 'Content-Type',
      }),
  );
  expectThat(
    trace,
    { ...claim, name: 'the body is not compressed', expected: 'identity', actual: encoding ?? 'identity' },
    encoding === undefined || encoding.toLowerCase() === 'identity',
    () =>
      new SandbankError('request.unsupported-media-type', 'The body must not be compressed.', {
        path: 'Content-Encoding',
      }),
  );
}

/** RFC 9112 section 6.3: a request without length and without coding has no body. */
function hasNoBody(headers: IncomingHttpHeaders): boolean {
  const { 'content-length': length, 'content-type': type } = headers;
  return type === undefined && headers['transfer-encoding'] === undefined && Number(length ?? 0) === 0;
}

/** Reads and parses the body of an operation that takes one; the body of any other is ignored. */
export async function bodyIsReadable(exchange: Exchange): Promise<void> {
  const { trace, request, described, site } = exchange;
  assert(described, 'the operation is known');
  if (described.requestTypes.length === 0) return;
  const limit = site.bodyLimitBytes;
  exchange.rawBody = await recording(
    trace,
    { name: 'the body is not too large', expected: `at most ${String(limit)} bytes` },
    () => readBody(request, limit),
  );
  if (exchange.rawBody.length === 0 && !described.bodyRequired) return;
  const contentType = request.headers['content-type'] ?? '';
  const { readBody: readOther } = site.version.wire;
  if (readOther && isReadBeside(exchange, essenceOf(contentType))) {
    exchange.body = await recording(trace, { name: 'the body is well-formed', expected: contentType }, async () =>
      readOther({ contentType, rawBody: exchange.rawBody }),
    );
    return;
  }
  let problem: string | undefined;
  try {
    exchange.body = parseStrictJson(exchange.rawBody);
    if (typeof exchange.body !== 'object' || exchange.body === null) problem = 'it is not an object';
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    problem = error.message;
  }
  expectThat(
    trace,
    {
      name: 'the body is well-formed JSON',
      expected: 'a JSON object, at most 64 levels deep, with unique member names',
      actual: problem ?? `${String(exchange.rawBody.length)} bytes of JSON`,
      clause: 'RFC 8259',
    },
    problem === undefined,
    () =>
      new SandbankError('request.malformed', `The body cannot be read: ${problem ?? ''}.`, { actual: problem ?? '' }),
  );
}

/** A media type beside JSON that this operation reads with its standard's own reader. */
function isReadBeside({ operation }: Exchange, essence: string): boolean {
  return operation?.policy.bodyTypes?.includes(essence) === true;
}

/** The key that makes a repeated order safe. */
export function idempotencyKeyIsGiven(exchange: Exchange): void {
  const { trace, request, operation, site } = exchange;
  assert(operation, 'the operation is known');
  if (operation.policy.idempotencyKey !== 'required') return;
  const { header, maxLength } = site.version.wire.idempotency;
  const values = request.headersDistinct[header.toLowerCase()] ?? [];
  const [key = ''] = values;
  const claim = {
    name: 'the idempotency key is given',
    remedy: `Send ${header} with a value of your own for every new order.`,
  };
  const expected = `1 to ${String(maxLength)} characters`;
  expectThat(trace, { ...claim, expected: header, actual: key === '' ? 'none' : 'given' }, key !== '', () => {
    return new SandbankError('header.missing', `The header ${header} is missing.`, { path: header });
  });
  expectThat(
    trace,
    { ...claim, name: 'the idempotency key is usable', expected, actual: `${String(key.length)} characters` },
    values.length === 1 && key.length <= maxLength && /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(key),
    () =>
      new SandbankError('idempotency.key-invalid', `The header ${header} is not a usable key.`, {
        path: header,
        expected,
      }),
  );
}

/** Path, query, headers and body are as the document says. Everything found is told at once. */
export function requestFitsDocument(exchange: Exchange): void {
  const { trace, described, api, path, params, query, body, site } = exchange;
  assert(described && api, 'the operation is known');
  const isOther = isReadBeside(exchange, essenceOf(exchange.request.headers['content-type'] ?? ''));
  const violations = described
    .checkRequest({
      path: path.slice(api.path === '' ? 0 : api.path.length + 1),
      params,
      query,
      headers: singleHeaders(exchange),
      body: isOther ? undefined : body,
    })
    // What a reader of the standard read, its own grammar has checked: the document knows only JSON.
    .filter(({ where }) => !(isOther && where === 'body'));
  const findings: readonly Finding[] = violations.map((violation) => site.version.wire.finding(violation));
  const [first] = findings;
  expectThat(
    trace,
    {
      name: 'the request fits the document of the API',
      expected: described.operationId,
      actual: violations.map(({ where, pointer, message }) => `${where} ${pointer}: ${message}`).join('; ') || 'fits',
    },
    first === undefined,
    () =>
      new SandbankError(first?.code ?? 'field.invalid', first?.message ?? 'The request is not valid.', {
        findings,
        ...(first?.path !== undefined && { path: first.path }),
      }),
  );
}

/** What Node joins or keeps as one string; `set-cookie`, the only list, means nothing in a request. */
export function singleHeaders({ request }: Exchange): Readonly<Record<string, string | undefined>> {
  const { 'set-cookie': _ignored, ...rest } = request.headers;
  return rest as Readonly<Record<string, string | undefined>>;
}
