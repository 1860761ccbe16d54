import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { capabilitiesOn, type Account, type ConsentSubject, type NewConsent } from '../../../src/bank/index.js';
import { MS_PER_DAY, plusMs, startOfDay, dateOf, plusDays } from '../../../src/kernel/index.js';
import { sortCodeOf, START } from '../sample-bank.js';
import { agree, lodge, openTwoBanks, type TwoBanks } from '../two-banks.js';

type Access = Extract<ConsentSubject, { kind: 'account-access' }>;

const MIDNIGHT = startOfDay(plusDays(dateOf(START), 1));

describe('access to accounts', () => {
  let world: TwoBanks;
  let current: Account;
  let savings: Account;
  let loan: Account;
  beforeEach(async () => {
    world = await openTwoBanks();
    const { here } = world;
    current = await here.open(100n);
    savings = await here.open(100n, {
      product: { id: 'saver', name: 'Saver', type: 'savings', category: 'personal' },
    });
    loan = await here.open(0n, { product: { id: 'loan', name: 'Loan', type: 'loan', category: 'personal' } });
  });
  afterEach(() => world.close());

  const consents = () => world.here.bank.consents;
  const access = (more: Partial<Access> = {}): Access => ({
    kind: 'account-access',
    capabilities: ['accounts.list', 'accounts.identifiers', 'balances', 'transactions.credits'],
    recurring: true,
    ...more,
  });
  const authorised = async (more: Partial<Access>, about: Partial<NewConsent> = {}) => {
    const { id } = await lodge(world.here, access(more), about);
    return agree(world.here, id, (more.choice ?? 'by-customer') === 'by-customer' ? [current] : undefined);
  };
  const start = async (subject: Access) => {
    const { id } = await lodge(world.here, subject);
    const run = await consents().startAuthorisation(id, 'embedded');
    return { id, run: await consents().authenticate(run.id, { customerNumber: '1001', password: 'right' }) };
  };

  describe('named by the client', () => {
    const named = (...accounts: Account[]): Partial<Access> => ({
      choice: 'named',
      named: accounts.map((account) => ({ account: sortCodeOf(account), capabilities: ['balances'] as const })),
    });

    test('is found among the customer’s accounts when she signs in', async () => {
      const { run } = await start(access(named(current, savings)));
      expect(run).toMatchObject({ status: 'authenticated', accounts: [current.id, savings.id] });
      await expect(consents().chooseAccounts(run.id, [loan.id])).rejects.toMatchObject({
        code: 'consent.account-not-covered',
      });
    });

    test.each<[string, () => Promise<Account>]>([
      ['of another customer', () => world.here.open(0n, { holders: [{ partyId: 'other', role: 'sole' }] })],
      ['at another bank', () => world.there.open(0n)],
      ['that cannot be shared', async () => loan],
    ])('%s ends the run', async (_which, other) => {
      const { id, run } = await start(access(named(current, await other())));
      expect(run.status).toBe('failed');
      expect((await consents().get(id)).statusReason.code).toBe('no-eligible-account');
    });

    test('gives on each account what was asked of it', async () => {
      const consent = await authorised({
        choice: 'named',
        named: [
          { account: sortCodeOf(current), capabilities: ['accounts.list', 'balances'] },
          { account: { ...sortCodeOf(current) }, capabilities: ['balances', 'transactions.credits'] },
          { account: sortCodeOf(savings), capabilities: ['accounts.list'] },
        ],
      });
      expect(capabilitiesOn(consent, current)).toEqual(['accounts.list', 'balances', 'transactions.credits']);
      expect(capabilitiesOn(consent, savings)).toEqual(['accounts.list']);
      expect(capabilitiesOn(consent, loan)).toEqual([]);
    });

    test('names at least one', async () => {
      await expect(lodge(world.here, access({ choice: 'named' }))).rejects.toMatchObject({
        code: 'consent.invalid-combination',
      });
    });
  });

  test('to all is to every account that can be shared, without a choice', async () => {
    const consent = await authorised({ choice: 'all' });
    expect(consent.accounts.map(({ accountId }) => accountId)).toEqual([current.id, savings.id]);
    expect(capabilitiesOn(consent, savings)).toEqual(access().capabilities);
    expect(capabilitiesOn(consent, loan)).toEqual([]);
  });

  test('to the list is the list of all and nothing of each', async () => {
    const consent = await authorised({ choice: 'list-only' });
    expect(capabilitiesOn(consent, current)).toEqual(['accounts.list', 'accounts.identifiers']);
  });

  test('that the customer chose is to what she chose, and no payment is access', async () => {
    const consent = await authorised({});
    expect(capabilitiesOn(consent, current)).toEqual(access().capabilities);
    expect(capabilitiesOn(consent, savings)).toEqual([]);
    const unlinked = { ...consent, accounts: [{ ...consent.accounts[0]!, unlinkedAt: START }] };
    expect(capabilitiesOn(unlinked, current)).toEqual([]);
  });

  describe('counted', () => {
    const read = (id: string, resource = 'balances', customerPresent = false) =>
      consents().recordAccess(id, { resource, customerPresent });
    const refusal = { code: 'rate.limited' };

    test('is limited for each resource and day when the customer is not there', async () => {
      const { id } = await authorised({ perDayFrequency: 4 });
      for (let reads = 0; reads < 4; reads += 1) await read(id);
      await expect(read(id)).rejects.toMatchObject({ ...refusal, details: { retryAfterSeconds: 15 * 3_600 } });
      await read(id, 'transactions');
      await read(id, 'balances', true);
      await expect(read(id)).rejects.toMatchObject(refusal);
      world.clock.moveTo(plusMs(MIDNIGHT, -1));
      await expect(read(id)).rejects.toMatchObject(refusal);
      world.clock.moveTo(MIDNIGHT);
      await read(id);
    });

    test('lets through exactly as many as were agreed, of twenty at once', async () => {
      const { id } = await authorised({ perDayFrequency: 4 });
      const all = await Promise.allSettled(Array.from({ length: 20 }, () => read(id)));
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    });

    test('is not limited where nothing was agreed', async () => {
      const { id } = await authorised({});
      for (let reads = 0; reads < 10; reads += 1) await read(id);
    });

    test('once is over with the day of the first read', async () => {
      const { id } = await authorised({ recurring: false }, { expiresAt: plusMs(START, 30 * MS_PER_DAY) });
      world.clock.moveTo(plusMs(START, 5 * MS_PER_DAY));
      await read(id);
      await read(id, 'transactions', true);
      world.clock.moveTo(plusMs(MIDNIGHT, 5 * MS_PER_DAY - 1));
      await read(id, 'transactions', true);
      world.clock.moveTo(plusMs(MIDNIGHT, 5 * MS_PER_DAY));
      await expect(read(id)).rejects.toMatchObject({ code: 'consent.expired' });
      expect(await consents().get(id)).toMatchObject({
        status: 'expired',
        statusReason: { actor: 'clock', code: 'expired' },
      });
      expect(await consents().expireDue(world.clock.now())).toBe(1);
    });

    test('under a consent that is not in force is refused', async () => {
      const { id } = await lodge(world.here, access());
      await expect(read(id)).rejects.toMatchObject({ code: 'consent.wrong-status' });
    });
  });

  describe('agreed to again', () => {
    const standing = { perDayFrequency: 4 };
    const statusOf = async (id: string) => {
      const { status, statusReason } = await consents().get(id);
      return `${status} ${statusReason.code}`;
    };

    test('replaces what the same client had of the same customer', async () => {
      const older = await authorised(standing);
      const newer = await authorised(standing);
      expect(await statusOf(older.id)).toBe('revoked replaced');
      expect(await statusOf(newer.id)).toBe('authorised authorised');
    });

    test('leaves others alone: another client’s, one-off ones, uncounted ones, requests', async () => {
      const others = [
        await authorised(standing, { clientId: 'another' }),
        await authorised({ recurring: false, perDayFrequency: 1 }),
        await authorised({}),
      ];
      const request = await lodge(world.here, access(standing));
      await authorised(standing);
      for (const { id } of others) expect(await statusOf(id)).toBe('authorised authorised');
      expect(await statusOf(request.id)).toBe('requested created');
    });

    test('once or uncounted replaces nothing', async () => {
      const older = await authorised(standing);
      await authorised({ recurring: false, perDayFrequency: 1 });
      await authorised({});
      expect(await statusOf(older.id)).toBe('authorised authorised');
    });
  });
});
