import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import {
  createExchange,
  consentsMigrations,
  createConsents,
  createMessages,
  createPayments,
  createSchedules,
  messagesMigrations,
  type Account,
  type AccountIdentifier,
  type PaymentOrder,
} from '../../../src/bank/index.js';
import { isSandbankError, MS_PER_DAY, plusMs } from '../../../src/kernel/index.js';
import type { Storage } from '../../../src/storage/index.js';
import { ELSEWHERE, keyOf, openSampleBank, PROFILE, sortCodeOf, type Sample } from '../sample-bank.js';

const OPENING = [1_000n, 500n, 0n] as const;
const LIMITS = [0n, 300n, 0n] as const;
const ELSEWHERE_INDEX = OPENING.length;
const UNKNOWN_INDEX = OPENING.length + 1;
const HOLD_MS = 5_000;

/** What several third parties, customers and the clock do to one bank, at the same time. Numbers are drawn modulo. */
type Command =
  | { readonly kind: 'agree'; readonly from: number; readonly to: number; readonly amount: bigint }
  | { readonly kind: 'submit'; readonly consent: number; readonly key: number }
  | { readonly kind: 'hold'; readonly from: number; readonly amount: bigint }
  | { readonly kind: 'close'; readonly account: number }
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'crash' }
  | { readonly kind: 'restart' };

const account = fc.integer({ min: 0, max: OPENING.length - 1 });
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .record({
        kind: fc.constant('agree' as const),
        from: account,
        to: fc.integer({ min: 0, max: UNKNOWN_INDEX }),
        amount: fc.bigInt({ min: 1n, max: 700n }),
      })
      .filter(({ from, to }) => from !== to),
  },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('submit' as const), consent: fc.nat(20), key: fc.nat(8) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('hold' as const),
      from: account,
      amount: fc.bigInt({ min: 1n, max: 300n }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const), account }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('advance' as const),
      ms: fc.oneof(fc.integer({ min: 0, max: 6_000 }), fc.constant(8 * MS_PER_DAY)),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
);
/** Commands of one group are begun at once and run into each other. */
const groups = fc.array(fc.array(command, { minLength: 1, maxLength: 7 }), { maxLength: 14 });

class World {
  readonly bank: Sample;
  readonly accounts: Account[] = [];
  readonly consents: string[] = [];
  /** Payment ids as they were acknowledged, by consent. */
  readonly acknowledged = new Map<string, string>();
  readonly heldBy: { readonly from: number; readonly amount: bigint; readonly until: number }[] = [];
  #crashes = 0;
  #modules: ReturnType<World['wire']>;

  constructor(bank: Sample) {
    this.bank = bank;
    this.#modules = this.wire();
  }

  get payments() {
    return this.#modules.payments;
  }

  get authority() {
    return this.#modules.consents;
  }

  /** The modules of a process that has just begun: nothing is carried over but the database. */
  wire() {
    const { storage: real, clock, ids, ledger, accounts, events } = this.bank;
    const storage: Storage = { ...real, transaction: (work) => this.#transaction(real, work) };
    const base = { bank: PROFILE, storage: real, clock, ids };
    const schedules = createSchedules({ bank: PROFILE.id, storage });
    const parties = {
      verifyLogin: async () => 'amelia',
      get: async () => ({ mobile: '+447700900123' }) as never,
      byCustomerNumber: async () => undefined,
      codes: { refuseLocked: async () => {}, countWrong: async () => {}, forgive: async () => {} },
    };
    const messages = createMessages(base);
    const consents = createConsents({ ...base, accounts, parties, messages, events });
    const payments = createPayments({
      profile: PROFILE,
      storage: real,
      clock,
      ids,
      ledger,
      accounts,
      consents,
      schedules,
      events,
      exchange: createExchange({ profile: PROFILE, storage: real, clock, ids }),
    });
    return { schedules, consents, payments, messages };
  }

  /** Due work that has done everything but commit, when the process is cut off. */
  async #transaction<T>(real: Storage, work: Parameters<Storage['transaction']>[0]): Promise<T> {
    return real.transaction(async (tx) => {
      const result = (await work(tx)) as T;
      const isDueWork = typeof result === 'object' && result !== null && 'kind' in result;
      if (isDueWork && this.#crashes > 0) {
        this.#crashes -= 1;
        throw new Error('cut off');
      }
      return result;
    });
  }

