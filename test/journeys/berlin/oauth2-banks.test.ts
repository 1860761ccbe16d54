import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { newOAuthParty, OAUTH2, type OAuthParty } from '../../support/berlin-oauth.js';
import { EMBEDDED, REDIRECT, refusalOf, type BerlinAnswer, type Json } from '../../support/berlin-party.js';
import { CONSENT, openBerlinStage, type BerlinStage } from '../../support/berlin-stage.js';
import { newThirdParty } from '../../support/test-sandbox.js';
import type { ThirdParty } from '../../support/third-party.js';
import { accessTo, bodyOf } from '../../support/uk-bank.js';
import { openDirectoryDesk } from '../../support/directory-desk.js';

interface Opened {
  readonly stage: BerlinStage;
  readonly party: OAuthParty;
}

/** Dogger Bank as these lines of its file say, for as long as a block of tests runs. */
function bankWith(dogger: Json): () => Opened {
  let opened: Opened;
  beforeAll(async () => {
    const stage = await openBerlinStage({ dogger });
    opened = { stage, party: await newOAuthParty(stage.sandbox) };
  }, 120_000);
  afterAll(async () => {
    await opened?.party.close();
    await opened?.stage.close();
  });
  return () => opened;
}

const lodge = ({ party }: Opened, headers: Json): Promise<BerlinAnswer> =>
  party.ask('POST', '/v1/consents', { body: { ...CONSENT, access: { allPsd2: 'allAccounts' } }, headers });
const linksOf = ({ body }: BerlinAnswer): readonly string[] => Object.keys(body._links);

describe('a bank that would rather have OAuth2', () => {
  const bank = bankWith({ 'berlin-group': { scaApproaches: ['oauth2', 'redirect', 'embedded'] } });

  test.each<[string, Json, string, string]>([
    ['nobody says anything', {}, 'REDIRECT', 'scaOAuth'],
    ['an address for a redirect is there as well', REDIRECT, 'REDIRECT', 'scaOAuth'],
    ['a redirect is preferred', OAUTH2, 'REDIRECT', 'scaOAuth'],
    ['no redirect is preferred', EMBEDDED, 'EMBEDDED', 'updatePsuAuthentication'],
  ])('%s', async (_wish, headers, approach, link) => {
    const lodged = await lodge(bank(), headers);
    expect([lodged.headers.get('aspsp-sca-approach'), linksOf(lodged)]).toEqual([
      approach,
      expect.arrayContaining([link]),
    ]);
  });

  test('its directory knows it as a bank', async () => {
    const desk = await openDirectoryDesk(bank().stage.sandbox);
    const banks = (await desk.organisations()).filter(({ roles }) => roles.includes('ASPSP'));
    await desk.close();
    expect(banks.map(({ name, authority }) => [name, authority.country])).toContainEqual(['Dogger Bank', 'DE']);
  });
});

describe('a bank without OAuth2', () => {
  const bank = bankWith({ 'berlin-group': { scaApproaches: ['redirect', 'embedded'] } });

  test('has no authorization server, and a token of anybody is unknown to it', async () => {
    const { stage, party } = bank();
    const lodged = await lodge(bank(), { ...OAUTH2, ...REDIRECT });
    expect(linksOf(lodged)).toContain('scaRedirect');
    expect(refusalOf(await lodge(bank(), OAUTH2))).toBe('400 FORMAT_ERROR');
    const metadata = `${stage.sandbox.status.publicOrigin}/dogger/.well-known/oauth-authorization-server`;
    expect((await party.ask('GET', metadata)).status).toBe(404);
    const headers = { authorization: 'Bearer somebody' };
    expect(refusalOf(await party.ask('GET', lodged.body._links.status.href, { headers }))).toBe('401 TOKEN_UNKNOWN');
  });
});

describe('a bank that registers clients in one standard and knows them by certificate in another', () => {
  const bank = bankWith({ standards: ['uk-obie/4.0', 'berlin-group/1.3'] });
  let british: ThirdParty;
  beforeAll(async () => {
    british = await newThirdParty(bank().stage.sandbox, {}, 'dogger');
  }, 60_000);
  afterAll(() => british?.close());

  test('one authorization server serves both, each by its own rules', async () => {
    const { stage, party } = bank();
    const lodged = await lodge(bank(), OAUTH2);
    const server = await party.serverAt(lodged.body._links.scaOAuth.href);
    expect(server.metadata).toMatchObject({
      issuer: british.metadata.issuer,
      registration_endpoint: expect.any(String),
      scopes_supported: expect.arrayContaining(['accounts', 'payments', 'AIS', 'PIS', 'PIIS']),
    });
    const pending = await server.begin(`openid AIS:${lodged.body.consentId}`);
    const tokens = await server.finish(pending, await stage.payer.share(pending.url));
    expect(tokens.claims()).toMatchObject({ consent_id: lodged.body.consentId });
    expect(tokens.claims()).not.toHaveProperty('openbanking_intent_id');
    const given = { token: tokens.access_token, consentId: lodged.body.consentId };
    expect((await party.read('/v1/accounts', given)).status).toBe(200);

    const access = await accessTo(british, stage.payer);
    const seen = await british.call<Json>('GET', '/aisp/accounts', { token: access.token });
    expect(bodyOf(seen, 200).Data.Account.length).toBeGreaterThan(0);
    const astray = await party.read('/v1/accounts', { token: access.token, consentId: lodged.body.consentId });
    expect(refusalOf(astray)).toBe('401 TOKEN_INVALID');
    expect((await british.call('GET', '/aisp/accounts', { token: tokens.access_token })).status).toBe(401);
  });
});
