import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { openStage, REQUIREMENTS, type Stage } from './stage.js';
import { authoriseByPar, createThirdParty, decodeJwt, post, redeem, register, type ThirdParty } from './third-party.js';

describe('FAPI 2', () => {
  let stage: Stage;
  let tpp: ThirdParty;
  let clientId: string;
  beforeAll(async () => {
    stage = await openStage();
    tpp = await createThirdParty(stage);
    clientId = await register(stage, tpp);
  });
  afterAll(() => stage.close());

  test('a registered client gets a client-credentials token bound to its certificate', async () => {
    const { status, body } = await post(
      stage,
      { tpp, clientId, path: '/token' },
      { grant_type: 'client_credentials', scope: 'accounts' },
    );
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer', scope: 'accounts', expires_in: 600 },
    });
    const token = await stage.server.tokens.resolve(String(body['access_token']));
    expect(token).toMatchObject({ clientId, grant: 'client', scopes: ['accounts'], state: 'active' });
    expect(token?.certificateThumbprint).toBeDefined();
  });

  test('a consent goes from the pushed request through the journey to tokens that know it', async () => {
    const { consentId, code, verifier, redirect } = await authoriseByPar(stage, { tpp, clientId });
    expect(redirect.searchParams.get('iss')).toBe(stage.issuer);
    expect(redirect.searchParams.get('state')).toBe('state-1');
    const { status, body } = await redeem(stage, { tpp, clientId }, { code, verifier });
    expect({ status, body }).toMatchObject({ status: 200, body: { token_type: 'Bearer', scope: 'accounts' } });
    expect(decodeJwt(String(body['id_token']))).toMatchObject({
      openbanking_intent_id: consentId,
      acr: REQUIREMENTS.acrValues[0],
      nonce: 'nonce-1',
    });
    expect(await stage.server.tokens.resolve(String(body['access_token']))).toMatchObject({
      consentId,
      grant: 'customer',
      state: 'active',
    });
  });
});
