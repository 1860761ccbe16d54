import { beforeAll, describe, expect, test } from '@jest/globals';
import { exportJWK, FlattenedSign, generateKeyPair, type CryptoKey, type JWK } from 'jose';
import { instant, isSandbankError } from '../../../src/kernel/index.js';
import { readDetachedJws, verifyDetachedJws } from '../../../src/standards/kit/detached-jws.js';
import { IAT_CLAIM, ISS_CLAIM, messageSignature, TAN_CLAIM } from '../../../src/standards/uk-obie/message-signature.js';

const NOW = instant(Date.UTC(2026, 10, 25, 8));
const CLIENT = {
  clientId: 'c1',
  organisationId: '0015800001041RHAAY',
  softwareId: 'Y6LjbNieSxeEGMkgmLiX8D',
  name: 'Lantern',
};
const BODY = new TextEncoder().encode('{"Data": {"Name":"Zoë"},   "Risk":{}}\n');
const CRIT = [IAT_CLAIM, ISS_CLAIM, TAN_CLAIM];
const GOOD = {
  alg: 'PS256',
  kid: 'signing-1',
  [IAT_CLAIM]: NOW / 1000 - 5,
  [ISS_CLAIM]: `${CLIENT.organisationId}/${CLIENT.softwareId}`,
  [TAN_CLAIM]: 'localhost:8443',
  crit: CRIT,
};

let pair: { privateKey: CryptoKey; publicKey: CryptoKey };
let keys: readonly (JWK & Record<string, unknown>)[];

beforeAll(async () => {
  pair = await generateKeyPair('PS256', { extractable: true });
  const jwk = await exportJWK(pair.publicKey);
  keys = [
    { ...jwk, kid: 'signing-1', use: 'sig', alg: 'PS256' },
    { ...jwk, kid: 'transport-1', use: 'enc' },
    { ...(await exportJWK((await generateKeyPair('PS256')).publicKey)), kid: 'signing-2', use: 'sig' },
  ];
});

/** Signs by hand, so that every header can be wrong. */
async function sign(
  header: Record<string, unknown>,
  options: { payload?: Uint8Array; key?: CryptoKey } = {},
): Promise<string> {
  const crit = Array.isArray(header.crit) ? header.crit.filter((name): name is string => name !== 'b64') : [];
  const jws = await new FlattenedSign(options.payload ?? BODY)
    .setProtectedHeader(header)
    .sign(options.key ?? pair.privateKey, { crit: Object.fromEntries(crit.map((name) => [name, true])) });
  return `${jws.protected!}..${jws.signature}`;
}

async function outcomeOf(signature: string | undefined, more: Record<string, unknown> = {}): Promise<string> {
  try {
    const request = { headers: {}, method: 'POST', target: '/domestic-payments' };
    await messageSignature.verify({
      rawBody: BODY,
      signature,
      keys,
      client: CLIENT,
      wallNow: NOW,
      ...request,
      ...more,
    });
    return 'verified';
  } catch (error) {
    if (!isSandbankError(error)) throw error;
    return error.code;
  }
}

const without = (name: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(GOOD).filter(([key]) => key !== name));

