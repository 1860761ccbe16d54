import 'reflect-metadata';
import { webcrypto, type KeyObject } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  CRLDistributionPointsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  type JsonNameParams,
} from '@peculiar/x509';

import type { Instant } from '../kernel/index.js';
import { EC_SIGNING } from './certificate-keys.js';
import type { CertificateKind, DirectoryRole, Organisation } from './directory.js';
import { organisationIdentifier } from './organisation-identifier.js';
import { encodeQcStatements, QC_STATEMENTS_OID } from './qc-statements.js';

/** Who signs. Without a certificate the new one signs itself. */
export interface Signer {
  readonly key: webcrypto.CryptoKey;
  readonly certificate?: X509Certificate;
}

export interface Validity {
  readonly notBefore: Instant;
  readonly notAfter: Instant;
}

const RSA_TRANSPORT_USES: KeyUsageFlags = KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment;

interface Minting {
  readonly serial: string;
  readonly subject: JsonNameParams;
  readonly publicKey: KeyObject;
  readonly validity: Validity;
  readonly signer: Signer;
}

/** Root or issuing authority: signs certificates and revocation lists, nothing else. */
export function mintAuthority(minting: Minting & { readonly pathLength: number }): Promise<X509Certificate> {
  return mint(minting, [
    new BasicConstraintsExtension(true, minting.pathLength, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
  ]);
}

/** For the sandbox's own listeners. */
export function mintServer(minting: Minting & { readonly hosts: readonly string[] }): Promise<X509Certificate> {
  return mint(minting, [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension(
      minting.hosts.map((host) => ({ type: isAddress(host) ? 'ip' : 'dns', value: host }) as const),
    ),
  ]);
}

/**
 * A participant's certificate in the shape of OBWAC (transport) and OBSEAL (signing): one name per organisation, with
 * CN = organisation id. The software it was issued for is the directory's record by serial number; an OU would be the
 * older OB transport shape.
 */
export function mintParticipant(
  minting: Omit<Minting, 'subject'> & {
    readonly kind: CertificateKind;
    readonly organisation: Organisation;
    readonly roles: readonly DirectoryRole[];
    readonly crlUrl: string;
  },
): Promise<X509Certificate> {
  const { kind, organisation, roles, crlUrl, publicKey } = minting;
  const qcStatements = encodeQcStatements(kind, roles, organisation.authority);
  return mint({ ...minting, subject: participantSubject(organisation) }, [
    new BasicConstraintsExtension(false, undefined, true),
    ...(kind === 'transport'
      ? [
          new KeyUsagesExtension(
            publicKey.asymmetricKeyType === 'rsa' ? RSA_TRANSPORT_USES : KeyUsageFlags.digitalSignature,
            true,
          ),
          new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth, ExtendedKeyUsage.serverAuth]),
        ]
      : [new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation, true)]),
    new CRLDistributionPointsExtension([crlUrl]),
    new Extension(QC_STATEMENTS_OID, false, Uint8Array.from(qcStatements)),
  ]);
}

function participantSubject({ id, name, authority }: Organisation): JsonNameParams {
  return [
    { C: [{ printableString: authority.country }] },
    { O: [{ utf8String: name }] },
    { '2.5.4.97': [{ utf8String: organisationIdentifier(authority) }] },
    { CN: [{ utf8String: id }] },
  ];
}

async function mint(minting: Minting, extensions: readonly Extension[]): Promise<X509Certificate> {
  const { signer, validity } = minting;
  const publicKey = new PublicKey(minting.publicKey.export({ format: 'der', type: 'spki' }));
  const subject = new Name(minting.subject);
  const crypto = webcrypto as Crypto;
  const authorityKey = signer.certificate?.publicKey ?? publicKey;
  return X509CertificateGenerator.create(
    {
      serialNumber: minting.serial,
      subject,
      issuer: signer.certificate?.subjectName ?? subject,
      notBefore: new Date(validity.notBefore),
      notAfter: new Date(validity.notAfter),
      publicKey,
      signingKey: signer.key as CryptoKey,
      signingAlgorithm: EC_SIGNING,
      extensions: [
        ...extensions,
        await SubjectKeyIdentifierExtension.create(publicKey, false, crypto),
        await AuthorityKeyIdentifierExtension.create(authorityKey, false, crypto),
      ],
    },
    crypto,
  );
}

function isAddress(host: string): boolean {
  return host.includes(':') || /^\d+(\.\d+){3}$/.test(host);
}
