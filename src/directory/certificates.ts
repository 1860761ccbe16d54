import 'reflect-metadata';
import { createPublicKey, webcrypto, X509Certificate } from 'node:crypto';
import { AuthorityKeyIdentifierExtension, Extension, X509CrlGenerator } from '@peculiar/x509';
import { calculateJwkThumbprint, exportJWK } from 'jose';

import { instant, MS_PER_DAY, SandbankError, type Instant } from '../kernel/index.js';
import type { SqlReader } from '../storage/index.js';
import { pemOf, type Authority } from './authority.js';
import { EC_SIGNING, generateKeys, publicKeyOfRequest } from './certificate-keys.js';
import { encodeDer } from './der.js';
import { nextSerial, validityOnBothClocks, wholeSecond, type DirectoryContext } from './directory-context.js';
import type { CertificateKind, Directory, IssuedCertificate } from './directory.js';
import { subjectDn } from './distinguished-name.js';
import { checkRoles } from './entry-checks.js';
import { mintParticipant, type Validity } from './minting.js';
import { readOrganisation, readSoftware } from './participants.js';

type Certificates = Pick<Directory, 'issueCertificate' | 'certificatesOf' | 'revokeCertificate' | 'crl'>;

/** A participant's certificate lives for a year of business time. */
const PARTICIPANT_DAYS = 365;
const CRL_DAYS = 7;
const CRL_NUMBER_OID = '2.5.29.20';

interface CertificateRow {
  readonly serial: string;
  readonly kid: string;
  readonly kind: CertificateKind;
  readonly software_id: string;
  readonly organisation_id: string;
  readonly subject: string;
  readonly not_before: bigint;
  readonly not_after: bigint;
  readonly revoked_at: bigint | null;
  readonly certificate_pem: string;
}

/** Issue, revocation, and the list of what was revoked. */
export function createCertificates(context: DirectoryContext, authority: Authority): Certificates {
  const { storage, clock } = context;
  return {
    issueCertificate: (input) => issue(context, authority, input),
    certificatesOf: async (softwareId) => {
      await readSoftware(storage.read, softwareId);
      return readCertificates(storage.read, authority, softwareId);
    },
    revokeCertificate: (serial) =>
      storage.transaction(async (tx) => {
        const known = await tx.get('SELECT serial FROM directory_certificates WHERE serial = ?', [
          serial.toUpperCase(),
        ]);
        if (!known) {
          throw new SandbankError('directory.certificate-not-found', 'The directory issued no such certificate.', {
            actual: serial,
          });
        }
        // The first revocation is the one that counts.
        await tx.run('UPDATE directory_certificates SET revoked_at = COALESCE(revoked_at, ?) WHERE serial = ?', [
          clock.now(),
          serial.toUpperCase(),
        ]);
      }),
    crl: () => revocationList(context, authority),
  };
}

export async function readCertificates(
  sql: SqlReader,
  authority: Authority,
  softwareId: string,
): Promise<readonly IssuedCertificate[]> {
  const query = 'SELECT * FROM directory_certificates WHERE software_id = ? ORDER BY ordinal';
  return (await sql.all<CertificateRow>(query, [softwareId])).map((row) => toCertificate(row, authority));
}

async function issue(
  context: DirectoryContext,
  authority: Authority,
  input: Parameters<Directory['issueCertificate']>[0],
): ReturnType<Directory['issueCertificate']> {
  const { storage, issuer } = context;
  const software = await readSoftware(storage.read, input.softwareId);
  const organisation = await readOrganisation(storage.read, software.organisationId);
  if (software.status !== 'Active' || organisation.status !== 'Active') {
    throw new SandbankError('directory.invalid-request', 'Certificates are only issued to active participants.', {
      expected: 'organisation and software Active',
      actual: `organisation ${organisation.status}, software ${software.status}`,
    });
  }
  const validity = chooseValidity(context, input);
  // RSA: PS256 for signatures, and what most TPP stacks expect of a transport key.
  const made = input.csrPem === undefined ? await generateKeys('rsa') : undefined;
  const publicKey = made?.publicKey ?? (await publicKeyOfRequest(input.csrPem ?? ''));
  const minted = await mintParticipant({
    serial: await nextSerial(context),
    kind: input.kind,
    organisation,
    roles: input.roles === undefined ? software.roles : checkRoles(input.roles),
    publicKey,
    validity,
    signer: authority.issuing,
    crlUrl: `${issuer}/crl`,
  });
  const parsed = new X509Certificate(Buffer.from(minted.rawData));
  const row: CertificateRow = {
    serial: parsed.serialNumber,
    kid: await calculateJwkThumbprint(await exportJWK(publicKey)),
    kind: input.kind,
    software_id: software.id,
    organisation_id: organisation.id,
    subject: subjectDn(parsed),
    not_before: BigInt(validity.notBefore),
    not_after: BigInt(validity.notAfter),
    revoked_at: null,
    certificate_pem: pemOf(minted),
  };
  await insert(context, row, thumbprintOf(parsed));
  return {
    certificate: toCertificate(row, authority),
    ...(made && { privateKeyPem: made.privateKeyPem }),
  };
}

