import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import {
  digestOf,
  isSignatureOf,
  readDigest,
  readSignatureParameters,
  SIGNATURE_ALGORITHMS,
  signingString,
  signText,
  toHttpSignature,
  writeHttpSignature,
  type SignatureAlgorithm,
} from '../../../../src/standards/kit/http-signature/index.js';

const RSA = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pairFor = (algorithm: SignatureAlgorithm): { publicKey: KeyObject; privateKey: KeyObject } =>
  algorithm.startsWith('rsa') ? RSA : EC;

const read = (text: string) => toHttpSignature(readSignatureParameters(text));
const refusedAs = (code: string) => expect.objectContaining({ code });

describe('a digest of a body', () => {
  test('is the hash of its bytes, and of no bytes where there is no body', () => {
    const nothing = 'SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
    expect(digestOf(new Uint8Array(), 'SHA-256')).toBe(nothing);
    expect(digestOf(Buffer.from('{"hello": "world"}'), 'SHA-256')).toBe(
      'SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=',
    );
    expect(readDigest(nothing.replace('SHA', 'sha'))).toEqual({ algorithm: 'SHA-256', value: nothing.slice(8) });
  });

  test.each(['', 'SHA-256', 'SHA-256=', 'SHA-256=a b', 'SHA-256=YQ==,SHA-512=YQ==', `MD5=${'A'.repeat(500)}`])(
    'cannot be read from %j',
    (text) => expect(() => readDigest(text)).toThrow(refusedAs('signature.malformed')),
  );
});

describe('a Signature header', () => {
  test('is read with its parameters in any order, names of headers in any case, and what is unknown left aside', () => {
    const text =
      'algorithm="RSA-SHA256", keyId="SN=1,CA=CN=\\"a\\", O=b\\, c" ,created=7, signature="YQ==",headers="Digest X-Request-ID"';
    expect(read(text)).toEqual({
      keyId: 'SN=1,CA=CN="a", O=b\\, c',
      algorithm: 'rsa-sha256',
      headers: ['digest', 'x-request-id'],
      signature: Buffer.from('a'),
    });
  });

  test.each([
    ['nothing', ''],
    ['a scheme in front', 'Signature keyId="a",algorithm="b",headers="c",signature="YQ=="'],
    ['a quote that does not end', 'keyId="a'],
    ['a comma too many', 'keyId="a",'],
    ['a parameter twice', 'keyId="a",keyid="b",algorithm="b",headers="c",signature="YQ=="'],
    ['a header twice', 'keyId="a",algorithm="b",headers="c C",signature="YQ=="'],
    ['a signature that is not base64', 'keyId="a",algorithm="b",headers="c",signature="Y-_="'],
    ['too much', `keyId="${'a'.repeat(9_000)}"`],
    ['too many parameters', Array.from({ length: 17 }, (_, index) => `p${String(index)}=1`).join(',')],
  ])('cannot be read with %s', (_what, text) => {
    expect(() => read(text)).toThrow(refusedAs('signature.malformed'));
  });

  test.each(['keyId', 'algorithm', 'headers', 'signature'])('lacks %s', (name) => {
    const all = { keyId: 'a', algorithm: 'rsa-sha256', headers: 'digest', signature: 'YQ==' };
    const text = Object.entries({ ...all, [name]: '' }).map(([key, value]) => `${key}="${value}"`);
    expect(() => read(text.join(','))).toThrow(refusedAs('signature.claim-missing'));
  });

  test('is read back as it was written, whatever its keyId', () => {
    const printable = fc.string({
      unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(printable, fc.uint8Array({ minLength: 1, maxLength: 300 }), (keyId, bytes) => {
        const written = { keyId, algorithm: 'rsa-sha256', headers: ['digest', 'date'], signature: Buffer.from(bytes) };
        expect(read(writeHttpSignature(written))).toEqual(written);
      }),
    );
  });

  test('of any text at all is read or refused, and never breaks the reader', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000 }), (text) => {
        try {
          read(text);
        } catch (error) {
          expect(error).toHaveProperty('code', expect.stringMatching(/^signature\./));
        }
      }),
    );
  });
});

describe('a signing string', () => {
  test('has a line for each header and no line feed at its end', () => {
    const headers = { digest: 'SHA-256=a', date: ' Tue ', other: 'x' };
    expect(signingString(['date', 'digest'], headers)).toBe('date: Tue\ndigest: SHA-256=a');
    expect(signingString(['date', 'psu-id'], headers)).toBeUndefined();
  });
});

describe('a signature', () => {
  const value = fc.string({
    unit: fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code)),
    minLength: 1,
    maxLength: 60,
  });

  test.each(SIGNATURE_ALGORITHMS)('%s is of what was signed and of nothing else', (algorithm) => {
    const { privateKey, publicKey } = pairFor(algorithm);
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), fc.nat(), fc.nat(), (values, which, bit) => {
        const headers = Object.fromEntries(values.map((one, index) => [`h${String(index)}`, one]));
        const names = Object.keys(headers);
        const text = signingString(names, headers) ?? '';
        const signature = signText(text, algorithm, privateKey);
        expect(isSignatureOf(text, { algorithm, signature }, publicKey)).toBe(true);

        const changed = names[which % names.length] ?? '';
        const other = signingString(names, { ...headers, [changed]: `${headers[changed] ?? ''}x` }) ?? '';
        expect(isSignatureOf(other, { algorithm, signature }, publicKey)).toBe(false);
        const flipped = Uint8Array.from(signature);
        flipped[bit % flipped.length]! ^= 1 << (bit % 8);
        expect(isSignatureOf(text, { algorithm, signature: flipped }, publicKey)).toBe(false);
      }),
      { numRuns: 15 },
    );
  });

  test('by a key of another type, with another hash, or by another key is none', () => {
    const signature = signText('a', 'rsa-sha256', RSA.privateKey);
    const other = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    expect(isSignatureOf('a', { algorithm: 'rsa-sha256', signature }, EC.publicKey)).toBe(false);
    expect(isSignatureOf('a', { algorithm: 'rsa-sha512', signature }, RSA.publicKey)).toBe(false);
    expect(isSignatureOf('a', { algorithm: 'rsa-sha256', signature }, other.publicKey)).toBe(false);
  });
});
