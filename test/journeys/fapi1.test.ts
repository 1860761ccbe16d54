import { describe, expect, test } from '@jest/globals';

import { newThirdParty } from '../support/test-sandbox.js';
import { accessTo, lodgeAccess } from '../support/uk-bank.js';
import { describeWholePath } from './whole-path.js';

const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

describeWholePath(
  'a FAPI 1 Advanced client with the hybrid flow and a signed request object',
  { profile: 'fapi1-advanced', clientAuthentication: 'private_key_jwt' },
  (stage) => {
    describe('FAPI 1 Advanced', () => {
      test('code and ID token come back in the fragment, and nothing in the query', async () => {
        const { tpp, payer } = stage();
        const pending = await tpp.beginConsent(await lodgeAccess(tpp), 'accounts');
        expect(new URL(pending.authorizationUrl).searchParams.has('request')).toBe(true);
        const back = await payer.share(pending.authorizationUrl);
        expect(back.search).toBe('');
        const answer = new URLSearchParams(back.hash.slice(1));
        expect([...answer.keys()]).toEqual(expect.arrayContaining(['code', 'id_token', 'state']));
        expect(await tpp.finishConsent(pending, back)).toMatchObject({ access_token: expect.any(String) });
      });

      test('a state that was changed on the way is found out by s_hash, and a changed code by c_hash', async () => {
        const { tpp, payer } = stage();
        const pending = await tpp.beginConsent(await lodgeAccess(tpp), 'accounts');
        const back = await payer.share(pending.authorizationUrl);
        for (const parameter of ['state', 'code']) {
          const answer = new URLSearchParams(back.hash.slice(1));
          answer.set(parameter, 'forged-on-the-way');
          const forged = new URL(back.href);
          forged.hash = answer.toString();
          const checks =
            parameter === 'state' ? { ...pending.checks, expectedState: 'forged-on-the-way' } : pending.checks;
          await expect(tpp.finishConsent({ ...pending, checks }, forged)).rejects.toThrow();
        }
        expect(await tpp.finishConsent(pending, back)).toMatchObject({ access_token: expect.any(String) });
      });

      test.each([
        ['has expired', { exp: nowSeconds() - 60, nbf: nowSeconds() - 120 }],
        ['has no exp', { exp: undefined }],
        ['has no nbf', { nbf: undefined }],
        ['lives longer than an hour', { exp: nowSeconds() + 4_000 }],
        ['is for another audience', { aud: 'https://bank.example' }],
        [
          'names a consent that does not exist',
          { claims: { id_token: { openbanking_intent_id: { value: 'no-such-consent', essential: true } } } },
        ],
      ] as const)('a request object that %s is refused before any login', async (_what, claims) => {
        const { tpp, payer } = stage();
        const pending = await tpp.beginConsent(await lodgeAccess(tpp), 'accounts', { claims });
        const journey = await payer.open(pending.authorizationUrl);
        expect(journey.page.has('login-submit')).toBe(false);
        if (journey.page.leftFor) {
          const answer = new URLSearchParams(journey.page.leftFor.hash.slice(1));
          expect(answer.get('error')).toMatch(/^invalid_request(_object)?$/);
        } else {
          expect(journey.page.text('error-code')).toMatch(/^invalid_request(_object)?$/);
        }
        await journey.close();
      });

      test('a request object that led to a decision opens no login again', async () => {
        const { tpp, payer } = stage();
        const pending = await tpp.beginConsent(await lodgeAccess(tpp), 'accounts');
        const reloaded = await payer.open(pending.authorizationUrl);
        expect(reloaded.page.has('login-submit')).toBe(true);
        await reloaded.close();
        await payer.share(pending.authorizationUrl);
        const again = await payer.open(pending.authorizationUrl);
        expect(again.page.has('login-submit')).toBe(false);
        expect(again.page.text('error-code')).toBe('invalid_request_object');
        await again.close();
      });

      test('parameters without a request object are refused', async () => {
        const { tpp, payer } = stage();
        const pending = await tpp.beginConsent(await lodgeAccess(tpp), 'accounts');
        const url = new URL(pending.authorizationUrl);
        url.searchParams.delete('request');
        url.searchParams.set('redirect_uri', tpp.tpp.redirectUris[0] ?? '');
        url.searchParams.set('nonce', 'n');
        const journey = await payer.open(url.href);
        expect(journey.page.has('login-submit')).toBe(false);
        await journey.close();
      });

      test('the consent of another third party is refused before any login', async () => {
        const { sandbox, tpp, payer } = stage();
        const other = await newThirdParty(sandbox, { name: 'Elsewhere', profile: 'fapi1-advanced' });
        const pending = await other.beginConsent(await lodgeAccess(tpp), 'accounts');
        const journey = await payer.open(pending.authorizationUrl);
        expect(journey.page.has('login-submit')).toBe(false);
        await journey.close();
        await other.close();
      });
    });

    test('a FAPI 1 client with tls_client_auth goes the whole way, too', async () => {
      const { sandbox, payer } = stage();
      const tpp = await newThirdParty(sandbox, {
        name: 'Certified Hybrid',
        profile: 'fapi1-advanced',
        clientAuthentication: 'tls_client_auth',
      });
      const access = await accessTo(tpp, payer);
      expect((await tpp.refresh(access.tokens.refresh_token ?? '')).access_token).toEqual(expect.any(String));
      await tpp.close();
    });
  },
);