/** x5t#S256 of RFC 8705 section 3.1: base64url of the SHA-256 of the DER. */
export function thumbprintOf(certificate: X509Certificate): string {
  return Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');
}

/** The public key of an issued certificate, as a JWK. */
export function publicJwkOf(certificate: X509Certificate): ReturnType<typeof exportJWK> {
  return exportJWK(createPublicKey(certificate.publicKey.export({ format: 'pem', type: 'spki' })));
}

async function insert({ storage }: DirectoryContext, row: CertificateRow, thumbprint: string): Promise<void> {
  await storage.transaction((tx) =>
    tx.run(
      `INSERT INTO directory_certificates (serial, thumbprint, kid, kind, software_id, organisation_id, subject,
         not_before, not_after, certificate_pem) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        row.serial,
        thumbprint,
        row.kid,
        row.kind,
        row.software_id,
        row.organisation_id,
        row.subject,
        row.not_before,
        row.not_after,
        row.certificate_pem,
      ],
    ),
  );
}

function chooseValidity(
  context: DirectoryContext,
  asked: { readonly notBefore?: Instant; readonly notAfter?: Instant },
): Validity {
  const usual = validityOnBothClocks(context, PARTICIPANT_DAYS * MS_PER_DAY);
  const chosen = {
    notBefore: wholeSecond(asked.notBefore ?? usual.notBefore),
    notAfter: wholeSecond(asked.notAfter ?? usual.notAfter),
  };
  if (chosen.notBefore < chosen.notAfter) return chosen;
  throw new SandbankError('directory.invalid-request', 'A certificate must end after it begins.', {
    path: 'notAfter',
    expected: 'later than notBefore',
    actual: String(asked.notAfter),
  });
}

/** RFC 5280 section 5, complete and signed at each call, so that it is never older than the last revocation. */
async function revocationList(context: DirectoryContext, authority: Authority): Promise<Uint8Array> {
  const rows = await context.storage.read.all<{ serial: string; revoked_at: bigint }>(
    'SELECT serial, revoked_at FROM directory_certificates WHERE revoked_at IS NOT NULL ORDER BY ordinal',
  );
  const { notBefore, notAfter } = validityOnBothClocks(context, CRL_DAYS * MS_PER_DAY);
  const crypto = webcrypto as Crypto;
  // The list only grows, so the number of its entries numbers the list.
  const number = Buffer.from(rows.length.toString(16).padStart(8, '0'), 'hex');
  const minimal = number.subarray(
    Math.max(
      0,
      number.findIndex((byte) => byte !== 0),
    ),
  );
  const content =
    rows.length === 0
      ? Uint8Array.of(0)
      : (minimal[0] ?? 0) > 0x7f
        ? Buffer.concat([Uint8Array.of(0), minimal])
        : minimal;
  const list = await X509CrlGenerator.create(
    {
      issuer: authority.issuing.certificate.subjectName,
      thisUpdate: new Date(notBefore),
      nextUpdate: new Date(notAfter),
      entries: rows.map((row) => ({ serialNumber: row.serial, revocationDate: new Date(Number(row.revoked_at)) })),
      extensions: [
        await AuthorityKeyIdentifierExtension.create(authority.issuing.certificate.publicKey, false, crypto),
        new Extension(CRL_NUMBER_OID, false, Uint8Array.from(encodeDer(0x02, content))),
      ],
      signingAlgorithm: EC_SIGNING,
      signingKey: authority.issuing.key as CryptoKey,
    },
    crypto,
  );
  return new Uint8Array(list.rawData);
}

function toCertificate(row: CertificateRow, authority: Authority): IssuedCertificate {
  return {
    serial: row.serial,
    kid: row.kid,
    kind: row.kind,
    organisationId: row.organisation_id,
    softwareId: row.software_id,
    subject: row.subject,
    notBefore: instant(Number(row.not_before)),
    notAfter: instant(Number(row.not_after)),
    ...(row.revoked_at !== null && { revokedAt: instant(Number(row.revoked_at)) }),
    certificatePem: row.certificate_pem,
    chainPem: row.certificate_pem + authority.issuingPem,
  };
}
