import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { Account, ConsentSubject, PaymentInstruction } from '../../../src/bank/index.js';
import { verifyBank } from '../../../src/bank/index.js';
import { MS_PER_HOUR, plusMs } from '../../../src/kernel/index.js';
import { START } from '../sample-bank.js';
import { agree, expectSound, instructionTo, lodge, openTwoBanks, type TwoBanks } from '../two-banks.js';

describe('a file of payments', () => {
  let world: TwoBanks;
  let payer: Account;
  let payee: Account;
  beforeEach(async () => {
    world = await openTwoBanks();
    payer = await world.here.open(1_000_000n);
    payee = await world.there.open(0n);
  });
  afterEach(() => world.close());

  const payments = () => world.here.bank.payments;
  const file = (count: number, more: (index: number) => Partial<PaymentInstruction> = () => ({})): ConsentSubject => ({
    kind: 'bulk-payment',
    batchBooking: false,
    instructions: Array.from({ length: count }, (_, index) =>
      instructionTo(payee, {
        amount: { amountMinor: 100n, currency: 'GBP' },
        endToEndId: `e${index}`,
        instructionId: `i${index}`,
        ...more(index),
      }),
    ),
  });

  test('with five thousand of them is ordered by due work, each with its outcome', async () => {
    const unknown = { scheme: 'sort-code-account-number', identification: '40205100000000' } as const;
    const subject = file(5_000, (index) => (index % 1_000 === 7 ? { creditor: unknown } : {}));
    const { id } = await lodge(world.here, subject);
    const consent = await agree(world.here, id, [payer]);
    expect(consent.status).toBe('consumed');
    expect(await payments().progressOf(id)).toEqual({
      payments: 5_000,
      waiting: 5_000,
      statuses: new Map(),
      isOver: false,
    });
    await world.here.bank.catchUp(world.clock.now());
    expect((await payments().progressOf(id)).statuses).toEqual(new Map([['received', 5_000]]));
    await world.until(plusMs(START, MS_PER_HOUR));
    expect(await payments().progressOf(id)).toEqual({
      payments: 5_000,
      waiting: 0,
      statuses: new Map([
        ['credited', 4_995],
        ['rejected', 5],
      ]),
      isOver: true,
    });
    const orders = await payments().ordersOf(id);
    expect(orders.map(({ instruction }) => instruction.endToEndId)).toEqual(
      Array.from({ length: 5_000 }, (_, index) => `e${index}`),
    );
    expect(orders.filter(({ rejection }) => rejection === 'creditor-account-unknown')).toHaveLength(5);
    expect([await world.here.booked(payer), await world.there.booked(payee)]).toEqual([500_500n, 499_500n]);
    await expectSound(world);
  }, 180_000);

  const available = async () => (await world.here.bank.accounts.balance(payer.id)).availableMinor;
  const numbers = async (id: string) => {
    const { waiting, statuses, isOver } = await payments().progressOf(id);
    return { waiting, ...Object.fromEntries(statuses), isOver };
  };
  const cancel = (id: string) => world.storage.transaction((tx) => world.here.bank.payments.cancel(tx, id, 'client'));
  const faults = async () => (await verifyBank(world.storage.read, 'bramble')).flatMap((check) => check.faults);

  test('that runs out of money pays the first of them', async () => {
    const { id } = await lodge(
      world.here,
      file(600, () => ({ amount: { amountMinor: 2_000n, currency: 'GBP' } })),
    );
    await agree(world.here, id, [payer]);
    await world.until(plusMs(START, MS_PER_HOUR));
    expect(await numbers(id)).toEqual({ waiting: 0, credited: 500, rejected: 100, isOver: true });
    expect(await faults()).toEqual([]);
  });

  test('with one that cannot be paid is not agreed to at all', async () => {
    const own = instructionTo(payer).creditor;
    const { id } = await lodge(
      world.here,
      file(600, (index) => (index === 550 ? { creditor: own } : {})),
    );
    await expect(agree(world.here, id, [payer])).rejects.toMatchObject({ code: 'field.invalid' });
    expect((await world.here.bank.consents.get(id)).status).toBe('requested');
    expect(await world.here.bank.schedules.nextDueAt()).toBeUndefined();
  });

  test('goes on after a crash where it was', async () => {
    const { id } = await lodge(world.here, file(600));
    await agree(world.here, id, [payer]);
    const breaking = world.storage.transaction(async (tx) => {
      await tx.run(`CREATE TRIGGER crash BEFORE INSERT ON payment_orders WHEN NEW.position = 300
        BEGIN SELECT RAISE(ABORT, 'cut off'); END`);
    });
    await breaking;
    await world.here.bank.catchUp(world.clock.now());
    // The first batch is whole, and of the second there is nothing.
    expect(await numbers(id)).toEqual({ waiting: 350, received: 250, isOver: false });
    expect(await faults()).toEqual([]);
    await world.storage.transaction(async (tx) => {
      await tx.run('DROP TRIGGER crash');
    });
    await world.until(plusMs(START, MS_PER_HOUR));
    expect(await numbers(id)).toEqual({ waiting: 0, credited: 600, isOver: true });
    const positions = (await payments().ordersOf(id)).map(({ instruction }) => instruction.endToEndId);
    expect(new Set(positions).size).toBe(600);
    expect(await world.there.booked(payee)).toBe(60_000n);
  });

  test('is called back as a whole before its orders are made', async () => {
    const { id } = await lodge(world.here, file(600));
    await agree(world.here, id, [payer]);
    expect(await payments().isCancellable(id)).toBe(true);
    await cancel(id);
    await world.until(plusMs(START, MS_PER_HOUR));
    expect(await numbers(id)).toEqual({ waiting: 0, isOver: true });
    expect([await available(), await world.there.booked(payee)]).toEqual([1_000_000n, 0n]);
    expect(await faults()).toEqual([]);
  });

  test('is called back as a whole while they wait', async () => {
    const { id } = await lodge(world.here, file(600));
    await agree(world.here, id, [payer]);
    await world.here.bank.catchUp(world.clock.now());
    await cancel(id);
    await world.until(plusMs(START, MS_PER_HOUR));
    expect(await numbers(id)).toEqual({ waiting: 0, cancelled: 600, isOver: true });
    expect(await available()).toBe(1_000_000n);
  });

  test('from an account that is closed in between is rejected, each of them', async () => {
    const { id } = await lodge(world.here, file(300));
    await agree(world.here, id, [payer]);
    await world.here.closeAccount(payer);
    await world.until(plusMs(START, MS_PER_HOUR));
    const orders = await payments().ordersOf(id);
    expect(new Set(orders.map(({ rejection }) => rejection))).toEqual(new Set(['debtor-account-closed']));
    expect(orders).toHaveLength(300);
    expect(await world.here.bank.schedules.parked()).toEqual([]);
  });
});
