import 'reflect-metadata';
import { createHash, webcrypto, X509Certificate as NodeCertificate } from 'node:crypto';

import * as x509 from '@peculiar/x509';

export interface Identity {
  readonly keyPem: string;
  readonly certificatePem: string;
  readonly thumbprint: string;
}

export interface Authority {
  readonly certificatePem: string;
  issue(name: string, hosts?: readonly string[]): Promise<Identity>;
  /** Was a certificate issued here? */
  issued(certificate: NodeCertificate): boolean;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const VALID = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 86_400_000) };

/** A certificate authority of a few lines, for tests that only need real handshakes. */
export async function createAuthority(name: string): Promise<Authority> {
  x509.cryptoProvider.set(webcrypto as Crypto);
  const keys = await newKeys();
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...VALID,
    serialNumber: '01',
    name: `CN=${name}`,
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  const certificatePem = root.toString('pem');
  let serial = 1;
  return {
    certificatePem,
    issued: (certificate) => certificate.verify(new NodeCertificate(certificatePem).publicKey),
    async issue(subject, hosts = []) {
      const own = await newKeys();
      serial += 1;
      const certificate = await x509.X509CertificateGenerator.create({
        ...VALID,
        serialNumber: serial.toString(16).padStart(2, '0'),
        subject: `CN=${subject}`,
        issuer: root.subject,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: ALGORITHM,
        extensions: [
          new x509.SubjectAlternativeNameExtension(hosts.map((host) => ({ type: 'dns' as const, value: host }))),
          new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']),
        ],
      });
      return {
        keyPem: await pkcs8Pem(own.privateKey),
        certificatePem: certificate.toString('pem'),
        thumbprint: createHash('sha256').update(Buffer.from(certificate.rawData)).digest('base64url'),
      };
    },
  };
}

async function newKeys(): Promise<CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as CryptoKeyPair;
}

async function pkcs8Pem(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  return `-----BEGIN PRIVATE KEY-----\n${bytes.toString('base64')}\n-----END PRIVATE KEY-----\n`;
}