  async run(one: Command): Promise<void> {
    const { storage, clock, ledger, accounts } = this.bank;
    switch (one.kind) {
      case 'agree':
        return this.#agree(one);
      case 'submit':
        return this.#submit(one);
      case 'hold': {
        const until = plusMs(clock.now(), HOLD_MS);
        await storage.transaction((tx) =>
          ledger.hold(tx, {
            account: this.accounts[one.from]!.ledgerAccount,
            amountMinor: one.amount,
            at: clock.now(),
            expiresAt: until,
            detail: { code: 'card-payment', text: 'HELD' },
          }),
        );
        this.heldBy.push({ from: one.from, amount: one.amount, until });
        return;
      }
      case 'close':
        return storage.transaction((tx) => accounts.close(tx, this.accounts[one.account]!.id));
      case 'advance': {
        const target = plusMs(clock.now(), one.ms);
        const { schedules } = this.#modules;
        await schedules.runDue(clock.now());
        if (target > clock.now()) clock.moveTo(target);
        await Promise.all([schedules.runDue(target), schedules.runDue(target)]);
        await storage.transaction((tx) => ledger.expireHolds(tx, target));
        return;
      }
      case 'crash':
        this.#crashes = Math.min(this.#crashes + 1, 2);
        return;
      case 'restart':
        this.#modules = this.wire();
        return;
    }
  }

