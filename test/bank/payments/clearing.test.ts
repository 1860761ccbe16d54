import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type {
  Account,
  AccountIdentifier,
  BankProfile,
  PaymentInstruction,
  TransactionQuery,
} from '../../../src/bank/index.js';
import { MS_PER_MINUTE, parseInstant, plusMs } from '../../../src/kernel/index.js';
import { ELSEWHERE, PROFILE, sortCodeOf, START } from '../sample-bank.js';
import { expectSound, instructionTo, openTwoBanks, order, type Side, type TwoBanks } from '../two-banks.js';

const ALL: TransactionQuery = { directions: ['credit', 'debit'], includePending: true, pageSize: 5 };

describe('a payment to another bank of the ecosystem', () => {
  let world: TwoBanks;
  let payer: Account;
  let payee: Account;
  beforeEach(async () => {
    world = await openTwoBanks();
    payer = await world.here.open(100_000n);
    payee = await world.there.open(0n, { holderName: 'MR B OKAFOR' });
  });
  afterEach(() => world.close());

  const pay = (to: Account, more: Parameters<typeof instructionTo>[1] = {}) =>
    order(world.here, payer, { kind: 'payment', instruction: instructionTo(to, more) });
  const inClearing = async () =>
    (await world.here.bank.ledger.internalBalances(world.storage.read, 'payment-clearing')).map((one) => [
      one.currency,
      one.bookedMinor,
    ]);
  const positions = async () =>
    (await world.clearing.positions(world.storage.read)).map((one) => [one.bank, one.bookedMinor]);

  test('arrives there with the payer’s name and reference, in the transaction that credits it here', async () => {
    const consentId = await pay(payee);
    await world.until(plusMs(START, 3_000));
    expect(await positions()).toEqual([['bramble', 0n]]);
    expect(await inClearing()).toEqual([['GBP', 2_500n]]);
    expect(await world.there.booked(payee)).toBe(0n);
    await world.until(plusMs(START, 4_000));
    expect(await positions()).toEqual([
      ['bramble', 2_500n],
      ['dogger', -2_500n],
    ]);
    expect((await world.here.bank.payments.byConsent(consentId))?.status).toBe('credited');
    expect(await world.here.booked(payer)).toBe(97_500n);
    const [arrived] = (await world.there.bank.transactions.page(payee.id, ALL)).items;
    expect(arrived).toMatchObject({
      status: 'booked',
      direction: 'credit',
      code: 'transfer-in',
      amountMinor: 2_500n,
      text: 'MS A CLARKE AT BRAMBLE BANK',
      reference: 'rent',
      bookedAt: plusMs(START, 4_000),
      counterparty: { name: 'MS A CLARKE AT BRAMBLE BANK', identification: sortCodeOf(payer).identification },
    });
    expect(arrived?.paymentId).toBeUndefined();
    expect((await world.there.bank.events.list({ subject: payee.id }))[0]).toMatchObject({ type: 'payment.arrived' });
    await expectSound(world);
  });

  test.each<[string, (world: TwoBanks, payee: Account) => Promise<AccountIdentifier>, string]>([
    [
      'that has no such account',
      async (_world, to) => ({ ...sortCodeOf(to), identification: '40205199999999' }),
      'creditor-account-unknown',
    ],
    [
      'whose account was closed',
      async ({ there }, to) => {
        await there.closeAccount(to);
        return sortCodeOf(to);
      },
      'creditor-account-closed',
    ],
    [
      'whose account is in a currency that it does not exchange',
      async ({ there }) => sortCodeOf(await there.open(0n, { currency: 'CHF' })),
      'currency-not-accepted',
    ],
  ])('%s comes back to the payer and is rejected', async (_which, prepare, rejection) => {
    const creditor = await prepare(world, payee);
    const consentId = await pay(payee, { creditor });
    await world.until(plusMs(START, 4_000));
    expect(await world.here.bank.payments.byConsent(consentId)).toMatchObject({ status: 'rejected', rejection });
    expect(await world.here.booked(payer)).toBe(100_000n);
    expect((await world.here.bank.transactions.page(payer.id, ALL)).items[0]).toMatchObject({ code: 'refund' });
    expect((await positions()).every(([, sum]) => sum === 0n)).toBe(true);
    await expectSound(world);
  });

  test('outside of it stays in clearing, as ever', async () => {
    const consentId = await pay(payee, { creditor: ELSEWHERE });
    await world.until(plusMs(START, 4_000));
    expect((await world.here.bank.payments.byConsent(consentId))?.status).toBe('credited');
    expect(await positions()).toEqual([['bramble', 0n]]);
    expect(await inClearing()).toEqual([['GBP', 2_500n]]);
  });
});

