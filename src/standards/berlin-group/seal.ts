import { createPrivateKey, X509Certificate } from 'node:crypto';

import { SandbankError } from '../../kernel/index.js';
import {
  digestOf,
  fitsKey,
  signingString,
  signText,
  writeHttpSignature,
  type DigestAlgorithm,
  type SignatureAlgorithm,
} from '../kit/http-signature/index.js';
import type { Seal } from '../standard.js';

export const SEAL_CERTIFICATE = 'TPP-Signature-Certificate';

/** What a seal must cover, and what it must cover where it is sent (1.3.12, section 12.2). */
export const SIGNED_ALWAYS = ['digest', 'x-request-id'] as const;
export const SIGNED_IF_SENT = ['psu-id', 'psu-corporate-id', 'date', 'tpp-redirect-uri'] as const;

export interface SealInput {
  /** Those of the request, in any case; X-Request-ID is one of them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Exactly the bytes that are sent. Absent: no body. */
  readonly body?: Uint8Array | string;
  readonly privateKeyPem: string;
  readonly certificatePem: string;
  /** Default SHA-256. */
  readonly digest?: DigestAlgorithm;
  /** Default rsa-sha256, or ecdsa-sha256 with a key of that kind. */
  readonly algorithm?: SignatureAlgorithm;
}

/** The three headers that go along with a sealed request. */
export interface SealHeaders {
  readonly Digest: string;
  readonly Signature: string;
  readonly [SEAL_CERTIFICATE]: string;
}

/**
 * What a third party does before it sends: hashes the body, signs the headers of the profile, and adds its seal
 * certificate. Throws `header.missing` without an X-Request-ID, and `signature.invalid` where key and algorithm differ.
 */
export function sealRequest(input: SealInput): SealHeaders {
  const { headers, body = '', digest = 'SHA-256' } = input;
  const certificate = new X509Certificate(input.certificatePem);
  const privateKey = createPrivateKey(input.privateKeyPem);
  const algorithm = input.algorithm ?? (privateKey.asymmetricKeyType === 'ec' ? 'ecdsa-sha256' : 'rsa-sha256');
  if (!fitsKey(algorithm, privateKey)) {
    throw new SandbankError('signature.invalid', `${algorithm} does not go with this key.`, { actual: algorithm });
  }
  const Digest = digestOf(typeof body === 'string' ? Buffer.from(body, 'utf8') : body, digest);
  const sent: Readonly<Record<string, string>> = {
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    digest: Digest,
  };
  const covered = [...SIGNED_ALWAYS, ...SIGNED_IF_SENT.filter((name) => sent[name] !== undefined)];
  const text = signingString(covered, sent);
  if (text === undefined) {
    throw new SandbankError('header.missing', 'A sealed request has an X-Request-ID.', { path: 'X-Request-ID' });
  }
  const signature = signText(text, algorithm, privateKey);
  return {
    Digest,
    Signature: writeHttpSignature({ keyId: keyIdOf(certificate), algorithm, headers: covered, signature }),
    [SEAL_CERTIFICATE]: certificate.raw.toString('base64'),
  };
}

/** `SN=9FA1,CA=CN=...`, escaped as in the example of the document, so that it stays one word of ASCII. */
export function keyIdOf({ serialNumber, issuer }: Pick<X509Certificate, 'serialNumber' | 'issuer'>): string {
  // Node writes a line for each attribute, the first one first; RFC 4514 begins with the last.
  const name = issuer.split('\n').reverse().join(',');
  return `SN=${serialNumber},CA=${name.replace(/[^\x21-\x7e]|[%"\\]/gu, (character) => encodeURIComponent(character))}`;
}

/** Whether a keyId names this certificate by number and authority, however the name is spelt. */
export function namesCertificate(keyId: string, { serial, isIssuer }: Pick<Seal, 'serial' | 'isIssuer'>): boolean {
  const [, number, name] = /^SN=([0-9a-f]{1,64}), *CA=(.+)$/i.exec(keyId) ?? [];
  if (number === undefined || name === undefined || significant(number) !== significant(serial)) return false;
  return isIssuer(name) || isIssuer(percentDecoded(name));
}

function significant(hexadecimal: string): string {
  return hexadecimal.toUpperCase().replace(/^0+(?=.)/, '');
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