  async #agree({ from, to, amount }: Extract<Command, { kind: 'agree' }>): Promise<void> {
    const { consents, messages } = this.#modules;
    const { value } = await consents.create({
      clientId: 'tpp',
      standard: 'test',
      reauthorisable: false,
      wire: '',
      subject: {
        kind: 'payment',
        instruction: {
          amount: { amountMinor: amount, currency: 'GBP' },
          creditor: this.#payee(to),
          endToEndId: 'e2e',
          instructionId: 'i',
          rail: 'faster-payments',
        },
      },
    });
    const { id } = await consents.startAuthorisation(value.id, 'redirect');
    await consents.authenticate(id, { customerNumber: '', password: '' });
    await consents.chooseAccounts(id, [this.accounts[from]!.id]);
    await consents.sendChallenge(id);
    // Others are sent codes at the same time: ours is the one that works.
    for (const { code } of (await messages.inbox('amelia')).slice(0, 4)) {
      if ((await consents.answerChallenge(id, code!).catch(() => undefined)) !== undefined) break;
    }
    await consents.approve(id, 'shown');
    this.consents.push(value.id);
  }

  #payee(to: number): AccountIdentifier {
    if (to === ELSEWHERE_INDEX) return ELSEWHERE;
    if (to === UNKNOWN_INDEX) return { ...ELSEWHERE, identification: `${PROFILE.sortCode!}00000001` };
    return sortCodeOf(this.accounts[to]!);
  }

  async #submit({ consent, key }: Extract<Command, { kind: 'submit' }>): Promise<void> {
    const consentId = this.consents[consent % Math.max(1, this.consents.length)];
    if (consentId === undefined) return;
    const idempotency = keyOf(`key-${key}`, {
      fingerprint: consentId,
      expiresAt: plusMs(this.bank.clock.now(), MS_PER_DAY),
    });
    const { value } = await this.payments.submit({ clientId: 'tpp', consentId, wire: '' }, idempotency);
    const before = this.acknowledged.get(consentId);
    expect(before ?? value.id).toBe(value.id);
    this.acknowledged.set(consentId, value.id);
  }

  async check(): Promise<void> {
    const { bank } = this;
    expect(await bank.ledger.trialBalance(bank.storage.read)).toMatchObject({
      currencies: [{ currency: 'GBP', sumMinor: 0n }],
      differences: [],
      heldDifferences: [],
      unbalancedEntries: 0,
    });
    const orders: PaymentOrder[] = [];
    for (const consentId of this.consents) {
      const order = await this.payments.byConsent(consentId);
      expect(order?.id).toBe(this.acknowledged.get(consentId));
      expect((await this.authority.get(consentId)).status).toBe(order ? 'consumed' : 'authorised');
      if (order) orders.push(order);
    }
    const open = await bank.storage.read.all<{ payment_id: string | null }>(
      "SELECT payment_id FROM holds WHERE state = 'held'",
    );
    const holding = new Set(open.map(({ payment_id: id }) => id));
    for (const [index, { ledgerAccount, id }] of this.accounts.entries()) {
      const expected = this.#expected(index, orders, holding);
      const { bookedMinor, heldMinor } = await bank.ledger.balance(bank.storage.read, ledgerAccount);
      expect({ id, bookedMinor, heldMinor }).toEqual({ id, ...expected });
      expect(bookedMinor - heldMinor >= -LIMITS[index]!).toBe(true);
    }
  }

  /** From nothing but the states of the orders: what left, what arrived, what is set aside. */
  #expected(index: number, orders: readonly PaymentOrder[], holding: ReadonlySet<string | null>) {
    const now = this.bank.clock.now();
    let bookedMinor: bigint = OPENING[index]!;
    let heldMinor = 0n;
    for (const { from, amount, until } of this.heldBy) if (from === index && until > now) heldMinor += amount;
    for (const { id, debtorAccountId, instruction, status } of orders) {
      const { amountMinor } = instruction.amount;
      const own = this.accounts[index]!;
      if (debtorAccountId === own.id) {
        if (status === 'debited' || status === 'credited') bookedMinor -= amountMinor;
        const isUnderway = status === 'received' || status === 'accepted' || status === 'settling';
        if (isUnderway && holding.has(id)) heldMinor += amountMinor;
        if (!isUnderway) expect(holding.has(id)).toBe(false);
      }
      const isPayee = instruction.creditor.identification === sortCodeOf(own).identification;
      if (isPayee && status === 'credited') bookedMinor += amountMinor;
    }
    return { bookedMinor, heldMinor };
  }
}

async function openWorld(): Promise<World> {
  const bank = await openSampleBank();
  for (const { steps } of [messagesMigrations, consentsMigrations]) {
    for (const step of Object.values(steps)) await bank.storage.transaction(step);
  }
  const world = new World(bank);
  for (const [index, opening] of OPENING.entries()) {
    world.accounts.push(await bank.openWith(opening, { overdraftLimitMinor: LIMITS[index]! }));
  }
  return world;
}

describe('payments against what their states say', () => {
  test('whatever runs into what, is cut off or closed: money is moved once, and consents are used once', async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(groups, async (sequence) => {
        const world = await openWorld();
        try {
          for (const group of sequence) {
            const results = await Promise.allSettled(group.map((one) => world.run(one)));
            for (const result of results) {
              if (result.status === 'rejected' && !isSandbankError(result.reason)) throw result.reason;
            }
            await world.check();
          }
          // In the end nothing is under way, whatever went wrong on the way.
          for (let turn = 0; turn < 6; turn += 1) await world.run({ kind: 'advance', ms: 10_000 });
          await world.check();
          for (const id of world.acknowledged.values()) {
            const { status, rejection } = await world.payments.get(id);
            expect(['credited', 'rejected']).toContain(status);
            const outcome = rejection ?? status;
            seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
          }
        } finally {
          await world.bank.close();
        }
      }),
      { numRuns: 40, seed: 20_260_105 },
    );
    // The commands are worth something only if they reach every end.
    expect([...seen.keys()].sort()).toEqual([
      'credited',
      'creditor-account-closed',
      'creditor-account-unknown',
      'debtor-account-closed',
      'insufficient-funds',
    ]);
  });
});
