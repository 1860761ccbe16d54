import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';

import { MS_PER_MINUTE, plusMs, wallClock } from '../../src/kernel/index.js';
import { createTpp, openStage, type Stage } from './stage.js';

let stage: Stage;
let other: Stage;
beforeAll(async () => {
  [stage, other] = await Promise.all([openStage(), openStage()]);
});
afterAll(() => Promise.all([stage.close(), other.close()]));

describe('software statement assertions', () => {
  test('are PS256 JWTs with the claims of the UK directory, and verify', async () => {
    const { organisation, software } = await createTpp(stage.directory);
    const jwt = await stage.directory.assertion(software.id);
    await jwtVerify(jwt, createLocalJWKSet((await stage.directory.ownJwks()) as never));
    expect(decodeProtectedHeader(jwt)).toMatchObject({ typ: 'JWT', alg: 'PS256' });
    expect(await stage.directory.verifyAssertion(jwt, wallClock.now())).toMatchObject({
      iss: 'Sandbank Directory',
      software_id: software.id,
      org_id: organisation.id,
      org_status: 'Active',
      software_roles: ['AISP', 'PISP'],
      software_jwks_endpoint: `https://localhost:8443/directory/keystore/${organisation.id}/${software.id}.jwks`,
    });
    expect(organisation.id).toMatch(/^[0-9A-Z]{18}$/);
  });

  test('are refused when tampered, unsigned, of another algorithm, key or directory, stale, early or revoked', async () => {
    const { directory } = stage;
    const { software, organisation } = await createTpp(directory);
    const jwt = await directory.assertion(software.id);
    const now = wallClock.now();
    const { kid = '' } = decodeProtectedHeader(jwt);
    const claims = decodeJwt(jwt);
    const [head = '', , tail = ''] = jwt.split('.');
    const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const sign = (alg: string, header: object = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg, kid, ...header }).sign(privateKey);
    const foreign = await createTpp(other.directory);
    const row = await stage.storage.read.get<{ private_key_pem: string }>(
      "SELECT * FROM directory_keys WHERE name = 'signing'",
    );
    const own = createPrivateKey(row?.private_key_pem ?? '');
    const signOwn = (change: object) =>
      new SignJWT({ ...claims, ...change }).setProtectedHeader({ alg: 'PS256', kid }).sign(own);
    const refused: [string, string, number][] = [
      [`${head}.${encode({ ...claims, software_roles: ['ASPSP'] })}.${tail}`, 'signature.invalid', now],
      [`${encode({ alg: 'none', kid })}.${encode(claims)}.`, 'signature.invalid', now],
      [await sign('RS256'), 'signature.invalid', now],
      [await sign('PS256'), 'signature.invalid', now],
      [await sign('PS256', { kid: '../../x' }), 'signature.invalid', now],
      [await other.directory.assertion(foreign.software.id), 'signature.invalid', now],
      ['not a jwt', 'signature.malformed', now],
      [jwt, 'signature.claim-invalid', plusMs(now, 31 * MS_PER_MINUTE)],
      [jwt, 'signature.claim-invalid', plusMs(now, -2 * MS_PER_MINUTE)],
      [await signOwn({ iss: 'OpenBanking Ltd' }), 'signature.claim-invalid', now],
      [await signOwn({ jti: 'x' }), 'signature.claim-invalid', now],
      [await signOwn({ iat: undefined }), 'signature.claim-missing', now],
      [await signOwn({ org_id: 'x' }), 'signature.claim-invalid', now],
      [await signOwn({ software_id: 'x' }), 'directory.software-not-found', now],
    ];
    for (const [text, code, at] of refused) {
      await expect(directory.verifyAssertion(text, plusMs(now, at - now))).rejects.toMatchObject({ code });
    }
    await directory.setSoftwareStatus(software.id, 'Revoked');
    await expect(directory.verifyAssertion(jwt, now)).rejects.toMatchObject({ code: 'directory.invalid-request' });
    await directory.setSoftwareStatus(software.id, 'Active');
    await directory.setOrganisationStatus(organisation.id, 'Revoked');
    await expect(directory.verifyAssertion(jwt, now)).rejects.toMatchObject({ code: 'directory.invalid-request' });
  });
});
