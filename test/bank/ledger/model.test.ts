import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { Account, PostingDetail } from '../../../src/bank/index.js';
import { isSandbankError, MS_PER_DAY, plusMs } from '../../../src/kernel/index.js';
import { ELSEWHERE, keyOf, openSampleBank, sortCodeOf, type Sample } from '../sample-bank.js';

/** What can be done to three accounts. `to` 3 is an account at another bank. */
type Command =
  | {
      readonly kind: 'hold' | 'transfer' | 'submit';
      readonly from: number;
      readonly to: number;
      readonly amount: bigint;
    }
  | { readonly kind: 'fee'; readonly from: number; readonly amount: bigint }
  | { readonly kind: 'release'; readonly which: number }
  | { readonly kind: 'advance'; readonly ms: number };

interface ModelAccount {
  booked: bigint;
  held: bigint;
  readonly limit: bigint;
}

interface ModelPayment {
  readonly from: number;
  readonly to: number;
  readonly amount: bigint;
  readonly madeAt: number;
  stage: 'held' | 'debited' | 'credited';
}

/** The bank in thirty lines: what the real one has to agree with. */
class Model {
  readonly accounts: ModelAccount[] = [
    { booked: 1_000n, held: 0n, limit: 0n },
    { booked: 500n, held: 0n, limit: 300n },
    { booked: 0n, held: 0n, limit: 0n },
  ];
  readonly holds: { account: number; amount: bigint; expiresAt: number; open: boolean }[] = [];
  readonly payments: ModelPayment[] = [];

  canSpend(from: number, amount: bigint): boolean {
    const { booked, held, limit } = this.accounts[from]!;
    return booked - held + limit >= amount;
  }

  move(from: number, to: number, amount: bigint): void {
    this.accounts[from]!.booked -= amount;
    if (to < this.accounts.length) this.accounts[to]!.booked += amount;
  }

  hold(account: number, amount: bigint, expiresAt: number): void {
    this.accounts[account]!.held += amount;
    this.holds.push({ account, amount, expiresAt, open: true });
  }

  release(which: number): void {
    const hold = this.holds[which];
    if (!hold?.open) return;
    hold.open = false;
    this.accounts[hold.account]!.held -= hold.amount;
  }

  advanceTo(now: number): void {
    for (const payment of this.payments) {
      if (payment.stage === 'held' && now >= payment.madeAt + 3_000) {
        payment.stage = 'debited';
        this.accounts[payment.from]!.held -= payment.amount;
        this.accounts[payment.from]!.booked -= payment.amount;
      }
      if (payment.stage === 'debited' && now >= payment.madeAt + 4_000) {
        payment.stage = 'credited';
        if (payment.to < this.accounts.length) this.accounts[payment.to]!.booked += payment.amount;
      }
    }
    for (const [index, { expiresAt }] of this.holds.entries()) if (expiresAt <= now) this.release(index);
  }
}

const DETAIL: PostingDetail = { code: 'transfer-out', text: 'MOVED' };

class Real {
  readonly holdIds: string[] = [];
  #keys = 0;
  readonly #bank: Sample;
  readonly #accounts: readonly Account[];

  constructor(bank: Sample, accounts: readonly Account[]) {
    this.#bank = bank;
    this.#accounts = accounts;
  }

  /** Says whether it was done. */
  async run(command: Command): Promise<boolean> {
    try {
      return await this.#do(command);
    } catch (error) {
      if (isSandbankError(error) && error.code === 'payment.insufficient-funds') return false;
      throw error;
    }
  }

