import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import 'reflect-metadata';
import { X509Certificate as Parsed, X509Crl } from '@peculiar/x509';
import { webcrypto } from 'node:crypto';
import { Pkcs10CertificateRequestGenerator, X509CertificateGenerator } from '@peculiar/x509';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { sameSubjectDn, subjectDn } from '../../src/directory/index.js';
import { MS_PER_DAY, plusMs } from '../../src/kernel/index.js';
import { createTpp, openStage, type Stage } from './stage.js';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const utf8 = (text: string): string =>
  `0c${text.length.toString(16).padStart(2, '0')}${Buffer.from(text).toString('hex')}`;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

async function handshake(client: { key: string; cert: string } | undefined): Promise<X509Certificate | undefined> {
  const { keyPem, chainPem } = await stage.directory.serverCertificate([]);
  const server = createServer({ key: keyPem, cert: chainPem, requestCert: true, rejectUnauthorized: false });
  let seen: X509Certificate | undefined;
  server.on('request', (incoming, response) => {
    seen = (incoming.socket as unknown as Pick<TLSSocket, 'getPeerX509Certificate'>).getPeerX509Certificate();
    response.end('ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const call = request({
    port: (server.address() as AddressInfo).port,
    host: '127.0.0.1',
    ca: stage.directory.rootCertificatePem,
    agent: false,
    ...client,
  });
  call.end();
  const [response] = (await once(call, 'response')) as [NodeJS.ReadableStream];
  response.resume();
  await once(response, 'end');
  server.close();
  return seen;
}

describe('certificates of participants', () => {
  test('carry the OBWAC subject, uses and exactly nested PSD2 roles', async () => {
    const { organisation, software } = await createTpp(stage.directory);
    const { certificate, privateKeyPem } = await stage.directory.issueCertificate({
      softwareId: software.id,
      kind: 'transport',
    });
    expect(privateKeyPem).toContain('BEGIN PRIVATE KEY');
    const node = new X509Certificate(certificate.certificatePem);
    expect(subjectDn(node)).toBe(`CN=${organisation.id},2.5.4.97=#${utf8('PSDGB-FCA-123456')},O=Acme Pay,C=GB`);
    for (const type of ['2.5.4.97', 'organizationIdentifier', 'OID.2.5.4.97']) {
      expect(sameSubjectDn(subjectDn(node), `CN=${organisation.id}, ${type}=PSDGB-FCA-123456,O=Acme Pay,C=GB`)).toBe(
        true,
      );
    }
    expect(sameSubjectDn(subjectDn(node), `CN=${organisation.id},2.5.4.97=PSDGB-FCA-123457,O=Acme Pay,C=GB`)).toBe(
      false,
    );
    const parsed = new Parsed(certificate.certificatePem);
    const statements = Buffer.from(parsed.getExtension('1.3.6.1.5.5.7.1.3')?.value ?? new ArrayBuffer()).toString(
      'hex',
    );
    // Written out by hand from ETSI EN 319 412-5 and TS 119 495, so that the encoder does not check itself.
    const qcType = '3013' + '060604008e460106' + '3009' + '060704008e46010603';
    const aisp = '3011' + '060704008198270103' + utf8('PSP_AI');
    const pisp = '3011' + '060704008198270102' + utf8('PSP_PI');
    const authority = utf8('Financial Conduct Authority') + utf8('GB-FCA');
    const psd2 = '3057' + '0606040081982702' + '304d' + '3026' + aisp + pisp + authority;
    expect(statements).toBe('306e' + qcType + psd2);
    expect(node.keyUsage).toEqual(expect.arrayContaining(['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1']));
    expect(node.ca).toBe(false);
    expect(certificate.serial).toBe(node.serialNumber);
  });

  test('are verified and shown by openssl where it is installed', async () => {
    if (!hasOpenssl) {
      process.stderr.write('openssl is not installed: its second opinion was not asked for\n');
      return;
    }
    const { software } = await createTpp(stage.directory);
    const folder = mkdtempSync(join(tmpdir(), 'openssl-'));
    for (const kind of ['transport', 'signing'] as const) {
      const { certificate } = await stage.directory.issueCertificate({ softwareId: software.id, kind });
      const [leaf = '', issuing = ''] = certificate.chainPem.split(/(?<=-----END CERTIFICATE-----\n)/);
      const files = { leaf, issuing, root: stage.directory.rootCertificatePem };
      for (const [name, pem] of Object.entries(files)) writeFileSync(join(folder, name), pem);
      const path = (name: string): string => join(folder, name);
      const verified = execFileSync('openssl', [
        'verify',
        '-x509_strict',
        '-CAfile',
        path('root'),
        '-untrusted',
        path('issuing'),
        path('leaf'),
      ]).toString();
      expect(verified).toMatch(/OK/);
      const text = execFileSync('openssl', ['x509', '-in', path('leaf'), '-noout', '-text']).toString();
      expect(text).toMatch(/qcStatements|1\.3\.6\.1\.5\.5\.7\.1\.3/i);
      expect(text).toContain('PSP_AI');
      expect(text).toContain('https://localhost:8443/directory/crl');
    }
    rmSync(folder, { recursive: true });
  });
});

describe('judging a client certificate', () => {
  test('trusts a transport certificate over TLS and refuses none, a signing one, a rogue, a revoked and an expired one', async () => {
    const { directory, clock } = stage;
    const { organisation, software } = await createTpp(directory);
    const issued = await directory.issueCertificate({ softwareId: software.id, kind: 'transport' });
    const client = { key: issued.privateKeyPem ?? '', cert: issued.certificate.chainPem };
    const seen = await handshake(client);
    const judge = (certificate: X509Certificate | undefined) => directory.judgeCertificate(certificate, clock.now());
    expect(await judge(seen)).toMatchObject({
      trusted: true,
      organisationId: organisation.id,
      softwareId: software.id,
      roles: ['AISP', 'PISP'],
    });
    expect(await judge(await handshake(undefined))).toEqual({ trusted: false, reason: 'none' });

    const signing = await directory.issueCertificate({ softwareId: software.id, kind: 'signing' });
    const sealSeen = await handshake({ key: signing.privateKeyPem ?? '', cert: signing.certificate.chainPem });
    expect(await judge(sealSeen)).toMatchObject({ trusted: false, reason: 'wrong-use' });

    const keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    const rogue = await X509CertificateGenerator.createSelfSigned({
      name: new Parsed(issued.certificate.certificatePem).subjectName,
      keys: keys as CryptoKeyPair,
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
      extensions: new Parsed(issued.certificate.certificatePem).extensions,
    });
    expect(await judge(new X509Certificate(rogue.toString('pem')))).toMatchObject({
      trusted: false,
      reason: 'unknown-authority',
    });

    const at = (ms: number) => directory.judgeCertificate(seen, plusMs(clock.now(), ms));
    expect(await at(366 * MS_PER_DAY)).toMatchObject({ reason: 'expired' });
    expect(await at(364 * MS_PER_DAY)).toMatchObject({ trusted: true });
    expect(await at(-MS_PER_DAY)).toMatchObject({ reason: 'not-yet-valid' });

    await directory.setOrganisationStatus(organisation.id, 'Withdrawn');
    expect(await judge(seen)).toMatchObject({ reason: 'organisation-not-active' });
    await directory.setOrganisationStatus(organisation.id, 'Active');
    await directory.setSoftwareStatus(software.id, 'Revoked');
    expect(await judge(seen)).toMatchObject({ reason: 'software-not-active' });
    await directory.setSoftwareStatus(software.id, 'Active');

    expect((await directory.jwks(software.id)).keys.map((key) => key['use'])).toEqual(['tls', 'sig']);
    await directory.revokeCertificate(issued.certificate.serial);
    expect(await judge(seen)).toMatchObject({ trusted: false, reason: 'revoked' });
    expect((await directory.jwks(software.id)).keys).toHaveLength(1);
    expect((await directory.revokedJwks(software.id)).keys).toMatchObject([
      { use: 'tls', kid: issued.certificate.kid },
    ]);
    const crl = new X509Crl(Uint8Array.from(await directory.crl()));
    expect(crl.findRevoked(issued.certificate.serial)).not.toBeNull();
    await expect(directory.revokeCertificate('00')).rejects.toMatchObject({ code: 'directory.certificate-not-found' });
  });
});

describe('a clock set', () => {
  test('to 2020 or to 2051 gives certificates that either clock accepts', async () => {
    for (const start of ['2020-01-01T00:00:00Z', '2051-06-01T00:00:00Z']) {
      const other = await openStage(start);
      const { software } = await createTpp(other.directory);
      const { certificate } = await other.directory.issueCertificate({ softwareId: software.id, kind: 'transport' });
      const node = new X509Certificate(certificate.certificatePem);
      expect(await other.directory.judgeCertificate(node, other.clock.now())).toMatchObject({ trusted: true });
      const root = new X509Certificate(other.directory.rootCertificatePem);
      expect(root.verify(root.publicKey)).toBe(true);
      other.clock.moveTo(plusMs(certificate.notAfter, 1_000));
      expect(await other.directory.judgeCertificate(node, other.clock.now())).toMatchObject({ reason: 'expired' });
      await other.close();
    }
  });
});

describe('the authority', () => {
  test('is minted once, and the server certificate is kept until a host is added', async () => {
    const again = await stage.reopen();
    expect(again.rootCertificatePem).toBe(stage.directory.rootCertificatePem);
    const first = await stage.directory.serverCertificate([]);
    expect(await again.serverCertificate([])).toEqual(first);
    const wider = await again.serverCertificate(['bank.example']);
    expect(wider.chainPem).not.toBe(first.chainPem);
    expect(new X509Certificate(wider.chainPem).subjectAltName).toContain('bank.example');
  });
});

describe('certificate requests', () => {
  const request = async (algorithm: Record<string, unknown>): Promise<Buffer> => {
    const keys = (await webcrypto.subtle.generateKey(algorithm as never, true, [
      'sign',
      'verify',
    ])) as unknown as CryptoKeyPair;
    const csr = await Pkcs10CertificateRequestGenerator.create({
      name: 'CN=somebody else',
      keys,
      signingAlgorithm: { hash: 'SHA-256', ...algorithm } as never,
    });
    return Buffer.from(csr.rawData);
  };
  const pem = (der: Buffer): string =>
    `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
  const rsa = (modulusLength: number) => ({
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength,
    publicExponent: Uint8Array.of(1, 0, 1),
  });

  test('give only their public key; tampered, weak and unreadable ones are refused', async () => {
    const { organisation, software } = await createTpp(stage.directory);
    const issue = (csrPem: string) =>
      stage.directory.issueCertificate({ softwareId: software.id, kind: 'signing', csrPem });
    for (const algorithm of [
      rsa(2_048),
      { name: 'ECDSA', namedCurve: 'P-256' },
      { name: 'ECDSA', namedCurve: 'P-384' },
    ]) {
      const { certificate, privateKeyPem } = await issue(pem(await request(algorithm)));
      expect(privateKeyPem).toBeUndefined();
      expect(certificate.subject).toContain(`CN=${organisation.id},`);
    }
    const tampered = await request({ name: 'ECDSA', namedCurve: 'P-256' });
    tampered.write('somebody elsf', tampered.indexOf('somebody else'));
    const bad = [
      pem(tampered),
      pem(await request(rsa(1_024))),
      pem(await request({ name: 'ECDSA', namedCurve: 'P-521' })),
      'nonsense',
      '',
    ];
    for (const csrPem of bad) await expect(issue(csrPem)).rejects.toMatchObject({ code: 'directory.invalid-csr' });
  });
});
