import type { X509Certificate } from 'node:crypto';
import type { Instant } from '../kernel/index.js';

/** Roles of the trust framework (PSD2 roles in the words of the UK directory). */
export const DIRECTORY_ROLES = ['AISP', 'PISP', 'CBPII', 'ASPSP'] as const;
export type DirectoryRole = (typeof DIRECTORY_ROLES)[number];

export interface Organisation {
  /** 18 characters, as the UK directory has them: `0015800001041REAAY`. */
  readonly id: string;
  readonly name: string;
  readonly status: 'Active' | 'Revoked' | 'Withdrawn';
  readonly roles: readonly DirectoryRole[];
  /** The regulator's entry: authority `FCA`, registration `123456`. */
  readonly authority: {
    readonly id: string;
    readonly name: string;
    readonly registrationId: string;
    readonly country: string;
  };
  readonly createdAt: Instant;
}

export interface SoftwareStatement {
  /** Base62, 22 characters at most. */
  readonly id: string;
  readonly organisationId: string;
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly roles: readonly DirectoryRole[];
  readonly redirectUris: readonly string[];
  readonly clientUri?: string;
  readonly logoUri?: string;
  readonly policyUri?: string;
  readonly tosUri?: string;
  readonly status: 'Active' | 'Revoked';
  readonly createdAt: Instant;
}

export type CertificateKind = 'transport' | 'signing';

/** A certificate the directory issued. The private key is given once, at issue, when the directory made it. */
export interface IssuedCertificate {
  readonly serial: string;
  readonly kid: string;
  readonly kind: CertificateKind;
  readonly organisationId: string;
  readonly softwareId: string;
  readonly subject: string;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly revokedAt?: Instant;
  readonly certificatePem: string;
  /** Leaf first, then the issuing authority: what a TLS client shows. */
  readonly chainPem: string;
}

/** What the bank thinks of a client certificate, judged on the bank's clock. */
export type CertificateVerdict =
  | {
      readonly trusted: true;
      readonly serial: string;
      readonly organisationId: string;
      readonly softwareId: string;
      /** Those in the certificate's own statement, whatever the directory says since. */
      readonly roles: readonly DirectoryRole[];
      /** `PSDDE-BAFIN-123456`, from the certificate. */
      readonly organisationIdentifier: string;
      readonly organisationName: string;
      /** RFC 4514. */
      readonly subjectDn: string;
      readonly thumbprintS256: string;
    }
  | {
      readonly trusted: false;
      readonly reason:
        | 'none'
        | 'unknown-authority'
        | 'expired'
        | 'not-yet-valid'
        | 'revoked'
        | 'wrong-use'
        | 'organisation-not-active'
        | 'software-not-active';
      readonly subjectDn?: string;
      readonly thumbprintS256?: string;
    };

/** The claims of a software statement assertion, with the names of the UK directory (uk-open-banking 3.2). */
export type SoftwareStatementClaims = Readonly<Record<string, unknown>> & {
  readonly iss: string;
  readonly iat: number;
  readonly jti: string;
  readonly software_id: string;
  readonly software_client_name: string;
  readonly software_redirect_uris: readonly string[];
  readonly software_roles: readonly string[];
  readonly software_jwks_endpoint: string;
  readonly org_id: string;
  readonly org_name: string;
  readonly org_status: string;
};

export interface Jwks {
  readonly keys: readonly Readonly<Record<string, unknown>>[];
}

/** The trust framework: who takes part, with what right, and the keys to prove it. */
export interface Directory {
  /** `https://localhost:8443/directory` */
  readonly issuer: string;
  /** The root that everything chains to; what a TPP puts into its trust store. */
  readonly rootCertificatePem: string;
  createOrganisation(input: {
    readonly name: string;
    readonly roles: readonly string[];
    readonly registrationId?: string;
    /** ISO 3166-1 alpha-2 of the authority that admitted it. Default GB. */
    readonly country?: string;
  }): Promise<Organisation>;
  organisation(id: string): Promise<Organisation>;
  /** By what its certificates call it: `PSDDE-BAFIN-123456`. */
  organisationByIdentifier(identifier: string): Promise<Organisation | undefined>;
  organisations(): Promise<readonly Organisation[]>;
  setOrganisationStatus(id: string, status: Organisation['status']): Promise<void>;
  /** Redirect URIs: https, or loopback/localhost for development; no fragment, wildcard or user info. */
  createSoftware(input: {
    readonly organisationId: string;
    readonly name: string;
    readonly roles: readonly string[];
    readonly redirectUris: readonly string[];
    readonly description?: string;
    readonly version?: string;
    readonly clientUri?: string;
    readonly logoUri?: string;
    readonly policyUri?: string;
    readonly tosUri?: string;
  }): Promise<SoftwareStatement>;
  software(id: string): Promise<SoftwareStatement>;
  setSoftwareStatus(id: string, status: SoftwareStatement['status']): Promise<void>;
  softwareOf(organisationId: string): Promise<readonly SoftwareStatement[]>;
  /** A fresh assertion, PS256, signed by the directory's own key. */
  assertion(softwareId: string): Promise<string>;
  /**
   * Checks signature, issuer, shape, age and that software and organisation are active. `at` is wall time, since an
   * assertion is a proof. Throws `signature.*` for the token itself and `directory.*` for whom it speaks of.
   */
  verifyAssertion(jwt: string, at: Instant): Promise<SoftwareStatementClaims>;
  /** From a PKCS#10 request (its signature is verified), or with keys made here, which are then returned once. */
  issueCertificate(input: {
    readonly softwareId: string;
    readonly kind: CertificateKind;
    /** What the certificate is to say, also where it is wrong: for tests of whoever reads it. Default: the software's. */
    readonly roles?: readonly string[];
    readonly csrPem?: string;
    readonly notBefore?: Instant;
    readonly notAfter?: Instant;
  }): Promise<{ readonly certificate: IssuedCertificate; readonly privateKeyPem?: string }>;
  certificatesOf(softwareId: string): Promise<readonly IssuedCertificate[]>;
  revokeCertificate(serial: string): Promise<void>;
  /** Public keys of the living certificates (transport `use: tls`, signing `use: sig`) of a software or an organisation. */
  jwks(softwareId: string): Promise<Jwks>;
  revokedJwks(softwareId: string): Promise<Jwks>;
  /** The directory's own signing keys. */
  ownJwks(): Promise<Jwks>;
  /** The revocation list of the issuing authority, DER. */
  crl(): Promise<Uint8Array>;
  /** `use` is what it was shown for; default `transport`. */
  judgeCertificate(
    certificate: X509Certificate | undefined,
    at: Instant,
    use?: CertificateKind,
  ): Promise<CertificateVerdict>;
  /** Keys and chain for the sandbox's own TLS listeners. Minted once, renewed when near its end. */
  serverCertificate(hosts: readonly string[]): Promise<{ readonly keyPem: string; readonly chainPem: string }>;
  /** Registers a bank as ASPSP, so that participants can be looked up. Idempotent. */
  registerBank(input: {
    readonly id: string;
    readonly name: string;
    readonly country: string;
    readonly issuer: string;
  }): Promise<Organisation>;
}
