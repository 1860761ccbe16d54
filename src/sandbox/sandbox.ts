import type { TestCustomer } from '../bank/index.js';
import { assert, formatInstantMs, parseInstant, SandbankError } from '../kernel/index.js';
import { describeMove, type ClockMoved } from './clock-report.js';
import type { Ecosystem } from './ecosystem.js';
import type { SandboxOptions } from './config.js';
import type { ConsentScript } from './consent-driver.js';
import type { JourneyResult, ScriptedCustomer } from './journey-driver.js';
import { run } from './lifecycle.js';
import type { Running } from './running.js';
import type { BankStatus, SandboxStatus } from './status.js';
import type { NewTpp, Tpp } from './tpps.js';
import type { Snapshot } from './snapshots.js';
import type { Verification } from './verification.js';

/** A running ecosystem. Several may run side by side in one process. */
export interface Sandbox {
  readonly status: SandboxStatus;
  /** The root certificate that every address of the sandbox chains to. */
  readonly caPem: string;
  /** Bearer token of the control API. */
  readonly controlToken: string;
  readonly clock: SandboxClock;
  /** Throws `party.not-found` for a bank that is not there. */
  bank(id: string): SandboxBank;
  /** Organisation, keys, certificates, and a registration at each bank. */
  createTpp(input?: Partial<NewTpp>): Promise<Tpp>;
  /** Sums of postings, kept balances: everything that must always hold. */
  verify(): Promise<Verification>;
  /** Customers, money, consents and clock as at the first start; directory and registrations stay. */
  reset(): Promise<void>;
  readonly snapshots: SandboxSnapshots;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Worlds that were saved, by name. Directory and registrations stay as they are when one is loaded. */
export interface SandboxSnapshots {
  /** One of the same name is replaced. */
  save(name: string): Promise<Snapshot>;
  /** Oldest first. */
  list(): readonly Snapshot[];
  /** Throws `operation.unknown`, and `configuration.invalid` for one of another version, world or data directory. */
  load(name: string): Promise<void>;
  delete(name: string): void;
}

export interface SandboxClock {
  /** ISO 8601, UTC. */
  now(): string;
  /** By an ISO 8601 duration (`P91D`). Resolves with what happened, when everything due on the way is done. */
  advance(duration: string): Promise<ClockMoved>;
  advanceToNext(): Promise<ClockMoved>;
  /** To an ISO 8601 date-time, never back. */
  set(instant: string): Promise<ClockMoved>;
  /** From now on it stands still. */
  freeze(): Promise<void>;
  /** From now on so many business seconds pass in a second (at most 86400, a day); 1 follows the machine's clock. */
  run(speed: number): Promise<void>;
}

export interface SandboxBank extends BankStatus {
  customers(): Promise<readonly TestCustomer[]>;
  /** The newest one-time code in a customer's inbox. */
  latestCode(customer: string): Promise<string | undefined>;
  /** Plays the customer through the journey's own pages. */
  authorise(script: Omit<ScriptedCustomer, 'bank'>): Promise<JourneyResult & { readonly redirectTo: string }>;
  /** Plays the customer where there are no pages: in her app, or with what she types at the third party. */
  authoriseConsent(script: Omit<ConsentScript, 'bank'>): Promise<JourneyResult>;
}

/**
 * Starts an ecosystem: a directory with its certificate authority, the banks with their customers, the authorization
 * servers and the APIs. Throws `configuration.invalid`. `await sandbox.stop()` ends it; `await using` does, too.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const running = await run(options);
  const current = (): Ecosystem => running.ecosystem();
  return {
    get status() {
      return current().status();
    },
    get caPem() {
      return current().caPem;
    },
    get controlToken() {
      return current().controlToken;
    },
    clock: clockOf(current),
    bank: (id) => bankOf(current, id),
    createTpp: (input = {}) => current().createTpp({ name: 'Test third party', ...input }),
    verify: () => current().verify(),
    reset: async () => {
      await running.worlds.reset();
    },
    snapshots: {
      save: (name) => running.worlds.saveSnapshot(name),
      list: () => running.worlds.listSnapshots(),
      load: async (name) => {
        await running.worlds.loadSnapshot(name);
      },
      delete: (name) => {
        running.worlds.deleteSnapshot(name);
      },
    },
    stop: stopOnce(running),
    [Symbol.asyncDispose]: stopOnce(running),
  };
}

function stopOnce(running: Running): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  return () => (stopped ??= running.stop());
}

function clockOf(current: () => Ecosystem): SandboxClock {
  return {
    now: () => formatInstantMs(current().clock.now()),
    advance: async (duration) => describeMove(await current().clockDriver.moveBy(duration)),
    advanceToNext: async () => describeMove(await current().clockDriver.moveToNext()),
    set: async (text) => {
      const target = parseInstant(text);
      if (target === undefined) throw new SandbankError('field.invalid', 'This is not a date-time.', { actual: text });
      return describeMove(await current().clockDriver.moveTo(target));
    },
    freeze: async () => {
      await current().clockDriver.freeze();
    },
    run: async (speed) => {
      await current().clockDriver.runAt(speed);
    },
  };
}

function bankOf(current: () => Ecosystem, id: string): SandboxBank {
  const find = () => {
    const bank = current().banks.find(({ profile }) => profile.id === id);
    if (bank) return bank;
    throw new SandbankError('party.not-found', 'No such bank.', { actual: id });
  };
  find();
  const status = current()
    .status()
    .banks.find((one) => one.id === id);
  if (!status) throw new SandbankError('party.not-found', 'No such bank.', { actual: id });
  return {
    ...status,
    customers: () => find().parties.testCustomers(),
    latestCode: async (customer) => {
      const bank = find();
      const known = (await bank.parties.testCustomers()).find(
        (one) => one.customerNumber === customer || one.persona === customer,
      );
      if (!known) throw new SandbankError('party.not-found', 'No such test customer.', { actual: customer });
      return (await bank.messages.inbox(known.partyId)).find(({ code }) => code !== undefined)?.code;
    },
    authorise: async (script) => {
      const { redirectTo, steps } = await current().authorise({ ...script, bank: find() });
      assert(redirectTo !== undefined, 'pages end with a redirect');
      return { redirectTo, steps };
    },
    authoriseConsent: (script) => current().authorise({ ...script, bank: find() }),
  };
}
