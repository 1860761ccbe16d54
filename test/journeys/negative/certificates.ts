import 'reflect-metadata';
import { webcrypto, X509Certificate as NodeCertificate } from 'node:crypto';
import { X509Certificate, X509CertificateGenerator } from '@peculiar/x509';

import type { Tpp } from '../../../src/index.js';
import type { Identity } from '../../support/raw-client.js';

/** A certificate that names the third party, issued by nobody but itself. */
export async function selfSigned(tpp: Tpp): Promise<Identity> {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2_048,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: new X509Certificate(tpp.transport.certificatePem).subjectName.toJSON(),
      notBefore: new Date('2026-01-01'),
      notAfter: new Date('2028-01-01'),
      keys: keys as CryptoKeyPair,
      signingAlgorithm: algorithm,
    },
    webcrypto as never,
  );
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const lines = pkcs8.match(/.{1,64}/g)?.join('\n') ?? '';
  return {
    chainPem: certificate.toString('pem'),
    privateKeyPem: `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`,
  };
}

/** The serial number as the directory writes it. */
export function serialOf(certificatePem: string): string {
  return new NodeCertificate(certificatePem).serialNumber;
}
