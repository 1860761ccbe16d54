import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { Account, ConsentSubject, PaymentInstruction, PaymentSchedule } from '../../../src/bank/index.js';
import { formatInstant, localDate, parseInstant, plusMs, type Instant } from '../../../src/kernel/index.js';
import { keyOf, START } from '../sample-bank.js';
import { agree, expectSound, instructionTo, lodge, openTwoBanks, order, type TwoBanks } from '../two-banks.js';

const at = (text: string): Instant => parseInstant(text)!;

describe('a payment that the bank carries out', () => {
  let world: TwoBanks;
  let payer: Account;
  let payee: Account;
  const open = async (start: Instant = START) => {
    world = await openTwoBanks(start);
    payer = await world.here.open(10_000n);
    payee = await world.there.open(0n);
  };
  beforeEach(() => open());
  afterEach(async () => {
    await expectSound(world);
    await world.close();
  });

  const bank = () => world.here.bank;
  const pay = (subject: ConsentSubject) => order(world.here, payer, subject);
  const single = (more: Parameters<typeof instructionTo>[1] = {}): ConsentSubject => ({
    kind: 'payment',
    instruction: instructionTo(payee, more),
  });
  const pounds = (amountMinor: bigint) => ({ amount: { amountMinor, currency: 'GBP' } });
  const statuses = async (consentId: string) =>
    (await bank().payments.ordersOf(consentId)).map(({ status, rejection }) => rejection ?? status);
  const available = async () => (await bank().accounts.balance(payer.id)).availableMinor;
  const cancel = (consentId: string) =>
    world.storage.transaction((tx) => bank().payments.cancel(tx, consentId, 'client'));

  test('is submitted with her yes, in one transaction, and takes the consent with it', async () => {
    const { id } = await lodge(world.here, single());
    const consent = await agree(world.here, id, [payer]);
    expect(consent).toMatchObject({ status: 'consumed', execution: 'on-authorisation', partyId: world.here.party.id });
    expect(await statuses(id)).toEqual(['received']);
    expect(await available()).toBe(7_500n);
    const submitted = bank().payments.submit({ clientId: 'tpp', consentId: id, wire: '' }, keyOf('k'));
    await expect(submitted).rejects.toMatchObject({ code: 'consent.consumed' });
  });

  test('that cannot be submitted is not agreed to either', async () => {
    const { id } = await lodge(world.here, single());
    const run = await bank().consents.startAuthorisation(id, 'decoupled', { customerNumber: '1001' });
    await bank().consents.sendChallenge(run.id);
    await bank().consents.chooseAccounts(run.id, [payer.id]);
    await bank().consents.answerDecoupled(run.id, 'approve');
    await world.here.closeAccount(payer);
    await expect(bank().consents.approve(run.id, '')).rejects.toMatchObject({ code: 'consent.account-not-covered' });
    expect((await bank().consents.get(id)).status).toBe('requested');
    expect(await statuses(id)).toEqual([]);
  });

  test.each<[string, () => ConsentSubject, string]>([
    ['by a rail it is not on', () => single({ rail: 'sepa-instant' }), 'payment.unsupported-rail'],
    ['in the past', () => single({ executionDate: localDate('2026-01-04') }), 'payment.execution-date-invalid'],
    ['of nothing', () => single(pounds(0n)), 'payment.amount-invalid'],
    [
      'as a bulk of two currencies',
      () => ({
        kind: 'bulk-payment',
        batchBooking: false,
        instructions: [instructionTo(payee), instructionTo(payee, { amount: { amountMinor: 1n, currency: 'EUR' } })],
      }),
      'payment.unsupported-currency',
    ],
    [
      'as a bulk of nothing',
      () => ({ kind: 'bulk-payment', batchBooking: false, instructions: [] }),
      'consent.invalid-combination',
    ],
  ])('%s is refused when it is lodged', async (_what, subject, code) => {
    await expect(lodge(world.here, subject())).rejects.toMatchObject({ code });
  });

  test('on a later day is scheduled, holds nothing, and begins at 05:00 of that day', async () => {
    const consentId = await pay(single({ executionDate: localDate('2026-01-07') }));
    expect(await statuses(consentId)).toEqual(['scheduled']);
    expect(await available()).toBe(10_000n);
    await world.until(at('2026-01-07T04:59:59Z'));
    expect(await statuses(consentId)).toEqual(['scheduled']);
    await world.until(at('2026-01-07T05:00:00Z'));
    expect(await statuses(consentId)).toEqual(['received']);
    expect(await available()).toBe(7_500n);
    await world.until(at('2026-01-07T06:00:00Z'));
    const [paid] = await bank().payments.ordersOf(consentId);
    expect(paid?.steps.map(({ status, at: when }) => `${status} ${formatInstant(when).slice(5, 19)}`)).toEqual([
      'scheduled 01-05T09:00:00',
      'received 01-07T05:00:00',
      'accepted 01-07T05:00:01',
      'settling 01-07T05:00:02',
      'debited 01-07T05:00:03',
      'credited 01-07T05:00:04',
    ]);
    expect(await world.there.booked(payee)).toBe(2_500n);
  });

  test('on a day on which there is too little money is rejected then', async () => {
    const instruction = instructionTo(payee, { ...pounds(9_000n), executionDate: localDate('2026-01-07') });
    const consentId = await pay({ kind: 'payment', instruction });
    await pay(single(pounds(5_000n)));
    await world.until(at('2026-01-08T00:00:00Z'));
    expect(await statuses(consentId)).toEqual(['insufficient-funds']);
    expect(await available()).toBe(5_000n);
  });

  test.each<[PaymentInstruction['rail'], string, readonly string[]]>([
    // On the Monday of START, and on Friday evening of that week.
    ['bacs', '2026-01-05T09:00:00Z', ['settling 05T09:00:02', 'debited 07T05:00:00', 'credited 07T05:00:01']],
    ['chaps', '2026-01-05T09:00:00Z', ['settling 05T09:00:02', 'debited 05T09:00:03', 'credited 05T09:00:04']],
    ['bacs', '2026-01-09T22:45:00Z', ['settling 12T05:00:00', 'debited 14T05:00:00', 'credited 14T05:00:01']],
    ['chaps', '2026-01-09T17:45:00Z', ['settling 12T05:00:00', 'debited 12T05:00:01', 'credited 12T05:00:02']],
  ])('by %s, ordered at %s, keeps the times it is told', async (rail, ordered, expected) => {
    await world.until(at(ordered));
    const consentId = await pay(single({ rail }));
    const [told] = await bank().payments.ordersOf(consentId);
    await world.until(at('2026-01-20T00:00:00Z'));
    const [paid] = await bank().payments.ordersOf(consentId);
    expect(paid!.steps.slice(2).map(({ status, at: when }) => `${status} ${formatInstant(when).slice(8, 19)}`)).toEqual(
      expected,
    );
    const { expectedExecutionAt, expectedSettlementAt, expectedCreditAt } = told!;
    expect(paid!.steps.slice(2).map(({ at: when }) => when)).toEqual([
      expectedExecutionAt,
      expectedSettlementAt,
      expectedCreditAt,
    ]);
  });

  test('of more than a million by Faster Payments is refused, and goes by CHAPS', async () => {
    const million = pounds(100_000_000n);
    expect((await lodge(world.here, single(million))).status).toBe('requested');
    const more = pounds(100_000_001n);
    await expect(lodge(world.here, single(more))).rejects.toMatchObject({ code: 'payment.amount-invalid' });
    expect((await lodge(world.here, single({ ...more, rail: 'chaps' }))).status).toBe('requested');
  });

  test('as a bulk is one order for each payee, each with its own outcome', async () => {
    const missing = { scheme: 'sort-code-account-number', identification: '40205100000000' } as const;
    const consentId = await pay({
      kind: 'bulk-payment',
      batchBooking: true,
      instructions: [
        instructionTo(payee, { ...pounds(4_000n), endToEndId: 'one' }),
        instructionTo(payee, { ...pounds(7_000n), endToEndId: 'two' }),
        instructionTo(payee, { ...pounds(5_000n), endToEndId: 'three', creditor: missing }),
      ],
    });
    expect(await statuses(consentId)).toEqual(['received', 'insufficient-funds', 'received']);
    await world.until(plusMs(START, 10_000));
    expect(await statuses(consentId)).toEqual(['credited', 'insufficient-funds', 'creditor-account-unknown']);
    expect((await bank().payments.ordersOf(consentId)).map(({ instruction }) => instruction.endToEndId)).toEqual([
      'one',
      'two',
      'three',
    ]);
    expect([await available(), await world.there.booked(payee)]).toEqual([6_000n, 4_000n]);
  });

  describe('again and again', () => {
    const periodic = (schedule: Partial<PaymentSchedule> = {}, amountMinor = 3_000n): ConsentSubject => ({
      kind: 'periodic-payment',
      instruction: instructionTo(payee, pounds(amountMinor)),
      schedule: { start: localDate('2028-01-31'), frequency: 'monthly', ifClosed: 'preceding', ...schedule },
    });
    const daysOf = async (consentId: string) =>
      (await bank().payments.ordersOf(consentId)).map(
        ({ instruction, status, rejection }) => `${instruction.executionDate} ${rejection ?? status}`,
      );
    beforeEach(async () => {
      await world.close();
      await open(at('2028-01-10T09:00:00Z'));
    });

    test('runs on the last day of a leap February, and a run without money leaves the next as it was', async () => {
      const consentId = await pay(periodic());
      expect((await bank().consents.get(consentId)).status).toBe('consumed');
      expect(await daysOf(consentId)).toEqual(['2028-01-31 scheduled']);
      await world.until(at('2028-04-30T12:00:00Z'));
      expect(await daysOf(consentId)).toEqual([
        '2028-01-31 credited',
        '2028-02-29 credited',
        '2028-03-31 credited',
        '2028-04-28 insufficient-funds',
        '2028-05-31 scheduled',
      ]);
      const other = await world.there.open(50_000n);
      const refill = { amount: { amountMinor: 20_000n, currency: 'GBP' } };
      await order(world.there, other, { kind: 'payment', instruction: instructionTo(payer, refill) });
      await world.until(at('2028-06-01T00:00:00Z'));
      expect((await daysOf(consentId)).slice(4)).toEqual(['2028-05-31 credited', '2028-06-30 scheduled']);
      expect(await world.there.booked(payee)).toBe(12_000n);
    });

    test('has the same runs when the clock leaps over all of them at once', async () => {
      const consentId = await pay(periodic({ end: localDate('2028-03-31') }));
      world.clock.moveTo(at('2029-01-01T00:00:00Z'));
      await bank().catchUp(world.clock.now());
      const orders = await bank().payments.ordersOf(consentId);
      expect(orders.map(({ steps }) => formatInstant(steps.at(-1)!.at).slice(0, 10))).toEqual([
        '2028-01-31',
        '2028-02-29',
        '2028-03-31',
      ]);
      expect(await bank().payments.isCancellable(consentId)).toBe(false);
    });

    test('beginning today runs at once, and then as planned', async () => {
      const consentId = await pay(periodic({ start: localDate('2028-01-10'), frequency: 'weekly' }));
      expect(await daysOf(consentId)).toEqual(['2028-01-10 received', '2028-01-17 scheduled']);
      await world.until(at('2028-01-18T00:00:00Z'));
      expect(await daysOf(consentId)).toEqual(['2028-01-10 credited', '2028-01-17 credited', '2028-01-24 scheduled']);
    });

    test('is called back for all runs to come, and what has run stays paid', async () => {
      const consentId = await pay(periodic());
      await world.until(at('2028-02-01T00:00:00Z'));
      expect(await bank().payments.isCancellable(consentId)).toBe(true);
      await cancel(consentId);
      expect(await daysOf(consentId)).toEqual(['2028-01-31 credited', '2028-02-29 cancelled']);
      expect(await bank().schedules.nextDueAt()).toBeUndefined();
      await world.until(at('2028-06-01T00:00:00Z'));
      expect(await world.there.booked(payee)).toBe(3_000n);
      expect(await bank().consents.get(consentId)).toMatchObject({
        status: 'revoked',
        statusReason: { actor: 'client', code: 'cancelled' },
      });
      await expect(cancel(consentId)).rejects.toMatchObject({ code: 'payment.not-cancellable' });
    });

    test('stops when the account it is paid from is gone', async () => {
      const consentId = await pay(periodic());
      await world.here.closeAccount(payer);
      await world.until(at('2028-06-01T00:00:00Z'));
      expect(await daysOf(consentId)).toEqual(['2028-01-31 debtor-account-closed']);
    });
  });

  describe('called back', () => {
    test('before it moves frees its money and never pays', async () => {
      const consentId = await pay(single());
      await world.until(plusMs(START, 1_500));
      expect(await statuses(consentId)).toEqual(['accepted']);
      await cancel(consentId);
      expect([await statuses(consentId), await available()]).toEqual([['cancelled'], 10_000n]);
      await world.until(plusMs(START, 60_000));
      expect([await statuses(consentId), await available()]).toEqual([['cancelled'], 10_000n]);
    });

    test('once it is on its way is refused', async () => {
      const consentId = await pay(single());
      await world.until(plusMs(START, 2_000));
      expect(await bank().payments.isCancellable(consentId)).toBe(false);
      await expect(cancel(consentId)).rejects.toMatchObject({ code: 'payment.not-cancellable' });
      await world.until(plusMs(START, 4_000));
      expect(await world.there.booked(payee)).toBe(2_500n);
    });

    test('before anybody agreed to it ends the request', async () => {
      const { id } = await lodge(world.here, single());
      expect(await bank().payments.isCancellable(id)).toBe(true);
      await cancel(id);
      expect((await bank().consents.get(id)).statusReason).toEqual({ actor: 'client', code: 'cancelled' });
      await expect(bank().consents.startAuthorisation(id, 'redirect')).rejects.toMatchObject({
        code: 'consent.wrong-status',
      });
    });

    test('and paid at the same instant does one or the other', async () => {
      for (const first of ['cancel', 'advance'] as const) {
        const consentId = await pay(single(pounds(100n)));
        await world.until(plusMs(world.clock.now(), 1_000));
        world.clock.moveTo(plusMs(world.clock.now(), 1_000));
        const advance = () => bank().catchUp(world.clock.now());
        const [one, two] = first === 'cancel' ? [cancel(consentId), advance()] : [advance(), cancel(consentId)];
        const [a, b] = await Promise.allSettled([one, two]);
        const recall = first === 'cancel' ? a : b;
        await world.until(plusMs(world.clock.now(), 10_000));
        expect(await statuses(consentId)).toEqual([recall.status === 'fulfilled' ? 'cancelled' : 'credited']);
      }
    });

    test('twenty times at once is called back once', async () => {
      const consentId = await pay(single());
      const all = await Promise.allSettled(Array.from({ length: 20 }, () => cancel(consentId)));
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await available()).toBe(10_000n);
    });
  });

  test('whose money is asked about stands for itself', async () => {
    const { payments } = bank();
    expect(await payments.fundsAvailableOn(payer.id, pounds(10_000n).amount)).toBe(true);
    expect(await payments.fundsAvailableOn(payer.id, pounds(10_001n).amount)).toBe(false);
    expect(await payments.fundsAvailableOn(payer.id, { amountMinor: 1n, currency: 'EUR' })).toBe(false);
    await world.here.closeAccount(payer);
    expect(await payments.fundsAvailableOn(payer.id, pounds(1n).amount)).toBe(false);
  });
});
