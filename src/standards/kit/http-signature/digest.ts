import { createHash } from 'node:crypto';

import { SandbankError } from '../../../kernel/index.js';

const HASHES = { 'SHA-256': 'sha256', 'SHA-512': 'sha512' } as const;

/** The hashes of RFC 5843 that are still sound. */
export type DigestAlgorithm = keyof typeof HASHES;
export const DIGEST_ALGORITHMS = Object.keys(HASHES) as readonly DigestAlgorithm[];

/** An instance digest as it was sent; the algorithm in capitals, whether it is one of ours or not. */
export interface InstanceDigest {
  readonly algorithm: string;
  readonly value: string;
}

/** The value of a Digest header over these bytes, of which there may be none (RFC 3230 section 4.3.2). */
export function digestOf(body: Uint8Array, algorithm: DigestAlgorithm): string {
  return `${algorithm}=${createHash(HASHES[algorithm]).update(body).digest('base64')}`;
}

/** Reads the one digest of a header. Throws `signature.malformed`. */
export function readDigest(text: string): InstanceDigest {
  const match = /^([A-Za-z0-9-]{1,32})=([A-Za-z0-9+/]{1,128}={0,2})$/.exec(text.trim());
  const [, algorithm, value] = match ?? [];
  if (algorithm !== undefined && value !== undefined) return { algorithm: algorithm.toUpperCase(), value };
  throw new SandbankError('signature.malformed', 'The header Digest is not one algorithm and one hash in base64.', {
    path: 'Digest',
    expected: 'SHA-256= or SHA-512=, and the hash of the body in base64',
    actual: text.slice(0, 200),
  });
}

export function isDigestAlgorithm(algorithm: string): algorithm is DigestAlgorithm {
  return Object.hasOwn(HASHES, algorithm);
}
