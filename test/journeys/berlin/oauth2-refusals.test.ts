import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { CALLBACK, newOAuthParty, OAUTH2, type OAuthParty, type OAuthServer } from '../../support/berlin-oauth.js';
import { berlinClient, REDIRECT, refusalOf, type Json } from '../../support/berlin-party.js';
import { CONSENT, openBerlinStage, type BerlinStage } from '../../support/berlin-stage.js';
import { openDirectoryDesk, type DirectoryDesk } from '../../support/directory-desk.js';
import { explanationOf, type RecordedCheck } from '../../support/explanations.js';
import { createRawClient, type RawClient } from '../../support/raw-client.js';

let stage: BerlinStage;
let party: OAuthParty;
let stranger: OAuthParty;
let server: OAuthServer;
let desk: DirectoryDesk;
let browser: RawClient;
beforeAll(async () => {
  stage = await openBerlinStage();
  party = await newOAuthParty(stage.sandbox);
  stranger = await newOAuthParty(stage.sandbox, { name: 'Fremde Augen' });
  server = await party.serverAt(metadataUrl());
  desk = await openDirectoryDesk(stage.sandbox);
  browser = createRawClient({ caPem: stage.sandbox.caPem });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await desk?.close();
  await stranger?.close();
  await party?.close();
  await stage?.close();
});

const metadataUrl = (): string => `${stage.sandbox.status.publicOrigin}/dogger/.well-known/oauth-authorization-server`;
const consent = async (headers: Json = OAUTH2): Promise<string> => {
  const body = { ...CONSENT, access: { allPsd2: 'allAccounts' } };
  return (await party.ask('POST', '/v1/consents', { body, headers })).body.consentId;
};

/** The check that refused a request. */
async function refusal(interactionId: string, status: number): Promise<RecordedCheck | undefined> {
  const { checks } = await explanationOf(browser, { sandbox: stage.sandbox, interactionId, status });
  return checks.find(({ outcome }) => outcome === 'failed');
}

/** What the browser of a customer is answered at the authorization endpoint. */
async function opened(url: string): Promise<{ readonly answer: string; readonly check: RecordedCheck | undefined }> {
  const interactionId = randomUUID();
  const { status, headers, text } = await browser.send(url, { headers: { 'x-fapi-interaction-id': interactionId } });
  const location = headers.get('location');
  const away = location?.startsWith(CALLBACK) ? new URL(location).searchParams.get('error') : undefined;
  const page = /id="error-code"[^>]*>([^<]*)</.exec(text)?.[1];
  return { answer: `${String(status)} ${away ?? page ?? location ?? ''}`, check: await refusal(interactionId, status) };
}

describe('an authorization request', () => {
  test.each<[string, string, (id: string) => { scope: string; change?: Json; clientId?: string }, Json]>([
    [
      'of a client that nobody knows',
      '400 invalid_client',
      (id) => ({ scope: `AIS:${id}`, clientId: 'PSDDE-BAFIN-0' }),
      {
        expected: 'the organizationIdentifier of an organisation that is active in the directory',
        actual: 'PSDDE-BAFIN-0',
      },
    ],
    [
      'to an address that the directory does not have',
      '400 invalid_redirect_uri',
      (id) => ({ scope: `AIS:${id}`, change: { redirect_uri: 'https://elsewhere.example/oauth' } }),
      { expected: `a redirect URI of its software in the directory: ${CALLBACK}` },
    ],
    [
      'without PKCE',
      '303 invalid_request',
      (id) => ({ scope: `AIS:${id}`, change: { code_challenge: undefined, code_challenge_method: undefined } }),
      { expected: expect.stringContaining('PKCE with S256') },
    ],
    [
      'that names no consent',
      '303 invalid_request',
      () => ({ scope: 'AIS' }),
      { name: 'the request names a consent', expected: expect.stringContaining('AIS, PIS, PIIS'), actual: 'none' },
    ],
    [
      'that names a consent which is not there',
      '303 invalid_request',
      () => ({ scope: 'AIS:nowhere' }),
      { name: 'the consent exists', actual: 'nowhere is not known' },
    ],
    [
      'with the scope of another service',
      '303 invalid_request',
      (id) => ({ scope: `PIS:${id}` }),
      { name: 'the scope fits the kind of consent', expected: 'one of: AIS (the consent is for account-access)' },
    ],
    [
      'for the consent of somebody else',
      '303 invalid_request',
      (id) => ({ scope: `AIS:${id}`, clientId: stranger.clientId }),
      { name: 'the consent belongs to the client', actual: 'another client' },
    ],
  ])('%s is refused with %s', async (_what, answer, of, check) => {
    const { scope, change, clientId } = of(await consent());
    const { url } = await (clientId === undefined ? server : await party.serverAt(metadataUrl(), { clientId })).begin(
      scope,
      change,
    );
    const seen = await opened(url);
    expect(seen.answer).toBe(answer);
    expect(seen.check).toMatchObject({ outcome: 'failed', ...check });
  });
});

