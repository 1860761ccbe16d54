import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { Account, ConsentSubject, PaymentInstruction } from '../../src/bank/index.js';
import { formatInstant, localDate, parseInstant, plusMs, type Instant } from '../../src/kernel/index.js';
import { START } from './sample-bank.js';
import { agree, expectSound, instructionTo, lodge, openTwoBanks, order, type TwoBanks } from './two-banks.js';

const at = (text: string): Instant => parseInstant(text)!;
const moment = (when: Instant | undefined): string => (when === undefined ? 'never' : formatInstant(when).slice(0, 16));

/** Each kind of thing that waits for time, on a Monday at nine; each test moves the clock and looks on both sides. */
describe('moving the clock', () => {
  let world: TwoBanks;
  let payer: Account;
  let payee: Account;
  const bank = () => world.here.bank;

  beforeEach(async () => {
    world = await openTwoBanks(START);
    payer = await world.here.open(100_000n);
    payee = await world.there.open(0n);
  });
  afterEach(async () => {
    await expectSound(world);
    await world.close();
  });

  const single = (more: Partial<PaymentInstruction> = {}): ConsentSubject => ({
    kind: 'payment',
    instruction: instructionTo(payee, more),
  });
  const paidAt = async (consentId: string): Promise<readonly string[]> =>
    (await bank().payments.ordersOf(consentId)).map(({ steps }) =>
      moment(steps.find(({ status }) => status === 'credited')?.at),
    );

  test.each<[string, PaymentInstruction['rail'], string]>([
    ['within seconds by Faster Payments', 'faster-payments', '2026-01-05T09:00'],
    ['on the same banking day by CHAPS', 'chaps', '2026-01-05T09:00'],
    ['on the third banking day by Bacs', 'bacs', '2026-01-07T05:00'],
  ])('settles a payment %s', async (_how, rail, expected) => {
    const consentId = await order(world.here, payer, single({ rail }));
    expect(await paidAt(consentId)).toEqual(['never']);
    await world.until(at('2026-01-12T09:00:00Z'));
    expect(await paidAt(consentId)).toEqual([expected]);
    expect(await world.there.booked(payee)).toBe(2_500n);
  });

  test('over a weekend settles nothing that needs a banking day', async () => {
    await world.until(at('2026-01-10T12:00:00Z'));
    const consentId = await order(world.here, payer, single({ rail: 'chaps' }));
    await world.until(at('2026-01-11T23:00:00Z'));
    expect(await paidAt(consentId)).toEqual(['never']);
    await world.until(at('2026-01-12T09:00:00Z'));
    expect(await paidAt(consentId)).toEqual(['2026-01-12T05:00']);
  });

  test('executes a payment of a later day on its day', async () => {
    const consentId = await order(world.here, payer, single({ executionDate: localDate('2026-02-02') }));
    expect(await bank().arrangements.scheduledPayments(payer.id)).toMatchObject([
      { at: at('2026-02-02'), amount: { amountMinor: 2_500n }, reference: 'rent' },
    ]);
    await world.until(at('2026-02-02T04:59:00Z'));
    expect(await paidAt(consentId)).toEqual(['never']);
    await world.until(at('2026-02-02T06:00:00Z'));
    expect(await paidAt(consentId)).toEqual(['2026-02-02T05:00']);
    expect(await bank().arrangements.scheduledPayments(payer.id)).toEqual([]);
  });

  test('executes a standing order on each of its days, moved to a banking day, until it ends', async () => {
    const consentId = await order(world.here, payer, {
      kind: 'periodic-payment',
      instruction: instructionTo(payee),
      schedule: {
        start: localDate('2026-01-31'),
        end: localDate('2026-04-15'),
        frequency: 'monthly',
        dayOfExecution: 31,
        ifClosed: 'following',
      },
    });
    const dates = async () => {
      const [one] = await bank().arrangements.standingOrders(payer.id);
      return one && { last: moment(one.last?.at), next: moment(one.next?.at), until: one.until };
    };
    const until = '2026-04-15';
    expect(await dates()).toEqual({ last: 'never', next: '2026-02-02T00:00', until });
    await world.until(at('2026-02-15T09:00:00Z'));
    expect(await dates()).toEqual({ last: '2026-02-02T05:00', next: '2026-03-02T00:00', until });
    await world.until(at('2026-03-15T09:00:00Z'));
    expect(await dates()).toEqual({ last: '2026-03-02T05:00', next: '2026-03-31T00:00', until });
    await world.until(at('2026-05-15T09:00:00Z'));
    expect(await dates()).toBeUndefined();
    expect(await paidAt(consentId)).toEqual(['2026-02-02T05:00', '2026-03-02T05:00', '2026-03-31T05:00']);
  });

  test('frees money that was set aside when its time is over', async () => {
    await world.storage.transaction((tx) =>
      bank().ledger.hold(tx, {
        account: payer.ledgerAccount,
        amountMinor: 4_000n,
        at: START,
        expiresAt: at('2026-01-12T09:00:00Z'),
        detail: { code: 'card-payment', text: 'HOTEL' },
      }),
    );
    const available = async () => (await bank().accounts.balance(payer.id)).availableMinor;
    await world.until(at('2026-01-12T08:59:59Z'));
    expect(await available()).toBe(96_000n);
    await world.until(at('2026-01-12T09:00:00Z'));
    expect(await available()).toBe(100_000n);
  });

  test('ends consents, agreed to or not, at their own instant, and tells so', async () => {
    const subject: ConsentSubject = { kind: 'account-access', recurring: true, capabilities: ['accounts.list'] };
    const more = { execution: 'by-client', expiresAt: at('2026-02-01T00:00:00Z') } as const;
    const [agreed, open, lasting] = [
      await lodge(world.here, subject, more),
      await lodge(world.here, subject, more),
      await lodge(world.here, subject, { execution: 'by-client' }),
    ];
    await agree(world.here, agreed.id, [payer]);
    const status = async () => {
      const all = await Promise.all([agreed, open, lasting].map(({ id }) => bank().consents.get(id)));
      return all.map((one) => one.status);
    };
    await world.until(at('2026-01-31T23:59:59Z'));
    expect(await status()).toEqual(['authorised', 'requested', 'requested']);
    const tell = await bank().watch();
    await world.until(at('2026-03-01T00:00:00Z'));
    expect(await status()).toEqual(['expired', 'expired', 'requested']);
    const { counts, items } = await tell(10);
    expect(counts).toContainEqual({ kind: 'consent.expired', count: 2 });
    const ended = items.filter(({ kind }) => kind === 'consent.expired');
    expect(ended.map(({ at: when }) => moment(when))).toEqual(['2026-02-01T00:00', '2026-02-01T00:00']);
  });

  test('ends a quote', async () => {
    const pair = { sell: 'GBP', buy: 'EUR' };
    const { id, validUntil } = await bank().exchange.quote(pair);
    const ask = () => bank().exchange.agreed(world.storage.read, { ...pair, id, at: world.clock.now() });
    await world.until(plusMs(validUntil, -1));
    await expect(ask()).resolves.toBeDefined();
    await world.until(plusMs(validUntil, 1));
    await expect(ask()).rejects.toMatchObject({ code: 'payment.quote-expired' });
  });

  test('cuts statements', async () => {
    const written = async () => (await bank().statements.ofAccount(payer.id)).map(({ id }) => id.slice(-6));
    await world.until(at('2026-02-01T05:59:59Z'));
    expect(await written()).toEqual([]);
    await world.until(at('2026-03-02T00:00:00Z'));
    expect(await written()).toEqual(['202602', '202601']);
  });

  test('in one leap or in many steps leads to the same', async () => {
    const consentId = await order(world.here, payer, single({ rail: 'bacs', executionDate: localDate('2026-01-15') }));
    await world.until(at('2026-03-01T00:00:00Z'));
    const leaped = (await bank().payments.ordersOf(consentId)).flatMap(({ steps }) => steps.map((one) => one.at));
    const slow = await openTwoBanks(START);
    const [from, to] = [await slow.here.open(100_000n), await slow.there.open(0n)];
    const instruction = instructionTo(to, { rail: 'bacs', executionDate: localDate('2026-01-15') });
    const again = await order(slow.here, from, { kind: 'payment', instruction });
    for (let day = 6; day <= 28; day += 1) await slow.until(at(`2026-01-${String(day).padStart(2, '0')}T12:00:00Z`));
    const walked = (await slow.here.bank.payments.ordersOf(again)).flatMap(({ steps }) => steps.map((one) => one.at));
    await slow.close();
    expect(walked).toEqual(leaped);
  });
});
