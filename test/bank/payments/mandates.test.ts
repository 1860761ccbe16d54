import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import {
  verifyBank,
  type Account,
  type PaymentInstruction,
  type PaymentMandate,
  type PeriodicLimit,
} from '../../../src/bank/index.js';
import { refuseUnsoundMandate } from '../../../src/bank/consents/mandate-soundness.js';
import { periodOf } from '../../../src/bank/payments/mandates/limit-period.js';
import { isSandbankError, localDate, MS_PER_DAY, MS_PER_HOUR, plusMs } from '../../../src/kernel/index.js';
import { ELSEWHERE, keyOf } from '../sample-bank.js';
import { agree, lodge, openTwoBanks, type TwoBanks } from '../two-banks.js';

const gbp = (amountMinor: bigint) => ({ amountMinor, currency: 'GBP' });
const limit = (
  period: PeriodicLimit['period'],
  alignment: PeriodicLimit['alignment'],
  amountMinor: bigint,
): PeriodicLimit => ({ period, alignment, amount: gbp(amountMinor) });

describe('periods of a limit', () => {
  test.each<[string, PeriodicLimit, string, string, [string, string, bigint]]>([
    ['day', limit('day', 'consent', 100n), '2026-06-06', '2026-06-20', ['2026-06-20', '2026-06-21', 100n]],
    ['week of Monday', limit('week', 'calendar', 700n), '2026-06-01', '2026-06-10', ['2026-06-08', '2026-06-15', 700n]],
    [
      'first week, five days left',
      limit('week', 'calendar', 700n),
      '2026-06-10',
      '2026-06-10',
      ['2026-06-10', '2026-06-15', 500n],
    ],
    ['week of consent', limit('week', 'consent', 700n), '2026-06-10', '2026-06-24', ['2026-06-24', '2026-07-01', 700n]],
    ['fortnight', limit('fortnight', 'consent', 1n), '2026-06-10', '2026-07-07', ['2026-06-24', '2026-07-08', 1n]],
    // The published examples of a first period: 300 a month and 500 a year from 6 June.
    [
      'first month',
      limit('month', 'calendar', 30_000n),
      '2026-06-06',
      '2026-06-30',
      ['2026-06-06', '2026-07-01', 25_000n],
    ],
    [
      'first year',
      limit('year', 'calendar', 50_000n),
      '2026-06-06',
      '2026-12-31',
      ['2026-06-06', '2027-01-01', 28_630n],
    ],
    ['next month', limit('month', 'calendar', 3n), '2026-06-06', '2026-07-01', ['2026-07-01', '2026-08-01', 3n]],
    ['half-year', limit('half-year', 'calendar', 3n), '2026-06-06', '2026-12-31', ['2026-07-01', '2027-01-01', 3n]],
    ['month from a 31st', limit('month', 'consent', 3n), '2026-01-31', '2026-02-28', ['2026-02-28', '2026-03-31', 3n]],
    ['the day before', limit('month', 'consent', 3n), '2026-01-31', '2026-02-27', ['2026-01-31', '2026-02-28', 3n]],
    ['year from a 29th', limit('year', 'consent', 3n), '2028-02-29', '2029-02-28', ['2029-02-28', '2030-02-28', 3n]],
    ['before it begins', limit('month', 'consent', 3n), '2026-03-15', '2026-01-01', ['2026-03-15', '2026-04-15', 3n]],
  ])('%s', (_what, one, begins, ...[day, [from, until, allowed]]) => {
    expect(periodOf(one, { begins: localDate(begins), day: localDate(day) })).toEqual({
      from,
      until,
      allowed: gbp(allowed),
    });
  });
});

