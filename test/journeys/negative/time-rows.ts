import { expect } from '@jest/globals';

import { letWallTimePass } from '../../support/passing-time.js';
import { approvedPayment, lodgeAccess, planPayment, payeeOf, postPayment } from '../../support/uk-bank.js';
import { asksForToken, assertedBy } from './authentication-rows.js';
import { atDecision, atLogin, codeOf, pastLogin } from './journey-rows.js';
import type { NegativeRow } from './table.js';
import { freshCode, redemption } from './token-rows.js';
import type { World } from './world.js';

/** What every row of this group needs: made before the clock is moved, by the first of them. */
function before(world: World) {
  return world.once('before the clock moved', async () => {
    const { lantern, customer, sandbox } = world;
    const soon = new Date(Date.parse(sandbox.clock.now()) + 30 * 60_000).toISOString();
    const short = await world.freshAccess({ ExpirationDateTime: soon });
    const long = await world.freshAccess();
    const clientToken = await lantern.clientToken('accounts');
    const plan = planPayment({ amount: '1.00', payee: payeeOf(await world.customerOf('freelancer')) });
    const payment = { plan, ...(await approvedPayment(lantern, customer, plan)) };
    const reviewing = await atDecision(world, { data: { ExpirationDateTime: soon } });
    const beginning = await atLogin(world, { data: { ExpirationDateTime: soon } });
    await sandbox.clock.advance('PT45M');
    return { short, long, clientToken, payment, reviewing, beginning };
  });
}

/** And once more, past the end of the access tokens. */
function later(world: World) {
  return world.once('later still', async () => {
    const made = await before(world);
    await world.sandbox.clock.advance('PT45M');
    return made;
  });
}

/** On wall time: what is short-lived is a minute old, or half an hour. */
const shortLivedRows: readonly NegativeRow[] = [
  {
    name: 'a code is not redeemed after a minute',
    given: async (world) => {
      const code = await freshCode(world);
      letWallTimePass(world.sandbox, 80);
      return asksForToken(world, world.lantern, {
        assertion: assertedBy(world, world.lantern),
        fields: redemption(code, world),
      });
    },
    refused: { status: 400, oauth: 'invalid_grant' },
    because: /expired/,
  },
  {
    name: 'a pushed request is not opened after a minute',
    given: async (world) => {
      const { authorizationUrl } = await world.lantern.beginConsent(await lodgeAccess(world.lantern), 'accounts');
      letWallTimePass(world.sandbox, 80);
      return { send: () => world.raw().send(authorizationUrl, { headers: { accept: 'text/html' } }) };
    },
    refused: { status: 400, page: 'invalid_request_uri' },
    because: /request_uri is invalid, expired/,
  },
  {
    name: 'a one-time code is not taken after ten minutes',
    given: async (world) => {
      const stand = await pastLogin(world);
      const code = await codeOf(world, stand.persona);
      letWallTimePass(world.sandbox, 600);
      return { send: () => stand.post('code', { code }) };
    },
    refused: { status: 303, step: 'code' },
    because: /challenge.expired/,
    writes: ['auth_journeys', 'consent_evidence'],
  },
  {
    name: 'a visit that was left alone for an hour has ended',
    given: async (world) => {
      const stand = await atDecision(world);
      letWallTimePass(world.sandbox, 3_600);
      return { send: () => stand.post('review', { decision: 'approve' }) };
    },
    refused: { status: 400, page: 'journey-not-found' },
    because: /belongs to the browser/,
  },
];

/** On the clock of the bank. */
const businessTimeRows: readonly NegativeRow[] = [
  {
    name: 'a consent that has expired takes its token with it',
    given: async (world) => {
      const { short } = await before(world);
      return { send: () => world.lantern.call('GET', '/aisp/accounts', { token: short.token }) };
    },
    refused: { status: 401, uk: 'TKXP' },
    because: /alive|in force/,
  },
  {
    name: 'the refresh token of a consent that has expired is dead',
    given: async (world) => {
      const { short } = await before(world);
      return asksForToken(world, world.lantern, {
        assertion: assertedBy(world, world.lantern),
        fields: {
          grant_type: 'refresh_token',
          refresh_token: short.tokens.refresh_token ?? '',
          scope: 'openid accounts',
        },
      });
    },
    refused: { status: 400, oauth: 'invalid_grant' },
    because: /refresh token|consent/,
  },
  {
    name: 'a consent that expired under review is not approved',
    given: async (world) => {
      const { reviewing } = await before(world);
      return {
        send: () => reviewing.post('review', { decision: 'approve' }),
        afterwards: async () => {
          const { url } = await reviewing.walk.arrive(reviewing.pending.authorizationUrl);
          expect([url.searchParams.get('error'), url.searchParams.get('code')]).toEqual(['invalid_request', null]);
        },
      };
    },
    refused: { status: 400, page: 'consent.expired' },
    because: /expired/,
    // The grant is written before the approval, so that whoever revokes the consent finds it; it leads to no code.
    writes: ['auth_journeys', 'authorisations', 'auth_grants', /^oidc_artefacts\/(Grant|Interaction|Session)$/],
  },
  {
    name: 'a consent that has expired is not authorised from the start',
    given: async (world) => {
      const { beginning } = await before(world);
      return { send: () => world.raw().send(beginning.pending.authorizationUrl, { headers: { accept: 'text/html' } }) };
    },
    refused: { redirect: 'invalid_request' },
    because: /can be authorised/,
  },
  {
    name: 'an access token that has expired says so',
    given: async (world) => {
      const { long } = await later(world);
      return { send: () => world.lantern.call('GET', '/aisp/accounts', { token: long.token }) };
    },
    refused: { status: 401, uk: 'TKXP' },
    because: /alive/,
  },
  {
    name: 'a token of the client expires, too',
    given: async (world) => {
      const { clientToken: token } = await later(world);
      return { send: () => world.lantern.call('GET', '/aisp/account-access-consents/any', { token }) };
    },
    refused: { status: 401, uk: 'TKXP' },
    because: /alive/,
  },
  {
    name: 'a payment is not ordered with a token that has expired',
    given: async (world) => {
      const { payment } = await later(world);
      return { send: () => postPayment(world.lantern, payment.plan, payment) };
    },
    refused: { status: 401, uk: 'TKXP' },
    because: /alive/,
  },
];

export const timeRows: readonly NegativeRow[] = [...shortLivedRows, ...businessTimeRows];
