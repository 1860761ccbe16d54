import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { CALLBACK, newOAuthParty, OAUTH2, type OAuthParty, type OAuthServer } from '../../support/berlin-oauth.js';
import { REDIRECT, refusalOf, type BerlinAnswer, type Json } from '../../support/berlin-party.js';
import { CONSENT, openBerlinStage, type BerlinStage } from '../../support/berlin-stage.js';
import { transfer } from './orders.js';

let stage: BerlinStage;
let party: OAuthParty;
let server: OAuthServer;
beforeAll(async () => {
  stage = await openBerlinStage();
  party = await newOAuthParty(stage.sandbox);
  server = await party.serverAt(metadataUrl());
}, 120_000);
afterAll(async () => {
  await party?.close();
  await stage?.close();
});

const metadataUrl = (): string => `${stage.sandbox.status.publicOrigin}/dogger/.well-known/oauth-authorization-server`;
const issuer = (): string => `${stage.sandbox.status.publicOrigin}/dogger`;
const bodyOf = async (href: string): Promise<Json> => (await party.ask('GET', href)).body;
const lodge = (access: Json = { allPsd2: 'allAccounts' }, headers: Json = OAUTH2): Promise<BerlinAnswer> =>
  party.ask('POST', '/v1/consents', { body: { ...CONSENT, access }, headers });

/** Consent, customer's yes, tokens. */
async function agreed(scope = ''): Promise<Json> {
  const { body } = await lodge();
  const pending = await server.begin(`${scope}AIS:${body.consentId}`);
  const tokens = await server.finish(pending, await stage.payer.share(pending.url));
  return { consentId: body.consentId, links: body._links, token: tokens.access_token, tokens };
}

describe('access to accounts by OAuth2', () => {
  test('the consent names the authorization server, whose metadata say how and where', async () => {
    const { status, headers, body } = await lodge();
    expect([status, headers.get('aspsp-sca-approach')]).toEqual([201, 'REDIRECT']);
    expect(body._links.scaOAuth).toEqual({ href: metadataUrl() });
    expect(body._links).not.toHaveProperty('scaRedirect');
    expect(await bodyOf(body._links.scaOAuth.href)).toMatchObject({
      issuer: issuer(),
      authorization_endpoint: `${issuer()}/authorize`,
      code_challenge_methods_supported: ['S256'],
      scopes_supported: ['openid', 'AIS', 'PIS', 'PIIS'],
      tls_client_certificate_bound_access_tokens: true,
      authorization_response_iss_parameter_supported: true,
    });
    expect(server.metadata).not.toHaveProperty('registration_endpoint');
  });

  test('the customer agrees on the pages of the bank, and the token reads what she agreed to', async () => {
    const { body } = await lodge();
    expect(await bodyOf(body._links.scaStatus.href)).toEqual({ scaStatus: 'received' });
    const pending = await server.begin(`AIS:${body.consentId}`);
    const back = await stage.payer.share(pending.url);
    expect([`${back.origin}${back.pathname}`, back.searchParams.get('iss')]).toEqual([CALLBACK, issuer()]);
    expect(await bodyOf(body._links.scaStatus.href)).toEqual({ scaStatus: 'finalised' });
    expect(await bodyOf(body._links.status.href)).toEqual({ consentStatus: 'valid' });
    const { authorisationIds } = await bodyOf(`${body._links.self.href}/authorisations`);
    expect(authorisationIds).toHaveLength(1);

    const tokens = await server.finish(pending, back);
    expect(tokens).toMatchObject({
      token_type: 'bearer',
      expires_in: 3_600,
      scope: `AIS:${body.consentId}`,
      refresh_token: expect.any(String),
    });
    const given = { token: tokens.access_token, consentId: body.consentId };
    const accounts = await party.read('/v1/accounts', given);
    expect(accounts.body.accounts.map(({ iban }: Json) => iban)).toEqual(
      expect.arrayContaining([stage.payer.ibans[0]]),
    );
    const [first] = accounts.body.accounts;
    const booked = `/v1/accounts/${first.resourceId}/transactions?bookingStatus=booked&dateFrom=2026-05-01`;
    expect((await party.read(booked, given)).body.transactions.booked.length).toBeGreaterThan(0);
  });

  test('she picks the accounts there where the consent leaves it to her', async () => {
    const { body } = await lodge({ accounts: [], balances: [], transactions: [] });
    const pending = await server.begin(`AIS:${body.consentId}`);
    const [, savings] = stage.payer.accounts;
    const tokens = await server.finish(pending, await stage.payer.share(pending.url, [savings!.id]));
    const given = { token: tokens.access_token, consentId: body.consentId };
    const { accounts } = (await party.read('/v1/accounts', given)).body;
    expect(accounts.map(({ iban }: Json) => iban)).toEqual([savings!.identification]);
  });

  test('with openid there is an ID token that names the consent', async () => {
    const { consentId, tokens } = await agreed('openid ');
    expect(tokens.claims()).toMatchObject({ iss: issuer(), aud: party.clientId, consent_id: consentId });
  });

  test('who says no sends the third party away with an error, and the consent is rejected', async () => {
    const { body } = await lodge();
    const pending = await server.begin(`AIS:${body.consentId}`);
    const back = await stage.payer.deny(pending.url);
    expect(back.searchParams.get('error')).toBe('access_denied');
    expect(await bodyOf(body._links.status.href)).toEqual({ consentStatus: 'rejected' });
    expect(await bodyOf(body._links.scaStatus.href)).toMatchObject({ scaStatus: 'failed' });
  });

  test('the explicit start: the authorisation that was started is the one that ends', async () => {
    const { body } = await lodge(
      { allPsd2: 'allAccounts' },
      { ...OAUTH2, 'tpp-explicit-authorisation-preferred': 'true' },
    );
    const started = await party.ask('POST', body._links.startAuthorisation.href, { body: {}, headers: OAUTH2 });
    expect(started.body._links.scaOAuth).toEqual({ href: metadataUrl() });
    const pending = await server.begin(`AIS:${body.consentId}`);
    await server.finish(pending, await stage.payer.share(pending.url));
    expect(await bodyOf(started.body._links.scaStatus.href)).toEqual({ scaStatus: 'finalised' });
  });

  test('who sends an address for a redirect is given the page: the bank has it before OAuth2', async () => {
    const { body } = await lodge({ allPsd2: 'allAccounts' }, { ...REDIRECT, ...OAUTH2 });
    expect(body._links).toHaveProperty('scaRedirect');
    expect(body._links).not.toHaveProperty('scaOAuth');
  });
});