describe('a mandate is refused', () => {
  const sound: PaymentMandate = { maximumPerPayment: gbp(100n), limits: [limit('month', 'calendar', 500n)] };
  test.each<[string, PaymentMandate, string]>([
    ['that allows nothing', { ...sound, maximumPerPayment: gbp(0n) }, 'payment.amount-invalid'],
    ['with a limit of nothing', { ...sound, limits: [limit('day', 'consent', 0n)] }, 'payment.amount-invalid'],
    [
      'in two currencies',
      { ...sound, limits: [{ ...limit('day', 'consent', 1n), amount: { amountMinor: 1n, currency: 'EUR' } }] },
      'payment.unsupported-currency',
    ],
    [
      'that ends before it begins',
      { ...sound, validFrom: plusMs(0 as never, 2), validTo: 1 as never },
      'field.invalid-date',
    ],
    ['for no payee at all', { ...sound, creditors: [] }, 'consent.invalid-combination'],
    ['with fortnights of the calendar', { ...sound, limits: [limit('fortnight', 'calendar', 1n)] }, 'field.invalid'],
    [
      'with a limit twice',
      { ...sound, limits: [limit('day', 'consent', 1n), limit('day', 'consent', 2n)] },
      'consent.invalid-combination',
    ],
  ])('%s', (_what, mandate, code) => {
    expect(() => refuseUnsoundMandate(sound)).not.toThrow();
    expect(() => refuseUnsoundMandate(mandate)).toThrow(expect.objectContaining({ code }));
  });
});

