import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { instant, isSandbankError } from '../../../src/kernel/index.js';
import { messageSignature } from '../../../src/standards/berlin-group/message-signature.js';
import { keyIdOf, namesCertificate, sealRequest, type SealInput } from '../../../src/standards/berlin-group/seal.js';
import { createAuthority, type Identity } from '../../http/certificates.js';

type Input = Parameters<typeof messageSignature.verify>[0];
type Headers = Readonly<Record<string, string | undefined>>;

const CLIENT = { clientId: 'PSDDE-BAFIN-1', organisationId: 'o1', softwareId: 's1', name: 'Laterne' };
let seal: Identity;
beforeAll(async () => {
  seal = await (await createAuthority('Sand, Sea & "Co" Ü')).issue('Laterne');
});

const sealed = (plain: Headers, body: string, more: Partial<SealInput> = {}): Headers => {
  const headers = plain as Readonly<Record<string, string>>;
  const made = sealRequest({ headers, body, privateKeyPem: seal.keyPem, certificatePem: seal.certificatePem, ...more });
  return { ...plain, ...Object.fromEntries(Object.entries(made).map(([name, value]) => [name.toLowerCase(), value])) };
};

/** The code of the refusal, or `good`; the certificate is one that the trust framework accepts. */
async function outcomeOf(headers: Headers, body: string): Promise<{ told: string; checks: string[] }> {
  const checks: string[] = [];
  const sealOf: Input['sealOf'] = async ({ certificate }) => {
    const { serialNumber, publicKey, issuer } = new X509Certificate(certificate);
    const issuerDn = issuer.split('\n').reverse().join(',');
    return { organisationId: 'o1', serial: serialNumber, issuerDn, publicKey, isIssuer: (name) => name === issuerDn };
  };
  try {
    await messageSignature.verify({
      rawBody: Buffer.from(body),
      signature: headers['signature'],
      headers,
      keys: [],
      client: CLIENT,
      wallNow: instant(0),
      method: 'POST',
      target: '/dogger/psd2/v1/consents',
      sealOf,
      check: ({ outcome, name }) => checks.push(`${outcome}: ${name}`),
    });
    return { told: 'good', checks };
  } catch (error) {
    if (!isSandbankError(error)) throw error;
    return { told: error.code, checks };
  }
}

const value = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
  maxLength: 40,
});
const requests = fc.record(
  {
    'x-request-id': fc.uuid(),
    'psu-id': value,
    'psu-corporate-id': value,
    date: value,
    'tpp-redirect-uri': value,
    'consent-id': value,
  },
  { requiredKeys: ['x-request-id'] },
);

describe('berlin-group seals', () => {
  test('of any request are good, with every check recorded', async () => {
    await fc.assert(
      fc.asyncProperty(requests, fc.string(), fc.constantFrom('SHA-256', 'SHA-512'), async (plain, body, digest) => {
        const { told, checks } = await outcomeOf(sealed(plain, body, { digest: digest as 'SHA-256' }), body);
        expect([told, checks.filter((check) => !check.startsWith('passed'))]).toEqual(['good', []]);
        expect(checks).toHaveLength(11);
      }),
      { numRuns: 50 },
    );
  });

  test('are good no longer when anything that they cover is changed, added or taken away', async () => {
    await fc.assert(
      fc.asyncProperty(requests, fc.string(), fc.nat(), async (plain, body, which) => {
        const good = sealed(plain, body);
        const names = ['digest', 'x-request-id', 'psu-id', 'psu-corporate-id', 'date', 'tpp-redirect-uri', 'body'];
        const name = names[which % names.length] ?? '';
        const changed = name === 'body' ? good : { ...good, [name]: `${good[name] ?? ''}x` };
        const { told, checks } = await outcomeOf(changed, name === 'body' ? `${body}x` : body);
        expect(told).toMatch(/^signature\.(?:invalid|malformed)$/);
        expect(checks.filter((check) => check.startsWith('failed'))).toHaveLength(1);
        if (good[name] === undefined || name === 'body') return;
        expect((await outcomeOf({ ...good, [name]: undefined }, body)).told).toMatch(/^signature\./);
      }),
      { numRuns: 100 },
    );
  });

  test('leave what they do not cover alone', async () => {
    const good = sealed({ 'x-request-id': 'a', 'consent-id': 'c' }, '');
    expect((await outcomeOf({ ...good, 'consent-id': 'd' }, '')).told).toBe('good');
  });

  test('are not made without an X-Request-ID, nor with an algorithm of another key', () => {
    const refused = (code: string) => expect.objectContaining({ code });
    expect(() => sealed({}, '')).toThrow(refused('header.missing'));
    expect(() => sealed({ 'x-request-id': 'a' }, '', { algorithm: 'rsa-sha256' })).toThrow(
      refused('signature.invalid'),
    );
  });

  test('come with PEM in place of DER: told so', async () => {
    const pem = Buffer.from(seal.certificatePem).toString('base64');
    const good = sealed({ 'x-request-id': 'a' }, '');
    expect(await outcomeOf({ ...good, 'tpp-signature-certificate': pem }, '')).toMatchObject({
      told: 'header.invalid',
    });
  });

  test('name their certificate by number and authority', () => {
    const certificate = new X509Certificate(seal.certificatePem);
    const keyId = keyIdOf(certificate);
    expect(keyId).toMatch(/^SN=02,CA=CN=[\x21-\x7e]+$/);
    const isIssuer = (name: string): boolean => name === 'CN=Bank 1';
    for (const good of ['SN=9FA1,CA=CN=Bank%201', 'sn=009fa1, CA=CN=Bank 1']) {
      expect(namesCertificate(good, { serial: '9FA1', isIssuer })).toBe(true);
    }
    for (const bad of ['', 'SN=0x9FA1,CA=CN=Bank 1', 'SN=40865,CA=CN=Bank 1', 'SN=9FA1', 'SN=9FA1,CA=CN=%', '9FA1']) {
      expect(namesCertificate(bad, { serial: '9FA1', isIssuer })).toBe(false);
    }
  });
});
