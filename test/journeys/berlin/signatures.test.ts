import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { instant } from '../../../src/kernel/index.js';
import type { Sandbox, Tpp } from '../../../src/index.js';
import { sealRequest, type SealInput } from '../../../src/standards/berlin-group/seal.js';
import {
  berlinClient,
  DONE,
  REDIRECT,
  refusalOf,
  type BerlinAnswer,
  type BerlinParty,
} from '../../support/berlin-party.js';
import { openDirectoryDesk, type DirectoryDesk } from '../../support/directory-desk.js';
import { explanationOf } from '../../support/explanations.js';
import { fixturesWith, type Fixtures } from '../../support/fixtures.js';
import { createRawClient, type Identity } from '../../support/raw-client.js';
import { startTestSandbox } from '../../support/test-sandbox.js';
import { selfSigned, serialOf } from '../negative/certificates.js';

type Headers = Readonly<Record<string, string | undefined>>;

const DAY = 86_400_000;
const ROLES = ['AISP', 'PISP', 'CBPII'];
/** One operation of each service that needs no resource. */
const SERVICES = [
  ['AIS', '/v1/consents'],
  ['PIS', '/v1/payments/sepa-credit-transfers'],
  ['PIIS', '/v1/funds-confirmations'],
  ['SBS', '/v1/signing-baskets'],
  ['FUNDS-CONSENT', '/v2/consents/confirmation-of-funds'],
] as const;
const BODY = '{ }';
/** What each of them answers to a body of nothing, once the seal is good. */
const HEARD = '400 FORMAT_ERROR';

let sandbox: Sandbox;
let fixtures: Fixtures;
let desk: DirectoryDesk;
let tpp: Tpp;
let other: Tpp;
let party: Omit<BerlinParty, 'softwareId'>;

const newTpp = (): Promise<Tpp> =>
  sandbox.createTpp({ name: 'Laterne Konten', country: 'DE', banks: ['dogger'], roles: ROLES });

beforeAll(async () => {
  fixtures = fixturesWith({ banks: { dogger: { 'berlin-group': { signatures: 'required' } } } });
  sandbox = await startTestSandbox({ historyMonths: 1, fixturesDir: fixtures.dir });
  tpp = await newTpp();
  other = await newTpp();
  party = berlinClient(sandbox, tpp.transport);
  desk = await openDirectoryDesk(sandbox);
}, 120_000);
afterAll(async () => {
  await party?.close();
  await desk?.close();
  await sandbox?.stop();
  fixtures?.remove();
});

const sealWith = ({ chainPem, privateKeyPem }: Identity): Pick<SealInput, 'certificatePem' | 'privateKeyPem'> => ({
  certificatePem: chainPem,
  privateKeyPem,
});

/** A request of a third party with its seal; `change` is what happens to the headers on the way. */
async function post(
  path: string,
  seal: Partial<SealInput> = {},
  { change = (headers) => headers, content = BODY }: { change?: (headers: Headers) => Headers; content?: string } = {},
): Promise<BerlinAnswer> {
  const plain = { 'x-request-id': randomUUID(), 'psu-id': '10000001', date: new Date().toUTCString(), ...REDIRECT };
  const sealed = sealRequest({ headers: plain, body: BODY, ...sealWith(tpp.signing), ...seal });
  const lower = Object.entries(sealed).map(([name, value]) => [name.toLowerCase(), value]);
  const headers = change({ ...plain, ...Object.fromEntries(lower) });
  return party.ask('POST', path, { xml: content, headers: { 'content-type': 'application/json', ...headers } });
}

async function issued(more: Partial<Parameters<DirectoryDesk['issueCertificate']>[0]>): Promise<Identity> {
  const { softwareId } = tpp;
  const { certificate, privateKeyPem = '' } = await desk.issueCertificate({ softwareId, kind: 'signing', ...more });
  return { chainPem: certificate.chainPem, privateKeyPem };
}

const now = (): number => Date.parse(sandbox.clock.now());
const without =
  (...names: readonly string[]) =>
  (headers: Headers): Headers =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
