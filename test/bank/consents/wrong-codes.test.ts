import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { MS_PER_MINUTE, plusMs } from '../../../src/kernel/index.js';
import { lodge, openTwoBanks, type TwoBanks } from '../two-banks.js';

const LOGIN = { customerNumber: '1001', password: 'right' };

describe('wrong codes of a customer', () => {
  let world: TwoBanks;
  beforeEach(async () => {
    world = await openTwoBanks();
    await world.here.open(1n);
  });
  afterEach(() => world.close());

  const consents = () => world.here.bank.consents;
  const refused = (work: Promise<unknown>, code: string) => expect(work).rejects.toMatchObject({ code });
  const started = async () => {
    const { id } = await lodge(world.here, { kind: 'account-access', capabilities: ['balances'], recurring: false });
    return (await consents().startAuthorisation(id, 'redirect')).id;
  };
  const challenged = async () => {
    const id = await started();
    await consents().authenticate(id, LOGIN);
    await consents().sendChallenge(id);
    return id;
  };
  const newest = async () => (await world.here.bank.messages.inbox(world.here.party.id))[0]!.code!;
  const guess = async (id: string, times: number) => {
    for (let turn = 0; turn < times; turn += 1)
      await refused(consents().answerChallenge(id, 'wrong'), 'challenge.invalid');
  };
  const wallPasses = (minutes: number) => world.wall.moveTo(plusMs(world.wall.now(), minutes * MS_PER_MINUTE));

  test('are counted over all her runs, and the fifth in a row locks her out of every one', async () => {
    const waiting = await started();
    await guess(await challenged(), 3);
    const last = await challenged();
    await guess(last, 2);
    await refused(consents().answerChallenge(last, await newest()), 'credentials.locked');
    await refused(consents().sendChallenge(last), 'credentials.locked');
    await refused(consents().selectMethod(last, 'sms'), 'credentials.locked');
    await refused(consents().authenticate(waiting, LOGIN), 'credentials.locked');
    expect((await consents().authorisation(waiting)).status).toBe('received');
  });

  test('the lock lasts 15 minutes of wall time, which the bank’s clock does not shorten', async () => {
    await guess(await challenged(), 4);
    await guess(await challenged(), 1);
    const waiting = await started();
    await world.until(plusMs(world.clock.now(), 60 * MS_PER_MINUTE));
    wallPasses(14);
    await refused(consents().authenticate(waiting, LOGIN), 'credentials.locked');
    wallPasses(1);
    await consents().authenticate(waiting, LOGIN);
    await consents().sendChallenge(waiting);
    expect((await consents().answerChallenge(waiting, await newest())).status).toBe('finalised');
  });

  test('are forgiven by a right one, but not by a right password', async () => {
    await guess(await challenged(), 4);
    const id = await challenged();
    await consents().answerChallenge(id, await newest());
    const next = await challenged();
    await guess(next, 4);
    const last = await challenged();
    await guess(last, 1);
    await refused(consents().answerChallenge(last, await newest()), 'credentials.locked');
  });

  test('guessed in parallel over many runs, five are evaluated', async () => {
    const runs = [];
    for (let turn = 0; turn < 4; turn += 1) runs.push(await challenged());
    const all = await Promise.allSettled(
      [...runs, ...runs, ...runs].map((id) => consents().answerChallenge(id, 'wrong')),
    );
    const codes = all.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'ok'));
    expect(codes.filter((code) => code === 'challenge.invalid')).toHaveLength(5);
    expect(codes.filter((code) => code === 'credentials.locked')).toHaveLength(7);
  });
});
