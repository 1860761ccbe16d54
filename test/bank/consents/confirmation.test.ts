import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { Account, Consent } from '../../../src/bank/index.js';
import { createRandom, localDate, MS_PER_MINUTE, plusMs } from '../../../src/kernel/index.js';
import { agree, expectSound, instructionTo, lodge, openTwoBanks, order, type TwoBanks } from '../two-banks.js';

const LOGIN = { customerNumber: '1001', password: 'right' };
const MINUTES = 10;

describe('the confirmation of a yes by the client', () => {
  let world: TwoBanks;
  let payer: Account;
  let payee: Account;
  beforeEach(async () => {
    world = await openTwoBanks();
    payer = await world.here.open(100_000n);
    payee = await world.there.open(0n);
  });
  afterEach(async () => {
    await expectSound(world);
    await world.close();
  });

  const bank = () => world.here.bank;
  const consents = () => bank().consents;
  const refused = (work: Promise<unknown>, code: string) => expect(work).rejects.toMatchObject({ code });
  const payment = () => lodge(world.here, { kind: 'payment', instruction: instructionTo(payee) });
  const access = () =>
    lodge(world.here, { kind: 'account-access', capabilities: ['balances'], recurring: false, choice: 'all' });
  const answered = async ({ id }: Pick<Consent, 'id'>, purpose: 'consent' | 'cancellation' = 'consent') => {
    const run = await consents().startAuthorisation(id, 'redirect', { purpose, needsConfirmation: true });
    const { accounts } = await consents().authenticate(run.id, LOGIN);
    if (accounts.length === 0) await consents().chooseAccounts(run.id, [payer.id]);
    await consents().sendChallenge(run.id);
    const [message] = await bank().messages.inbox(world.here.party.id);
    return consents().answerChallenge(run.id, message!.code!);
  };
  const approved = async (consent: Pick<Consent, 'id'>, purpose?: 'consent' | 'cancellation') => {
    const { id } = await answered(consent, purpose);
    await consents().approve(id, 'shown');
    return id;
  };
  const wallPasses = (minutes: number) => world.wall.moveTo(plusMs(world.wall.now(), minutes * MS_PER_MINUTE));

  test('nothing has happened until it comes, and then all of it', async () => {
    const consent = await payment();
    const run = await answered(consent);
    expect(run).toMatchObject({ status: 'unconfirmed', needsConfirmation: true });
    expect(await consents().issueConfirmation(run.id)).toBeUndefined();
    await refused(consents().confirm(run.id, 'x'), 'authorisation.wrong-state');
    expect((await consents().approve(run.id, 'what she saw')).status).toBe('requested');
    await refused(consents().approve(run.id, 'again'), 'authorisation.wrong-state');
    await refused(consents().refuse(run.id, 'refused-by-psu'), 'authorisation.wrong-state');
    expect(await bank().payments.ordersOf(consent.id)).toEqual([]);
    const code = await consents().issueConfirmation(run.id);
    expect((await consents().confirm(run.id, code!)).status).toBe('finalised');
    expect((await consents().get(consent.id)).status).toBe('consumed');
    expect(await bank().payments.ordersOf(consent.id)).toHaveLength(1);
    const lines = await consents().evidence(consent.id);
    expect(lines.map(({ actor, what }) => `${actor}: ${what}`)).toEqual(
      expect.arrayContaining([
        'psu: approved, to be confirmed by the client',
        'client: confirmed by the client',
        'psu: authorised',
      ]),
    );
    expect(lines.find(({ what }) => what === 'authorised')?.shown).toBe('what she saw');
    await refused(consents().confirm(run.id, code!), 'authorisation.wrong-state');
  });

  test('the code is not in the database, and a newer one makes it worthless', async () => {
    const id = await approved(await access());
    const [first, second] = [await consents().issueConfirmation(id), await consents().issueConfirmation(id)];
    const row = await world.storage.read.get<object>('SELECT * FROM authorisations WHERE id = ?', [id]);
    const kept = Object.values(row!).map((value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString() : String(value),
    );
    for (const code of [first!, second!]) expect(kept.join(' ')).not.toContain(code);
    await expect(consents().confirm(id, first!)).rejects.toMatchObject({
      code: 'challenge.invalid',
      details: { attemptsLeft: 2 },
    });
    expect((await consents().confirm(id, second!)).status).toBe('finalised');
  });

  test('of many parallel guesses three are evaluated, and the consent is rejected', async () => {
    const consent = await access();
    const id = await approved(consent);
    const code = await consents().issueConfirmation(id);
    const all = await Promise.allSettled(Array.from({ length: 9 }, () => consents().confirm(id, 'wrong')));
    const codes = all.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'ok'));
    expect(codes.filter((one) => one === 'challenge.invalid')).toHaveLength(2);
    expect(codes.filter((one) => one === 'challenge.locked')).toHaveLength(7);
    await refused(consents().confirm(id, code!), 'challenge.locked');
    expect((await consents().authorisation(id)).status).toBe('failed');
    expect((await consents().get(consent.id)).statusReason.code).toBe('authentication-failed');
  });

  test('it is too late after ten minutes of wall time, and asking for codes wins none', async () => {
    const consent = await access();
    const id = await approved(consent);
    wallPasses(MINUTES - 1);
    const code = await consents().issueConfirmation(id);
    wallPasses(1);
    expect(await consents().issueConfirmation(id)).toBeUndefined();
    await refused(consents().confirm(id, code!), 'challenge.expired');
    await refused(consents().confirm(id, code!), 'authorisation.wrong-state');
    expect((await consents().get(consent.id)).status).toBe('rejected');
  });

  test('a cancellation waits for it as well', async () => {
    const id = await order(world.here, payer, {
      kind: 'payment',
      instruction: instructionTo(payee, { executionDate: localDate('2026-01-07') }),
    });
    const run = await approved({ id }, 'cancellation');
    expect((await bank().payments.byConsent(id))?.status).toBe('scheduled');
    await consents().confirm(run, (await consents().issueConfirmation(run))!);
    expect((await bank().payments.byConsent(id))?.status).toBe('cancelled');
  });

  test('a basket waits with all its members', async () => {
    const members = [await payment(), await access()];
    const { id } = await lodge(world.here, { kind: 'basket', members: members.map((member) => member.id) });
    const run = await approved({ id });
    const statuses = () => Promise.all(members.map(async (one) => (await consents().get(one.id)).status));
    expect(await statuses()).toEqual(['requested', 'requested']);
    await consents().confirm(run, (await consents().issueConfirmation(run))!);
    expect(await statuses()).toEqual(['consumed', 'authorised']);
  });

  test('what was decided on elsewhere meanwhile is not decided on again', async () => {
    const consent = await payment();
    const [first, second] = [await approved(consent), await approved(consent)];
    const code = (await consents().issueConfirmation(first))!;
    await consents().confirm(second, (await consents().issueConfirmation(second))!);
    await refused(consents().confirm(first, code), 'consent.wrong-status');
    expect(await bank().payments.ordersOf(consent.id)).toHaveLength(1);
    const other = await payment();
    const late = await approved(other);
    await agree(world.here, other.id, [payer]);
    await refused(consents().confirm(late, (await consents().issueConfirmation(late))!), 'consent.wrong-status');
    expect(await bank().payments.ordersOf(other.id)).toHaveLength(1);
  });

  test('what could not take effect is not asked to be confirmed', async () => {
    const consent = await access();
    const run = await answered(consent);
    await consents().revoke(consent.id, 'client', { keep: true });
    await refused(consents().approve(run.id, 'shown'), 'consent.wrong-status');
    expect(await consents().issueConfirmation(run.id)).toBeUndefined();
  });

  test('whatever comes in whatever order, a consent is in force only after a right code in time', async () => {
    const random = createRandom('confirmations');
    for (let round = 0; round < 30; round += 1) {
      const consent = await access();
      const run = await answered(consent);
      const model = { approved: false, wrong: 0, minutes: 0, code: undefined as string | undefined, inForce: false };
      const isOpen = () => model.approved && model.wrong < 3 && model.minutes < MINUTES && !model.inForce;
      let isOver = false;
      for (let step = 0; step < 10; step += 1) {
        const wasOpen = isOpen() && !isOver;
        switch (random.pick(['approve', 'issue', 'right', 'wrong', 'wait'])) {
          case 'approve':
            await consents()
              .approve(run.id, 'shown')
              .catch(() => undefined);
            model.approved = true;
            break;
          case 'issue':
            model.code = (await consents().issueConfirmation(run.id)) ?? model.code;
            break;
          case 'right': {
            const isRight = wasOpen && model.code !== undefined;
            await consents()
              .confirm(run.id, model.code ?? 'none yet')
              .catch(() => undefined);
            if (isRight) model.inForce = true;
            else if (wasOpen) model.wrong += 1;
            else if (model.approved) isOver = true;
            break;
          }
          case 'wrong':
            await consents()
              .confirm(run.id, 'wrong')
              .catch(() => undefined);
            if (wasOpen) model.wrong += 1;
            else if (model.approved) isOver = true;
            break;
          case 'wait':
            wallPasses(3);
            if (model.approved) model.minutes += 3;
            break;
        }
        expect((await consents().get(consent.id)).status === 'authorised').toBe(model.inForce);
      }
    }
  });
});
