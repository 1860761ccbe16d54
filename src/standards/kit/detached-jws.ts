import { FlattenedSign, flattenedVerify, importJWK, type JWK } from 'jose';
import { SandbankError } from '../../kernel/index.js';

/** A JWS without its payload (RFC 7515 appendix F): `header..signature`. */
export interface DetachedJws {
  readonly header: Readonly<Record<string, unknown>>;
  /** The header as it was sent, in base64url: what was signed. */
  readonly protectedText: string;
  readonly signature: string;
}

/** Takes a detached JWS apart. Throws `signature.malformed`. */
export function readDetachedJws(text: string): DetachedJws {
  const parts = text.split('.');
  const [protectedText, payload, signature] = parts;
  if (parts.length !== 3 || !isBase64url(protectedText) || payload !== '' || !isBase64url(signature)) {
    throw malformed('three parts in base64url, the second of them empty');
  }
  return { header: readHeader(protectedText), protectedText, signature };
}

/**
 * Verifies over the bytes that were received; the payload is base64url-encoded before it is signed (no `b64` header).
 * `critical` names the extension headers the caller has checked itself. Throws `signature.invalid`.
 */
export async function verifyDetachedJws(input: {
  readonly jws: DetachedJws;
  readonly payload: Uint8Array;
  readonly key: Readonly<Record<string, unknown>>;
  readonly algorithm: string;
  readonly critical: readonly string[];
}): Promise<void> {
  const { jws, payload, key, algorithm, critical } = input;
  try {
    const { alg: _, use: __, key_ops: ___, ...material } = key as JWK;
    await flattenedVerify(
      { protected: jws.protectedText, payload: toBase64url(payload), signature: jws.signature },
      await importJWK(material, algorithm),
      { algorithms: [algorithm], crit: recognised(critical) },
    );
  } catch (cause) {
    throw new SandbankError(
      'signature.invalid',
      'The signature does not match the body.',
      { expected: `a ${algorithm} signature over the exact bytes of the body` },
      { cause },
    );
  }
}

/** Signs bytes and gives `header..signature`. `crit` of the header must name `critical` exactly. */
export async function signDetachedJws(input: {
  readonly payload: Uint8Array;
  readonly privateKey: CryptoKey;
  readonly header: Readonly<Record<string, unknown>> & { readonly alg: string };
  readonly critical: readonly string[];
}): Promise<string> {
  const { payload, privateKey, header, critical } = input;
  const jws = await new FlattenedSign(payload)
    .setProtectedHeader({ ...header, crit: [...critical] })
    .sign(privateKey, { crit: recognised(critical) });
  return `${jws.protected ?? ''}..${jws.signature}`;
}

/** How jose is told that an extension is understood: true stands for "must be in the protected header". */
function recognised(names: readonly string[]): Record<string, boolean> {
  return Object.fromEntries(names.map((name) => [name, true]));
}

function readHeader(protectedText: string): Readonly<Record<string, unknown>> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(protectedText, 'base64url')));
  } catch {
    throw malformed('a header that is JSON');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw malformed('a header that is a JSON object');
  }
  return header as Readonly<Record<string, unknown>>;
}

function isBase64url(text: string | undefined): text is string {
  return text !== undefined && /^[A-Za-z0-9_-]+$/.test(text);
}

function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

function malformed(expected: string): SandbankError {
  return new SandbankError('signature.malformed', 'The signature is not a detached JWS.', { expected });
}
