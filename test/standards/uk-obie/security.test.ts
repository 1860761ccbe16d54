import { describe, expect, test } from '@jest/globals';
import { instant } from '../../../src/kernel/index.js';
import { consentIdOf, security } from '../../../src/standards/uk-obie/security.js';

const request = (claims?: Record<string, unknown>) => ({
  clientId: 'c',
  scopes: ['accounts'],
  ...(claims && { claims }),
});

describe('uk-obie security', () => {
  test.each([
    ['the ID token', { id_token: { openbanking_intent_id: { value: 'a', essential: true } } }, 'a'],
    ['userinfo', { userinfo: { openbanking_intent_id: { value: 'b' } } }, 'b'],
    [
      'both',
      { id_token: { openbanking_intent_id: { value: 'a' } }, userinfo: { openbanking_intent_id: { value: 'b' } } },
      'a',
    ],
    ['no claim', { id_token: { acr: null } }, undefined],
    ['no value', { id_token: { openbanking_intent_id: null } }, undefined],
    ['an empty value', { id_token: { openbanking_intent_id: { value: '' } } }, undefined],
    ['a value that is no text', { id_token: { openbanking_intent_id: { value: 7 } } }, undefined],
  ])('the intent is found in %s', (_name, claims, consentId) => {
    expect(consentIdOf(request(claims))).toBe(consentId);
  });

  test('no claims, no intent', () => expect(consentIdOf(request())).toBeUndefined());

  test('ID tokens repeat the intent', () => {
    expect(security.idTokenClaimsOf('x')).toEqual({ openbanking_intent_id: 'x' });
  });

  test('ID tokens tell when the refresh token ends, in seconds', () => {
    const claims = security.idTokenClaimsOf('x', instant(1_781_600_000_999));
    expect(claims['http://openbanking.org.uk/refresh_token_expires_at']).toBe(1_781_600_000);
    expect(Object.keys(claims)).toEqual(security.idTokenClaims);
  });

  test('each scope has kinds of consent and a role of the directory', () => {
    expect(Object.keys(security.scopeRoles)).toEqual(Object.keys(security.scopes));
    expect(security.scopeRoles).toEqual({ accounts: ['AISP'], payments: ['PISP'] });
  });

  test('refresh tokens end before a clock that was moved by 91 days', () => {
    expect(security.refreshTokenSeconds).toBeLessThan(91 * 86_400);
  });
});
