import type { Bank, Happening, HappeningCount, Watch } from '../bank/index.js';
import { formatInstantMs, formatMoney, type Instant, type Money } from '../kernel/index.js';

/** Something that can tell what happened in a bank while the clock moved. */
export interface Watcher {
  readonly bank: string;
  watch(): Promise<Watch>;
}

/** What happened while the clock moved, over all banks. */
export interface ClockReport {
  readonly counts: readonly (HappeningCount & { readonly bank: string })[];
  /** The first ones, in order of time. */
  readonly items: readonly (Happening & { readonly bank: string })[];
}

const MOST_ITEMS = 100;

export function watcherOf(bank: Bank): Watcher {
  return { bank: bank.profile.id, watch: () => bank.watch() };
}

/** Watches everywhere at once. Resolves with what ends the watch and tells. */
export async function watchAll(watchers: readonly Watcher[]): Promise<() => Promise<ClockReport>> {
  const watches = await Promise.all(watchers.map(async ({ bank, watch }) => ({ bank, tell: await watch() })));
  return async () => {
    const told = await Promise.all(watches.map(async ({ bank, tell }) => ({ bank, ...(await tell(MOST_ITEMS)) })));
    const items = told.flatMap(({ bank, items: of }) => of.map((item) => ({ bank, ...item })));
    return {
      counts: told.flatMap(({ bank, counts }) => counts.map((count) => ({ bank, ...count }))),
      items: items.sort((a, b) => a.at - b.at).slice(0, MOST_ITEMS),
    };
  };
}

/** What a move of the clock did, as texts: the answer of the control API and of the library. */
export interface ClockMoved {
  /** ISO 8601, as are all instants here. */
  readonly from: string;
  readonly now: string;
  /** How often each kind of thing happened at each bank. */
  readonly summary: readonly {
    readonly bank: string;
    readonly kind: string;
    readonly count: number;
    readonly sum?: MovedAmount;
  }[];
  /** The first of them in order of time. */
  readonly items: readonly {
    readonly bank: string;
    readonly kind: string;
    readonly at: string;
    readonly subject: string;
    readonly account?: string;
    readonly text?: string;
    readonly amount?: MovedAmount;
  }[];
}

/** What came in is positive. */
export interface MovedAmount {
  readonly amount: string;
  readonly currency: string;
}

export function describeMove({
  from,
  now,
  happened,
}: {
  readonly from: Instant;
  readonly now: Instant;
  readonly happened: ClockReport;
}): ClockMoved {
  return {
    from: formatInstantMs(from),
    now: formatInstantMs(now),
    summary: happened.counts.map(({ bank, kind, count, sum }) => ({
      bank,
      kind,
      count,
      ...(sum && { sum: toAmount(sum) }),
    })),
    items: happened.items.map(({ at, amount, ...item }) => ({
      ...item,
      at: formatInstantMs(at),
      ...(amount && { amount: toAmount(amount) }),
    })),
  };
}

function toAmount(amount: Money): MovedAmount {
  return { amount: formatMoney(amount), currency: amount.currency };
}