describe('uk-obie message signature of a third party', () => {
  test('a good one is verified over the raw bytes', async () => {
    expect(await outcomeOf(await sign(GOOD))).toBe('verified');
    expect(await outcomeOf(await sign({ ...GOOD, typ: 'JOSE', cty: 'application/json' }))).toBe('verified');
    expect(await outcomeOf(await sign({ ...GOOD, cty: 'json', crit: [...CRIT].reverse() }))).toBe('verified');
  });

  test('a body that was serialised again does not fit, nor any changed byte', async () => {
    const signature = await sign(GOOD);
    const again = new TextEncoder().encode(JSON.stringify(JSON.parse(new TextDecoder().decode(BODY))));
    expect(await outcomeOf(signature, { rawBody: again })).toBe('signature.invalid');
    const changed = Uint8Array.from(BODY, (byte, index) => (index === 3 ? byte ^ 1 : byte));
    expect(await outcomeOf(signature, { rawBody: changed })).toBe('signature.invalid');
  });

  test.each([
    ['none', undefined, 'signature.missing'],
    ['an empty one', ' ', 'signature.missing'],
    ['no JWS', 'abc', 'signature.malformed'],
    ['two parts', 'a.b', 'signature.malformed'],
    ['a header that is no JSON', 'YWJj..YWJj', 'signature.malformed'],
    ['a header that is a list', `${Buffer.from('[]').toString('base64url')}..YWJj`, 'signature.malformed'],
    ['letters outside base64url', 'e30=..YWJj', 'signature.malformed'],
  ])('%s is refused', async (_name, signature, code) => {
    expect(await outcomeOf(signature)).toBe(code);
  });

  test('one that is not detached is refused', async () => {
    const [header, , signature] = (await sign(GOOD)).split('.');
    const attached = `${header!}.${Buffer.from(BODY).toString('base64url')}.${signature!}`;
    expect(await outcomeOf(attached)).toBe('signature.malformed');
  });

  test.each([
    ['kid', without('kid')],
    ['crit', without('crit')],
    ['iat', { ...without(IAT_CLAIM), crit: CRIT }],
    ['iss', { ...without(ISS_CLAIM), crit: CRIT }],
    ['tan', { ...without(TAN_CLAIM), crit: CRIT }],
  ])('%s missing is refused as missing', async (_name, header) => {
    expect(await outcomeOf(forge(header))).toBe('signature.claim-missing');
  });

  test.each([
    ['alg', { ...GOOD, alg: 'RS256' }],
    ['alg none', { ...GOOD, alg: 'none' }],
    ['typ', { ...GOOD, typ: 'JWT' }],
    ['cty', { ...GOOD, cty: 'text/plain' }],
    ['an unknown kid', { ...GOOD, kid: 'signing-9' }],
    ['a key for something else', { ...GOOD, kid: 'transport-1' }],
    ['iss without the software', { ...GOOD, [ISS_CLAIM]: CLIENT.organisationId }],
    ['iss of another client', { ...GOOD, [ISS_CLAIM]: `${CLIENT.organisationId}/other` }],
    ['iat as a text', { ...GOOD, [IAT_CLAIM]: '2026-11-25' }],
    ['iat in the future', { ...GOOD, [IAT_CLAIM]: NOW / 1000 + 61 }],
    ['iat in milliseconds', { ...GOOD, [IAT_CLAIM]: NOW }],
    ['crit with one name too few', { ...GOOD, crit: [IAT_CLAIM, ISS_CLAIM] }],
    ['crit with a name too many', { ...GOOD, crit: [...CRIT, 'exp'] }],
    ['crit with a name twice', { ...GOOD, crit: [IAT_CLAIM, IAT_CLAIM, ISS_CLAIM] }],
    ['crit as a text', { ...GOOD, crit: CRIT.join() }],
    ['tan as a number', { ...GOOD, [TAN_CLAIM]: 7 }],
  ])('%s is refused as wrong', async (_name, header) => {
    expect(await outcomeOf(forge(header))).toBe('signature.claim-invalid');
  });

  test.each([
    ['false', { ...GOOD, b64: false, crit: ['b64', ...CRIT] }],
    ['true', { ...GOOD, b64: true }],
  ])('b64 %s is refused, whatever crit says', async (_name, header) => {
    expect(await outcomeOf(forge(header))).toBe('signature.malformed');
  });

  test('iat may run ahead by up to a minute', async () => {
    expect(await outcomeOf(await sign({ ...GOOD, [IAT_CLAIM]: NOW / 1000 + 60 }))).toBe('verified');
  });

  test('the trust anchor is compared where the ecosystem names one', async () => {
    const signature = await sign(GOOD);
    expect(await outcomeOf(signature, { trustAnchor: 'localhost:8443' })).toBe('verified');
    expect(await outcomeOf(signature, { trustAnchor: 'openbanking.org.uk' })).toBe('signature.claim-invalid');
  });

  test('a signature by another key of the client, or of somebody else, does not fit', async () => {
    expect(await outcomeOf(await sign({ ...GOOD, kid: 'signing-2' }))).toBe('signature.invalid');
    const stranger = await generateKeyPair('PS256');
    expect(await outcomeOf(await sign(GOOD, { key: stranger.privateKey }))).toBe('signature.invalid');
  });
});

describe('uk-obie message signature of the bank', () => {
  test('names the organisation, exactly three critical claims and no b64, and verifies over the bytes', async () => {
    const signature = await messageSignature.sign({
      rawBody: BODY,
      wallNow: NOW,
      key: { kid: 'bank-1', organisationId: 'bramble-org', trustAnchor: 'localhost:8443', privateKey: pair.privateKey },
    });
    const jws = readDetachedJws(signature);
    expect(jws.header).toEqual({
      alg: 'PS256',
      kid: 'bank-1',
      typ: 'JOSE',
      cty: 'application/json',
      [IAT_CLAIM]: NOW / 1000,
      [ISS_CLAIM]: 'bramble-org',
      [TAN_CLAIM]: 'localhost:8443',
      crit: CRIT,
    });
    await verifyDetachedJws({ jws, payload: BODY, key: keys[0]!, algorithm: 'PS256', critical: CRIT });
    await expect(
      verifyDetachedJws({ jws, payload: BODY.slice(1), key: keys[0]!, algorithm: 'PS256', critical: CRIT }),
    ).rejects.toMatchObject({ code: 'signature.invalid' });
  });
});

/** A header that jose would not sign: the checks of the header come before the signature. */
function forge(header: Record<string, unknown>): string {
  return `${Buffer.from(JSON.stringify(header)).toString('base64url')}..YWJj`;
}