const rewritten =
  (pattern: RegExp, text: string, name = 'signature') =>
  (headers: Headers): Headers => ({
    ...headers,
    [name]: (headers[name] ?? '').replace(pattern, text),
  });

type Attempt = (path: string) => Promise<BerlinAnswer>;
const REFUSED: readonly (readonly [string, string, Attempt])[] = [
  [
    'nothing of it',
    '401 SIGNATURE_MISSING',
    (path) => post(path, {}, { change: without('digest', 'signature', 'tpp-signature-certificate') }),
  ],
  ['a digest alone', '401 SIGNATURE_MISSING', (path) => post(path, {}, { change: without('signature') })],
  ['a digest that is not there', '401 SIGNATURE_INVALID', (path) => post(path, {}, { change: without('digest') })],
  ['another body', '401 SIGNATURE_INVALID', (path) => post(path, {}, { content: '{  }' })],
  ['a digest of another body', '401 SIGNATURE_INVALID', (path) => post(path, { body: '{"a":1}' })],
  [
    'a digest by a broken hash',
    '401 SIGNATURE_INVALID',
    (path) => post(path, {}, { change: rewritten(/^SHA-256/, 'MD5', 'digest') }),
  ],
  [
    'a digest that cannot be read',
    '401 SIGNATURE_INVALID',
    (path) => post(path, {}, { change: (headers) => ({ ...headers, digest: 'what?' }) }),
  ],
  [
    'a Signature that cannot be read',
    '401 SIGNATURE_INVALID',
    (path) => post(path, {}, { change: (headers) => ({ ...headers, signature: 'keyId=' }) }),
  ],
  [
    'another customer than was signed',
    '401 SIGNATURE_INVALID',
    (path) => post(path, {}, { change: (headers) => ({ ...headers, 'psu-id': '10000002' }) }),
  ],
  [
    'a customer that was not signed',
    '401 SIGNATURE_INVALID',
    (path) => post(path, {}, { change: (headers) => ({ ...headers, 'psu-corporate-id': 'c' }) }),
  ],
  [
    'an address that was not covered',
    '401 SIGNATURE_INVALID',
    (path) => post(path, {}, { change: rewritten(/ tpp-redirect-uri/, '') }),
  ],
  [
    'a header covered that is not sent',
    '401 SIGNATURE_INVALID',
    (path) => post(path, {}, { change: rewritten(/ date/, ' date psu-corporate-id') }),
  ],
  [
    'a header covered that is not of the profile',
    '401 SIGNATURE_INVALID',
    (path) => post(path, {}, { change: rewritten(/ date/, ' date content-type') }),
  ],
  [
    'an algorithm that names no hash',
    '401 SIGNATURE_INVALID',
    (path) => post(path, {}, { change: rewritten(/rsa-sha256/, 'hs2019') }),
  ],
  [
    'another hash than was signed',
    '401 SIGNATURE_INVALID',
    (path) => post(path, {}, { change: rewritten(/rsa-sha256/, 'rsa-sha512') }),
  ],
  [
    'another serial number in keyId',
    '401 SIGNATURE_INVALID',
    (path) => post(path, {}, { change: rewritten(/SN=/, 'SN=1') }),
  ],
  [
    'another authority in keyId',
    '401 SIGNATURE_INVALID',
    (path) => post(path, {}, { change: rewritten(/CA=[^"]*/, 'CA=CN=Nobody') }),
  ],
  [
    'no certificate',
    '401 CERTIFICATE_MISSING',
    (path) => post(path, {}, { change: without('tpp-signature-certificate') }),
  ],
  [
    'a certificate that is no base64',
    '400 FORMAT_ERROR',
    (path) =>
      post(
        path,
        {},
        { change: (headers) => ({ ...headers, 'tpp-signature-certificate': '-----BEGIN CERTIFICATE-----' }) },
      ),
  ],
  [
    'a certificate that is none',
    '401 CERTIFICATE_INVALID',
    (path) => post(path, {}, { change: (headers) => ({ ...headers, 'tpp-signature-certificate': 'bm9uZQ==' }) }),
  ],
  [
    'the certificate of the connection for a seal',
    '401 CERTIFICATE_INVALID',
    (path) => post(path, sealWith(tpp.transport)),
  ],
  ['the seal of another organisation', '401 CERTIFICATE_INVALID', (path) => post(path, sealWith(other.signing))],
  [
    'a seal of an unknown authority',
    '401 CERTIFICATE_INVALID',
    async (path) => post(path, sealWith(await selfSigned(tpp))),
  ],
  [
    'a seal that has expired',
    '401 CERTIFICATE_EXPIRED',
    async (path) =>
      post(path, sealWith(await issued({ notBefore: instant(now() - 9 * DAY), notAfter: instant(now() - DAY) }))),
  ],
  [
    'a seal that was revoked',
    '401 CERTIFICATE_REVOKE',
    async (path) => {
      const seal = await issued({});
      await desk.revokeCertificate(serialOf(seal.chainPem));
      return post(path, sealWith(seal));
    },
  ],
];

describe('a bank that requires seals', () => {
  test.each(SERVICES)('%s: a good one is enough to be heard, with either hash', async (_service, path) => {
    expect(refusalOf(await post(path))).toBe(HEARD);
    expect(refusalOf(await post(path, { digest: 'SHA-512', algorithm: 'rsa-sha512' }))).toBe(HEARD);
  });

  test.each(REFUSED)('%s is refused by every service as %s', async (_what, told, attempt) => {
    for (const [service, path] of SERVICES) expect([service, refusalOf(await attempt(path))]).toEqual([service, told]);
  });

  test.each(SERVICES)('%s: a signature without a keyId is told in the words of the service', async (service, path) => {
    const answer = await post(path, {}, { change: rewritten(/keyId="[^"]*",/, '') });
    expect(refusalOf(answer)).toBe(service === 'PIS' ? '401 KID_MISSING' : '401 SIGNATURE_INVALID');
  });

  test('reads under a seal over no body, and refuses the same without one', async () => {
    const accessed = {
      access: { availableAccounts: 'allAccounts' },
      recurringIndicator: false,
      validUntil: '2026-09-30',
      frequencyPerDay: 1,
      combinedServiceIndicator: false,
    };
    const content = JSON.stringify(accessed);
    const { body } = await post('/v1/consents', { body: content }, { content });
    const path = `/v1/consents/${String(body.consentId)}`;
    const headers = { 'x-request-id': randomUUID() };
    const seal = sealRequest({ headers, ...sealWith(tpp.signing) });
    expect((await party.ask('GET', path, { headers: { ...headers, ...seal } })).status).toBe(200);
    expect(refusalOf(await party.ask('GET', path))).toBe('401 SIGNATURE_MISSING');
  });

  test('takes the name of the authority as OpenSSL prints it, and numbers with zeros in front', async () => {
    const change = (headers: Headers): Headers => {
      const [, number = '', name = ''] = /keyId="SN=(\w+),CA=([^"]*)"/.exec(headers['signature'] ?? '') ?? [];
      const turned = decodeURIComponent(name)
        .split(',')
        .reverse()
        .map((one) => one.replace('=', ' = '))
        .join(', ');
      return rewritten(/keyId="[^"]*"/, `keyId="SN=00${number.toLowerCase()},CA=${turned}"`)(headers);
    };
    expect(refusalOf(await post('/v1/consents', {}, { change }))).toBe(HEARD);
  });

  test('explains with the text that it would have had signed', async () => {
    const answer = await post('/v1/consents', {}, { change: (headers) => ({ ...headers, 'psu-id': '10000002' }) });
    const control = createRawClient({ caPem: sandbox.caPem });
    const { checks } = await explanationOf(control, { sandbox, interactionId: answer.requestId, status: 401 });
    await control.close();
    const failed = checks.filter(({ outcome }) => outcome === 'failed');
    expect(failed).toHaveLength(1);
    expect(failed[0]).toMatchObject({
      name: 'the signature is one of the covered headers by the key of the certificate',
      expected: expect.stringContaining(`\\nx-request-id: ${answer.requestId}\\npsu-id: 10000002\\n`),
      remedy: expect.any(String),
    });
    expect(failed[0]?.expected).toContain(`tpp-redirect-uri: ${DONE}`);
  });
});
