import {
  createLocalJWKSet,
  decodeProtectedHeader,
  flattenedVerify,
  FlattenedSign,
  type CryptoKey,
  type JSONWebKeySet,
} from 'jose';

const claim = (name: 'iat' | 'iss' | 'tan'): string => `http://openbanking.org.uk/${name}`;
const CRITICAL = { [claim('iat')]: true, [claim('iss')]: true, [claim('tan')]: true };

export interface Signer {
  readonly key: CryptoKey;
  readonly kid: string;
  /** `{organisation}/{software}` */
  readonly issuer: string;
}

/** Signs a body as UK Open Banking 4.0 asks a third party to: a detached JWS with PS256 over the raw bytes. */
export async function signMessage(
  payload: string,
  signer: Signer,
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const jws = await new FlattenedSign(new TextEncoder().encode(payload))
    .setProtectedHeader({
      alg: 'PS256',
      kid: signer.kid,
      typ: 'JOSE',
      cty: 'application/json',
      [claim('iat')]: Math.floor(Date.now() / 1_000) - 1,
      [claim('iss')]: signer.issuer,
      [claim('tan')]: 'localhost',
      crit: Object.keys(CRITICAL),
      ...header,
    })
    .sign(signer.key, { crit: CRITICAL });
  return `${jws.protected ?? ''}..${jws.signature}`;
}

/** Verifies the signature of an answer with the keys that the bank publishes. Throws what is wrong with it. */
export async function verifyMessage(
  payload: string,
  signature: string | undefined,
  keys: JSONWebKeySet,
): Promise<Readonly<Record<string, unknown>>> {
  const [protectedHeader, empty, value] = signature?.split('.') ?? [];
  if (protectedHeader === undefined || empty !== '' || value === undefined) {
    throw new Error(`not a detached JWS: ${signature ?? 'no signature'}`);
  }
  await flattenedVerify(
    { protected: protectedHeader, payload: Buffer.from(payload).toString('base64url'), signature: value },
    createLocalJWKSet(keys),
    { algorithms: ['PS256'], crit: CRITICAL },
  );
  const header = decodeProtectedHeader({ protected: protectedHeader, payload: '', signature: value }) as Record<
    string,
    unknown
  >;
  if ('b64' in header) throw new Error('b64 must be absent from 3.1.4 on');
  const missing = Object.keys(CRITICAL).filter((name) => header[name] === undefined);
  if (missing.length > 0) throw new Error(`the signature lacks ${missing.join(', ')}`);
  return header;
}
