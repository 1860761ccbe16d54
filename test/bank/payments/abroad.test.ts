import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import {
  bought,
  parseRate,
  soldFor,
  type Account,
  type BankProfile,
  type PaymentInstruction,
  type TransactionQuery,
} from '../../../src/bank/index.js';
import { dateOf, MS_PER_DAY, MS_PER_MINUTE, plusDays, plusMs } from '../../../src/kernel/index.js';
import { PROFILE, START } from '../sample-bank.js';
import { agree, expectSound, lodge, openTwoBanks, order, type Side, type TwoBanks } from '../two-banks.js';

const ALL: TransactionQuery = { directions: ['credit', 'debit'], includePending: true, pageSize: 10 };
const ABROAD = { marginBps: 150, chargeMinor: 500n, quoteValidForMs: 15 * MS_PER_MINUTE };
const { sortCode: _none, ...SHARED } = PROFILE;
const ISLAND: BankProfile = { ...PROFILE, abroad: ABROAD };
const MAINLAND: BankProfile = {
  ...SHARED,
  id: 'dogger',
  name: 'Dogger Bank',
  country: 'DE',
  currency: 'EUR',
  abroad: ABROAD,
};
const LATER = plusMs(START, 5 * MS_PER_DAY);

const iban = (identification: string) => ({ identifiers: [{ scheme: 'iban', identification } as const] });

