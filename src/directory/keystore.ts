import { X509Certificate } from 'node:crypto';

import type { Authority } from './authority.js';
import { publicJwkOf, readCertificates, thumbprintOf } from './certificates.js';
import type { DirectoryContext } from './directory-context.js';
import type { Directory, IssuedCertificate, Jwks } from './directory.js';
import { readOrganisation, readSoftware } from './participants.js';

type Keystore = Pick<Directory, 'jwks' | 'revokedJwks' | 'ownJwks'>;

const SIGNING_ALGORITHMS: Readonly<Record<string, string>> = { 'P-256': 'ES256', 'P-384': 'ES384' };

/** The public keys of software statements, as banks fetch them. */
export function createKeystore(context: DirectoryContext, authority: Authority): Keystore {
  const { storage, clock } = context;
  const chosenOf = async (softwareId: string, wanted: 'living' | 'revoked'): Promise<readonly IssuedCertificate[]> => {
    const software = await readSoftware(storage.read, softwareId);
    const organisation = await readOrganisation(storage.read, software.organisationId);
    const active = software.status === 'Active' && organisation.status === 'Active';
    const now = clock.now();
    const isRevoked = (one: IssuedCertificate): boolean => one.revokedAt !== undefined || !active;
    return (await readCertificates(storage.read, authority, softwareId)).filter((one) =>
      wanted === 'revoked' ? isRevoked(one) : !isRevoked(one) && now <= one.notAfter,
    );
  };
  const keys = async (id: string, wanted: 'living' | 'revoked'): Promise<Jwks> => {
    // An organisation's keystore holds the keys of all its software.
    const sql = 'SELECT id FROM directory_software WHERE organisation_id = ? ORDER BY ordinal';
    const members = await storage.read.all<{ id: string }>(sql, [id]);
    const ids = members.length > 0 ? members.map((member) => member.id) : [id];
    const chosen = (await Promise.all(ids.map((one) => chosenOf(one, wanted)))).flat();
    // The same key certified again stands once, with its latest certificate: a kid must be unique within a set.
    const latest = new Map(chosen.map((one) => [`${one.kind} ${one.kid}`, one]));
    return { keys: await Promise.all([...latest.values()].map(toJwk)) };
  };
  return {
    jwks: (softwareId) => keys(softwareId, 'living'),
    revokedJwks: (softwareId) => keys(softwareId, 'revoked'),
    ownJwks: () => Promise.resolve({ keys: [authority.signing.publicJwk as Record<string, unknown>] }),
  };
}

/** Where the keystores are served, below the directory's address. */
export function keystoreUrls(
  issuer: string,
  organisationId: string,
  softwareId: string,
): Readonly<Record<'software' | 'softwareRevoked' | 'organisation' | 'organisationRevoked', string>> {
  const base = `${issuer}/keystore/${organisationId}`;
  return {
    software: `${base}/${softwareId}.jwks`,
    softwareRevoked: `${base}/revoked/${softwareId}.jwks`,
    organisation: `${base}/${organisationId}.jwks`,
    organisationRevoked: `${base}/revoked/${organisationId}.jwks`,
  };
}

/** `kid` is the thumbprint of the key (RFC 7638); the certificate is named by x5c and x5t#S256 (RFC 7517 section 4). */
async function toJwk(certificate: IssuedCertificate): Promise<Record<string, unknown>> {
  const parsed = new X509Certificate(certificate.certificatePem);
  const jwk = await publicJwkOf(parsed);
  return {
    ...jwk,
    kid: certificate.kid,
    ...(certificate.kind === 'transport'
      ? { use: 'tls' }
      : { use: 'sig', alg: SIGNING_ALGORITHMS[jwk.crv ?? ''] ?? 'PS256' }),
    x5c: [parsed.raw.toString('base64')],
    'x5t#S256': thumbprintOf(parsed),
  };
}
