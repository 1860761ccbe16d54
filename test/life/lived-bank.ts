import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { bankMigrations, createBank, readStatement, type Bank, type StatementLine } from '../../src/bank/index.js';
import { createClock, createIdScheme, createRandom, parseInstant, type VirtualClock } from '../../src/kernel/index.js';
import { loadWorld, registerLife, settleCustomers, type Settled, type Transactions } from '../../src/life/index.js';
import { countersMigrations, openSqlite, type Storage } from '../../src/storage/index.js';

export interface LivedBank {
  readonly bank: Bank;
  readonly storage: Storage;
  readonly clock: VirtualClock;
  readonly settled: Settled;
  settleAgain(): Promise<Settled>;
  statements(): Promise<readonly Statement[]>;
}

export interface Statement {
  readonly persona: string;
  readonly product: string;
  readonly holderName: string;
  readonly limitMinor: bigint;
  readonly bookedMinor: bigint;
  readonly lines: readonly StatementLine[];
}

export interface LiveOptions {
  readonly now: string;
  readonly months: number;
  readonly seed?: number;
  /** `bramble` unless said. */
  readonly bank?: string;
  /** The process dies in this transaction of the first attempt, and a second one goes on. */
  readonly diesInTransaction?: number;
}

/** A bank with everybody who lives there, on a database of its own. */
export async function liveAt(options: LiveOptions): Promise<LivedBank> {
  const [lived] = await liveTogether(options, [options.bank ?? 'bramble']);
  if (!lived) throw new Error('a bank');
  return lived;
}

/** Several banks in one database and under one clock, settled one after the other. */
export async function liveTogether(options: LiveOptions, bankIds: readonly string[]): Promise<readonly LivedBank[]> {
  const at = parseInstant(options.now);
  if (at === undefined) throw new Error('an instant');
  const storage = openSqlite({ file: join(mkdtempSync(join(tmpdir(), 'life-')), 'bank.db'), durability: 'OFF' });
  await storage.migrate([countersMigrations, ...bankMigrations]);
  const clock = createClock({ mode: 'frozen', at });
  const lived: LivedBank[] = [];
  for (const bankId of bankIds) lived.push(await liveIn({ storage, clock }, bankId, options));
  return lived;
}

async function liveIn(
  { storage, clock }: Pick<LivedBank, 'storage' | 'clock'>,
  bankId: string,
  options: LiveOptions,
): Promise<LivedBank> {
  const world = loadWorld('fixtures');
  const profile = world.banks.find(({ profile: { id } }) => id === bankId)?.profile;
  if (!profile) throw new Error(`no bank ${bankId}`);
  const bank = createBank({ profile, storage, clock, ids: createIdScheme('test') });
  const random = createRandom(options.seed ?? 1);
  registerLife(bank, { world, random });
  const settleAgain = (): Promise<Settled> =>
    settleCustomers({ bank, storage, world, random, clock, historyMonths: options.months });
  if (options.diesInTransaction !== undefined) {
    const dying = dyingStorage(storage, options.diesInTransaction);
    const attempt = settleCustomers({ bank, storage: dying, world, random, clock, historyMonths: options.months });
    await attempt.catch((error: unknown) => {
      if (!(error instanceof Death)) throw error;
    });
  }
  const settled = await settleAgain();
  return { bank, storage, clock, settled, settleAgain, statements: () => readStatements(bank, storage) };
}

class Death extends Error {}

function dyingStorage(storage: Storage, inTransaction: number): Transactions {
  let begun = 0;
  return {
    transaction: (work) =>
      storage.transaction(async (tx) => {
        begun += 1;
        const result = await work(tx);
        if (begun === inTransaction) throw new Death('killed before the commit');
        return result;
      }),
  };
}

async function readStatements(bank: Bank, storage: Storage): Promise<readonly Statement[]> {
  const statements = new Map<string, Statement>();
  for (const party of await bank.parties.list()) {
    for (const account of await bank.accounts.ofParty(party.id)) {
      const lines = await readStatement(storage.read, {
        account: account.ledgerAccount,
        fromSeq: 1,
        toSeq: Number.MAX_SAFE_INTEGER,
        direction: 'both',
        order: 'oldest-first',
        limit: 1_000_000,
      });
      const { bookedMinor, overdraftLimitMinor } = await bank.accounts.balance(account.id);
      statements.set(account.id, {
        persona: party.persona ?? '',
        product: account.product.id,
        holderName: account.holderName,
        limitMinor: overdraftLimitMinor,
        bookedMinor,
        lines,
      });
    }
  }
  return [...statements.values()];
}

/** Everything that statements say, as one text that can be compared. */
export function asText(statements: readonly Statement[]): string {
  return JSON.stringify(statements, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}
