import type { SqlReader } from '../../storage/index.js';
import type { Counterparty, Merchant } from './posting.js';

/** Reads what postings and holds refer to. */
export interface DictionaryReader {
  /** Every text of these keys; keys may repeat. */
  texts(keys: Iterable<number>): Promise<ReadonlyMap<number, string>>;
  merchants(keys: Iterable<number>): Promise<ReadonlyMap<number, Merchant>>;
  counterparties(keys: Iterable<number>): Promise<ReadonlyMap<number, Counterparty>>;
}

/** Of each dictionary the words of many pages, and never more than twice as many. */
const REMEMBERED = 5_000;
/** Keys asked for at once. Lists are filled up to one of these lengths, so that there are few texts to prepare. */
const LIST_LENGTHS = [1, 8, 64] as const;

/**
 * Remembers what it has read: a committed row of a dictionary never changes and is never deleted, so that no write can
 * make a memory wrong. It must only be given a reader of committed rows.
 */
export function createDictionaryReader(sql: SqlReader): DictionaryReader {
  return {
    texts: remembering(sql, 'SELECT id, text FROM ledger_texts', ({ text }: { text: string }) => text),
    merchants: remembering(
      sql,
      'SELECT id, name, category_code FROM ledger_merchants',
      (row: { name: string; category_code: string }): Merchant => ({
        name: row.name,
        categoryCode: row.category_code,
      }),
    ),
    counterparties: remembering(
      sql,
      'SELECT id, name, scheme, identification FROM ledger_counterparties',
      ({ name, scheme, identification }: { name: string; scheme: string; identification: string }): Counterparty => ({
        name,
        ...(scheme !== '' && { scheme }),
        ...(identification !== '' && { identification }),
      }),
    ),
  };
}

function remembering<Row, Word>(
  sql: SqlReader,
  selection: string,
  toWord: (row: Row) => Word,
): (keys: Iterable<number>) => Promise<ReadonlyMap<number, Word>> {
  // Two generations: when the young one is full it becomes the old one, and what is asked for again moves over.
  let young = new Map<number, Word>();
  let old = new Map<number, Word>();
  const remember = (key: number, word: Word): void => {
    if (young.size >= REMEMBERED) [old, young] = [young, new Map<number, Word>()];
    young.set(key, word);
  };
  return async (keys) => {
    const found = new Map<number, Word>();
    const missing = new Set<number>();
    for (const key of keys) {
      if (found.has(key)) continue;
      const fresh = young.get(key);
      const word = fresh ?? old.get(key);
      if (word === undefined) missing.add(key);
      else {
        found.set(key, word);
        if (fresh === undefined) remember(key, word);
      }
    }
    for (const list of listsOf([...missing])) {
      const marks = list.map(() => '?').join(', ');
      const rows = await sql.all<Row & { readonly id: bigint }>(`${selection} WHERE id IN (${marks})`, list);
      for (const row of rows) {
        const [key, word] = [Number(row.id), toWord(row)];
        found.set(key, word);
        remember(key, word);
      }
    }
    return found;
  };
}

/** In lists of few lengths; what a list lacks is its first key again. */
function listsOf(keys: readonly number[]): readonly (readonly number[])[] {
  const lists: (readonly number[])[] = [];
  const longest = LIST_LENGTHS.at(-1) ?? 1;
  for (let from = 0; from < keys.length; from += longest) {
    const part = keys.slice(from, from + longest);
    const length = LIST_LENGTHS.find((one) => one >= part.length) ?? longest;
    const [first = 0] = part;
    lists.push([...part, ...Array.from({ length: length - part.length }, () => first)]);
  }
  return lists;
}
