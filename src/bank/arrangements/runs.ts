import {
  instant,
  money,
  MS_PER_DAY,
  plusMs,
  startOfDay,
  type Clock,
  type Currency,
  type Instant,
} from '../../kernel/index.js';
import type { SqlReader } from '../../storage/index.js';
import type { Account } from '../accounts/index.js';
import { countBookedBefore, readStatement, type StatementLine } from '../ledger/index.js';
import type { ArrangedRun, PlannedRun, Planner } from './arrangement.js';
import type { StoredArrangement } from './arrangement-rows.js';

/** So many runs in a row that nobody could pay are looked through for one that was. */
const RUNS_LOOKED_THROUGH = 6;

export interface Runs {
  readonly first?: ArrangedRun;
  readonly last?: ArrangedRun;
  readonly next?: ArrangedRun;
}

/** When an arrangement ran first, was paid last and runs next, as of now. */
export async function runsOf(
  arrangement: StoredArrangement,
  context: {
    readonly sql: SqlReader;
    readonly clock: Clock;
    readonly account: Account;
    readonly planners: ReadonlyMap<string, Planner>;
  },
): Promise<Runs> {
  const { recurring } = arrangement;
  const { sql, clock, account, planners } = context;
  const planner = recurring && planners.get(recurring.planner);
  if (!recurring || !planner) return {};
  const now = clock.now();
  const { currency } = account;
  const first = planner.nextRun(recurring.plan, recurring.since);
  const next = planner.nextRun(recurring.plan, now);
  const last = await lastPaid(arrangement, { sql, account, planner, now });
  return {
    ...(first && { first: toRun(first, currency) }),
    ...(last && { last }),
    ...(next && { next: toRun(next, currency) }),
  };
}

function toRun({ day, amountMinor }: PlannedRun, currency: Currency): ArrangedRun {
  return { at: startOfDay(day), amount: money(amountMinor, currency) };
}

/** Looks back from run to run for the line that paid it. */
async function lastPaid(
  arrangement: StoredArrangement,
  context: { readonly sql: SqlReader; readonly account: Account; readonly planner: Planner; readonly now: Instant },
): Promise<ArrangedRun | undefined> {
  const { recurring } = arrangement;
  const { account, planner, now } = context;
  let at = now;
  for (let looked = 0; recurring && looked < RUNS_LOOKED_THROUGH; looked += 1) {
    const run = planner.lastRun(recurring.plan, at);
    if (!run || startOfDay(run.day) < recurring.since) return undefined;
    const line = await lineOf(arrangement, run, context);
    if (line) return { at: line.bookedAt, amount: money(-line.amountMinor, account.currency) };
    at = plusMs(startOfDay(run.day), -1);
  }
  return undefined;
}

async function lineOf(
  { recurring, reference }: StoredArrangement,
  run: PlannedRun,
  { sql, account }: { readonly sql: SqlReader; readonly account: Account },
): Promise<StatementLine | undefined> {
  const day = startOfDay(run.day);
  const before = await countBookedBefore(sql, account.ledgerAccount, day);
  const until = await countBookedBefore(sql, account.ledgerAccount, instant(day + MS_PER_DAY));
  const lines = await readStatement(sql, {
    account: account.ledgerAccount,
    fromSeq: before + 1,
    toSeq: until,
    direction: 'debit',
    order: 'oldest-first',
    limit: until - before,
  });
  return lines.find(
    ({ amountMinor, detail }) =>
      amountMinor === -run.amountMinor && detail.code === recurring?.code && detail.reference === reference,
  );
}
