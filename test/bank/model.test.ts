import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { verifyLedger, type Account, type AccountIdentifier } from '../../src/bank/index.js';
import { isSandbankError, parseMoney, plusMs } from '../../src/kernel/index.js';
import {
  ACCOUNTS,
  HOLD_MS,
  LIMITS,
  MoneyModel,
  NOBODY,
  OUTSIDE,
  penceOf,
  sequences,
  type Command,
} from './money-model.js';
import { ELSEWHERE, keyOf, openSampleBank, PROFILE, sortCodeOf, type Sample } from './sample-bank.js';

/** Over the three seeds: 10,000 sequences, each compared with the model after each of its commands. */
const SEQUENCES = [3_334, 3_333, 3_333] as const;
const LARGE = 10n ** 14n;
const UNKNOWN: AccountIdentifier = {
  scheme: 'sort-code-account-number',
  identification: `${PROFILE.sortCode ?? ''}00000000`,
  name: 'Nobody',
};

describe.each(SEQUENCES.map((count, index) => [index + 1, count] as const))('seed %i', (seed, count) => {
  let bank: Sample;
  let commands = 0;
  let refused = 0;

  beforeAll(async () => {
    bank = await openSampleBank();
  });
  afterAll(() => bank.close());

  /** One sequence has accounts of its own; all of a seed are lived by one bank, one after the other. */
  class Sequence {
    readonly #model: MoneyModel;
    readonly #accounts: readonly Account[];
    readonly #large: { readonly to: number; readonly pence: bigint }[] = [];
    readonly #orders: { readonly id: string; readonly consentId: string }[] = [];

    private constructor(accounts: readonly Account[], opening: readonly bigint[]) {
      this.#accounts = accounts;
      this.#model = new MoneyModel(opening);
    }

    static async begin(): Promise<Sequence> {
      const opening = [50_000n, 1_234n, 0n];
      const accounts: Account[] = [];
      for (const [index, amount] of opening.entries()) {
        accounts.push(
          await bank.openWith(amount, { overdraftLimitMinor: LIMITS[index] ?? 0n, openedAt: bank.clock.now() }),
        );
      }
      return new Sequence(accounts, opening);
    }

    async run(command: Command): Promise<void> {
      commands += 1;
      switch (command.kind) {
        case 'pay':
          return this.#pay(command);
        case 'repeat':
          return this.#repeat(command);
        case 'deposit':
          return this.#deposit(command);
        case 'hold':
          return this.#hold(command);
        case 'advance':
          return this.advance(command.ms);
      }
    }

    async #pay(command: Extract<Command, { kind: 'pay' }>): Promise<void> {
      const { from, to, amount } = command;
      const expected = this.#model.pay(command);
      expect(await outcomeOf(async () => this.#order(await this.#agreed(from, to, amount)))).toBe(expected);
    }

    async #agreed(from: number, to: number, amount: string): Promise<string> {
      const payer = this.#account(from);
      const payee = to === OUTSIDE ? ELSEWHERE : to === NOBODY ? UNKNOWN : sortCodeOf(this.#account(to));
      const { amountMinor } = parseMoney(amount, 'GBP');
      return bank.authorise({ from: payer, to: payee, amountMinor });
    }

    async #order(consentId: string): Promise<string> {
      const { value, replayed } = await this.#submit(consentId, 'body');
      expect(replayed).toBe(false);
      this.#orders.push({ id: value.id, consentId });
      return value.status;
    }

    #submit(consentId: string, fingerprint: string) {
      const expiresAt = plusMs(bank.clock.now(), 3_600_000);
      return bank.payments.submit(
        { clientId: 'tpp', consentId, wire: '{}' },
        keyOf(consentId, { fingerprint, expiresAt }),
      );
    }

    /** The same key again is the same payment; with another body it is refused. */
    async #repeat({ payment, otherBody }: Extract<Command, { kind: 'repeat' }>): Promise<void> {
      const order = this.#orders[payment % Math.max(this.#orders.length, 1)];
      if (!order) return;
      const outcome = await outcomeOf(async () => {
        const { value, replayed } = await this.#submit(order.consentId, otherBody ? 'other' : 'body');
        return `${String(replayed)} ${value.id}`;
      });
      expect(outcome).toBe(otherBody ? 'idempotency.body-changed' : `true ${order.id}`);
    }

    async #deposit({ to, amount }: Extract<Command, { kind: 'deposit' }>): Promise<void> {
      const pence = penceOf(amount);
      const outcome = await outcomeOf(async () => {
        const { amountMinor } = parseMoney(amount, 'GBP');
        expect(amountMinor).toBe(pence);
        // Twice 18 digits in one account are more than any amount is.
        if (amountMinor === 0n || (amountMinor >= LARGE && this.#large.length > 0)) return 'nothing';
        await this.#book(to, amountMinor);
        this.#model.deposit(to, amountMinor);
        if (amountMinor >= LARGE) this.#large.push({ to, pence: amountMinor });
        return 'booked';
      });
      if (pence === undefined) expect(outcome).toBe('payment.amount-invalid');
      else if (pence > 0n && pence < LARGE) expect(outcome).toBe('booked');
    }

    async #book(to: number, amountMinor: bigint): Promise<void> {
      const at = bank.clock.now();
      await bank.storage.transaction(async (tx) => {
        const equity = await bank.ledger.internal(tx, 'opening-equity', 'GBP');
        const postings = [
          {
            account: this.#account(to).ledgerAccount,
            amountMinor,
            detail: { code: 'opening-balance', text: 'DEPOSIT' } as const,
          },
          { account: equity, amountMinor: -amountMinor },
        ];
        const entry = { bank: PROFILE.id, currency: 'GBP', bookedAt: at, postings };
        await bank.ledger.post(tx, entry, { force: true });
      });
    }

    /** What is under way arrives before the next sequence begins, and quadrillions go back: they are lent only. */
    async end(): Promise<void> {
      await this.advance(6_000);
      await this.compare();
      for (const { to, pence } of this.#large) {
        await this.#book(to, -pence);
        this.#model.deposit(to, -pence);
      }
      await this.compare();
    }

    async #hold({ from, amount }: Extract<Command, { kind: 'hold' }>): Promise<void> {
      const pence = penceOf(amount);
      if (pence === undefined || pence === 0n) return;
      const at = bank.clock.now();
      const outcome = await outcomeOf(async () => {
        await bank.storage.transaction((tx) =>
          bank.ledger.hold(tx, {
            account: this.#account(from).ledgerAccount,
            amountMinor: pence,
            at,
            expiresAt: plusMs(at, HOLD_MS),
            detail: { code: 'card-payment', text: 'CARD' },
          }),
        );
        return 'held';
      });
      expect(outcome).toBe(this.#model.hold(from, pence) ? 'held' : 'payment.insufficient-funds');
    }

    async advance(ms: number): Promise<void> {
      const until = plusMs(bank.clock.now(), ms);
      bank.clock.moveTo(until);
      await bank.schedules.runDue(until);
      await bank.storage.transaction((tx) => bank.ledger.expireHolds(tx, until));
      this.#model.advance(ms);
    }

    async compare(): Promise<void> {
      const [found, wanted]: [unknown[], unknown[]] = [[], []];
      for (let index = 0; index < ACCOUNTS; index += 1) {
        const { bookedMinor, availableMinor } = await bank.accounts.balance(this.#account(index).id);
        found.push(bookedMinor, availableMinor);
        const booked = this.#model.booked[index] ?? 0n;
        wanted.push(booked, booked - (this.#model.held[index] ?? 0n));
      }
      for (const [index, { id }] of this.#orders.entries()) {
        found.push((await bank.payments.get(id)).status);
        wanted.push(this.#model.payments[index]?.status);
      }
      expect(found).toEqual(wanted);
    }

    #account(index: number): Account {
      const account = this.#accounts[index];
      if (!account) throw new Error(`no account ${index}`);
      return account;
    }
  }

  async function outcomeOf(work: () => Promise<string>): Promise<string> {
    try {
      return await work();
    } catch (error) {
      if (!isSandbankError(error)) throw error;
      refused += 1;
      return error.code;
    }
  }

  test(`the bank is what the model says after each command of ${count} sequences`, async () => {
    await fc.assert(
      fc.asyncProperty(sequences, async (sequence) => {
        const lived = await Sequence.begin();
        for (const command of sequence) {
          await lived.run(command);
          await lived.compare();
        }
        await lived.end();
      }),
      { seed, numRuns: count },
    );
    const checks = await bank.storage.snapshot((sql) => verifyLedger(sql, PROFILE.id));
    expect(checks.filter(({ faults }) => faults.length > 0)).toEqual([]);
    process.stdout.write(`model: seed ${seed}, ${count} sequences, ${commands} commands, ${refused} refused\n`);
  }, 300_000);
});