describe('payments under a mandate', () => {
  let world: TwoBanks;
  let keys = 0;
  beforeAll(async () => {
    world = await openTwoBanks();
  });
  afterAll(() => world.close());

  const allow = async (from: Account, mandate: PaymentMandate): Promise<string> => {
    const subject = { kind: 'recurring-payment', mandate } as const;
    const { id } = await lodge(world.here, subject, { execution: 'by-client' });
    await agree(world.here, id, [from]);
    return id;
  };
  const pay = (consentId: string, amountMinor: bigint, more: Partial<PaymentInstruction> = {}) => {
    keys += 1;
    const instruction: PaymentInstruction = {
      amount: gbp(amountMinor),
      creditor: ELSEWHERE,
      endToEndId: 'e2e',
      instructionId: `i${keys}`,
      rail: 'faster-payments',
      ...more,
    };
    const idempotency = keyOf(`m${keys}`, { expiresAt: plusMs(world.clock.now(), MS_PER_DAY) });
    return world.here.bank.payments.submit({ clientId: 'tpp', consentId, wire: '{}', instruction }, idempotency);
  };

  test('are made without a further yes, and leave the mandate in force', async () => {
    const account = await world.here.open(100_000n);
    const consentId = await allow(account, {
      maximumPerPayment: gbp(5_000n),
      limits: [limit('month', 'consent', 8_000n), limit('day', 'calendar', 6_000n)],
      creditors: [ELSEWHERE],
      reference: 'rent',
    });
    const first = await pay(consentId, 5_000n, { reference: 'rent' });
    expect(first.value).toMatchObject({ status: 'received', consentId });
    expect((await world.here.bank.consents.get(consentId)).status).toBe('authorised');
    const [month, day] = await world.here.bank.payments.mandateUse(consentId);
    expect(month).toMatchObject({ allowed: gbp(8_000n), used: gbp(5_000n), left: gbp(3_000n) });
    expect(day).toMatchObject({ used: gbp(5_000n), left: gbp(1_000n) });
    expect(day!.ends - day!.begins).toBe(MS_PER_DAY);
    expect(await world.here.bank.payments.fundsAvailable(consentId, gbp(95_000n))).toBe(true);
    expect(await world.here.bank.payments.fundsAvailable(consentId, gbp(95_001n))).toBe(false);

    await expect(pay(consentId, 1_001n, { reference: 'rent' })).rejects.toMatchObject({
      code: 'payment.mandate-limit',
      details: {
        limitIndex: 1,
        limit: 'day, calendar',
        expected: expect.stringContaining('at most 10.00, left of 60.00 until 2026-01-06T00:00:00+00:00'),
        actual: '10.01',
      },
    });
    await world.until(plusMs(world.clock.now(), MS_PER_DAY));
    await expect(pay(consentId, 3_001n, { reference: 'rent' })).rejects.toMatchObject({
      details: { limitIndex: 0, limit: 'month, consent' },
    });
    await pay(consentId, 3_000n, { reference: 'rent' });
    expect(await world.here.bank.payments.ordersOf(consentId)).toHaveLength(2);
  });

  test('that do not fit are refused, each by what does not fit', async () => {
    const account = await world.here.open(100_000n);
    const now = world.clock.now();
    const consentId = await allow(account, {
      maximumPerPayment: gbp(5_000n),
      creditors: [ELSEWHERE],
      reference: 'rent',
      validFrom: plusMs(now, MS_PER_DAY),
      validTo: plusMs(now, 2 * MS_PER_DAY),
    });
    const code = (amount: bigint, more: Partial<PaymentInstruction> = {}) =>
      pay(consentId, amount, { reference: 'rent', ...more }).then(
        () => 'paid',
        (error: unknown) => (isSandbankError(error) ? error.code : error),
      );
    expect(await code(1n)).toBe('payment.mandate-validity');
    await world.until(plusMs(now, MS_PER_DAY));
    expect(await code(1n, { creditor: { ...ELSEWHERE, identification: '11223387654322' } })).toBe(
      'payment.mandate-creditor',
    );
    expect(await code(1n, { creditor: { ...ELSEWHERE, name: 'Somebody else' } })).toBe('payment.mandate-creditor');
    expect(await code(1n, { reference: 'gift' })).toBe('payment.mandate-reference');
    expect(await code(1n, { executionDate: localDate('2026-02-01') })).toBe('payment.product-unsupported');
    expect(await code(5_001n)).toBe('payment.mandate-maximum');
    expect(await code(1n, { amount: { amountMinor: 1n, currency: 'EUR' } })).toBe('payment.unsupported-currency');
    expect(await code(5_000n)).toBe('paid');
    await world.until(plusMs(now, 3 * MS_PER_DAY));
    expect(await code(1n)).toBe('payment.mandate-validity');
    await world.here.bank.consents.revoke(consentId, 'psu');
    expect(await code(1n)).toBe('consent.revoked');
  });

  test('are bound to what was agreed: her code names payees and limits', async () => {
    const account = await world.here.open(1n);
    const mandate = {
      maximumPerPayment: gbp(5_000n),
      creditors: [ELSEWHERE],
      limits: [limit('month', 'consent', 9_000n)],
    };
    await allow(account, mandate);
    const [message] = await world.here.bank.messages.inbox(world.here.party.id);
    expect(message!.body).toContain(
      'approve payments to Larkrise Bakery of up to £50.00 each, in all £90.00 per month',
    );
  });

  test('forty at once never pass the limit of a month', async () => {
    const account = await world.here.open(100_000n);
    const consentId = await allow(account, {
      maximumPerPayment: gbp(1_000n),
      limits: [limit('month', 'consent', 10_500n)],
    });
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => pay(consentId, 1_000n)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    const refused = outcomes.flatMap((one) =>
      one.status === 'rejected' ? [(one.reason as { code: string }).code] : [],
    );
    expect(new Set(refused)).toEqual(new Set(['payment.mandate-limit']));
    expect(await world.here.bank.payments.mandateUse(consentId)).toMatchObject([{ left: gbp(500n) }]);
    await world.until(plusMs(world.clock.now(), MS_PER_DAY));
    expect(await world.here.booked(account)).toBe(90_000n);
  });

  /** Whether the payment fits, by counting over days one by one: nothing is shared with the bank's own arithmetic. */
  class Model {
    readonly begins: number;
    readonly paid: { readonly day: number; readonly amount: bigint }[] = [];
    readonly limits: readonly PeriodicLimit[];
    constructor(begins: number, limits: readonly PeriodicLimit[]) {
      this.limits = limits;
      this.begins = Math.floor(begins / MS_PER_DAY);
    }

    fits(now: number, amount: bigint): boolean {
      const day = Math.floor(now / MS_PER_DAY);
      return this.limits.every((one) => {
        const isSame = (other: number) => this.#index(one, other) === this.#index(one, day);
        const used = this.paid.filter((past) => isSame(past.day)).reduce((sum, past) => sum + past.amount, 0n);
        return used + amount <= this.#allowed(one, isSame);
      });
    }

    #allowed(one: PeriodicLimit, isOfPeriod: (day: number) => boolean): bigint {
      if (one.alignment === 'consent' || !isOfPeriod(this.begins)) return one.amount.amountMinor;
      let whole = 0n;
      let left = 0n;
      for (let day = this.begins - 400; day < this.begins + 400; day += 1) {
        if (!isOfPeriod(day)) continue;
        whole += 1n;
        if (day >= this.begins) left += 1n;
      }
      return (one.amount.amountMinor * left) / whole;
    }

    /** A number that all days of a period have in common. */
    #index({ period, alignment }: PeriodicLimit, day: number): number {
      const lengths = { day: 1, week: 7, fortnight: 14 } as const;
      if (period === 'day' || period === 'week' || period === 'fortnight') {
        // The first of January 1970 was a Thursday.
        const origin = alignment === 'consent' ? this.begins : period === 'week' ? 4 - 7 : 0;
        return Math.floor((day - origin) / lengths[period]);
      }
      const months = { month: 1, 'half-year': 6, year: 12 }[period];
      const date = new Date(day * MS_PER_DAY);
      const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
      if (alignment === 'calendar') return Math.floor(month / months);
      const start = new Date(this.begins * MS_PER_DAY);
      const first = start.getUTCFullYear() * 12 + start.getUTCMonth();
      const lastOfMonth = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
      const isBefore = date.getUTCDate() < Math.min(start.getUTCDate(), lastOfMonth);
      return Math.floor((month - first - (isBefore ? 1 : 0)) / months);
    }
  }

  const anyLimit = fc
    .record({
      period: fc.constantFrom<PeriodicLimit['period']>('day', 'week', 'fortnight', 'month', 'half-year', 'year'),
      alignment: fc.constantFrom<PeriodicLimit['alignment']>('consent', 'calendar'),
      amount: fc.bigInt({ min: 100n, max: 3_000n }).map(gbp),
    })
    .filter(({ period, alignment }) => period !== 'fortnight' || alignment === 'consent');
  const anyCommand = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ pay: fc.array(fc.bigInt({ min: 1n, max: 900n }), { minLength: 1, maxLength: 4 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ hours: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 100, max: 5_000 })) }),
    },
  );

  test.each([1, 2, 3])('agree with a model, whatever is paid and whenever (seed %d)', async (seed) => {
    const property = fc.asyncProperty(
      fc.uniqueArray(anyLimit, {
        minLength: 1,
        maxLength: 3,
        selector: ({ period, alignment }) => `${period} ${alignment}`,
      }),
      fc.bigInt({ min: 0n, max: 6_000n }),
      fc.array(anyCommand, { maxLength: 14 }),
      async (limits, balance, commands) => {
        const { payments } = world.here.bank;
        const account = await world.here.open(balance);
        const consentId = await allow(account, { maximumPerPayment: gbp(800n), limits });
        const model = new Model(world.clock.now(), limits);
        let money = balance;
        for (const command of commands) {
          if ('hours' in command) {
            await world.until(plusMs(world.clock.now(), command.hours * MS_PER_HOUR));
            continue;
          }
          const now = world.clock.now();
          const outcomes = await Promise.allSettled(command.pay.map((amount) => pay(consentId, amount)));
          // They were taken one after the other, in the order in which they came.
          for (const [index, amount] of command.pay.entries()) {
            const outcome = outcomes[index]!;
            const expected =
              amount > 800n ? 'payment.mandate-maximum' : model.fits(now, amount) ? undefined : 'payment.mandate-limit';
            if (outcome.status === 'rejected') {
              const { reason } = outcome as { reason: unknown };
              expect(isSandbankError(reason) ? reason.code : reason).toBe(expected);
              continue;
            }
            expect(expected).toBeUndefined();
            const isPaid = money >= amount;
            expect(outcome.value.value.status).toBe(isPaid ? 'received' : 'rejected');
            if (!isPaid) continue;
            money -= amount;
            model.paid.push({ day: Math.floor(now / MS_PER_DAY), amount });
          }
          for (const { left, limit: one } of await payments.mandateUse(consentId)) {
            const alone = new Model(model.begins * MS_PER_DAY, [one]);
            alone.paid.push(...model.paid);
            expect([alone.fits(now, left.amountMinor), alone.fits(now, left.amountMinor + 1n)]).toEqual([true, false]);
          }
        }
      },
    );
    await fc.assert(property, { seed, numRuns: 40 });
    expect((await verifyBank(world.storage.read, 'bramble')).flatMap((check) => check.faults)).toEqual([]);
  });
});
