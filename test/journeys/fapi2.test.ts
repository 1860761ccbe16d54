import { describe, expect, test } from '@jest/globals';

import { newThirdParty } from '../support/test-sandbox.js';
import { accessTo, bodyOf, lodgeAccess } from '../support/uk-bank.js';
import { describeWholePath } from './whole-path.js';

describeWholePath(
  'a FAPI 2 client with pushed requests and private_key_jwt',
  { profile: 'fapi2-security', clientAuthentication: 'private_key_jwt' },
  (stage) => {
    describe('FAPI 2', () => {
      test('the request is behind a reference, and the answer in the query names the issuer', async () => {
        const { tpp, payer } = stage();
        const pending = await tpp.beginConsent(await lodgeAccess(tpp), 'accounts');
        const url = new URL(pending.authorizationUrl);
        expect([...url.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
        const back = await payer.share(pending.authorizationUrl);
        expect(back.hash).toBe('');
        expect(back.searchParams.get('iss')).toBe(tpp.metadata.issuer);
        expect(await tpp.finishConsent(pending, back)).toMatchObject({ access_token: expect.any(String) });
      });

      test('a request that was not pushed is refused before any login', async () => {
        const { tpp, payer } = stage();
        const pending = await tpp.beginConsent(await lodgeAccess(tpp), 'accounts');
        const url = new URL(tpp.metadata.authorization_endpoint ?? '');
        url.search = new URLSearchParams({
          client_id: tpp.clientId,
          response_type: 'code',
          redirect_uri: tpp.tpp.redirectUris[0] ?? '',
          scope: 'openid accounts',
          state: pending.checks.expectedState?.toString() ?? '',
          code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
          code_challenge_method: 'S256',
        }).toString();
        const journey = await payer.open(url.href);
        expect(journey.page.has('login-submit')).toBe(false);
        await journey.close();
      });

      test('a pushed request without PKCE is refused', async () => {
        const { tpp } = stage();
        const answer = await tpp.postForm<{ error: string }>('pushed_authorization_request_endpoint', {
          ...(await tpp.credentials()),
          response_type: 'code',
          redirect_uri: tpp.tpp.redirectUris[0] ?? '',
          scope: 'openid accounts',
          claims: JSON.stringify({
            id_token: { openbanking_intent_id: { value: await lodgeAccess(tpp), essential: true } },
          }),
        });
        expect(bodyOf(answer, 400).error).toBe('invalid_request');
      });

      test('a code used a second time is refused and ends what the first use gave', async () => {
        const { tpp, payer } = stage();
        const pending = await tpp.beginConsent(await lodgeAccess(tpp), 'accounts');
        const back = await payer.share(pending.authorizationUrl);
        const tokens = await tpp.finishConsent(pending, back);
        await expect(tpp.finishConsent(pending, back)).rejects.toMatchObject({ error: 'invalid_grant' });
        expect((await tpp.call('GET', '/aisp/accounts', { token: tokens.access_token })).status).toBe(401);
      });
    });

    describe('FAPI 2 with tls_client_auth', () => {
      test('the certificate alone authenticates the client, through the journey and at refresh', async () => {
        const { sandbox, payer } = stage();
        const tpp = await newThirdParty(sandbox, {
          name: 'Certified Savings',
          profile: 'fapi2-security',
          clientAuthentication: 'tls_client_auth',
        });
        const access = await accessTo(tpp, payer);
        const fresh = await tpp.refresh(access.tokens.refresh_token ?? '');
        expect((await tpp.call('GET', '/aisp/accounts', { token: fresh.access_token })).status).toBe(200);
        await tpp.close();
      });

      test('another client’s certificate does not', async () => {
        const { sandbox, tpp: other } = stage();
        const tpp = await newThirdParty(sandbox, { name: 'Certified Two', clientAuthentication: 'tls_client_auth' });
        const answer = await other.postForm<{ error: string }>('token_endpoint', {
          client_id: tpp.clientId,
          grant_type: 'client_credentials',
          scope: 'accounts',
        });
        expect(bodyOf(answer, 401).error).toBe('invalid_client');
        await tpp.close();
      });
    });
  },
);
