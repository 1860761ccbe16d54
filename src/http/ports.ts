import type { X509Certificate } from 'node:crypto';
import type { Instant } from '../kernel/index.js';
import type { CallingClient, Seal, SigningKey } from '../standards/standard.js';

/**
 * What the listeners need of the rest, in their own words; sandbox/compose.ts hands it to them. So http knows neither
 * the authorization server nor the directory.
 */
export interface TokenResolver {
  /** Undefined for a token that this bank never issued or has forgotten. */
  resolve(token: string): Promise<ResolvedToken | undefined>;
  /** Was the consent agreed to in an authorization request, so that a token stands for it? Absent: never. */
  standFor?(consentId: string): Promise<boolean>;
}

export interface ResolvedToken {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly grant: 'client' | 'customer';
  readonly consentId?: string;
  /** x5t#S256 of the certificate it is bound to. */
  readonly certificateThumbprint?: string;
  /** JWK thumbprint it is bound to (DPoP). */
  readonly keyThumbprint?: string;
  /** Judged on the bank's clock. */
  readonly state: 'active' | 'expired' | 'revoked';
}

export interface ClientRegistry {
  find(
    clientId: string,
  ): Promise<
    (CallingClient & { readonly keys: () => Promise<readonly Readonly<Record<string, unknown>>[]> }) | undefined
  >;
}

export interface CertificateJudge {
  judge(
    certificate: X509Certificate | undefined,
    at: Instant,
  ): Promise<
    | {
        readonly trusted: true;
        readonly organisationId: string;
        readonly softwareId: string;
        readonly thumbprintS256: string;
        readonly subjectDn: string;
        /** `PSDDE-BAFIN-123456`, from the certificate. */
        readonly organisationIdentifier?: string;
        readonly organisationName?: string;
        /** Roles in the certificate's statement. */
        readonly roles?: readonly string[];
      }
    | {
        readonly trusted: false;
        readonly reason: string;
        readonly thumbprintS256?: string;
        readonly subjectDn?: string;
      }
  >;
}

/** Judges certificates that come with a message to vouch for its signature. */
export interface SealJudge {
  judge(
    certificate: X509Certificate,
    at: Instant,
  ): Promise<
    | { readonly trusted: true; readonly seal: Seal }
    | { readonly trusted: false; readonly reason: string; readonly subjectDn?: string }
  >;
}

/** Checks a DPoP proof for a resource request; throws `token.wrong-certificate` with the reason in its details. */
export interface ProofChecker {
  check(input: {
    readonly proof: string | undefined;
    readonly token: string;
    readonly keyThumbprint: string;
    readonly method: string;
    readonly url: string;
  }): Promise<void>;
}

/** A page of the bank for an authorisation that was not started by an authorization request. */
export interface AuthorisationPages {
  /** Single use, valid for a quarter of an hour of wall time. */
  urlFor(input: { readonly authorisationId: string; readonly done: string; readonly failed?: string }): Promise<string>;
}

export interface BankSigner {
  key(): Promise<SigningKey>;
}
