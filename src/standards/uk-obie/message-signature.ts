import { SandbankError, type Instant } from '../../kernel/index.js';
import { readDetachedJws, signDetachedJws, verifyDetachedJws, type DetachedJws } from '../kit/detached-jws.js';
import type { MessageSignature } from '../standard.js';

export const SIGNATURE_HEADER = 'x-jws-signature';

/** Header claims of the standard's own (4.0.1, message signing); `crit` names exactly these. */
export const IAT_CLAIM = 'http://openbanking.org.uk/iat';
export const ISS_CLAIM = 'http://openbanking.org.uk/iss';
export const TAN_CLAIM = 'http://openbanking.org.uk/tan';
const CRITICAL = [IAT_CLAIM, ISS_CLAIM, TAN_CLAIM] as const;

const ALGORITHM = 'PS256';
/** How far a client's clock may run ahead before its `iat` no longer counts as past. */
const SKEW_MS = 60_000;

type VerifyInput = Parameters<MessageSignature['verify']>[0];
type Header = DetachedJws['header'];

/** What a header must hold, in the order in which it is looked at. Each throws `signature.*`. */
const HEADER_CHECKS: readonly ((header: Header, input: VerifyInput) => void)[] = [
  checkNoB64,
  checkAlgorithm,
  checkType,
  checkContentType,
  checkCritical,
  checkIssuedAt,
  checkIssuer,
  checkTrustAnchor,
];

export const messageSignature = {
  header: SIGNATURE_HEADER,

  async verify(input) {
    if (input.signature === undefined || input.signature.trim() === '') {
      throw new SandbankError('signature.missing', `The header ${SIGNATURE_HEADER} is missing.`, {
        path: SIGNATURE_HEADER,
        expected: 'a detached JWS over the body',
      });
    }
    const jws = readDetachedJws(input.signature.trim());
    for (const check of HEADER_CHECKS) check(jws.header, input);
    await verifyDetachedJws({
      jws,
      payload: input.rawBody,
      key: keyOf(jws.header, input.keys),
      algorithm: ALGORITHM,
      critical: CRITICAL,
    });
  },

  async sign({ rawBody, key, wallNow }) {
    return signDetachedJws({
      payload: rawBody,
      privateKey: key.privateKey,
      critical: CRITICAL,
      header: {
        alg: ALGORITHM,
        kid: key.kid,
        typ: 'JOSE',
        cty: 'application/json',
        [IAT_CLAIM]: Math.floor(wallNow / 1_000),
        // A bank signs as its organisation; a third party as organisation and software.
        [ISS_CLAIM]: key.organisationId,
        [TAN_CLAIM]: key.trustAnchor,
      },
    });
  },
} satisfies MessageSignature;

/** From 3.1.4 the payload is encoded before it is signed, and b64 must not be there at all. */
function checkNoB64(header: Header): void {
  if ('b64' in header) {
    throw new SandbankError('signature.malformed', 'The header b64 is not allowed in this version.', {
      path: SIGNATURE_HEADER,
      expected: 'no b64 header; the payload is base64url-encoded before signing',
      actual: `b64: ${String(header.b64)}`,
    });
  }
}

function checkAlgorithm(header: Header): void {
  if (text(header, 'alg') !== ALGORITHM) throw wrong('alg', ALGORITHM, header.alg);
}

function checkType(header: Header): void {
  if (header.typ !== undefined && header.typ !== 'JOSE') throw wrong('typ', 'JOSE, or none', header.typ);
}

function checkContentType(header: Header): void {
  if (header.cty !== undefined && header.cty !== 'json' && header.cty !== 'application/json') {
    throw wrong('cty', 'json or application/json, or none', header.cty);
  }
}

function checkCritical(header: Header): void {
  const { crit } = header;
  if (crit === undefined) throw missing('crit');
  const exact =
    Array.isArray(crit) &&
    crit.length === CRITICAL.length &&
    CRITICAL.every((name) => (crit as readonly unknown[]).includes(name));
  if (!exact) throw wrong('crit', `exactly ${CRITICAL.join(', ')}`, crit);
}

function checkIssuedAt(header: Header, { wallNow }: { readonly wallNow: Instant }): void {
  const issuedAt = header[IAT_CLAIM];
  if (issuedAt === undefined) throw missing(IAT_CLAIM);
  if (typeof issuedAt !== 'number' || !Number.isFinite(issuedAt)) {
    throw wrong(IAT_CLAIM, 'seconds since 1970 as a number', issuedAt);
  }
  if (issuedAt * 1_000 > wallNow + SKEW_MS) throw wrong(IAT_CLAIM, 'a time in the past', issuedAt);
}

function checkIssuer(header: Header, { client }: VerifyInput): void {
  const expected = `${client.organisationId}/${client.softwareId}`;
  const issuer = text(header, ISS_CLAIM);
  if (issuer !== expected) throw wrong(ISS_CLAIM, expected, issuer);
}

/** Which anchor is right is for the ecosystem to say; without one any name will do. */
function checkTrustAnchor(header: Header, { trustAnchor }: VerifyInput): void {
  const anchor = text(header, TAN_CLAIM);
  if (trustAnchor !== undefined && anchor !== trustAnchor) throw wrong(TAN_CLAIM, trustAnchor, anchor);
}

function keyOf(header: Header, keys: VerifyInput['keys']): Readonly<Record<string, unknown>> {
  const kid = text(header, 'kid');
  const key = keys.find((candidate) => candidate.kid === kid && (candidate.use ?? 'sig') === 'sig');
  if (!key) throw wrong('kid', 'a signing key of the software statement', kid);
  return key;
}

function text(header: Header, name: string): string {
  const value = header[name];
  if (value === undefined || value === '') throw missing(name);
  if (typeof value !== 'string') throw wrong(name, 'a text', value);
  return value;
}

function missing(name: string): SandbankError {
  return new SandbankError('signature.claim-missing', `The signature has no ${name}.`, {
    path: SIGNATURE_HEADER,
    expected: name,
  });
}

function wrong(name: string, expected: string, actual: unknown): SandbankError {
  return new SandbankError('signature.claim-invalid', `The ${name} of the signature is not right.`, {
    path: SIGNATURE_HEADER,
    expected,
    actual: typeof actual === 'string' ? actual : JSON.stringify(actual),
  });
}
