import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';

import type { Identity } from './certificates.js';

export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** A body of a wire format: tests name the members they expect. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly json: any;
}

export interface HttpCall {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
  readonly identity?: Identity;
  readonly ca: string;
}

/** A plain client of node:https; supertest does not show client certificates. */
export function send(url: string, call: HttpCall): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: call.method ?? 'GET',
        headers: {
          ...(call.body !== undefined &&
            call.headers?.['transfer-encoding'] === undefined && {
              'content-length': String(Buffer.byteLength(call.body)),
            }),
          ...call.headers,
        },
        ca: call.ca,
        agent: false,
        servername: 'localhost',
        ...(call.identity && { key: call.identity.keyPem, cert: call.identity.certificatePem }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const isJson = response.headers['content-type']?.includes('json') === true && text !== '';
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: isJson ? JSON.parse(text) : undefined,
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(call.body);
  });
}