describe('a payment in another currency', () => {
  let world: TwoBanks;
  let british: Account;
  let german: Account;
  beforeEach(async () => {
    world = await openTwoBanks(START, [ISLAND, MAINLAND]);
    british = await world.here.open(100_000n, iban('GB33BUKB20201555555555'));
    german = await world.there.open(100_000n, iban('DE75512108001245126199'));
  });
  afterEach(() => world.close());

  const instruct = (to: Account, more: Partial<PaymentInstruction> = {}): PaymentInstruction => ({
    amount: { amountMinor: 10_000n, currency: to.currency },
    creditor: { ...to.identifiers[0]!, name: to.holderName },
    endToEndId: 'E2E-1',
    instructionId: 'I-1',
    reference: 'Invoice 7',
    rail: 'cross-border',
    ...more,
  });
  const send = async (side: Side, from: Account, instruction: PaymentInstruction) =>
    order(side, from, { kind: 'payment', instruction });
  const orderOf = (side: Side, consentId: string) => side.bank.payments.byConsent(consentId);
  const lines = async (side: Side, account: Account) => (await side.bank.transactions.page(account.id, ALL)).items;
  const rateOf = (side: Side, sell: string, buy: string) => side.bank.exchange.rate({ sell, buy }, START);

  test('goes from the island to the mainland and back, and every book is right at each step', async () => {
    const there = await send(world.here, british, instruct(german));
    const debit = soldFor({ amountMinor: 10_000n, currency: 'EUR' }, rateOf(world.here, 'GBP', 'EUR'), 'GBP');
    expect(await orderOf(world.here, there)).toMatchObject({
      debit,
      transferred: { amountMinor: 10_000n, currency: 'EUR' },
      chargesTaken: [{ bearer: 'shared', amount: { amountMinor: 500n, currency: 'GBP' } }],
      exchangeRate: expect.stringMatching(/^1\.\d+$/),
    });
    for (let minutes = 0; minutes < 4; minutes += 1) {
      await expectSound(world);
      await world.until(plusMs(world.clock.now(), 10_000));
    }
    await world.until(LATER);
    expect((await orderOf(world.here, there))?.status).toBe('credited');
    expect(await world.here.booked(british)).toBe(100_000n - debit.amountMinor - 500n);
    expect(await world.there.booked(german)).toBe(110_000n);
    expect((await lines(world.there, german))[0]).toMatchObject({
      code: 'transfer-in',
      amountMinor: 10_000n,
      currency: 'EUR',
      endToEndId: 'E2E-1',
      reference: 'Invoice 7',
    });
    const [charge, paid] = await lines(world.here, british);
    expect(charge).toMatchObject({ code: 'fee', amountMinor: 500n, direction: 'debit' });
    expect(paid).toMatchObject({
      code: 'transfer-out',
      amountMinor: debit.amountMinor,
      endToEndId: 'E2E-1',
      exchange: { unitCurrency: 'GBP', quotedCurrency: 'EUR', instructed: { amountMinor: 10_000n, currency: 'EUR' } },
    });

    const back = await send(world.there, german, instruct(british));
    await world.until(plusMs(LATER, 5 * MS_PER_DAY));
    expect((await orderOf(world.there, back))?.status).toBe('credited');
    expect((await lines(world.here, british))[0]).toMatchObject({ code: 'transfer-in', amountMinor: 10_000n });
    const positions = await world.clearing.positions(world.storage.read);
    expect(positions.map(({ bank, currency, bookedMinor }) => [bank, currency, bookedMinor])).toEqual([
      ['bramble', 'EUR', 10_000n],
      ['bramble', 'GBP', -10_000n],
      ['dogger', 'EUR', -10_000n],
      ['dogger', 'GBP', 10_000n],
    ]);
    await expectSound(world);
  });

  test('ordered in the payer’s currency arrives as what that buys', async () => {
    const amount = { amountMinor: 10_000n, currency: 'GBP' };
    await send(world.here, british, instruct(german, { amount, transferCurrency: 'EUR' }));
    await world.until(LATER);
    const arrived = bought(amount, rateOf(world.here, 'GBP', 'EUR'), 'EUR').amountMinor;
    expect(await world.here.booked(british)).toBe(100_000n - 10_000n - 500n);
    expect(await world.there.booked(german)).toBe(100_000n + arrived);
    await expectSound(world);
  });

  test('whose charges the payee bears takes its amount and no more, and less arrives', async () => {
    const amount = { amountMinor: 10_000n, currency: 'GBP' };
    await send(world.here, british, instruct(german, { amount, transferCurrency: 'EUR', charges: 'creditor' }));
    await world.until(LATER);
    const arrived = bought(
      { amountMinor: 9_500n, currency: 'GBP' },
      rateOf(world.here, 'GBP', 'EUR'),
      'EUR',
    ).amountMinor;
    expect(await world.here.booked(british)).toBe(90_000n);
    expect(await world.there.booked(german)).toBe(100_000n + arrived);
    expect((await lines(world.here, british)).filter(({ code }) => code === 'fee')).toEqual([]);
    await expectSound(world);
  });

  test('so small that the charge eats it is refused', async () => {
    const amount = { amountMinor: 500n, currency: 'GBP' };
    const { id } = await lodge(world.here, {
      kind: 'payment',
      instruction: instruct(german, { amount, transferCurrency: 'EUR', charges: 'creditor' }),
    });
    await expect(agree(world.here, id, [british])).rejects.toMatchObject({ code: 'payment.amount-invalid' });
    expect(await orderOf(world.here, id)).toBeUndefined();
  });

  test('in a currency that the payee’s account is not in is exchanged by her bank', async () => {
    const amount = { amountMinor: 10_000n, currency: 'GBP' };
    await send(world.here, british, instruct(german, { amount }));
    await world.until(LATER);
    const rate = rateOf(world.there, 'GBP', 'EUR');
    expect(await world.here.booked(british)).toBe(90_000n);
    expect(await world.there.booked(german)).toBe(100_000n + bought(amount, rate, 'EUR').amountMinor);
    expect((await lines(world.there, german))[0]?.exchange).toMatchObject({ unitCurrency: 'GBP', instructed: amount });
    await expectSound(world);
  });

  test('holds to the rate of a quote, and is refused once the quote has ended or at another rate', async () => {
    const quote = await world.here.bank.exchange.quote({ sell: 'GBP', buy: 'EUR' });
    const under = (rate?: string) =>
      instruct(german, { exchange: { type: 'agreed', contract: quote.id, ...(rate !== undefined && { rate }) } });
    const consentId = await send(world.here, british, under());
    const order = await orderOf(world.here, consentId);
    expect(parseRate(order?.exchangeRate ?? '')).toBe(quote.rate);
    await expect(send(world.here, british, under('1.9'))).rejects.toMatchObject({ code: 'payment.quote-unknown' });
    await world.until(plusMs(START, 15 * MS_PER_MINUTE));
    await expect(send(world.here, british, under())).rejects.toMatchObject({ code: 'payment.quote-expired' });
  });

  test('dated ahead is exchanged at the rate of its day, and under a contract at that of its order', async () => {
    const executionDate = plusDays(dateOf(START), 9);
    const quote = await world.here.bank.exchange.quote({ sell: 'GBP', buy: 'EUR' });
    const open = await send(world.here, british, instruct(german, { executionDate }));
    const exchange = { type: 'agreed', contract: quote.id } as const;
    const agreed = await send(world.here, british, instruct(german, { executionDate, exchange }));
    expect((await orderOf(world.here, open))?.debit).toBeUndefined();
    await world.until(plusMs(START, 20 * MS_PER_DAY));
    const [first, second] = [await orderOf(world.here, open), await orderOf(world.here, agreed)];
    expect([first?.status, second?.status]).toEqual(['credited', 'credited']);
    expect(parseRate(second?.exchangeRate ?? '')).toBe(quote.rate);
    expect(parseRate(first?.exchangeRate ?? '')).not.toBe(quote.rate);
    await expectSound(world);
  });

  test('that comes back is exchanged again and says why, less the charge', async () => {
    await world.there.closeAccount(german);
    const consentId = await send(world.here, british, instruct(german));
    await world.until(LATER);
    expect(await orderOf(world.here, consentId)).toMatchObject({
      status: 'rejected',
      rejection: 'creditor-account-closed',
    });
    const [refund] = await lines(world.here, british);
    expect(refund).toMatchObject({ code: 'refund', exchange: { unitCurrency: 'EUR', quotedCurrency: 'GBP' } });
    expect(await world.here.booked(british)).toBeLessThan(100_000n - 500n);
    await expectSound(world);
  });

  test('is not carried by a rail of the country, nor in a third currency', async () => {
    const domestic = instruct(german, {
      rail: 'faster-payments',
      amount: { amountMinor: 1n, currency: 'GBP' },
      transferCurrency: 'EUR',
    });
    await expect(send(world.here, british, domestic)).rejects.toMatchObject({ code: 'payment.unsupported-currency' });
    const third = instruct(german, { amount: { amountMinor: 1_000n, currency: 'JPY' }, transferCurrency: 'EUR' });
    await expect(send(world.here, british, third)).rejects.toMatchObject({ code: 'consent.account-not-covered' });
  });
});

