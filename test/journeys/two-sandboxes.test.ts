import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Sandbox } from '../../src/index.js';
import { customerOf } from '../support/customer.js';
import { newThirdParty, startTestSandbox } from '../support/test-sandbox.js';
import type { ThirdParty } from '../support/third-party.js';
import {
  accessTo,
  approvedPayment,
  bodyOf,
  lodgeAccess,
  payeeOf,
  planPayment,
  postPayment,
  transactionsOf,
  type Access,
  type WireErrors,
} from '../support/uk-bank.js';

interface World {
  readonly sandbox: Sandbox;
  readonly tpp: ThirdParty;
}

const INTERACTION_ID = '0b1f3f5e-7a7c-4f0e-9d1b-3c5a7e9f1b2d';

async function openWorld(seed: number): Promise<World> {
  const sandbox = await startTestSandbox({ seed });
  return { sandbox, tpp: await newThirdParty(sandbox) };
}

/** What a third party is told of a customer, as it comes over the wire; only the addresses are made alike. */
async function accountOfTheWorld({ sandbox, tpp }: World, persona: string): Promise<readonly string[]> {
  const access = await accessTo(tpp, await customerOf(sandbox, persona));
  const paths = [
    `/aisp/account-access-consents/${access.consentId}`,
    '/aisp/accounts',
    '/aisp/party',
    '/aisp/balances',
    ...access.accounts.flatMap((id) => [
      `/aisp/accounts/${id}`,
      `/aisp/accounts/${id}/balances`,
      `/aisp/accounts/${id}/transactions`,
    ]),
  ];
  const clientToken = await tpp.clientToken('accounts');
  const told: string[] = [];
  for (const path of paths) {
    const token = path.includes('consents') ? clientToken : access.token;
    const { status, text } = await tpp.call('GET', path, { token, interactionId: INTERACTION_ID });
    told.push(`${path} ${status} ${text.replaceAll(sandbox.status.mtlsOrigin, 'https://bank')}`);
  }
  return told;
}

