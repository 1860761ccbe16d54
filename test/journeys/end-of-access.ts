import { describe, expect, test } from '@jest/globals';

import { newThirdParty } from '../support/test-sandbox.js';
import { accessTo, bodyOf, consentStatus, lodgeAccess, type WireErrors } from '../support/uk-bank.js';
import type { WholePathStage } from './whole-path-stage.js';

export function describeEnds(stage: () => WholePathStage): void {
  describe('the end of access', () => {
    const nextCall = async (token: string): Promise<{ readonly status: number; readonly challenge: string | null }> => {
      const { status, headers } = await stage().tpp.call('GET', '/aisp/accounts', { token });
      return { status, challenge: headers.get('www-authenticate') };
    };

    /** What the bank itself says of a token (RFC 7662). */
    const isActive = async (token: string): Promise<boolean> => {
      const { tpp } = stage();
      const fields = { ...(await tpp.credentials()), token };
      return bodyOf(await tpp.postForm<{ active: boolean }>('introspection_endpoint', fields), 200).active;
    };

    test('a customer who denies access sends the third party home with access_denied', async () => {
      const { tpp, payer } = stage();
      const consentId = await lodgeAccess(tpp);
      const pending = await tpp.beginConsent(consentId, 'accounts');
      const back = await payer.deny(pending.authorizationUrl);
      await expect(tpp.finishConsent(pending, back)).rejects.toMatchObject({ error: 'access_denied' });
      expect((await consentStatus(tpp, consentId)).Status).toBe('RJCT');
    });

    test('a refresh token gives a new access token, bound to the same certificate and consent', async () => {
      const { tpp, payer } = stage();
      const access = await accessTo(tpp, payer);
      const fresh = await tpp.refresh(access.tokens.refresh_token ?? '');
      expect(fresh.access_token).not.toBe(access.token);
      for (const alive of [fresh.access_token, access.tokens.refresh_token ?? ''])
        expect(await isActive(alive)).toBe(true);
      expect((await nextCall(fresh.access_token)).status).toBe(200);
    });

    test('a revoked access token is refused at the next call', async () => {
      const { tpp, payer } = stage();
      const access = await accessTo(tpp, payer);
      await tpp.revoke(access.token);
      expect(await nextCall(access.token)).toEqual({
        status: 401,
        challenge: expect.stringContaining('invalid_token'),
      });
    });

    test('a revoked refresh token ends the access tokens of its grant, too', async () => {
      const { tpp, payer } = stage();
      const access = await accessTo(tpp, payer);
      await tpp.revoke(access.tokens.refresh_token ?? '');
      await expect(tpp.refresh(access.tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
      expect((await nextCall(access.token)).status).toBe(401);
    });

    test('a deleted consent is gone, with every token under it', async () => {
      const { tpp, payer } = stage();
      const access = await accessTo(tpp, payer);
      const path = `/aisp/account-access-consents/${access.consentId}`;
      const token = await tpp.clientToken('accounts');
      const deleted = await tpp.call('DELETE', path, { token });
      expect({ status: deleted.status, text: deleted.text }).toEqual({ status: 204, text: '' });
      expect((await nextCall(access.token)).status).toBe(401);
      for (const ended of [access.token, access.tokens.refresh_token ?? '']) expect(await isActive(ended)).toBe(false);
      await expect(tpp.refresh(access.tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
      const gone = await tpp.call<WireErrors>('GET', path, { token });
      expect(bodyOf(gone, 400).Errors[0]?.ErrorCode).toBe('U011');
    });

    test('an access token shown over another client’s certificate is refused', async () => {
      const { sandbox, tpp, payer } = stage();
      const access = await accessTo(tpp, payer);
      const other = await newThirdParty(sandbox, { name: 'Somebody Else' });
      const answer = await other.call('GET', '/aisp/accounts', { token: access.token });
      expect({ status: answer.status, text: answer.text }).toEqual({ status: 401, text: '' });
      await other.close();
      expect((await nextCall(access.token)).status).toBe(200);
    });
  });
}
