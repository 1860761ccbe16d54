import { X509Certificate } from 'node:crypto';

import { importPKCS8, SignJWT } from 'jose';

import { issuerDn, organisationIdentifier, subjectDn, type Directory } from '../directory/index.js';
import { SandbankError } from '../kernel/index.js';
import { createTlsClient } from './tls-client.js';

export type TppProfile = 'fapi1-advanced' | 'fapi2-security';
export type ClientAuthentication = 'private_key_jwt' | 'tls_client_auth';

export interface NewTpp {
  readonly name: string;
  /** AISP, PISP, CBPII. Default AISP and PISP. */
  readonly roles?: readonly string[];
  /** Default `https://localhost:3000/callback`. */
  readonly redirectUris?: readonly string[];
  /** Of its authority, ISO 3166-1 alpha-2. Default GB. */
  readonly country?: string;
  /** Where to register; all banks when absent. */
  readonly banks?: readonly string[];
  /** Default `fapi2-security`. */
  readonly profile?: TppProfile;
  /** Default `private_key_jwt`. */
  readonly clientAuthentication?: ClientAuthentication;
}

/** A third party with everything it needs. The private keys exist only here. */
export interface Tpp {
  readonly name: string;
  readonly organisationId: string;
  /** As in its certificates: `PSDDE-BAFIN-9000001`. */
  readonly organisationIdentifier: string;
  readonly softwareId: string;
  readonly softwareStatement: string;
  readonly redirectUris: readonly string[];
  readonly transport: KeyAndCertificate;
  readonly signing: KeyAndCertificate;
  readonly registrations: readonly Registration[];
  /** Banks that know it by its certificate: nothing to register. */
  readonly byCertificate: readonly string[];
}

export interface KeyAndCertificate {
  readonly kid: string;
  readonly certificatePem: string;
  readonly chainPem: string;
  readonly privateKeyPem: string;
  /** RFC 4514. */
  readonly subjectDn: string;
  /** Hexadecimal, in capitals; with the name of the authority it is how a sealed message names the certificate. */
  readonly serial: string;
  /** RFC 4514. */
  readonly issuerDn: string;
}

export interface Registration {
  readonly bank: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly profile: TppProfile;
  readonly clientAuthentication: ClientAuthentication;
}

/** Where a bank takes registrations. */
export interface RegistrationTarget {
  readonly bank: string;
  readonly issuer: string;
  readonly organisationId: string;
  /** On the listener that asks for the client's certificate. */
  readonly registrationEndpoint: string;
  /** Scopes by directory role. */
  readonly scopeRoles: Readonly<Record<string, readonly string[]>>;
}

const DEFAULT_REDIRECT_URI = 'https://localhost:3000/callback';

/** Makes a third party the way a real one comes to be: directory first, then the registration endpoint of each bank. */
export async function createTpp(
  input: NewTpp,
  {
    directory,
    targets,
    byCertificate,
    wallNow,
  }: {
    readonly directory: Directory;
    readonly targets: readonly RegistrationTarget[];
    readonly byCertificate: readonly string[];
    readonly wallNow: () => number;
  },
): Promise<Tpp> {
  const roles = input.roles ?? ['AISP', 'PISP'];
  const redirectUris = input.redirectUris ?? [DEFAULT_REDIRECT_URI];
  const chosen = chooseBanks([...targets.map(({ bank }) => bank), ...byCertificate], input.banks);
  const organisation = await directory.createOrganisation({
    name: input.name,
    roles,
    ...(input.country !== undefined && { country: input.country }),
  });
  const software = await directory.createSoftware({
    organisationId: organisation.id,
    name: input.name,
    roles,
    redirectUris,
  });
  const [transport, signing] = await Promise.all([
    issue(directory, software.id, 'transport'),
    issue(directory, software.id, 'signing'),
  ]);
  const tpp = {
    name: input.name,
    organisationId: organisation.id,
    organisationIdentifier: organisationIdentifier(organisation.authority),
    softwareId: software.id,
    byCertificate: byCertificate.filter((bank) => chosen.includes(bank)),
    redirectUris,
    transport,
    signing,
  };
  const registrations: Registration[] = [];
  for (const target of targets.filter(({ bank }) => chosen.includes(bank)))
    registrations.push(await register({ tpp, input, target, directory, roles, wallNow }));
  return { ...tpp, softwareStatement: await directory.assertion(software.id), registrations };
}