describe('two banks in euro', () => {
  const OF_THE_EURO = { country: 'DE', currency: 'EUR' } as const;
  const euro = (name: string): BankProfile => {
    const { sortCode: _none, ...profile } = { ...PROFILE, ...OF_THE_EURO, id: name, name };
    return profile;
  };
  const FRIDAY_NIGHT = parseInstant('2026-01-09T23:59:59Z')!;

  test('settle by SEPA on the next banking day, and at once by the instant scheme', async () => {
    const world = await openTwoBanks(FRIDAY_NIGHT, [euro('dogger'), euro('fisher')]);
    const iban = (identification: string) => ({ identifiers: [{ scheme: 'iban', identification } as const] });
    const payer = await world.here.open(10_000n, iban('DE89370400440532013000'));
    const payee = await world.there.open(0n, iban('DE75512108001245126199'));
    const instruct = (rail: PaymentInstruction['rail']) => ({
      ...instructionTo(payee),
      rail,
      creditor: { ...payee.identifiers[0]!, name: 'B Okafor' },
      amount: { amountMinor: 100n, currency: 'EUR' },
    });
    const slow = await order(world.here, payer, { kind: 'payment', instruction: instruct('sepa-credit-transfer') });
    const fast = await order(world.here, payer, { kind: 'payment', instruction: instruct('sepa-instant') });
    const statuses = async () => {
      const { payments } = world.here.bank;
      return [(await payments.byConsent(slow))?.status, (await payments.byConsent(fast))?.status];
    };
    await world.until(plusMs(FRIDAY_NIGHT, 4_000));
    expect(await statuses()).toEqual(['accepted', 'credited']);
    expect(await world.there.booked(payee)).toBe(100n);
    await world.until(parseInstant('2026-01-12T04:59:59Z')!);
    expect(await statuses()).toEqual(['accepted', 'credited']);
    await world.until(parseInstant('2026-01-12T05:00:10Z')!);
    expect(await statuses()).toEqual(['debited', 'credited']);
    await world.until(parseInstant('2026-01-13T05:00:00Z')!);
    expect(await statuses()).toEqual(['credited', 'credited']);
    expect(await world.there.booked(payee)).toBe(200n);
    await expectSound(world);
    await world.close();
  });
});

/** Random payments both ways, to open, closed and unknown accounts, some called back, with the clock moving between. */
type Move =
  | {
      readonly kind: 'pay';
      readonly from: number;
      readonly to: number;
      readonly amount: number;
      readonly ahead: boolean;
    }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'cancel'; readonly nth: number }
  | { readonly kind: 'close'; readonly which: number };

const MOVE: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('pay' as const),
      from: fc.nat(3),
      to: fc.nat(4),
      amount: fc.integer({ min: 1, max: 60_000 }),
      ahead: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 500, max: 2_500 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), nth: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const), which: fc.nat(3) }) },
);

describe('two banks', () => {
  test('make and lose no money, whatever is paid between them and comes back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(MOVE, { minLength: 6, maxLength: 14 }), async (moves) => {
        const world = await openTwoBanks();
        try {
          await play(world, moves);
        } finally {
          await world.close();
        }
      }),
      { numRuns: 40, seed: 20260105, endOnFailure: true },
    );
  });
});

async function play(world: TwoBanks, moves: readonly Move[]): Promise<void> {
  const { here, there } = world;
  const places: { side: Side; account: Account }[] = [];
  for (const side of [here, there, here, there]) places.push({ side, account: await side.open(100_000n) });
  const ordered: { side: Side; consentId: string }[] = [];
  const total = async () => {
    let sum = 0n;
    for (const { side, account } of places) sum += await side.booked(account);
    for (const { bank } of [here, there]) {
      for (const one of await bank.ledger.internalBalances(world.storage.read, 'payment-clearing'))
        sum += one.bookedMinor;
    }
    return sum;
  };
  for (const move of moves) {
    // What the bank refuses (an account that was closed, a payment to oneself, one that has gone) changes nothing.
    await act(move).catch((error: unknown) => {
      expect(error).toMatchObject({ name: 'SandbankError' });
    });
    expect(await total()).toBe(400_000n);
    await expectSound(world);
  }
  await world.until(plusMs(world.clock.now(), 3 * 24 * 60 * MS_PER_MINUTE));
  await expectSound(world);
  expect(await total()).toBe(400_000n);
  const left = await world.clearing.positions(world.storage.read);
  expect(left.reduce((sum, { bookedMinor }) => sum + bookedMinor, 0n)).toBe(0n);
  for (const { side, consentId } of ordered) {
    const status = (await side.bank.payments.byConsent(consentId))?.status;
    expect(['credited', 'rejected', 'cancelled']).toContain(status);
  }

  async function act(move: Move): Promise<void> {
    switch (move.kind) {
      case 'wait':
        return world.until(plusMs(world.clock.now(), move.ms));
      case 'close':
        return places[move.which]!.side.closeAccount(places[move.which]!.account);
      case 'cancel': {
        const one = ordered[move.nth % Math.max(ordered.length, 1)];
        return one && world.storage.transaction((tx) => one.side.bank.payments.cancel(tx, one.consentId, 'psu'));
      }
      case 'pay': {
        const { side, account } = places[move.from]!;
        const instruction = instructionTo(places[move.to % 4]!.account, {
          amount: { amountMinor: BigInt(move.amount), currency: 'GBP' },
          ...(move.to === 4 && { creditor: { scheme: 'sort-code-account-number', identification: '40205100000000' } }),
          ...(move.ahead && { executionDate: '2026-01-06' as never }),
        });
        ordered.push({ side, consentId: await order(side, account, { kind: 'payment', instruction }) });
      }
    }
  }
}
