import type { ServerResponse } from 'node:http';

import type { SandbankError } from '../kernel/index.js';
import type { Reply, WireRules } from '../standards/standard.js';
import { endWith } from './ending.js';

/** An answer as it will be sent. */
export interface Answer {
  readonly status: number;
  readonly text?: string;
  /** The body in place of a text, as UTF-8. */
  readonly bytes?: Buffer;
  /** Where it is not the standard's own. */
  readonly contentType?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Statuses that never have a body (RFC 9110 section 6.4.1). */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

export function answerOfReply(reply: Reply): Answer {
  const ready = readyOf(reply.json);
  const text =
    reply.text?.content ??
    (typeof ready === 'string' ? ready : reply.body === undefined ? undefined : JSON.stringify(reply.body));
  return {
    status: reply.status,
    headers: lowerCased(reply.headers),
    ...(text !== undefined && !BODILESS.has(reply.status) && { text }),
    ...(Buffer.isBuffer(ready) && { bytes: ready }),
    ...(reply.text && { contentType: reply.text.contentType }),
  };
}

/** One text, as long as nothing of it stands as bytes: a text is encoded on its way into the connection. */
function readyOf(json: Reply['json']): string | Buffer | undefined {
  if (json === undefined || typeof json === 'string') return json;
  if (json.every((piece) => typeof piece === 'string')) return json.join('');
  return Buffer.concat(json.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece)));
}

/** The body as a text, for whoever reads what is about to be sent. */
export function textOf({ text, bytes }: Answer): string | undefined {
  return text ?? bytes?.toString('utf8');
}

/** The standard's words for the error, with the headers that HTTP itself asks for. */
export function answerOfError(
  wire: WireRules,
  error: SandbankError,
  context: Parameters<WireRules['error']>[1] & { readonly isKeyBound?: boolean },
): Answer {
  const answer = answerOfReply(wire.error(error, context));
  const { allow, retryAfterSeconds } = error.details;
  const challenge = challengeOf(answer.status, error, context.isKeyBound === true);
  return {
    ...answer,
    headers: {
      ...(typeof allow === 'string' && { allow }),
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
      ...(challenge !== undefined && { 'www-authenticate': challenge }),
      ...answer.headers,
    },
  };
}

/** RFC 6750 section 3: no error code where no authentication was tried; RFC 9449 section 7.1 for a token bound to a key. */
function challengeOf(status: number, error: SandbankError, isKeyBound: boolean): string | undefined {
  const scheme = isKeyBound ? 'DPoP' : 'Bearer';
  if (error.code === 'token.insufficient-scope') return `${scheme} error="insufficient_scope"`;
  if (status !== 401) return undefined;
  if (error.code === 'token.missing') return scheme;
  const isProof = isKeyBound && error.code === 'token.wrong-certificate';
  return `${scheme} error="${isProof ? 'invalid_dpop_proof' : 'invalid_token'}"`;
}

function lowerCased(headers: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

export function sendAnswer(response: ServerResponse, answer: Answer, contentType: string): void {
  if (response.destroyed || response.headersSent) return;
  response.statusCode = answer.status;
  response.setHeader('cache-control', 'no-store');
  const body = answer.bytes ?? answer.text;
  if (body !== undefined) response.setHeader('content-type', answer.contentType ?? contentType);
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  if (body === undefined && BODILESS.has(answer.status)) response.end();
  else endWith(response, body ?? '');
}
