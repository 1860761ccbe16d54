import { DIRECTORY_ROLES, type CertificateKind, type DirectoryRole, type Organisation } from './directory.js';
import { objectIdentifier, readDerValues, readObjectIdentifier, sequence, TAG, utf8String } from './der.js';

/** RFC 3739 section 3.2.6. */
export const QC_STATEMENTS_OID = '1.3.6.1.5.5.7.1.3';
/** ETSI EN 319 412-5, section 4.2.3. */
const QC_TYPE = '0.4.0.1862.1.6';
const QC_TYPES: Readonly<Record<CertificateKind, string>> = {
  signing: '0.4.0.1862.1.6.2',
  transport: '0.4.0.1862.1.6.3',
};
/** ETSI TS 119 495, section 5. */
const PSD2_STATEMENT = '0.4.0.19495.2';
const PSD2_ROLES: Readonly<Record<DirectoryRole, { readonly oid: string; readonly name: string }>> = {
  ASPSP: { oid: '0.4.0.19495.1.1', name: 'PSP_AS' },
  PISP: { oid: '0.4.0.19495.1.2', name: 'PSP_PI' },
  AISP: { oid: '0.4.0.19495.1.3', name: 'PSP_AI' },
  CBPII: { oid: '0.4.0.19495.1.4', name: 'PSP_IC' },
};

/**
 * The value of the QCStatements extension. QcCompliance is left out on purpose: it claims a qualified certificate, and
 * no sandbox may. Each role is a SEQUENCE of its own inside rolesOfPSP (ETSI TS 119 495, annex A); flattening them is
 * the usual mistake.
 */
export function encodeQcStatements(
  kind: CertificateKind,
  roles: readonly DirectoryRole[],
  authority: Organisation['authority'],
): Uint8Array {
  const rolesOfPsp = sequence(
    ...roles.map((role) => sequence(objectIdentifier(PSD2_ROLES[role].oid), utf8String(PSD2_ROLES[role].name))),
  );
  return sequence(
    sequence(objectIdentifier(QC_TYPE), sequence(objectIdentifier(QC_TYPES[kind]))),
    sequence(
      objectIdentifier(PSD2_STATEMENT),
      sequence(rolesOfPsp, utf8String(authority.name), utf8String(`${authority.country}-${authority.id}`)),
    ),
  );
}

/** Whether the statements name the type of this use. Bytes that are not QC statements name none. */
export function isOfQcType(statements: Uint8Array, kind: CertificateKind): boolean {
  return infoOf(statements, QC_TYPE).some((types) =>
    readDerValues(types).some((type) => readObjectIdentifier(type.content) === QC_TYPES[kind]),
  );
}

/** The roles that the PSD2 statement names, in the directory's words; none where there is no such statement. */
export function readQcRoles(statements: Uint8Array): readonly DirectoryRole[] {
  const named = infoOf(statements, PSD2_STATEMENT).flatMap((statement) => {
    const [roles] = readDerValues(statement);
    return readDerValues(roles?.content ?? new Uint8Array()).map((role) => {
      const [oid] = readDerValues(role.content);
      return oid?.tag === TAG.oid ? readObjectIdentifier(oid.content) : '';
    });
  });
  return DIRECTORY_ROLES.filter((role) => named.includes(PSD2_ROLES[role].oid));
}

/** What the statements with this identifier carry. */
function infoOf(statements: Uint8Array, id: string): readonly Uint8Array[] {
  try {
    return readDerValues(statements)
      .flatMap((outer) => readDerValues(outer.content))
      .map((statement) => readDerValues(statement.content))
      .filter(([oid]) => oid?.tag === TAG.oid && readObjectIdentifier(oid.content) === id)
      .flatMap(([, info]) => (info ? [info.content] : []));
  } catch {
    return [];
  }
}