describe('the token endpoint', () => {
  test('gives nothing to a certificate that is not the client', async () => {
    const pending = await server.begin(`AIS:${await consent()}`);
    const back = await stage.payer.share(pending.url);
    const posing = await party.serverAt(metadataUrl(), { identity: stranger.tpp.transport });
    await expect(posing.finish(pending, back)).rejects.toMatchObject({ error: 'invalid_client' });
    const own = await stranger.serverAt(metadataUrl());
    await expect(own.finish(pending, back)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  test('says why, with both names', async () => {
    const interactionId = randomUUID();
    const client = createRawClient({ caPem: stage.sandbox.caPem, identity: stranger.tpp.transport });
    const answer = await client.send(`${stage.sandbox.status.mtlsOrigin}/dogger/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-fapi-interaction-id': interactionId },
      body: new URLSearchParams({ grant_type: 'authorization_code', client_id: party.clientId, code: 'x' }).toString(),
    });
    await client.close();
    expect([answer.status, answer.body]).toEqual([401, expect.objectContaining({ error: 'invalid_client' })]);
    const { checks } = await explanationOf(browser, { sandbox: stage.sandbox, interactionId, status: 401 });
    expect(checks).toContainEqual(
      expect.objectContaining({
        name: 'the certificate names the client',
        outcome: 'failed',
        expected: `organizationIdentifier=${party.clientId}`,
        actual: `organizationIdentifier=${stranger.clientId}`,
      }),
    );
  });

  test('is not served without a certificate, and registers nobody', async () => {
    const form = {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: party.clientId }).toString(),
    } as const;
    const bare = await browser.send(`${stage.sandbox.status.publicOrigin}/dogger/token`, form);
    expect([bare.status, bare.body]).toEqual([401, expect.objectContaining({ error: 'invalid_client' })]);
    expect((await browser.send(`${stage.sandbox.status.publicOrigin}/dogger/register`, form)).status).toBe(404);
  });
});

describe('a token at the interface', () => {
  test('is bound to the certificate that got it, and not to the organisation', async () => {
    const consentId = await consent();
    const pending = await server.begin(`AIS:${consentId}`);
    const { access_token: token } = await server.finish(pending, await stage.payer.share(pending.url));
    const { certificate, privateKeyPem = '' } = await desk.issueCertificate({
      softwareId: party.tpp.softwareId,
      kind: 'transport',
    });
    const second = berlinClient(stage.sandbox, { chainPem: certificate.chainPem, privateKeyPem });
    const headers = { 'consent-id': consentId, authorization: `Bearer ${token}` };
    const answer = await second.ask('GET', '/v1/accounts', { headers });
    await second.close();
    expect(refusalOf(answer)).toBe('401 TOKEN_INVALID');
    expect(await refusal(answer.requestId, 401)).toMatchObject({
      name: 'the client certificate is the one the token is bound to',
      expected: expect.stringMatching(/^[\w-]{43}$/),
      actual: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  test('is asked for with words that say so', async () => {
    const consentId = await consent();
    const pending = await server.begin(`AIS:${consentId}`);
    await server.finish(pending, await stage.payer.share(pending.url));
    const answer = await party.read('/v1/accounts', { consentId });
    expect(answer.body.tppMessages[0]).toMatchObject({ code: 'TOKEN_INVALID', path: 'Authorization' });
    expect(await refusal(answer.requestId, 401)).toMatchObject({
      expected: 'Authorization: Bearer and the token of this consent',
      actual: 'no token',
    });
  });
});

describe('what the directory takes away', () => {
  test('an organisation that was struck off is nobody’s client any more', async () => {
    const { url } = await (await stranger.serverAt(metadataUrl())).begin('AIS:whatever');
    await desk.setOrganisationStatus(stranger.tpp.organisationId, 'Withdrawn');
    expect((await opened(url)).answer).toBe('400 invalid_client');
    expect(refusalOf(await stranger.ask('POST', '/v1/consents', { body: {}, headers: REDIRECT }))).toBe(
      '401 CERTIFICATE_BLOCKED',
    );
  });
});
