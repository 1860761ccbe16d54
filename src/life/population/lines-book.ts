import { readStandings, type Bank, type Bulk, type BulkEntry, type BulkLine } from '../../bank/index.js';
import type { InternalAccount, LedgerAccountId } from '../../bank/index.js';
import { assert, instant, type Instant } from '../../kernel/index.js';
import { internalsOf, readingOf, type Book, type LivedAccount, type Page, type Transaction } from '../book.js';

/** A book that gathers the lines of each account, and the bank's own side of a day as one sum. */
export interface LinesBook extends Book {
  /** Closes the entry of the day. */
  endDay(): void;
  /** Lines that customers see, so far. */
  count(): number;
  /** Hands over what was collected. */
  takeBulk(): Bulk;
}

interface LinesPage extends Page {
  lines: BulkLine[];
}

/** Opens the book on what the transaction sees. The accounts were opened together. */
export async function openLinesBook(
  tx: Transaction,
  bank: Bank,
  accounts: readonly LivedAccount[],
): Promise<LinesBook> {
  const { currency, id } = bank.profile;
  const pages = await readPages(tx, accounts);
  const internals = await internalsOf(tx, bank);
  let entries: BulkEntry[] = [];
  let own = new Map<LedgerAccountId, BulkLine[]>();
  let day = newDay();
  let count = 0;
  const { page, ...reading } = readingOf(bank, pages);
  return {
    ...reading,
    post(planned, sides) {
      let at: number = planned;
      for (const side of sides) if ('account' in side) at = Math.max(at, page(side.account).lastBookedAt);
      day.since = Math.min(day.since, at);
      day.until = Math.max(day.until, at);
      for (const side of sides) {
        if ('internal' in side) {
          day.sums.set(side.internal, (day.sums.get(side.internal) ?? 0n) + side.amountMinor);
          continue;
        }
        const touched = page(side.account);
        touched.bookedMinor += side.amountMinor;
        touched.lastBookedAt = at;
        count += 1;
        touched.lines.push({
          entry: entries.length,
          at: at as Instant,
          amountMinor: side.amountMinor,
          detail: side.detail,
        });
      }
    },
    endDay() {
      if (day.until === Number.NEGATIVE_INFINITY) return;
      const bookedAt = instant(day.until);
      for (const [name, amountMinor] of day.sums) {
        const account = internals.get(name);
        assert(account !== undefined, `the bank's own account ${name}`);
        const lines = own.get(account) ?? [];
        lines.push({ entry: entries.length, at: bookedAt, amountMinor });
        own.set(account, lines);
      }
      entries.push({ since: instant(day.since), bookedAt });
      day = newDay();
    },
    count: () => count,
    take: () => {
      assert(false, 'lines are taken as a bulk');
    },
    takeBulk() {
      const lines = new Map([...own, ...takeLines(pages.values())]);
      const bulk = { bank: id, currency, entries, lines };
      entries = [];
      own = new Map();
      return bulk;
    },
  };
}

function* takeLines(pages: Iterable<LinesPage>): Generator<readonly [LedgerAccountId, BulkLine[]]> {
  for (const page of pages) {
    if (page.lines.length > 0) yield [page.account.ledgerAccount, page.lines];
    page.lines = [];
  }
}

interface Day {
  since: number;
  until: number;
  readonly sums: Map<InternalAccount, bigint>;
}

function newDay(): Day {
  return { since: Number.POSITIVE_INFINITY, until: Number.NEGATIVE_INFINITY, sums: new Map() };
}

async function readPages(tx: Transaction, accounts: readonly LivedAccount[]): Promise<ReadonlyMap<string, LinesPage>> {
  const standings = await readStandings(
    tx,
    accounts.map(({ ledgerAccount }) => ledgerAccount),
  );
  return new Map(
    accounts.map((account) => {
      const standing = standings.get(account.ledgerAccount);
      assert(standing, `ledger account ${account.ledgerAccount} exists`);
      const { heldMinor, overdraftLimitMinor, bookedMinor, lastBookedAt } = standing;
      return [
        account.name,
        { account, heldMinor, limitMinor: overdraftLimitMinor, bookedMinor, lastBookedAt, lines: [] },
      ];
    }),
  );
}
