import {
  readAccountLines,
  readStandings,
  type AccountLine,
  type Bank,
  type LedgerAccountId,
} from '../../bank/index.js';
import { assert, SandbankError } from '../../kernel/index.js';
import { listCohorts, readCohortAccounts } from '../population/cohorts.js';
import { minorPerUnit } from '../fixture-fields.js';
import type { World } from '../world.js';
import { createTally } from './tally.js';
import type { Realism } from './realism.js';

type Reader = Parameters<typeof readAccountLines>[0];

/** So many accounts are read at a time. */
const AT_A_TIME = 60;

/**
 * Reads every line of a bank's drawn customers, derives all running balances again, and sums up what can be compared with
 * the world outside. Throws `party.not-found` where the bank has no drawn customers.
 */
export async function measureRealism(options: {
  readonly bank: Bank;
  readonly sql: Reader;
  readonly world: World;
  readonly onProgress?: (part: number) => void;
}): Promise<Realism> {
  const { bank, sql, world, onProgress } = options;
  const { id, name, country, currency } = bank.profile;
  const cohorts = await listCohorts(bank);
  const customers = cohorts.reduce((sum, { count }) => sum + count, 0);
  if (customers === 0) {
    throw new SandbankError('party.not-found', `${name} has no drawn customers yet.`, {
      expected: 'sandbank generate --customers 1000',
    });
  }
  const population = world.populationOf(country);
  const tally = createTally({ population, unit: Number(minorPerUnit(currency)) });
  let done = 0;
  for (const cohort of cohorts) {
    const accounts = await readCohortAccounts(bank, cohort);
    const names = new Map(accounts.map((account) => [account.ledgerAccount, account.name]));
    const standings = await readStandings(sql, [...names.keys()]);
    for (let first = 0; first < accounts.length; first += AT_A_TIME) {
      const some = accounts.slice(first, first + AT_A_TIME).map(({ ledgerAccount }) => ledgerAccount);
      const lines = await readAccountLines(sql, { from: Math.min(...some), to: Math.max(...some) });
      for (const [account, own] of byAccount(lines)) {
        const standing = standings.get(account);
        assert(standing, `ledger account ${account} exists`);
        tally.account({ name: names.get(account) ?? '', lines: own, bookedMinor: standing.bookedMinor });
      }
      onProgress?.((done + ((first + some.length) / accounts.length) * cohort.count) / customers);
    }
    done += cohort.count;
  }
  return { bank: { id, name, currency }, customers, ...tally.result() };
}

function* byAccount(lines: readonly AccountLine[]): Generator<readonly [LedgerAccountId, readonly AccountLine[]]> {
  let begin = 0;
  for (let index = 1; index <= lines.length; index += 1) {
    const account = lines[begin]?.account;
    if (account === undefined || lines[index]?.account === account) continue;
    yield [account, lines.slice(begin, index)];
    begin = index;
  }
}