type Step =
  | {
      readonly kind: 'pay';
      readonly from: number;
      readonly to: number;
      readonly amount: number;
      readonly how: number;
      readonly bearer: number;
    }
  | { readonly kind: 'wait'; readonly hours: number }
  | { readonly kind: 'close'; readonly which: number };

const STEP: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('pay' as const),
      from: fc.nat(3),
      to: fc.nat(3),
      amount: fc.integer({ min: 1, max: 60_000 }),
      how: fc.nat(2),
      bearer: fc.nat(3),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 30 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const), which: fc.nat(3) }) },
);
const BEARERS = ['shared', 'debtor', 'creditor', 'service-level'] as const;
const IBANS = ['GB33BUKB20201555555555', 'DE75512108001245126199', 'GB94BARC10201530093459', 'DE89370400440532013000'];

describe('two banks of two currencies', () => {
  test('stay sound at every step, whatever is exchanged, charged and sent back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(STEP, { minLength: 6, maxLength: 14 }), async (steps) => {
        const world = await openTwoBanks(START, [ISLAND, MAINLAND]);
        const sides = [world.here, world.there, world.here, world.there];
        const accounts: Account[] = [];
        for (const [index, side] of sides.entries()) accounts.push(await side.open(100_000n, iban(IBANS[index]!)));
        try {
          for (const step of steps) {
            await play(world, { sides, accounts }, step).catch((error: unknown) => {
              expect(error).toMatchObject({ name: 'SandbankError' });
            });
            await expectSound(world);
          }
          await world.until(plusMs(world.clock.now(), 10 * MS_PER_DAY));
          await expectSound(world);
        } finally {
          await world.close();
        }
      }),
      { numRuns: 30, seed: 20260105, endOnFailure: true },
    );
  });
});

async function play(
  world: TwoBanks,
  { sides, accounts }: { readonly sides: readonly Side[]; readonly accounts: readonly Account[] },
  step: Step,
): Promise<void> {
  if (step.kind === 'wait') return world.until(plusMs(world.clock.now(), step.hours * 60 * MS_PER_MINUTE));
  if (step.kind === 'close') return sides[step.which]!.closeAccount(accounts[step.which]!);
  const [payer, payee] = [accounts[step.from]!, accounts[step.to]!];
  const own = { amount: { amountMinor: BigInt(step.amount), currency: payer.currency } };
  const instruction: PaymentInstruction = {
    ...[own, { ...own, transferCurrency: payee.currency }, { amount: { ...own.amount, currency: payee.currency } }][
      step.how
    ]!,
    creditor: { ...payee.identifiers[0]!, name: payee.holderName },
    endToEndId: 'e',
    instructionId: 'i',
    rail: 'cross-border',
    charges: BEARERS[step.bearer]!,
  };
  await order(sides[step.from]!, payer, { kind: 'payment', instruction });
}