describe('questions about funds by OAuth2', () => {
  test('the customer agrees to them by a scope of their own', async () => {
    const lodged = await party.ask('POST', '/v2/consents/confirmation-of-funds', {
      body: { account: { iban: stage.payer.ibans[0] } },
      headers: OAUTH2,
    });
    expect([lodged.status, lodged.body._links.scaOAuth]).toEqual([201, { href: metadataUrl() }]);
    const pending = await server.begin(`PIIS:${lodged.body.consentId}`);
    const tokens = await server.finish(pending, await stage.payer.share(pending.url));
    const asked = await party.ask('POST', '/v1/funds-confirmations', {
      body: { account: { iban: stage.payer.ibans[0] }, instructedAmount: { currency: 'EUR', amount: '1.00' } },
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect([asked.status, asked.body]).toEqual([200, { fundsAvailable: true }]);
  });
});

describe('payments by OAuth2', () => {
  const pay = (more: Json = {}): Promise<BerlinAnswer> =>
    party.ask('POST', '/v1/payments/sepa-credit-transfers', { body: transfer(stage, more), headers: OAUTH2 });

  test('the customer’s yes carries the payment out; its token is of it alone and has no later', async () => {
    const { status, headers, body } = await pay();
    expect([status, headers.get('aspsp-sca-approach')]).toEqual([201, 'REDIRECT']);
    expect(body._links.scaOAuth).toEqual({ href: metadataUrl() });
    const pending = await server.begin(`PIS:${body.paymentId}`);
    const tokens = await server.finish(pending, await stage.payer.pay(pending.url));
    expect(tokens).toMatchObject({ scope: `PIS:${body.paymentId}` });
    expect(tokens).not.toHaveProperty('refresh_token');
    expect(await bodyOf(body._links.scaStatus.href)).toEqual({ scaStatus: 'finalised' });
    const headersWithToken = { authorization: `Bearer ${tokens.access_token}` };
    const told = await party.ask('GET', body._links.status.href, { headers: headersWithToken });
    expect([told.status, told.body.transactionStatus]).toEqual([200, 'ACTC']);
    expect((await bodyOf(body._links.status.href)).transactionStatus).toBe('ACTC');
  });

  test('a basket is named as a payment is', async () => {
    const ids = await Promise.all([pay(), pay({ endToEndIdentification: 'BESTELLUNG-2042' })]);
    const paymentIds = ids.map(({ body }) => body.paymentId);
    const basket = await party.ask('POST', '/v1/signing-baskets', { body: { paymentIds }, headers: OAUTH2 });
    expect([basket.status, basket.body._links.scaOAuth]).toEqual([201, { href: metadataUrl() }]);
    const pending = await server.begin(`PIS:${basket.body.basketId}`);
    await server.finish(pending, await stage.payer.pay(pending.url));
    expect(await bodyOf(basket.body._links.scaStatus.href)).toEqual({ scaStatus: 'finalised' });
  });

  test('calling back what she agreed to asks her again, also without a state that tells the requests apart', async () => {
    const { body } = await pay({ requestedExecutionDate: '2026-07-20' });
    const pending = await server.begin(`PIS:${body.paymentId}`, { state: undefined });
    await server.finish(pending, await stage.payer.pay(pending.url));
    const asked = await party.ask('DELETE', body._links.self.href, { headers: OAUTH2 });
    expect(asked.status).toBe(202);
    const started = await party.ask('POST', asked.body._links.startAuthorisation.href, { body: {}, headers: OAUTH2 });
    expect([started.status, started.body._links.scaOAuth]).toEqual([201, { href: metadataUrl() }]);
    const again = await server.begin(`PIS:${body.paymentId}`, { state: undefined });
    await server.finish(again, await stage.payer.pay(again.url));
    expect(await bodyOf(started.body._links.scaStatus.href)).toEqual({ scaStatus: 'finalised' });
    expect((await bodyOf(body._links.status.href)).transactionStatus).toBe('CANC');
  });
});

describe('the token of a consent', () => {
  let first: Json;
  beforeAll(async () => {
    first = await agreed();
  });
  const accounts = async (token: string | undefined, consentId: string): Promise<string> =>
    refusalOf(await party.read('/v1/accounts', { consentId, ...(token !== undefined && { token }) }));

  test('is asked for where she agreed in an authorization request, and nowhere else', async () => {
    expect(await accounts(undefined, first.consentId)).toBe('401 TOKEN_INVALID');
    expect((await party.ask('GET', first.links.status.href)).body).toEqual({ consentStatus: 'valid' });
    const byRedirect = await lodge({ allPsd2: 'allAccounts' }, REDIRECT);
    await stage.payer.share(byRedirect.body._links.scaRedirect.href);
    expect(await accounts(undefined, byRedirect.body.consentId)).toBe('200');
  });

  test('is of one consent', async () => {
    const second = await agreed();
    expect(await accounts(first.token, second.consentId)).toBe('401 TOKEN_INVALID');
    // A new recurring consent of the same customer ends the one before, whatever token comes with it.
    expect(await accounts(first.token, first.consentId)).toBe('401 CONSENT_INVALID');
    expect(await accounts(second.token, second.consentId)).toBe('200');
    const payment = await party.ask('POST', '/v1/payments/sepa-credit-transfers', {
      body: transfer(stage),
      headers: { ...OAUTH2, authorization: `Bearer ${second.token}` },
    });
    expect(payment.status).toBe(201);
    const headers = { authorization: `Bearer ${second.token}` };
    expect(refusalOf(await party.ask('GET', payment.body._links.status.href, { headers }))).toBe('401 TOKEN_INVALID');
    first = second;
  });

  test('is known to this bank, and sent as a token', async () => {
    expect(await accounts('nobody-ever-saw-this', first.consentId)).toBe('401 TOKEN_UNKNOWN');
    const basic = await party.ask('GET', '/v1/accounts', {
      headers: { 'consent-id': first.consentId, authorization: 'Basic dHBwOnNlY3JldA==' },
    });
    expect(refusalOf(basic)).toBe('401 TOKEN_INVALID');
  });

  test('is bound to its certificate: another one of anybody’s does not do', async () => {
    const stranger = await newOAuthParty(stage.sandbox, { name: 'Fremde Augen' });
    try {
      const seen = await stranger.read('/v1/accounts', first);
      expect(refusalOf(seen)).toBe('401 TOKEN_INVALID');
    } finally {
      await stranger.close();
    }
  });

  test('ends with its hour on the bank’s clock, and is refreshed as long as the consent lives', async () => {
    await stage.sandbox.clock.advance('PT1H1S');
    expect(await accounts(first.token, first.consentId)).toBe('401 TOKEN_EXPIRED');
    const { access_token: fresh } = await server.refresh(first.tokens.refresh_token);
    expect(await accounts(fresh, first.consentId)).toBe('200');
    first = { ...first, token: fresh };
  });

  test('ends with the consent', async () => {
    expect((await party.ask('DELETE', first.links.self.href)).status).toBe(204);
    expect(await accounts(first.token, first.consentId)).toBe('401 TOKEN_INVALID');
    await expect(server.refresh(first.tokens.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});
