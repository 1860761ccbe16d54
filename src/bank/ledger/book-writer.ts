import type { SqlTransaction, SqlValue } from '../../storage/index.js';

type Row = readonly SqlValue[];

const ENTRY_COLUMNS = ['id', 'bank', 'currency', 'booked_at'] as const;
export const POSTING_COLUMNS = [
  'account_id',
  'seq',
  'entry_id',
  'booked_at',
  'amount_minor',
  'balance_minor',
  'code',
  'text_id',
  'merchant_id',
  'counterparty_id',
  'reference_id',
  'payment_id',
] as const;

const INSERT_ENTRY = insertInto('entries', ENTRY_COLUMNS);
const INSERT_POSTING = insertInto('postings', POSTING_COLUMNS);

/** Puts entries and their postings into the tables, row by row as they come or many at once at the end. */
export interface BookWriter {
  entry(row: Row): Promise<void>;
  posting(row: Row): Promise<void>;
  /** Rows that refer to postings: written once those are there. */
  afterPostings(work: () => Promise<void>): Promise<void>;
  flush(): Promise<void>;
}

export function writeAtOnce(tx: SqlTransaction): BookWriter {
  return {
    entry: async (row) => {
      await tx.run(INSERT_ENTRY, row);
    },
    posting: async (row) => {
      await tx.run(INSERT_POSTING, row);
    },
    afterPostings: (work) => work(),
    flush: () => Promise.resolve(),
  };
}

/** For histories. Each table once, entries first: a posting is held against its entry, and the sum of each at commit. */
export function writeTogether(tx: SqlTransaction): BookWriter {
  let entries: Row[] = [];
  let postings: Row[] = [];
  let later: (() => Promise<void>)[] = [];
  return {
    entry: (row) => {
      entries.push(row);
      return Promise.resolve();
    },
    posting: (row) => {
      postings.push(row);
      return Promise.resolve();
    },
    afterPostings: (work) => {
      later.push(work);
      return Promise.resolve();
    },
    flush: async () => {
      const [rowsOfEntries, rowsOfPostings, works] = [entries, postings, later];
      [entries, postings, later] = [[], [], []];
      if (rowsOfEntries.length === 0) return;
      await tx.copyIn({ table: 'entries', columns: ENTRY_COLUMNS }, rowsOfEntries);
      // By account, as they are read. Sorting is stable: each account's lines stay in their order.
      rowsOfPostings.sort(byAccount);
      await tx.copyIn({ table: 'postings', columns: POSTING_COLUMNS }, rowsOfPostings);
      for (const work of works) await work();
    },
  };
}

function byAccount([one]: Row, [other]: Row): number {
  return Number(one) - Number(other);
}

function insertInto(table: string, columns: readonly string[]): string {
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
}
