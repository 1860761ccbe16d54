export { createDirectory } from './create-directory.js';
export type { DirectoryOptions } from './create-directory.js';
export type {
  CertificateKind,
  CertificateVerdict,
  Directory,
  DirectoryRole,
  IssuedCertificate,
  Jwks,
  Organisation,
  SoftwareStatement,
  SoftwareStatementClaims,
} from './directory.js';
export { issuerDn, sameNameInAnyOrder, sameSubjectDn, subjectDn } from './distinguished-name.js';
export { organisationIdentifier } from './organisation-identifier.js';
export { directoryMigrations } from './migrations.js';
