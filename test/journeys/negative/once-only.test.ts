import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { forgeJwt } from '../../support/forged-jwt.js';
import type { ApiAnswer } from '../../support/third-party.js';
import {
  approvedPayment,
  bodyOf,
  consentStatus,
  lodgeAccess,
  payeeOf,
  planPayment,
  postPayment,
  type WireErrors,
  type WirePayment,
} from '../../support/uk-bank.js';
import { asksForToken, assertedBy } from './authentication-rows.js';
import { atDecision, pastLogin } from './journey-rows.js';
import { postOf, registrationClaims } from './registration-rows.js';
import { openWorld, type World } from './world.js';

const TIMES = 20;

function atOnce<T>(work: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: TIMES }, (_none, index) => work(index)));
}

function countOf(answers: readonly ApiAnswer[], status: number): number {
  return answers.filter((answer) => answer.status === status).length;
}

describe('what is to happen once, asked for twenty times at the same moment', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  }, 60_000);

  afterAll(async () => {
    await world?.close();
  });

  test('a consent is approved once, and one grant comes of it', async () => {
    const stand = await atDecision(world);
    const before = world.database.count('auth_grants');
    const answers = await atOnce(() => stand.post('review', { decision: 'approve' }));
    expect(countOf(answers, 303)).toBe(TIMES);
    expect(world.database.count('auth_grants') - before).toBe(1);
    const back = await stand.walk.arrive(answers[0]?.headers.get('location') ?? '');
    expect(await stand.client.finishConsent(stand.pending, back.url)).toMatchObject({
      scope: expect.stringContaining('accounts'),
    });
  });

  test('a yes and a no at once leave the consent in one state, and the third party with one answer', async () => {
    const stand = await atDecision(world);
    await atOnce((index) => stand.post('review', { decision: index % 2 === 0 ? 'approve' : 'deny' }));
    expect(['AUTH', 'RJCT']).toContain((await consentStatus(stand.client, stand.consentId)).Status);
  });

  test('twenty wrong codes are not twenty tries', async () => {
    const stand = await pastLogin(world, { persona: 'pensioner' });
    await atOnce((index) => stand.post('code', { code: String(index).padStart(6, '0') }));
    expect((await consentStatus(stand.client, stand.consentId)).Status).toBe('RJCT');
  });

  test('a code is redeemed at most once, and the tokens of a code that was tried again are dead', async () => {
    const { lantern, customer } = world;
    const pending = await lantern.beginConsent(await lodgeAccess(lantern), 'accounts');
    const back = await customer.share(pending.authorizationUrl);
    const attempts = await Promise.all(
      Array.from({ length: TIMES }, async () =>
        asksForToken(world, lantern, {
          assertion: assertedBy(world, lantern),
          fields: {
            grant_type: 'authorization_code',
            code: back.searchParams.get('code') ?? '',
            redirect_uri: lantern.tpp.redirectUris[0] ?? '',
            code_verifier: String(pending.checks.pkceCodeVerifier),
          },
        }),
      ),
    );
    const answers = await atOnce((index) => attempts[index]?.send() ?? Promise.reject(new Error('no attempt')));
    expect(countOf(answers, 200)).toBeLessThanOrEqual(1);
    expect(countOf(answers, 200) + countOf(answers, 400)).toBe(TIMES);
    for (const { status, body } of answers) {
      if (status !== 200) continue;
      const token = (body as { readonly access_token: string }).access_token;
      expect((await lantern.call('GET', '/aisp/accounts', { token })).status).toBe(401);
    }
  });

  test('a client assertion is taken once', async () => {
    const attempt = asksForToken(world, world.lantern, { assertion: assertedBy(world, world.lantern) });
    const answers = await atOnce(() => attempt.send());
    expect([countOf(answers, 200), countOf(answers, 401)]).toEqual([1, TIMES - 1]);
  });

  test('a registration request is taken once', async () => {
    const newcomer = await world.newcomer();
    const jwt = forgeJwt(newcomer, registrationClaims(newcomer, world.issuer));
    const attempt = postOf(world, jwt, { identity: newcomer.transport });
    const answers = await atOnce(() => attempt.send());
    expect([countOf(answers, 201), countOf(answers, 400)]).toEqual([1, TIMES - 1]);
  });

  test('one order under one idempotency key is one payment, and every answer names it', async () => {
    const { lantern, customer } = world;
    const plan = planPayment({ amount: '2.00', payee: payeeOf(await world.customerOf('freelancer')) });
    const made = await approvedPayment(lantern, customer, plan);
    const answers = await atOnce(() => postPayment(lantern, plan, made));
    expect(new Set(answers.map((answer) => bodyOf<WirePayment>(answer, 201).Data.DomesticPaymentId)).size).toBe(1);
    expect(world.database.count('payment_orders', 'consent_id', made.consentId)).toBe(1);
  });

  test('twenty orders under twenty keys are one payment, and the rest are told that the consent is used', async () => {
    const { lantern, customer } = world;
    const plan = planPayment({ amount: '2.00', payee: payeeOf(await world.customerOf('freelancer')) });
    const made = await approvedPayment(lantern, customer, plan);
    const answers = await atOnce(() => postPayment(lantern, { ...plan, orderKey: randomUUID() }, made));
    expect(countOf(answers, 201)).toBe(1);
    const codes = answers
      .filter(({ status }) => status !== 201)
      .map(({ body }) => (body as unknown as WireErrors).Errors[0]?.ErrorCode);
    expect(new Set(codes)).toEqual(new Set(['U009']));
    expect(world.database.count('payment_orders', 'consent_id', made.consentId)).toBe(1);
    expect(await world.sandbox.verify()).toMatchObject({ ok: true });
  });
});
