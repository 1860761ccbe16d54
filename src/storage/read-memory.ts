import { afterThisTurn } from '../kernel/index.js';
import type { SqlReader, SqlRow, SqlValue } from './port.js';

const MOST_REMEMBERED = 2_000;
/** Pages of lines are remembered, if at all, by who knows that they never change. */
const LONGEST_LIST = 20;

type Key = string | number | bigint | null;

/**
 * Keeps what was read until anything at all is written. A request looks for its token, certificate, client, consent and
 * account, and the next one for the same. `version` tells of writes by others (another connection, another process): it is
 * asked once in a turn of the event loop, in which nothing comes in that could know of a later write; `forget` tells of our
 * own. So a revoked token is dead for the very next request. Rows are shared: who reads them does not change them.
 */
export function rememberReads(
  reader: SqlReader,
  version: () => unknown,
): { readonly read: SqlReader; readonly forget: () => void } {
  const lists = new Map<string, Map<Key, readonly SqlRow[]>>();
  const rows = new Map<string, Map<Key, SqlRow | undefined>>();
  let count = 0;
  let generation = 0;
  let seen: unknown;
  let isFresh = false;
  const forget = (): void => {
    lists.clear();
    rows.clear();
    count = 0;
    generation += 1;
  };
  const settle = (): void => {
    if (count >= MOST_REMEMBERED) forget();
    if (isFresh) return;
    const now = version();
    if (now !== seen) forget();
    seen = now;
    isFresh = true;
    afterThisTurn(() => {
      isFresh = false;
    });
  };
  const remember = <T>(memory: Map<string, Map<Key, T>>, sql: string, key: Key, value: T): void => {
    let ofText = memory.get(sql);
    if (!ofText) memory.set(sql, (ofText = new Map<Key, T>()));
    ofText.set(key, value);
    count += 1;
  };
  return {
    forget,
    read: {
      all: async <Row = SqlRow>(sql: string, params: readonly SqlValue[] = []) => {
        const key = keyOf(params);
        if (key === undefined) return reader.all<Row>(sql, params);
        settle();
        const known = lists.get(sql)?.get(key);
        if (known) return [...known] as Row[];
        const begun = generation;
        const found = await reader.all(sql, params);
        // A commit may fall between the read and here.
        if (begun === generation && found.length <= LONGEST_LIST) remember(lists, sql, key, found);
        return [...found] as Row[];
      },
      get: async <Row = SqlRow>(sql: string, params: readonly SqlValue[] = []) => {
        const key = keyOf(params);
        if (key === undefined) return reader.get<Row>(sql, params);
        settle();
        const ofText = rows.get(sql);
        if (ofText?.has(key) === true) return ofText.get(key) as Row | undefined;
        const begun = generation;
        const found = await reader.get(sql, params);
        if (begun === generation) remember(rows, sql, key, found);
        return found as Row | undefined;
      },
      kysely: () => reader.kysely(),
    },
  };
}

/** Values of different types are different keys; bytes are no key. */
function keyOf(params: readonly SqlValue[]): Key | undefined {
  if (params.length === 0) return '';
  const [only] = params;
  if (params.length === 1) return only instanceof Uint8Array ? undefined : only;
  let key = '';
  for (const param of params) {
    if (param instanceof Uint8Array) return undefined;
    key += `${typeof param} ${String(param)}\u0000`;
  }
  return key;
}
