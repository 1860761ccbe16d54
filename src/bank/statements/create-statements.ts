import { instant, type Clock, type Instant } from '../../kernel/index.js';
import type { Storage } from '../../storage/index.js';
import type { Account, AccountId, Accounts } from '../accounts/index.js';
import { readFirstLines, readHistorySpan, readPeriod } from '../ledger/index.js';
import { cutOf, lastCutMonth, monthOf, monthText, readMonthText, startOfMonth, type MonthIndex } from './months.js';
import type { Statement } from './statement.js';

/** The monthly statements of one bank's accounts. */
export interface Statements {
  /**
   * Newest first; where given only those written within `from` and `to` (both inclusive).
   * Throws `account.not-found`.
   */
  ofAccount(id: AccountId, written?: { readonly from?: Instant; readonly to?: Instant }): Promise<readonly Statement[]>;
  /** One of the account; undefined where there is none. Throws `account.not-found`. */
  get(id: AccountId, statementId: string): Promise<Statement | undefined>;
  /** How many were written after `from` and up to `to`, and the first of them. */
  cutBetween(
    span: { readonly from: Instant; readonly to: Instant },
    limit: number,
  ): Promise<{ readonly count: number; readonly first: readonly Pick<Statement, 'id' | 'accountId' | 'cutAt'>[] }>;
}

export interface StatementsOptions {
  readonly bank: string;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly accounts: Pick<Accounts, 'get' | 'ofLedger'>;
}

interface Months {
  readonly first: MonthIndex;
  readonly last: MonthIndex;
}

export function createStatements(options: StatementsOptions): Statements {
  const { storage, clock, accounts } = options;
  const sql = storage.read;
  const monthsOf = async (account: Account): Promise<Months | undefined> => {
    const span = await readHistorySpan(sql, account.ledgerAccount);
    return span && lifeOf(span.first, account.closedAt, lastCutMonth(clock.now()));
  };
  const write = async (account: Account, month: MonthIndex): Promise<Statement> => {
    const period = { from: startOfMonth(month), to: instant(startOfMonth(month + 1) - 1) };
    const booked = await readPeriod(sql, account.ledgerAccount, period);
    const { id, currency } = account;
    return { id: idOf(id, month), accountId: id, currency, ...period, cutAt: cutOf(month), ...booked };
  };
  return {
    async ofAccount(id, written = {}) {
      const account = await accounts.get(id);
      const months = await monthsOf(account);
      const statements: Statement[] = [];
      if (!months) return statements;
      for (let month = months.last; month >= months.first; month -= 1) {
        const cutAt = cutOf(month);
        if (written.to !== undefined && cutAt > written.to) continue;
        if (written.from !== undefined && cutAt < written.from) break;
        statements.push(await write(account, month));
      }
      return statements;
    },
    async get(id, statementId) {
      const account = await accounts.get(id);
      const prefix = `${id}-s`;
      const month = statementId.startsWith(prefix) ? readMonthText(statementId.slice(prefix.length)) : undefined;
      const months = month === undefined ? undefined : await monthsOf(account);
      if (month === undefined || !months || month < months.first || month > months.last) return undefined;
      return write(account, month);
    },
    cutBetween: (span, limit) => cutBetween(options, span, limit),
  };
}

/** The months of which an account has statements, as far as they are over. */
function lifeOf(firstLine: Instant, closedAt: Instant | undefined, over: MonthIndex): Months {
  return { first: monthOf(firstLine), last: closedAt === undefined ? over : Math.min(over, monthOf(closedAt)) };
}

function idOf(account: AccountId, month: MonthIndex): string {
  return `${account}-s${monthText(month)}`;
}

async function cutBetween(
  { bank, storage, accounts }: StatementsOptions,
  { from, to }: { readonly from: Instant; readonly to: Instant },
  limit: number,
): ReturnType<Statements['cutBetween']> {
  const first: Pick<Statement, 'id' | 'accountId' | 'cutAt'>[] = [];
  const [begin, end] = [lastCutMonth(from) + 1, lastCutMonth(to)];
  if (begin > end) return { count: 0, first };
  const lines = await readFirstLines(storage.read, bank);
  const known = await accounts.ofLedger([...lines.keys()]);
  const lives = [...known].flatMap(([key, { id, closedAt }]) => {
    const line = lines.get(key);
    return line === undefined ? [] : [{ id, ...lifeOf(line, closedAt, end) }];
  });
  const counted = lives.map((life) => Math.max(0, life.last - Math.max(life.first, begin) + 1));
  const total = counted.reduce((sum, count) => sum + count, 0);
  for (let month = begin; month <= end && first.length < Math.min(limit, total); month += 1) {
    for (const { id, first: born, last } of lives) {
      if (month >= born && month <= last && first.length < limit) {
        first.push({ id: idOf(id, month), accountId: id, cutAt: cutOf(month) });
      }
    }
  }
  return { count: total, first };
}
