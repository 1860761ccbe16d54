import { constants, createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';

import type { Tpp } from '../../src/index.js';

export type Claims = Readonly<Record<string, unknown>>;

export interface Forgery {
  /** Override claims; a claim that is undefined is left out. */
  readonly claims?: Claims;
  readonly header?: Claims;
  readonly alg?: 'PS256' | 'RS256' | 'HS256' | 'none';
  /** PKCS#8; by default the key of the software. */
  readonly keyPem?: string;
  /** For HS256. */
  readonly secret?: string;
}

/** Signs claims the way the software would, but for what the forgery changes. No library looks after what comes out. */
export function forgeJwt(tpp: Tpp, claims: Claims, forgery: Forgery = {}): string {
  const { alg = 'PS256', header, keyPem = tpp.signing.privateKeyPem, secret = '' } = forgery;
  const protectedHeader = encoded({ alg, kid: tpp.signing.kid, typ: 'JWT', ...header });
  const input = `${protectedHeader}.${encoded({ ...claims, ...forgery.claims })}`;
  return `${input}.${signatureOf(input, { alg, keyPem, secret })}`;
}

function signatureOf(
  input: string,
  {
    alg,
    keyPem,
    secret,
  }: { readonly alg: NonNullable<Forgery['alg']>; readonly keyPem: string; readonly secret: string },
): string {
  switch (alg) {
    case 'PS256':
      return sign('sha256', Buffer.from(input), {
        key: keyPem,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: 32,
      }).toString('base64url');
    case 'RS256':
      return sign('sha256', Buffer.from(input), keyPem).toString('base64url');
    case 'HS256':
      return createHmac('sha256', secret).update(input).digest('base64url');
    case 'none':
      return '';
  }
}

/** A detached JWS with PS256 over a body, under any header at all: no library looks after it. */
export function detachedJws(payload: string, header: Claims, keyPem: string): string {
  const protectedHeader = encoded(header);
  const input = `${protectedHeader}.${Buffer.from(payload).toString('base64url')}`;
  return `${protectedHeader}..${signatureOf(input, { alg: 'PS256', keyPem, secret: '' })}`;
}

/** A JWT with some claims of its payload exchanged and the signature of the original. */
export function tamperedJwt(jwt: string, change: Claims): string {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims;
  return [header, encoded({ ...claims, ...change }), signature].join('.');
}

export function claimsOf(jwt: string): Claims {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8')) as Claims;
}

/** Who may address whom with a client assertion: `iss` and `sub` the client, `aud` the issuer. */
export function assertionClaims(clientId: string, audience: string): Claims {
  const now = seconds();
  return { iss: clientId, sub: clientId, aud: audience, iat: now, nbf: now, exp: now + 240, jti: randomUUID() };
}

/** Seconds of wall time, `offset` away. */
export function seconds(offset = 0): number {
  return Math.floor(Date.now() / 1_000) + offset;
}

export function strangersKeyPem(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  return String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