describe('two sandboxes side by side', () => {
  let one: World;
  let two: World;
  let firstAccess: Access;

  beforeAll(async () => {
    [one, two] = [await openWorld(1), await openWorld(1)];
    firstAccess = await accessTo(one.tpp, await customerOf(one.sandbox, 'salaried-renter'));
  });

  afterAll(async () => {
    for (const world of [one, two]) {
      await world?.tpp.close();
      await world?.sandbox.stop();
    }
  });

  test('have addresses and authorities of their own', () => {
    expect(two.sandbox.status.publicOrigin).not.toBe(one.sandbox.status.publicOrigin);
    expect(two.sandbox.caPem).not.toBe(one.sandbox.caPem);
    expect(two.sandbox.controlToken).not.toBe(one.sandbox.controlToken);
  });

  test('do not know each other’s consents', async () => {
    const consentId = await lodgeAccess(one.tpp);
    const answer = await two.tpp.call<WireErrors>('GET', `/aisp/account-access-consents/${consentId}`, {
      token: await two.tpp.clientToken('accounts'),
    });
    expect(bodyOf(answer, 400).Errors[0]?.ErrorCode).toBe('U011');
  });

  test('do not take each other’s tokens', async () => {
    expect((await one.tpp.call('GET', '/aisp/accounts', { token: firstAccess.token })).status).toBe(200);
    const answer = await two.tpp.call('GET', '/aisp/accounts', { token: firstAccess.token });
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 401, text: '' });
    await expect(two.tpp.refresh(firstAccess.tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  test('do not take each other’s control tokens', async () => {
    const url = `${two.sandbox.status.publicOrigin}/_sandbox/status`;
    const ask = async (token: string): Promise<number> =>
      (await two.tpp.send(url, { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await ask(one.sandbox.controlToken)).toBe(401);
    expect(await ask(two.sandbox.controlToken)).toBe(200);
  });

  test('keep time apart', async () => {
    const before = two.sandbox.clock.now();
    await one.sandbox.clock.advance('PT1S');
    expect(two.sandbox.clock.now()).toBe(before);
  });
});

describe('the same seed and the same calls', () => {
  let one: World;
  let two: World;
  let other: World;

  beforeAll(async () => {
    [one, two, other] = [await openWorld(7), await openWorld(7), await openWorld(8)];
  });

  afterAll(async () => {
    for (const world of [one, two, other]) {
      await world?.tpp.close();
      await world?.sandbox.stop();
    }
  });

  test('give the same customers, with the same credentials and accounts', async () => {
    const customers = await one.sandbox.bank('bramble').customers();
    expect(customers.length).toBeGreaterThanOrEqual(8);
    expect(await two.sandbox.bank('bramble').customers()).toEqual(customers);
  });

  test('give the same bytes for every account, balance, transaction and consent', async () => {
    for (const persona of ['salaried-renter', 'freelancer']) {
      const told = await accountOfTheWorld(one, persona);
      expect(told.join('\n')).toMatch(/"TransactionId"/);
      expect(await accountOfTheWorld(two, persona)).toEqual(told);
    }
  });

  test('go on alike when both clocks are moved', async () => {
    for (const { sandbox } of [one, two]) await sandbox.clock.advance('P10D');
    expect(await accountOfTheWorld(two, 'salaried-renter')).toEqual(await accountOfTheWorld(one, 'salaried-renter'));
  });

  test('while another seed gives another world', async () => {
    const ids = async ({ sandbox }: World): Promise<readonly string[]> =>
      (await sandbox.bank('bramble').customers()).flatMap(({ accounts }) => accounts.map(({ id }) => id));
    const [mine, theirs] = [await ids(one), await ids(other)];
    expect(theirs.filter((id) => mine.includes(id))).toEqual([]);
  });
});

describe('a reset', () => {
  let world: World;
  let neighbour: World;

  beforeAll(async () => {
    [world, neighbour] = [await openWorld(1), await openWorld(1)];
  });

  afterAll(async () => {
    for (const one of [world, neighbour]) {
      await one?.tpp.close();
      await one?.sandbox.stop();
    }
  });

  test('brings back the world of the first start and keeps the registrations, and a neighbour notices nothing', async () => {
    const { sandbox, tpp } = world;
    const [payer, payee] = [await customerOf(sandbox, 'salaried-renter'), await customerOf(sandbox, 'freelancer')];
    const start = { now: sandbox.clock.now(), customers: await sandbox.bank('bramble').customers() };
    const before = await accessTo(tpp, payer);
    const account = before.accounts[0] ?? '';
    const history = await transactionsOf(tpp, before.token, account);
    const theirs = await accessTo(neighbour.tpp, await customerOf(neighbour.sandbox, 'salaried-renter'));

    const plan = planPayment({ amount: '20.00', payee: payeeOf(payee) });
    const approved = await approvedPayment(tpp, payer, plan, account);
    bodyOf(await postPayment(tpp, plan, approved), 201);
    await sandbox.clock.advance('P3D');
    expect(await transactionsOf(tpp, before.token, account).catch(() => [])).not.toEqual(history);

    await sandbox.reset();

    expect(sandbox.clock.now()).toBe(start.now);
    expect(await sandbox.bank('bramble').customers()).toEqual(start.customers);
    expect((await tpp.call('GET', '/aisp/accounts', { token: before.token })).status).toBe(401);
    await expect(tpp.refresh(before.tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
    const consent = await tpp.call<WireErrors>('GET', `/aisp/account-access-consents/${before.consentId}`, {
      token: await tpp.clientToken('accounts'),
    });
    expect(bodyOf(consent, 400).Errors[0]?.ErrorCode).toBe('U011');
    const after = await accessTo(tpp, await customerOf(sandbox, 'salaried-renter'));
    expect(await transactionsOf(tpp, after.token, account)).toEqual(history);
    expect(await sandbox.verify()).toMatchObject({ ok: true });

    expect((await neighbour.tpp.call('GET', '/aisp/accounts', { token: theirs.token })).status).toBe(200);
  });

  test('may be done again, and again gives the same', async () => {
    const { sandbox } = world;
    const customers = await sandbox.bank('bramble').customers();
    await sandbox.reset();
    await sandbox.reset();
    expect(await sandbox.bank('bramble').customers()).toEqual(customers);
    expect(await world.tpp.clientToken('accounts')).toEqual(expect.any(String));
  });
});
