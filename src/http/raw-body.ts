import type { IncomingMessage } from 'node:http';

import { SandbankError } from '../kernel/index.js';

/** Thrown when nobody is left to answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/**
 * Reads a body up to a limit. What is beyond it is not kept; Node drains the rest after the answer and cuts senders
 * that are too slow (requestTimeout), so that nothing here waits for ever.
 */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const tooLarge = (): SandbankError =>
    new SandbankError('request.too-large', 'The body is too large.', {
      expected: `at most ${String(limitBytes)} bytes`,
    });
  if (Number(request.headers['content-length'] ?? '0') > limitBytes) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (act: () => void): void => {
      request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
      act();
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= limitBytes) {
        chunks.push(chunk);
        return;
      }
      settle(() => reject(tooLarge()));
      request.resume();
    };
    const onEnd = (): void => settle(() => resolve(Buffer.concat(chunks)));
    const onGone = (): void => settle(() => reject(new ClientGone('the client went away')));
    if (request.destroyed) {
      reject(new ClientGone('the client went away'));
      return;
    }
    request.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });
}
