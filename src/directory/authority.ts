import 'reflect-metadata';
import { createPrivateKey, createPublicKey, webcrypto, type KeyObject } from 'node:crypto';
import { X509Certificate } from '@peculiar/x509';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';

import { assert, MS_PER_DAY, MS_PER_HOUR } from '../kernel/index.js';
import { EC_PARAMS, generateKeys, type KeyAlgorithm, type NewKeys } from './certificate-keys.js';
import { nextSerial, validityOnBothClocks, wholeSecond, type DirectoryContext } from './directory-context.js';
import { mintAuthority, mintServer, type Signer } from './minting.js';

const ROOT_DAYS = 3_653;
const ISSUING_DAYS = 1_826;
/** TLS stacks of some vendors refuse server certificates that live longer than 398 days. */
const SERVER_DAYS = 397;
const SERVER_RENEWAL_DAYS = 30;
const LOCAL_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '::1'];

export interface Authority {
  readonly rootPem: string;
  readonly issuingPem: string;
  readonly issuing: Required<Signer>;
  readonly issuingPublicKey: KeyObject;
  /** Signs assertions, PS256. */
  readonly signing: {
    readonly privateKey: KeyObject;
    readonly publicKey: KeyObject;
    readonly publicJwk: JWK;
    readonly kid: string;
  };
}

interface KeyRow {
  readonly name: string;
  readonly private_key_pem: string;
  readonly certificate_pem: string | null;
  readonly hosts: string | null;
  readonly not_after: bigint | null;
}

/** Reads the authority from the database; mints it at the first start. */
export async function loadAuthority(context: DirectoryContext): Promise<Authority> {
  if (!(await readKey(context, 'root'))) await mintAll(context);
  const [root, issuing, signing] = await Promise.all(
    ['root', 'issuing', 'signing'].map((name) => readKey(context, name)),
  );
  assert(root?.certificate_pem && issuing?.certificate_pem && signing, 'the authority is minted as a whole');
  const certificate = new X509Certificate(issuing.certificate_pem);
  const privateKey = createPrivateKey(signing.private_key_pem);
  const publicKey = createPublicKey(signing.private_key_pem);
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return {
    rootPem: root.certificate_pem,
    issuingPem: issuing.certificate_pem,
    issuing: { key: await importSigner(issuing.private_key_pem), certificate },
    issuingPublicKey: createPublicKey(issuing.private_key_pem),
    signing: { privateKey, publicKey, kid, publicJwk: { ...jwk, kid, use: 'sig', alg: 'PS256' } },
  };
}

/** The listener's certificate: kept until its hosts no longer suffice or 30 days of wall time are left. */
export async function loadServerCertificate(
  context: DirectoryContext,
  authority: Authority,
  hosts: readonly string[],
): Promise<{ readonly keyPem: string; readonly chainPem: string }> {
  const wanted = [...new Set([...LOCAL_HOSTS, ...hosts.map(bareHost)])].filter((host) => host !== '');
  const row = await readKey(context, 'server');
  const covered = new Set<string>(row?.hosts?.split(' ') ?? []);
  const renewalAt = Number(row?.not_after ?? 0) - SERVER_RENEWAL_DAYS * MS_PER_DAY;
  if (row?.certificate_pem && wanted.every((host) => covered.has(host)) && context.wall.now() < renewalAt) {
    return { keyPem: row.private_key_pem, chainPem: row.certificate_pem + authority.issuingPem };
  }
  const keys = await generateKeys('ec');
  const start = context.wall.now() - MS_PER_HOUR;
  const validity = { notBefore: wholeSecond(start), notAfter: wholeSecond(start + SERVER_DAYS * MS_PER_DAY) };
  const certificate = await mintServer({
    serial: await nextSerial(context),
    subject: [{ O: [{ utf8String: 'Sandbank' }] }, { CN: [{ utf8String: 'localhost' }] }],
    publicKey: keys.publicKey,
    validity,
    signer: authority.issuing,
    hosts: wanted,
  });
  const pem = pemOf(certificate);
  await writeKeys(context, [
    {
      name: 'server',
      private_key_pem: keys.privateKeyPem,
      certificate_pem: pem,
      hosts: wanted.join(' '),
      not_after: BigInt(validity.notAfter),
    },
  ]);
  return { keyPem: keys.privateKeyPem, chainPem: pem + authority.issuingPem };
}