  async #do(command: Command): Promise<boolean> {
    const { storage, ledger, clock, schedules } = this.#bank;
    const now = clock.now();
    switch (command.kind) {
      case 'hold': {
        const hold = await storage.transaction((tx) =>
          ledger.hold(tx, {
            account: this.#row(command.from),
            amountMinor: command.amount,
            at: now,
            expiresAt: plusMs(now, MS_PER_DAY),
            detail: DETAIL,
          }),
        );
        this.holdIds.push(hold.id);
        return true;
      }
      case 'release':
        if (this.holdIds[command.which] === undefined) return true;
        await storage.transaction((tx) => ledger.release(tx, this.holdIds[command.which]!, 'released'));
        return true;
      case 'transfer':
        return this.#post(
          command.from,
          command.to < 3 ? this.#row(command.to) : 'cash-clearing',
          command.amount,
          false,
        );
      case 'fee':
        return this.#post(command.from, 'fee-income', command.amount, true);
      case 'submit': {
        const to = command.to < 3 ? sortCodeOf(this.#accounts[command.to]!) : ELSEWHERE;
        const consentId = await this.#bank.authorise({
          from: this.#accounts[command.from]!,
          to,
          amountMinor: command.amount,
        });
        const key = keyOf(`key-${(this.#keys += 1)}`, { expiresAt: plusMs(now, MS_PER_DAY) });
        const { value } = await this.#bank.payments.submit({ clientId: 'tpp', consentId, wire: '' }, key);
        return value.status !== 'rejected';
      }
      case 'advance':
        clock.moveTo(plusMs(now, command.ms));
        await schedules.runDue(clock.now());
        await storage.transaction((tx) => ledger.expireHolds(tx, clock.now()));
        return true;
    }
  }

  #row(index: number): number {
    return this.#accounts[index]!.ledgerAccount;
  }

  async #post(
    from: number,
    to: number | 'cash-clearing' | 'fee-income',
    amountMinor: bigint,
    force: boolean,
  ): Promise<boolean> {
    const { storage, ledger, clock } = this.#bank;
    await storage.transaction(async (tx) => {
      const other = typeof to === 'number' ? to : await ledger.internal(tx, to, 'GBP');
      const postings = [
        { account: this.#row(from), amountMinor: -amountMinor, detail: DETAIL },
        { account: other, amountMinor, detail: DETAIL },
      ];
      await ledger.post(tx, { bank: 'bramble', currency: 'GBP', bookedAt: clock.now(), postings }, { force });
    });
    return true;
  }
}

/** Does to the model what the real bank is expected to do; says whether it should have been done. */
function expectOf(model: Model, command: Command, now: number): boolean {
  switch (command.kind) {
    case 'hold':
      if (!model.canSpend(command.from, command.amount)) return false;
      model.hold(command.from, command.amount, now + MS_PER_DAY);
      return true;
    case 'release':
      model.release(command.which);
      return true;
    case 'transfer':
      // To oneself nothing changes, so that nothing can be refused.
      if (command.from !== command.to && !model.canSpend(command.from, command.amount)) return false;
      model.move(command.from, command.to, command.amount);
      return true;
    case 'fee':
      model.move(command.from, 3, command.amount);
      return true;
    case 'submit':
      if (!model.canSpend(command.from, command.amount)) return false;
      model.accounts[command.from]!.held += command.amount;
      model.payments.push({ from: command.from, to: command.to, amount: command.amount, madeAt: now, stage: 'held' });
      return true;
    case 'advance':
      model.advanceTo(now + command.ms);
      return true;
  }
}

const account = fc.integer({ min: 0, max: 2 });
const amount = fc.bigInt({ min: 1n, max: 700n });
const commands = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constantFrom('hold' as const, 'transfer' as const),
      from: account,
      to: fc.integer({ min: 0, max: 3 }),
      amount,
    }),
    fc
      .record({ kind: fc.constant('submit' as const), from: account, to: fc.integer({ min: 0, max: 3 }), amount })
      .filter(({ from, to }) => from !== to),
    fc.record({ kind: fc.constant('fee' as const), from: account, amount: fc.bigInt({ min: 1n, max: 40n }) }),
    fc.record({ kind: fc.constant('release' as const), which: fc.integer({ min: 0, max: 5 }) }),
    fc.record({
      kind: fc.constant('advance' as const),
      ms: fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.constant(MS_PER_DAY)),
    }),
  ),
  { maxLength: 40 },
);

describe('the ledger against a model', () => {
  test('whatever is held, released, posted, charged, paid and waited for, every balance is the expected one', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (sequence) => {
        const bank = await openSampleBank();
        const model = new Model();
        const accounts: Account[] = [];
        for (const { booked, limit } of model.accounts)
          accounts.push(await bank.openWith(booked, { overdraftLimitMinor: limit }));
        const real = new Real(bank, accounts);
        const available = model.accounts.map(({ booked, held }) => booked - held);

        for (const command of sequence) {
          const expected = expectOf(model, command, bank.clock.now());
          expect(await real.run(command)).toBe(expected);
          for (const [index, { booked, held, limit }] of model.accounts.entries()) {
            expect(await bank.ledger.balance(bank.storage.read, accounts[index]!.ledgerAccount)).toMatchObject({
              bookedMinor: booked,
              heldMinor: held,
            });
            // Only a charge may go beyond the limit; nothing else makes it worse.
            const before = available[index]!;
            available[index] = booked - held;
            if (command.kind !== 'fee') expect(available[index] >= (before < -limit ? before : -limit)).toBe(true);
          }
          expect(await bank.ledger.trialBalance(bank.storage.read)).toMatchObject({
            currencies: [{ sumMinor: 0n }],
            differences: [],
            heldDifferences: [],
            unbalancedEntries: 0,
          });
        }
        await bank.close();
      }),
      { numRuns: 80 },
    );
  });
});
