import { assert, type Currency, type Instant } from '../../kernel/index.js';
import type { CopyTarget, SqlTransaction, SqlValue } from '../../storage/index.js';
import { POSTING_COLUMNS } from './book-writer.js';
import { createDictionaryWriter, NO_DETAIL, type DetailColumns } from './dictionaries.js';
import type { LedgerAccountId, PostingDetail } from './posting.js';
import { readStandings, type Standing } from './standings.js';

/** A lot of history at once: entries that each gather a span of time, and what they bring to each account. */
export interface Bulk {
  readonly bank: string;
  readonly currency: Currency;
  readonly entries: readonly BulkEntry[];
  /** By account, in order of time: of a customer's account nothing may be older than its last line. */
  readonly lines: ReadonlyMap<LedgerAccountId, readonly BulkLine[]>;
}

/** The lines of an entry sum to zero and lie within its span. */
export interface BulkEntry {
  readonly since: Instant;
  readonly bookedAt: Instant;
}

export interface BulkLine {
  /** Place of its entry in the list. */
  readonly entry: number;
  readonly at: Instant;
  readonly amountMinor: bigint;
  /** Customers' lines say what they are. The same object for the same words is looked up once. */
  readonly detail?: PostingDetail;
}

const POSTINGS: CopyTarget = { table: 'postings', columns: POSTING_COLUMNS };

/** Writes in the order of the table's key, so that its pages are filled one after the other. Returns how many lines. */
export async function bookBulk(tx: SqlTransaction, bulk: Bulk): Promise<number> {
  const last = await tx.get<{ id: bigint | null }>('SELECT max(id) AS id FROM entries');
  const afterEntry = Number(last?.id ?? 0);
  const accounts = [...bulk.lines.keys()].sort((a, b) => a - b);
  const states = await readStandings(tx, accounts);
  const details = await describe(tx, bulk.lines.values());
  const isEmbedded = tx.dialect === 'sqlite';
  if (isEmbedded) {
    await tx.run('INSERT INTO ledger_bulk (id, after_entry) VALUES (1, ?)', [afterEntry]);
    await tx.copyIn(
      { table: 'ledger_bulk_accounts', columns: ['id'] },
      accounts.map((account) => [account]),
    );
  }
  await tx.copyIn(
    { table: 'entries', columns: ['id', 'bank', 'currency', 'booked_at', 'since'] },
    bulk.entries.map(({ since, bookedAt }, index): SqlValue[] => [
      afterEntry + 1 + index,
      bulk.bank,
      bulk.currency,
      bookedAt,
      since,
    ]),
  );
  const rows = rowsOf(bulk, { accounts, states, details, firstEntry: afterEntry + 1 });
  const count = isEmbedded ? await insertTogether(tx, POSTINGS, rows) : await tx.copyIn(POSTINGS, rows);
  // Closes the door: the database checks everything that came through and moves the balances.
  if (isEmbedded) await tx.run('DELETE FROM ledger_bulk');
  return count;
}

/** Rows of one statement: crossing into SQLite costs about as much as a row does there. */
const TOGETHER = 24;

async function insertTogether(
  tx: SqlTransaction,
  { table, columns }: CopyTarget,
  rows: Iterable<readonly SqlValue[]>,
): Promise<number> {
  const marks = `(${columns.map(() => '?').join(', ')})`;
  const insert = (count: number): string =>
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${Array.from({ length: count }, () => marks).join(', ')}`;
  const many = insert(TOGETHER);
  let count = 0;
  let values: SqlValue[] = [];
  for (const row of rows) {
    values.push(...row);
    count += 1;
    if (count % TOGETHER !== 0) continue;
    await tx.run(many, values);
    values = [];
  }
  if (values.length > 0) await tx.run(insert(count % TOGETHER), values);
  return count;
}

function* rowsOf(
  { lines }: Bulk,
  context: {
    readonly accounts: readonly LedgerAccountId[];
    readonly states: ReadonlyMap<LedgerAccountId, Standing>;
    readonly details: ReadonlyMap<PostingDetail, DetailColumns>;
    readonly firstEntry: number;
  },
): Generator<readonly SqlValue[]> {
  for (const account of context.accounts) {
    const state = context.states.get(account);
    assert(state, `ledger account ${account} exists`);
    let { bookedMinor, lastSeq } = state;
    for (const { entry, at, amountMinor, detail } of lines.get(account) ?? []) {
      bookedMinor += amountMinor;
      lastSeq += 1;
      const said = detail === undefined ? NO_DETAIL : context.details.get(detail);
      assert(said, 'details that were described');
      const [code, text, merchant, counterparty, reference, payment] = said;
      const entryId = context.firstEntry + entry;
      // prettier-ignore
      yield [account, lastSeq, entryId, at, amountMinor, bookedMinor, code, text, merchant, counterparty, reference, payment];
    }
  }
}

async function describe(
  tx: SqlTransaction,
  accounts: Iterable<readonly BulkLine[]>,
): Promise<ReadonlyMap<PostingDetail, DetailColumns>> {
  const dictionary = createDictionaryWriter(tx);
  const described = new Map<PostingDetail, DetailColumns>();
  for (const lines of accounts) {
    for (const { detail } of lines) {
      if (detail !== undefined && !described.has(detail)) described.set(detail, await dictionary.columns(detail));
    }
  }
  return described;
}