/** PEM that ends its last line, so that a chain is their concatenation. */
export function pemOf(certificate: X509Certificate): string {
  return `${certificate.toString('pem').trim()}\n`;
}

async function mintAll(context: DirectoryContext): Promise<void> {
  const algorithms: readonly KeyAlgorithm[] = ['ec', 'ec', 'rsa'];
  const [rootKeys, issuingKeys, signingKeys] = (await Promise.all(algorithms.map(generateKeys))) as [
    NewKeys,
    NewKeys,
    NewKeys,
  ];
  const rootSigner = { key: await importSigner(rootKeys.privateKeyPem) };
  const root = await mintAuthority({
    serial: await nextSerial(context),
    subject: await authoritySubject('Root', rootKeys),
    publicKey: rootKeys.publicKey,
    validity: validityOnBothClocks(context, ROOT_DAYS * MS_PER_DAY),
    signer: rootSigner,
    pathLength: 1,
  });
  const issuing = await mintAuthority({
    serial: await nextSerial(context),
    subject: await authoritySubject('Issuing', issuingKeys),
    publicKey: issuingKeys.publicKey,
    validity: validityOnBothClocks(context, ISSUING_DAYS * MS_PER_DAY),
    signer: { ...rootSigner, certificate: root },
    pathLength: 0,
  });
  const row = (name: string, keys: NewKeys, certificate?: X509Certificate): KeyRow => ({
    name,
    private_key_pem: keys.privateKeyPem,
    certificate_pem: certificate ? pemOf(certificate) : null,
    hosts: null,
    not_after: certificate ? BigInt(certificate.notAfter.getTime()) : null,
  });
  await writeKeys(
    context,
    [row('root', rootKeys, root), row('issuing', issuingKeys, issuing), row('signing', signingKeys)],
    'keep',
  );
}

/** A part of the key in the name keeps the authorities of two sandboxes apart in one trust store. */
async function authoritySubject(rank: string, keys: NewKeys): Promise<{ [type: string]: { utf8String: string }[] }[]> {
  const mark = (await calculateJwkThumbprint(await exportJWK(keys.publicKey))).replace(/[^A-Za-z0-9]/g, '').slice(0, 6);
  return [{ O: [{ utf8String: 'Sandbank' }] }, { CN: [{ utf8String: `Sandbank ${rank} CA ${mark}` }] }];
}

function importSigner(privateKeyPem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(privateKeyPem).export({ format: 'der', type: 'pkcs8' });
  return webcrypto.subtle.importKey('pkcs8', der, EC_PARAMS, false, ['sign']);
}

function bareHost(host: string): string {
  return host.replace(/^\[|\]$/g, '').toLowerCase();
}

function readKey({ storage }: DirectoryContext, name: string): Promise<KeyRow | undefined> {
  return storage.read.get<KeyRow>('SELECT * FROM directory_keys WHERE name = ?', [name]);
}

/** `keep`: the first of two starts on one database wins, and the other uses what it wrote. */
async function writeKeys(
  { storage }: DirectoryContext,
  rows: readonly KeyRow[],
  mode: 'keep' | 'replace' = 'replace',
): Promise<void> {
  await storage.transaction(async (tx) => {
    const present = await tx.get('SELECT name FROM directory_keys WHERE name = ?', [rows[0]?.name ?? '']);
    if (present && mode === 'keep') return;
    for (const row of rows) {
      await tx.run('DELETE FROM directory_keys WHERE name = ?', [row.name]);
      await tx.run(
        'INSERT INTO directory_keys (name, private_key_pem, certificate_pem, hosts, not_after) VALUES (?, ?, ?, ?, ?)',
        [row.name, row.private_key_pem, row.certificate_pem, row.hosts, row.not_after],
      );
    }
  });
}
