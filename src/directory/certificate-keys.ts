import 'reflect-metadata';
import { createPublicKey, webcrypto, type KeyObject } from 'node:crypto';
import { Pkcs10CertificateRequest } from '@peculiar/x509';

import { SandbankError } from '../kernel/index.js';

export type KeyAlgorithm = 'rsa' | 'ec';

export interface NewKeys {
  readonly publicKey: KeyObject;
  readonly privateKeyPem: string;
}

export const EC_PARAMS = { name: 'ECDSA', namedCurve: 'P-256' } as const;
/** What authorities sign certificates with. */
export const EC_SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;
const RSA_PARAMS = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2_048,
  publicExponent: Uint8Array.of(1, 0, 1),
} as const;
const MAX_CSR_LENGTH = 16_384;
const MIN_RSA_BITS = 2_048;
const MAX_RSA_BITS = 4_096;
const CURVES: readonly string[] = ['prime256v1', 'secp384r1'];

/** Fresh keys, made on the thread pool. */
export async function generateKeys(algorithm: KeyAlgorithm): Promise<NewKeys> {
  const pair =
    algorithm === 'rsa'
      ? await webcrypto.subtle.generateKey(RSA_PARAMS, true, ['sign', 'verify'])
      : await webcrypto.subtle.generateKey(EC_PARAMS, true, ['sign', 'verify']);
  const [spki, pkcs8] = await Promise.all([
    webcrypto.subtle.exportKey('spki', pair.publicKey),
    webcrypto.subtle.exportKey('pkcs8', pair.privateKey),
  ]);
  return {
    publicKey: createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }),
    privateKeyPem: toPem('PRIVATE KEY', Buffer.from(pkcs8)),
  };
}

/**
 * The public key of a PKCS#10 request, once its signature proved that the asker holds the private one. Nothing else is
 * taken from it: subject and extensions are the directory's. Throws `directory.invalid-csr`.
 */
export async function publicKeyOfRequest(csrPem: string): Promise<KeyObject> {
  if (csrPem.length > MAX_CSR_LENGTH) refuse('at most 16384 characters', `${String(csrPem.length)} characters`);
  const request = parseRequest(csrPem);
  const key = createKey(request);
  const verified = await request.verify(webcrypto as Crypto).catch(() => false);
  if (!verified) refuse('a signature made with the key of the request', 'a signature that does not verify');
  return key;
}

function parseRequest(csrPem: string): Pkcs10CertificateRequest {
  try {
    return new Pkcs10CertificateRequest(csrPem);
  } catch (error) {
    return refuse('a PKCS#10 certificate request in PEM', 'text that cannot be read', error);
  }
}

function createKey(request: Pkcs10CertificateRequest): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: 'der', type: 'spki' });
  } catch (error) {
    return refuse('an RSA or EC public key', 'a key that cannot be read', error);
  }
  const { modulusLength = 0, publicExponent = 0n, namedCurve = 'none' } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'ec') {
    if (!CURVES.includes(namedCurve)) refuse('curve P-256 or P-384', `curve ${namedCurve}`);
  } else if (key.asymmetricKeyType === 'rsa') {
    if (modulusLength < MIN_RSA_BITS || modulusLength > MAX_RSA_BITS) {
      refuse(`an RSA key of ${String(MIN_RSA_BITS)} to ${String(MAX_RSA_BITS)} bits`, `${String(modulusLength)} bits`);
    }
    if (publicExponent < 65_537n || publicExponent % 2n === 0n) {
      refuse('a public exponent of 65537 or an odd one above', String(publicExponent));
    }
  } else refuse('an RSA or EC key', String(key.asymmetricKeyType));
  return key;
}

function toPem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

function refuse(expected: string, actual: string, cause?: unknown): never {
  throw new SandbankError(
    'directory.invalid-csr',
    `The certificate request is not acceptable: expected ${expected}.`,
    { path: 'csrPem', expected, actual },
    { cause },
  );
}
