import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { Account, Consent, ConsentSubject } from '../../../src/bank/index.js';
import { agree, expectSound, instructionTo, lodge, openTwoBanks, type TwoBanks } from '../two-banks.js';
import { sortCodeOf } from '../sample-bank.js';

type Access = Extract<ConsentSubject, { kind: 'account-access' }>;

describe('a basket with access to accounts', () => {
  let world: TwoBanks;
  let payer: Account;
  let payee: Account;
  beforeEach(async () => {
    world = await openTwoBanks();
    payer = await world.here.open(10_000n);
    payee = await world.there.open(0n);
  });
  afterEach(async () => {
    await expectSound(world);
    await world.close();
  });

  const consents = () => world.here.bank.consents;
  const refused = (work: Promise<unknown>, code: string) => expect(work).rejects.toMatchObject({ code });
  const access = (more: Partial<Access> = {}) =>
    lodge(
      world.here,
      { kind: 'account-access', capabilities: ['balances'], recurring: false, choice: 'all', ...more },
      { execution: 'by-client' },
    );
  const named = (...accounts: readonly Account[]) =>
    access({
      choice: 'named',
      named: accounts.map((account) => ({ account: sortCodeOf(account), capabilities: ['balances'] })),
    });
  const payment = () => lodge(world.here, { kind: 'payment', instruction: instructionTo(payee) });
  const basket = (...members: readonly Consent[]) =>
    lodge(world.here, { kind: 'basket', members: members.map(({ id }) => id) });
  const linked = async ({ id }: Consent) => (await consents().get(id)).accounts.map(({ accountId }) => accountId);
  const statusOf = async ({ id }: Consent) => (await consents().get(id)).status;

  test('one yes pays and shares, each on accounts of its own', async () => {
    const savings = await world.here.open(1n, {
      product: { id: 'saver', name: 'Saver', type: 'savings', category: 'personal' },
    });
    const [paid, shared] = [await payment(), await named(savings)];
    const { id } = await basket(paid, shared);
    const run = await consents().startAuthorisation(id, 'decoupled', { customerNumber: '1001' });
    await consents().sendChallenge(run.id);
    const [message] = await world.here.bank.messages.inbox(world.here.party.id);
    expect(message!.body).toContain('£25.00');
    expect(message!.body).toContain('and access to your accounts');
    await refused(consents().chooseAccounts(run.id, [savings.id]), 'consent.account-not-covered');
    await consents().chooseAccounts(run.id, [payer.id]);
    await consents().answerDecoupled(run.id, 'approve');
    expect((await consents().approve(run.id, 'shown')).status).toBe('consumed');
    expect([await statusOf(paid), await linked(paid)]).toEqual(['consumed', [payer.id]]);
    expect([await statusOf(shared), await linked(shared)]).toEqual(['authorised', [savings.id]]);
    expect(await consents().get(shared.id)).toMatchObject({ partyId: world.here.party.id });
  });

  test('of access alone there is nothing to choose, savings included', async () => {
    const savings = await world.here.open(1n, {
      product: { id: 'saver', name: 'Saver', type: 'savings', category: 'personal' },
    });
    const [all, one] = [await access(), await named(savings)];
    await agree(world.here, (await basket(all, one)).id);
    expect([await statusOf(all), await statusOf(one)]).toEqual(['authorised', 'authorised']);
    expect(await linked(one)).toEqual([savings.id]);
    expect(await linked(all)).toEqual(expect.arrayContaining([payer.id, savings.id]));
  });

  test('with an account that is not hers it fails as a whole', async () => {
    const foreign = await world.here.open(1n, { holders: [{ partyId: 'other', role: 'sole' }] });
    const [paid, shared] = [await payment(), await named(foreign)];
    const whole = await basket(paid, shared);
    const run = await consents().startAuthorisation(whole.id, 'redirect');
    expect((await consents().authenticate(run.id, { customerNumber: '1001', password: 'right' })).status).toBe(
      'failed',
    );
    expect(await consents().get(whole.id)).toMatchObject({ statusReason: { code: 'no-eligible-account' } });
    expect([await statusOf(paid), await statusOf(shared)]).toEqual(['requested', 'requested']);
  });

  test('the standing access in it replaces the older one', async () => {
    const recurring = () => access({ recurring: true, perDayFrequency: 4 });
    const older = await recurring();
    await agree(world.here, older.id);
    const newer = await recurring();
    await agree(world.here, (await basket(newer)).id);
    expect((await consents().get(older.id)).statusReason.code).toBe('replaced');
    expect(await statusOf(newer)).toBe('authorised');
    await refused(basket(await recurring(), await recurring()), 'consent.invalid-combination');
  });

  test('holds no access that leaves the choice of accounts to the customer, and no check of funds', async () => {
    await refused(basket(await access({ choice: 'by-customer' })), 'consent.invalid-combination');
    const check = await lodge(world.here, { kind: 'funds-check', account: sortCodeOf(payer) });
    await refused(basket(check), 'consent.invalid-combination');
  });

  test('holds nothing that was decided on, when it is made and when it is authorised', async () => {
    const [paid, shared] = [await payment(), await access()];
    const { id } = await basket(paid, shared);
    await agree(world.here, shared.id);
    await refused(basket(shared), 'consent.wrong-status');
    await refused(consents().startAuthorisation(id, 'redirect'), 'consent.wrong-status');
  });
});
