export { DIRECTORY_ROLES } from './directory.js';
export type {
  CertificateKind, CertificateVerdict, Directory, DirectoryRole, IssuedCertificate, Jwks, Organisation, SoftwareStatement,
  SoftwareStatementClaims,
} from './directory.js';
