import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import {
  ISO_RECALL_REASONS,
  ISO_RECALL_REFUSALS,
  ISO_RECALLED,
  ISO_REJECTIONS,
  type Account,
  type AccountIdentifier,
  type PaymentInstruction,
  type RecallReason,
  type TransactionQuery,
} from '../../../src/bank/index.js';
import { verifyPayments } from '../../../src/bank/payments/verify-payments.js';
import { formatInstant, MS_PER_DAY, parseInstant, plusMs } from '../../../src/kernel/index.js';
import { ELSEWHERE } from '../sample-bank.js';
import { expectSound, instructionTo, openTwoBanks, order, type TwoBanks } from '../two-banks.js';

const ALL: TransactionQuery = { directions: ['credit', 'debit'], includePending: true, pageSize: 10 };

describe('a payment that has arrived', () => {
  let world: TwoBanks;
  let payer: Account;
  let neighbour: Account;
  let payee: Account;
  beforeEach(async () => {
    world = await openTwoBanks();
    payer = await world.here.open(10_000n);
    neighbour = await world.here.open(0n, { holderName: 'MR B OKAFOR' });
    payee = await world.there.open(0n);
  });
  afterEach(async () => {
    for (const { profile } of world.banks) {
      const faults = (await verifyPayments(world.storage.read, profile.id)).flatMap((check) => check.faults);
      expect(faults).toEqual([]);
    }
    await world.close();
  });

  const payments = () => world.here.bank.payments;
  const after = (ms: number): Promise<void> => world.until(plusMs(world.clock.now(), ms));
  const paid = async (to: Account, more: Partial<PaymentInstruction> = {}): Promise<string> => {
    const consentId = await order(world.here, payer, { kind: 'payment', instruction: instructionTo(to, more) });
    await after(10_000);
    return (await payments().byConsent(consentId))!.id;
  };
  const end = async (id: string) => {
    const [recall] = await payments().recallsOf(id);
    return [(await payments().get(id)).status, recall?.status, recall?.refusal].filter((one) => one !== undefined);
  };
  const newest = async (side: TwoBanks['here'], account: Account) =>
    (await side.bank.transactions.page(account.id, ALL)).items[0];

  test.each<['another bank' | 'this bank', () => [TwoBanks['here'], Account]]>([
    ['another bank', () => [world.there, payee]],
    ['this bank', () => [world.here, neighbour]],
  ])('at %s comes back after the time of the rail, with its reason', async (_where, at) => {
    const [side, account] = at();
    const id = await paid(account);
    const recall = await payments().recall(id, 'duplicate');
    expect(recall).toMatchObject({ paymentId: id, reason: 'duplicate', status: 'requested' });
    // Asked on a Monday, answered on Wednesday.
    expect(formatInstant(recall.answerDueAt)).toBe('2026-01-07T05:00:00+00:00');
    await world.until(plusMs(recall.answerDueAt, -1));
    expect([await end(id), await side.booked(account)]).toEqual([['credited', 'requested'], 2_500n]);
    await world.until(recall.answerDueAt);
    expect(await end(id)).toEqual(['returned', 'returned']);
    const [answered] = await payments().recallsOf(id);
    expect(answered).toMatchObject({
      answeredAt: recall.answerDueAt,
      returned: { amountMinor: 2_500n, currency: 'GBP' },
    });
    expect([await world.here.booked(payer), await side.booked(account)]).toEqual([10_000n, 0n]);
    expect(await newest(world.here, payer)).toMatchObject({ code: 'refund', direction: 'credit', paymentId: id });
    expect(await newest(side, account)).toMatchObject({
      code: 'transfer-out',
      direction: 'debit',
      text: expect.stringContaining('RETURNED TO'),
    });
    expect((await payments().get(id)).steps.at(-1)).toEqual({ status: 'returned', at: recall.answerDueAt });
    await expectSound(world);
  });

  test('and was spent stays where it went', async () => {
    const id = await paid(payee);
    await order(world.there, payee, {
      kind: 'payment',
      instruction: instructionTo(payer, { amount: { amountMinor: 1n, currency: 'GBP' } }),
    });
    await payments().recall(id, 'fraud');
    await after(5 * MS_PER_DAY);
    expect(await end(id)).toEqual(['credited', 'refused', 'no-funds']);
    // Asked again, and answered again.
    await payments().recall(id, 'fraud');
    await after(5 * MS_PER_DAY);
    expect((await payments().recallsOf(id)).map(({ status }) => status)).toEqual(['refused', 'refused']);
    expect(await world.here.booked(payer)).toBe(7_501n);
    await expectSound(world);
  });

  test('on an account that was closed since stays there', async () => {
    const id = await paid(payee);
    await world.there.closeAccount(payee);
    await payments().recall(id, 'technical-error');
    await after(5 * MS_PER_DAY);
    expect(await end(id)).toEqual(['credited', 'refused', 'account-closed']);
  });

  test.each<[RecallReason, readonly string[], bigint]>([
    ['duplicate', ['returned', 'returned'], 10_000n],
    ['technical-error', ['returned', 'returned'], 10_000n],
    ['requested-by-customer', ['credited', 'refused', 'customer-decision'], 7_500n],
    ['fraud', ['credited', 'refused', 'customer-decision'], 7_500n],
  ])('outside of the ecosystem is answered by its reason: %s', async (reason, expected, booked) => {
    const outside: AccountIdentifier = ELSEWHERE;
    const id = await paid(payee, { creditor: outside });
    await payments().recall(id, reason);
    await after(5 * MS_PER_DAY);
    expect([await end(id), await world.here.booked(payer)]).toEqual([expected, booked]);
    for (const { waitingMinor, outsideMinor } of await world.clearing.positions(world.storage.read)) {
      expect(waitingMinor).toBe(outsideMinor);
    }
  });

  test('is asked back once at a time, and not when it has not arrived', async () => {
    const consentId = await order(world.here, payer, { kind: 'payment', instruction: instructionTo(payee) });
    const { id } = (await payments().byConsent(consentId))!;
    const recall = () => payments().recall(id, 'duplicate');
    await expect(recall()).rejects.toMatchObject({ code: 'payment.not-cancellable' });
    await after(10_000);
    const all = await Promise.allSettled(Array.from({ length: 10 }, recall));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await after(5 * MS_PER_DAY);
    await expect(recall()).rejects.toMatchObject({ code: 'payment.not-cancellable' });
    await expect(payments().recall('none', 'duplicate')).rejects.toMatchObject({ code: 'payment.not-found' });
    expect(await world.here.booked(payer)).toBe(10_000n);
  });

  test.each<[PaymentInstruction['rail'], string]>([
    ['faster-payments', '2026-01-14T05:00:00+00:00'],
    ['chaps', '2026-01-14T05:00:00+00:00'],
    ['bacs', '2026-01-15T05:00:00+00:00'],
  ])('by %s is answered by its rules', async (rail, expected) => {
    const id = await paid(payee, { rail });
    await world.until(parseInstant('2026-01-12T09:00:00Z')!);
    expect(formatInstant((await payments().recall(id, 'duplicate')).answerDueAt)).toBe(expected);
  });

  test('has reasons that ISO 20022 knows', () => {
    const codes = [ISO_REJECTIONS, ISO_RECALL_REASONS, ISO_RECALL_REFUSALS].flatMap((table) => Object.values(table));
    for (const code of [...codes, ISO_RECALLED]) expect(code).toMatch(/^[A-Z]{2}(?:\d{2}|[A-Z]{2})$/);
  });
});