function chooseBanks(known: readonly string[], asked: readonly string[] | undefined): readonly string[] {
  const unknown = asked?.find((bank) => !known.includes(bank));
  if (unknown === undefined) return asked ?? known;
  throw new SandbankError('field.invalid', 'No such bank.', {
    path: 'banks',
    expected: known.join(', '),
    actual: unknown,
  });
}

async function issue(
  directory: Directory,
  softwareId: string,
  kind: 'transport' | 'signing',
): Promise<KeyAndCertificate> {
  const { certificate, privateKeyPem } = await directory.issueCertificate({ softwareId, kind });
  if (privateKeyPem === undefined) throw new SandbankError('internal', 'The directory kept the private key to itself.');
  const parsed = new X509Certificate(certificate.certificatePem);
  return {
    kid: certificate.kid,
    certificatePem: certificate.certificatePem,
    chainPem: certificate.chainPem,
    privateKeyPem,
    subjectDn: subjectDn(parsed),
    serial: certificate.serial,
    issuerDn: issuerDn(parsed),
  };
}

/** UK dynamic client registration 3.3: a request signed by the software's key, over the software's certificate. */
async function register(context: {
  readonly tpp: Omit<Tpp, 'registrations' | 'softwareStatement'>;
  readonly input: NewTpp;
  readonly target: RegistrationTarget;
  readonly directory: Directory;
  readonly roles: readonly string[];
  readonly wallNow: () => number;
}): Promise<Registration> {
  const { tpp, input, target, directory } = context;
  const profile = input.profile ?? 'fapi2-security';
  const clientAuthentication = input.clientAuthentication ?? 'private_key_jwt';
  const scopes = Object.entries(target.scopeRoles)
    .filter(([, needed]) => needed.some((role) => context.roles.includes(role)))
    .map(([scope]) => scope);
  const now = Math.floor(context.wallNow() / 1_000);
  const request = await new SignJWT({
    redirect_uris: [...tpp.redirectUris],
    token_endpoint_auth_method: clientAuthentication,
    ...(clientAuthentication === 'private_key_jwt'
      ? { token_endpoint_auth_signing_alg: 'PS256' }
      : { tls_client_auth_subject_dn: tpp.transport.subjectDn }),
    grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
    response_types: [profile === 'fapi1-advanced' ? 'code id_token' : 'code'],
    scope: ['openid', ...scopes].join(' '),
    software_id: tpp.softwareId,
    software_statement: await directory.assertion(tpp.softwareId),
    application_type: 'web',
    id_token_signed_response_alg: 'PS256',
    request_object_signing_alg: 'PS256',
  })
    .setProtectedHeader({ alg: 'PS256', kid: tpp.signing.kid, typ: 'JWT' })
    .setIssuer(tpp.softwareId)
    .setAudience(target.issuer)
    .setIssuedAt(now)
    .setExpirationTime(now + 300)
    .setJti(crypto.randomUUID())
    .sign(await importPKCS8(tpp.signing.privateKeyPem, 'PS256'));
  const client = createTlsClient({
    ca: directory.rootCertificatePem,
    certificate: tpp.transport.chainPem,
    key: tpp.transport.privateKeyPem,
  });
  try {
    const answer = await client.call(target.registrationEndpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/jwt', accept: 'application/json' },
      body: request,
    });
    const body = JSON.parse(answer.body) as { client_id?: string; error?: string; error_description?: string };
    if (answer.status !== 201 || body.client_id === undefined) {
      throw new SandbankError(
        'directory.invalid-request',
        `${target.bank} refused the registration: ${body.error_description ?? body.error ?? ''}`,
        {
          actual: `HTTP ${String(answer.status)} ${body.error ?? ''}`,
        },
      );
    }
    return { bank: target.bank, issuer: target.issuer, clientId: body.client_id, profile, clientAuthentication };
  } finally {
    await client.close();
  }
}
