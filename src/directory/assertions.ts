import { randomUUID } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';

import { SandbankError, type ErrorCode, type Instant } from '../kernel/index.js';
import type { Authority } from './authority.js';
import type { DirectoryContext } from './directory-context.js';
import type { Directory, Organisation, SoftwareStatement, SoftwareStatementClaims } from './directory.js';
import { keystoreUrls } from './keystore.js';
import { readOrganisation, readSoftware } from './participants.js';

type Assertions = Pick<Directory, 'assertion' | 'verifyAssertion'>;

const ALGORITHM = 'PS256';
const MAX_AGE_SECONDS = 30 * 60;
const SKEW_SECONDS = 60;
const MAX_LENGTH = 65_536;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Software statement assertions: what a TPP shows a bank when it registers (UK directory; RFC 7591 section 2.3). */
export function createAssertions(context: DirectoryContext, authority: Authority): Assertions {
  const { storage } = context;
  return {
    assertion: async (softwareId) => {
      const software = await readSoftware(storage.read, softwareId);
      const organisation = await readOrganisation(storage.read, software.organisationId);
      return new SignJWT(claimsOf(context, software, organisation))
        .setProtectedHeader({ typ: 'JWT', alg: ALGORITHM, kid: authority.signing.kid })
        .setIssuer(context.issuerName)
        .setIssuedAt(Math.floor(context.wall.now() / 1_000))
        .setJti(randomUUID())
        .sign(authority.signing.privateKey);
    },
    verifyAssertion: async (jwt, at) => {
      checkHeader(jwt, authority);
      const payload = await verifySignature(jwt, authority, at);
      checkClaims(payload, context.issuerName, at);
      const software = await readSoftware(storage.read, payload['software_id'] as string);
      const organisation = await readOrganisation(storage.read, software.organisationId);
      checkStanding(payload, software, organisation);
      return payload as SoftwareStatementClaims;
    },
  };
}

function claimsOf(context: DirectoryContext, software: SoftwareStatement, organisation: Organisation): JWTPayload {
  const { authority } = organisation;
  const urls = keystoreUrls(context.issuer, organisation.id, software.id);
  return {
    software_id: software.id,
    software_client_id: software.id,
    software_client_name: software.name,
    software_client_description: software.description,
    software_version: software.version,
    software_environment: 'sandbox',
    software_mode: 'Test',
    software_redirect_uris: software.redirectUris,
    software_roles: software.roles,
    ...(software.clientUri !== undefined && { software_client_uri: software.clientUri }),
    ...(software.logoUri !== undefined && { software_logo_uri: software.logoUri }),
    ...(software.policyUri !== undefined && { software_policy_uri: software.policyUri }),
    ...(software.tosUri !== undefined && { software_tos_uri: software.tosUri }),
    software_jwks_endpoint: urls.software,
    software_jwks_revoked_endpoint: urls.softwareRevoked,
    software_on_behalf_of_org: organisation.name,
    organisation_competent_authority_claims: {
      authority_id: `${authority.id}${authority.country}`,
      registration_id: authority.registrationId,
      status: organisation.status,
      authorisations: [{ member_state: authority.country, roles: organisation.roles }],
    },
    org_status: organisation.status,
    org_id: organisation.id,
    org_name: organisation.name,
    org_contacts: [],
    org_jwks_endpoint: urls.organisation,
    org_jwks_revoked_endpoint: urls.organisationRevoked,
  };
}

function checkHeader(jwt: string, authority: Authority): void {
  if (typeof jwt !== 'string' || jwt.length > MAX_LENGTH)
    throw refusal('signature.malformed', 'a JWT', 'something else');
  let header: ReturnType<typeof decodeProtectedHeader>;
  try {
    header = decodeProtectedHeader(jwt);
  } catch (error) {
    throw refusal('signature.malformed', 'a signed JWT in compact form', 'text that cannot be read', error);
  }
  if (header.alg !== ALGORITHM) throw refusal('signature.invalid', `alg ${ALGORITHM}`, `alg ${shown(header.alg)}`);
  if (header.kid !== authority.signing.kid) {
    throw refusal('signature.invalid', `kid ${authority.signing.kid} of this directory`, `kid ${shown(header.kid)}`);
  }
}

async function verifySignature(jwt: string, authority: Authority, at: Instant): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(jwt, authority.signing.publicKey, {
      algorithms: [ALGORITHM],
      currentDate: new Date(at),
      clockTolerance: SKEW_SECONDS,
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) {
      throw refusal('signature.invalid', "a signature by this directory's key", 'one that does not verify', error);
    }
    const isClaim = error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired;
    const code = isClaim ? 'signature.claim-invalid' : 'signature.malformed';
    throw refusal(code, 'a usable software statement', error instanceof Error ? error.message : 'unknown', error);
  }
}

function checkClaims(payload: JWTPayload, issuerName: string, at: Instant): void {
  const now = Math.floor(at / 1_000);
  const { iss, iat, jti } = payload;
  if (iss !== issuerName) throw refusal('signature.claim-invalid', `iss ${issuerName}`, `iss ${shown(iss)}`);
  if (typeof iat !== 'number') throw refusal('signature.claim-missing', 'iat in seconds', shown(iat));
  if (iat > now + SKEW_SECONDS) throw refusal('signature.claim-invalid', 'iat not in the future', `iat ${String(iat)}`);
  if (iat < now - MAX_AGE_SECONDS) {
    const age = `issued ${String(now - iat)} seconds ago`;
    throw refusal('signature.claim-invalid', `at most ${String(MAX_AGE_SECONDS)} seconds old`, age);
  }
  if (typeof jti !== 'string' || !UUID.test(jti)) throw refusal('signature.claim-invalid', 'jti a UUID v4', shown(jti));
  if (typeof payload['software_id'] !== 'string') throw refusal('signature.claim-missing', 'software_id', 'none');
}

function checkStanding(payload: JWTPayload, software: SoftwareStatement, organisation: Organisation): void {
  if (payload['org_id'] !== organisation.id) {
    throw refusal('signature.claim-invalid', `org_id ${organisation.id}`, `org_id ${shown(payload['org_id'])}`);
  }
  if (software.status !== 'Active') {
    throw refusal('directory.invalid-request', 'software statement Active', software.status);
  }
  if (organisation.status !== 'Active') {
    throw refusal('directory.invalid-request', 'organisation Active', organisation.status);
  }
}

function refusal(code: ErrorCode, expected: string, actual: string, cause?: unknown): SandbankError {
  const message = `The software statement is not acceptable: expected ${expected}.`;
  return new SandbankError(code, message, { path: 'software_statement', expected, actual }, { cause });
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 100) : typeof value;
}
