import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { createArtefacts, type Artefacts } from '../../src/auth/artefacts/artefacts.js';
import { createJourneyStore } from '../../src/auth/journey/journey-store.js';
import { authMigrations } from '../../src/auth/index.js';
import { createClock, instant, MS_PER_DAY, plusMs, type Instant } from '../../src/kernel/index.js';
import { countersMigrations, type Storage } from '../../src/storage/index.js';
import { openTestStorage } from '../support/databases.js';

const START = instant(Date.UTC(2026, 0, 5, 9));

describe('the adapter', () => {
  let storage: Storage;
  let close: () => Promise<void>;
  let wallNow: Instant;
  let clock: ReturnType<typeof createClock>;
  let artefacts: Artefacts;
  beforeEach(async () => {
    ({ storage, close } = await openTestStorage());
    await storage.migrate([countersMigrations, authMigrations]);
    wallNow = instant(Date.UTC(2026, 5, 1));
    clock = createClock({ mode: 'frozen', at: START });
    artefacts = createArtefacts({
      bank: 'bramble',
      storage,
      clock,
      wall: { now: () => wallNow },
      findClient: () => Promise.resolve(undefined),
    });
  });
  afterEach(async () => {
    await close();
  });

  const seconds = (at: Instant): number => Math.floor(at / 1_000);
  const save = (model: string, more: object = {}): Promise<unknown> =>
    artefacts.adapterOf(model).upsert('id-1', { kind: model, jti: 'id-1', clientId: 'c', ...more }, 600);

  test.each(['AccessToken', 'RefreshToken', 'Grant', 'ClientCredentials'])(
    '%s lives on the clock of the bank',
    async (model) => {
      await save(model);
      // A day on the wall is nothing to the bank: it is found, with an exp oidc-provider can accept.
      wallNow = plusMs(wallNow, MS_PER_DAY);
      clock.moveTo(plusMs(START, 599_000));
      expect(await artefacts.adapterOf(model).find('id-1')).toMatchObject({ jti: 'id-1', exp: seconds(wallNow) + 1 });
      clock.moveTo(plusMs(START, 600_000));
      expect(await artefacts.adapterOf(model).find('id-1')).toBeUndefined();
    },
  );

  test.each(['AuthorizationCode', 'PushedAuthorizationRequest', 'Interaction', 'Session'])(
    '%s lives on wall time only',
    async (model) => {
      await save(model, { exp: seconds(wallNow) + 600 });
      const before = await artefacts.adapterOf(model).find('id-1');
      clock.moveTo(plusMs(START, 91 * MS_PER_DAY));
      expect(await artefacts.adapterOf(model).find('id-1')).toEqual(before);
    },
  );

  test('moving the clock of the bank opens no replay window', async () => {
    expect(await artefacts.rememberOnce('c:jti', seconds(wallNow) + 60)).toBe(true);
    clock.moveTo(plusMs(START, 91 * MS_PER_DAY));
    expect(await artefacts.rememberOnce('c:jti', seconds(wallNow) + 60)).toBe(false);
    wallNow = plusMs(wallNow, 61_000);
    expect(await artefacts.rememberOnce('c:jti', seconds(wallNow) + 60)).toBe(true);
  });

  test('of twenty at once one proof is new', async () => {
    const results = await Promise.all(
      Array.from({ length: 20 }, () => artefacts.rememberOnce('c:jti', seconds(wallNow) + 60)),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
  });

  test('of twenty at once one consumes, and the losers end the grant', async () => {
    const codes = artefacts.adapterOf('AuthorizationCode');
    await save('AuthorizationCode', { grantId: 'g' });
    await artefacts.adapterOf('Grant').upsert('g', { kind: 'Grant', jti: 'g', clientId: 'c' }, 600);
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => codes.consume('id-1')));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await artefacts.adapterOf('Grant').find('g')).toBeUndefined();
    // A token the winner is still writing is born dead.
    await artefacts
      .adapterOf('AccessToken')
      .upsert('t', { kind: 'AccessToken', jti: 't', grantId: 'g', clientId: 'c' }, 600);
    expect(await artefacts.token('t')).toMatchObject({ state: 'revoked' });
  });

  test('dead tokens are told from unknown ones', async () => {
    await save('AccessToken', { scope: 'accounts' });
    expect(await artefacts.token('id-1')).toMatchObject({
      kind: 'customer',
      clientId: 'c',
      scope: 'accounts',
      state: 'active',
    });
    clock.moveTo(plusMs(START, 600_000));
    expect(await artefacts.token('id-1')).toMatchObject({ state: 'expired' });
    await artefacts.adapterOf('AccessToken').destroy('id-1');
    expect(await artefacts.token('id-1')).toMatchObject({ state: 'revoked' });
    expect(await artefacts.token('id-2')).toBeUndefined();
  });

  test('revoking a consent ends all of its grants and of no other', async () => {
    for (const [grant, consent] of [
      ['g1', 'one'],
      ['g2', 'one'],
      ['g3', 'two'],
    ] as const) {
      await storage.transaction((tx) =>
        artefacts.bindGrant(tx, { grantId: grant, consentId: consent, clientId: 'c', authorisationId: 'a' }),
      );
      await artefacts
        .adapterOf('AccessToken')
        .upsert(`t-${grant}`, { kind: 'AccessToken', jti: grant, grantId: grant }, 600);
    }
    await artefacts.revokeConsent('one');
    const states = await Promise.all(
      ['g1', 'g2', 'g3'].map(async (grant) => (await artefacts.token(`t-${grant}`))?.state),
    );
    expect(states).toEqual(['revoked', 'revoked', 'active']);
    expect(await artefacts.token('t-g3')).toMatchObject({ consentId: 'two' });
  });

  test('another bank on the same database knows none of it', async () => {
    await save('AccessToken');
    const other = createArtefacts({
      bank: 'dogger',
      storage,
      clock,
      wall: { now: () => wallNow },
      findClient: () => Promise.resolve(undefined),
    });
    expect(await other.token('id-1')).toBeUndefined();
    expect(await other.adapterOf('AccessToken').find('id-1')).toBeUndefined();
  });

  test('no token can be read out of the database', async () => {
    await save('AccessToken');
    const rows = await storage.read.all('SELECT * FROM oidc_artefacts');
    expect(
      JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)),
    ).not.toContain('id-1');
  });

  test('which consent a grant belongs to is forgotten with the last thing issued under it', async () => {
    await artefacts.adapterOf('Grant').upsert('g-1', { kind: 'Grant', jti: 'g-1', clientId: 'c' }, 600);
    await storage.transaction((tx) =>
      artefacts.bindGrant(tx, { grantId: 'g-1', consentId: 'k', clientId: 'c', authorisationId: 'a' }),
    );
    await artefacts.purge();
    expect(await artefacts.consentOfGrant('g-1')).toBe('k');
    clock.moveTo(plusMs(START, 31 * MS_PER_DAY));
    await artefacts.purge();
    expect(await artefacts.consentOfGrant('g-1')).toBeUndefined();
  });

  test('journeys are forgotten a day after they began', async () => {
    const journeys = createJourneyStore({ bank: 'bramble', storage, wall: { now: () => wallNow } });
    await journeys.add({ uid: 'u', consentId: 'c', authorisationId: 'a', step: 'login', request: 'r' });
    await artefacts.purge();
    expect(await journeys.find('u')).toMatchObject({ step: 'login' });
    wallNow = plusMs(wallNow, MS_PER_DAY + 1);
    await artefacts.purge();
    expect(await journeys.find('u')).toBeUndefined();
  });

  test('what is long over is forgotten', async () => {
    await save('AccessToken');
    await save('Interaction');
    wallNow = plusMs(wallNow, MS_PER_DAY);
    await artefacts.purge();
    expect(await artefacts.adapterOf('Interaction').find('id-1')).toBeUndefined();
    expect(await artefacts.token('id-1')).toMatchObject({ state: 'active' });
    clock.moveTo(plusMs(START, 31 * MS_PER_DAY));
    await artefacts.purge();
    expect(await artefacts.token('id-1')).toBeUndefined();
  });
});
