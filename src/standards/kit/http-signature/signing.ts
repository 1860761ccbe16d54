import { sign, verify, type KeyObject } from 'node:crypto';

/**
 * Algorithms that name both key and hash. hs2019 is not among them: it leaves the hash to a registry of keys, and a
 * profile over certificates has none.
 */
const ALGORITHMS = {
  'rsa-sha256': { keyType: 'rsa', hash: 'sha256' },
  'rsa-sha512': { keyType: 'rsa', hash: 'sha512' },
  'ecdsa-sha256': { keyType: 'ec', hash: 'sha256' },
  'ecdsa-sha512': { keyType: 'ec', hash: 'sha512' },
} as const;

export type SignatureAlgorithm = keyof typeof ALGORITHMS;

export const SIGNATURE_ALGORITHMS = Object.keys(ALGORITHMS) as readonly SignatureAlgorithm[];

export function isSignatureAlgorithm(name: string): name is SignatureAlgorithm {
  return Object.hasOwn(ALGORITHMS, name);
}

/** What the algorithm can be used with: `rsa`, `ec`. */
export function fitsKey(algorithm: SignatureAlgorithm, key: KeyObject): boolean {
  return key.asymmetricKeyType === ALGORITHMS[algorithm].keyType;
}

/**
 * The text that is signed: a line for each covered header in the order of the list, its name in lower case, and nothing
 * after the last (draft-cavage-http-signatures-12, section 2.3). Undefined where a header is not in the request.
 */
export function signingString(
  names: readonly string[],
  headers: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const lines = names.map((name) => {
    const value = headers[name];
    return value === undefined ? undefined : `${name}: ${value.trim()}`;
  });
  return lines.includes(undefined) ? undefined : lines.join('\n');
}

/** RSASSA-PKCS1-v1_5, or ECDSA in DER as OpenSSL writes it. The key is one that the algorithm can be used with. */
export function signText(text: string, algorithm: SignatureAlgorithm, privateKey: KeyObject): Uint8Array {
  return sign(ALGORITHMS[algorithm].hash, Buffer.from(text, 'latin1'), privateKey);
}

/** Whether the signature is of this text by this key. */
export function isSignatureOf(
  text: string,
  { algorithm, signature }: { readonly algorithm: SignatureAlgorithm; readonly signature: Uint8Array },
  publicKey: KeyObject,
): boolean {
  if (!fitsKey(algorithm, publicKey)) return false;
  return verify(ALGORITHMS[algorithm].hash, Buffer.from(text, 'latin1'), publicKey, signature);
}
