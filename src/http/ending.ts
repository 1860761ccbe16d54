import type { IncomingMessage, ServerResponse } from 'node:http';

const MOST_DRAINED_BYTES = 8 * 1024 * 1024;
const LONGEST_DRAIN_MS = 2_000;

/**
 * Sends a whole body, and only then reads off what the client is still sending. Closing a connection with unread
 * bytes resets it, and a reset can overtake the answer: a client would see a broken pipe where it was told 401 or 413.
 */
export function endWith(response: ServerResponse, body: string | Buffer): void {
  const length = Buffer.byteLength(body, 'utf8');
  // As many bytes as characters means ASCII, which goes out without being encoded first: half the cost of a long page.
  const encoding = length === body.length ? 'latin1' : 'utf8';
  const { req: request } = response;
  response.setHeader('content-length', String(length));
  if (request.complete || request.destroyed) {
    response.end(body, encoding);
    return;
  }
  if (length > 0) response.write(body, encoding);
  else response.flushHeaders();
  drain(request, () => response.end());
}

function drain(request: IncomingMessage, done: () => void): void {
  let size = 0;
  const timer = setTimeout(finish, LONGEST_DRAIN_MS);
  timer.unref();
  function finish(): void {
    clearTimeout(timer);
    request.off('data', count).off('end', finish).off('close', finish);
    done();
  }
  function count(chunk: Buffer): void {
    size += chunk.length;
    if (size > MOST_DRAINED_BYTES) finish();
  }
  request.on('data', count).on('end', finish).on('close', finish);
}
