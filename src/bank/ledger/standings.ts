import type { SqlReader } from '../../storage/index.js';
import type { LedgerAccountId } from './posting.js';

/** How an account stands after its last line. */
export interface Standing {
  readonly account: LedgerAccountId;
  readonly bookedMinor: bigint;
  readonly heldMinor: bigint;
  readonly overdraftLimitMinor: bigint;
  readonly lastSeq: number;
  /** In milliseconds; before all time where nothing was booked. */
  readonly lastBookedAt: number;
}

interface StandingRow {
  readonly id: bigint;
  readonly booked_minor: bigint;
  readonly held_minor: bigint;
  readonly overdraft_limit_minor: bigint;
  readonly last_seq: bigint;
  readonly last_booked_at: bigint;
}

/** Accounts that lie nearer together than this are read in one go, with those in between. */
const NEAR = 500;

/** All of some accounts at once: the fewer reads, the nearer together they were opened. */
export async function readStandings(
  sql: SqlReader,
  accounts: readonly LedgerAccountId[],
): Promise<ReadonlyMap<LedgerAccountId, Standing>> {
  const wanted = new Set(accounts);
  const standings = new Map<LedgerAccountId, Standing>();
  for (const [first, last] of stretches(accounts)) {
    const rows = await sql.all<StandingRow>(
      `SELECT id, booked_minor, held_minor, overdraft_limit_minor, last_seq, last_booked_at
       FROM ledger_accounts WHERE id BETWEEN ? AND ?`,
      [first, last],
    );
    for (const row of rows) if (wanted.has(Number(row.id))) standings.set(Number(row.id), toStanding(row));
  }
  return standings;
}

function stretches(accounts: readonly LedgerAccountId[]): readonly (readonly [LedgerAccountId, LedgerAccountId])[] {
  const found: [LedgerAccountId, LedgerAccountId][] = [];
  for (const account of [...accounts].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last && account - last[1] <= NEAR) last[1] = account;
    else found.push([account, account]);
  }
  return found;
}

function toStanding(row: StandingRow): Standing {
  return {
    account: Number(row.id),
    bookedMinor: row.booked_minor,
    heldMinor: row.held_minor,
    overdraftLimitMinor: row.overdraft_limit_minor,
    lastSeq: Number(row.last_seq),
    lastBookedAt: Number(row.last_booked_at),
  };
}
