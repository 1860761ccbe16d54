import { money, type Clock, type DomainEvent, type Instant } from '../../kernel/index.js';
import type { Storage } from '../../storage/index.js';
import type { Accounts } from '../accounts/index.js';
import type { EventLog } from '../events/index.js';
import { countLinesSince, readHoldsExpired, readLinesSince, readPositions } from '../ledger/index.js';
import type { Statements } from '../statements/index.js';
import type { Happening, HappeningCount, Watch } from './happening.js';

/** Watches a bank. */
export interface Happenings {
  /** Begins to watch. What happens from now on is told by what this returns, when it is called. */
  watch(): Promise<Watch>;
}

export interface HappeningsOptions {
  readonly bank: string;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly accounts: Pick<Accounts, 'ofLedger'>;
  readonly events: Pick<EventLog, 'mark' | 'since'>;
  readonly statements: Pick<Statements, 'cutBetween'>;
}

export function createHappenings(options: HappeningsOptions): Happenings {
  const { bank, storage, clock, events } = options;
  return {
    async watch() {
      const from = clock.now();
      const positions = await readPositions(storage.read, bank);
      const mark = await events.mark();
      return async (limit) => {
        const span = { from, to: clock.now() };
        const parts = await Promise.all([
          transactionsSince(options, positions, limit),
          eventsSince(options, mark),
          holdsExpired(options, span),
          statementsCut(options, span, limit),
        ]);
        const items = parts.flatMap((part) => part.items).sort((a, b) => a.at - b.at);
        return { counts: parts.flatMap(({ counts }) => counts), items: items.slice(0, limit) };
      };
    },
  };
}

interface Part {
  readonly counts: readonly HappeningCount[];
  readonly items: readonly Happening[];
}

interface Span {
  /** Exclusive. */
  readonly from: Instant;
  readonly to: Instant;
}

async function transactionsSince(
  { bank, storage, accounts }: HappeningsOptions,
  positions: Parameters<typeof countLinesSince>[2],
  limit: number,
): Promise<Part> {
  const sql = storage.read;
  const counts = await countLinesSince(sql, bank, positions);
  const lines = await readLinesSince(sql, bank, { positions, limit });
  const ids = await accounts.ofLedger(lines.map(({ account }) => account));
  return {
    counts: counts.map(({ code, currency, count, sumMinor }) => ({
      kind: `transaction.${code}`,
      count,
      sum: money(sumMinor, currency),
    })),
    items: lines.flatMap(({ account: ledgerAccount, currency, seq, bookedAt, amountMinor, code, text }) => {
      const account = ids.get(ledgerAccount)?.id;
      // The ledger also books accounts that are nobody's, such as those of tests: nobody could look them up.
      if (account === undefined) return [];
      const subject = `${account}-${String(seq)}`;
      const amount = money(amountMinor, currency);
      return [{ kind: `transaction.${code}`, at: bookedAt, subject, account, text, amount }];
    }),
  };
}

/** Steps of payments and consents. What life notes for itself is nobody else's business. */
async function eventsSince({ events }: HappeningsOptions, mark: number): Promise<Part> {
  const told = await events.since(mark, { except: 'life.' });
  return countedByKind(told.map(({ subject, at, ...event }) => ({ kind: kindOf(event), at, subject })));
}

function kindOf({ type, data }: Pick<DomainEvent, 'type' | 'data'>): string {
  return type === 'payment.status-changed' ? `payment.${String(data['to'])}` : type;
}

async function holdsExpired({ bank, storage }: HappeningsOptions, { from, to }: Span): Promise<Part> {
  const expired = await readHoldsExpired(storage.read, bank, { from, to });
  return countedByKind(expired.map(({ id, at }) => ({ kind: 'hold.expired', at, subject: id })));
}

async function statementsCut({ statements }: HappeningsOptions, span: Span, limit: number): Promise<Part> {
  const { count, first } = await statements.cutBetween(span, limit);
  const kind = 'statement.cut';
  return {
    counts: count === 0 ? [] : [{ kind, count }],
    items: first.map(({ id, accountId, cutAt }) => ({ kind, at: cutAt, subject: id, account: accountId })),
  };
}

function countedByKind(items: readonly Happening[]): Part {
  const counts = new Map<string, number>();
  for (const { kind } of items) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return { counts: [...counts].map(([kind, count]) => ({ kind, count })), items };
}
