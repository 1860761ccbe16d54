import 'reflect-metadata';
import type { X509Certificate } from 'node:crypto';
import { ExtendedKeyUsage, ExtendedKeyUsageExtension, X509Certificate as ParsedCertificate } from '@peculiar/x509';

import type { Instant } from '../kernel/index.js';
import type { Authority } from './authority.js';
import { thumbprintOf } from './certificates.js';
import type { DirectoryContext } from './directory-context.js';
import type {
  CertificateKind,
  CertificateVerdict,
  Directory,
  DirectoryRole,
  Organisation,
  SoftwareStatement,
} from './directory.js';
import { subjectDn } from './distinguished-name.js';
import { isOfQcType, QC_STATEMENTS_OID, readQcRoles } from './qc-statements.js';

/** What the bytes of a certificate say, whenever they are read. */
interface Inspection {
  readonly issuedHere: boolean;
  readonly uses: readonly CertificateKind[];
  readonly subjectDn?: string;
  readonly organisationIdentifier: string;
  readonly organisationName: string;
  readonly roles: readonly DirectoryRole[];
}

interface Standing {
  readonly serial: string;
  readonly software_id: string;
  readonly organisation_id: string;
  readonly not_before: bigint;
  readonly not_after: bigint;
  readonly revoked_at: bigint | null;
  readonly software_status: SoftwareStatement['status'];
  readonly organisation_status: Organisation['status'];
}

type Reason = Extract<CertificateVerdict, { trusted: false }>['reason'];

const ORGANISATION_IDENTIFIER = '2.5.4.97';
const MAX_REMEMBERED = 2_000;
const STANDING = `
  SELECT c.serial, c.software_id, c.organisation_id, c.not_before, c.not_after, c.revoked_at,
         s.status AS software_status, o.status AS organisation_status
  FROM directory_certificates c
  JOIN directory_software s ON s.id = c.software_id
  JOIN directory_organisations o ON o.id = c.organisation_id
  WHERE c.thumbprint = ?`;

/**
 * Judges client certificates. Only what follows from the bytes alone is remembered, under their hash; revocation, status
 * and time are looked at anew for each request. TLS stacks accept a signing certificate for client authentication (it has
 * no extended key usage to forbid it), so its use is judged here.
 */
export function createJudge(context: DirectoryContext, authority: Authority): Directory['judgeCertificate'] {
  const remembered = new Map<string, Inspection>();
  const inspectOnce = (certificate: X509Certificate, thumbprint: string): Inspection => {
    const known = remembered.get(thumbprint);
    if (known) return known;
    const inspection = inspect(certificate, authority);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(thumbprint, inspection);
    return inspection;
  };
  return async (certificate, at, use = 'transport') => {
    if (!certificate) return { trusted: false, reason: 'none' };
    const thumbprintS256 = thumbprintOf(certificate);
    const inspection = inspectOnce(certificate, thumbprintS256);
    const standing = await context.storage.read.get<Standing>(STANDING, [thumbprintS256]);
    const reason = reasonAgainst(inspection, standing, { at, use });
    const name = inspection.subjectDn;
    if (reason !== undefined || !standing || name === undefined) {
      return {
        trusted: false,
        reason: reason ?? 'unknown-authority',
        thumbprintS256,
        ...(name !== undefined && { subjectDn: name }),
      };
    }
    return {
      trusted: true,
      serial: standing.serial,
      organisationId: standing.organisation_id,
      softwareId: standing.software_id,
      roles: inspection.roles,
      organisationIdentifier: inspection.organisationIdentifier,
      organisationName: inspection.organisationName,
      subjectDn: name,
      thumbprintS256,
    };
  };
}

const NOTHING_READ = { organisationIdentifier: '', organisationName: '', roles: [], uses: [] } as const;

function inspect(certificate: X509Certificate, authority: Authority): Inspection {
  try {
    const parsed = new ParsedCertificate(certificate.raw);
    const usages = parsed.getExtension(ExtendedKeyUsageExtension)?.usages ?? [];
    const value = parsed.getExtension(QC_STATEMENTS_OID)?.value;
    const statements = new Uint8Array(value ?? []);
    const forTransport = usages.includes(ExtendedKeyUsage.clientAuth) && isOfQcType(statements, 'transport');
    return {
      issuedHere: certificate.verify(authority.issuingPublicKey),
      uses: [
        ...(forTransport ? (['transport'] as const) : []),
        ...(isOfQcType(statements, 'signing') ? (['signing'] as const) : []),
      ],
      subjectDn: subjectDn(certificate),
      organisationIdentifier: parsed.subjectName.getField(ORGANISATION_IDENTIFIER)[0] ?? '',
      organisationName: parsed.subjectName.getField('O')[0] ?? '',
      roles: readQcRoles(statements),
    };
  } catch {
    // A TLS stack reads certificates that a stricter parser does not; one that cannot be read is not ours.
    return { issuedHere: false, ...NOTHING_READ };
  }
}

function reasonAgainst(
  inspection: Inspection,
  standing: Standing | undefined,
  { at, use }: { readonly at: Instant; readonly use: CertificateKind },
): Reason | undefined {
  if (!inspection.issuedHere) return 'unknown-authority';
  if (!inspection.uses.includes(use)) return 'wrong-use';
  if (!standing) return 'unknown-authority';
  if (standing.revoked_at !== null) return 'revoked';
  if (at < standing.not_before) return 'not-yet-valid';
  // RFC 5280 section 4.1.2.5: both ends are inside, in whole seconds.
  if (at >= Number(standing.not_after) + 1_000) return 'expired';
  if (standing.organisation_status !== 'Active') return 'organisation-not-active';
  if (standing.software_status !== 'Active') return 'software-not-active';
  return undefined;
}
