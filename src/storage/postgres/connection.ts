import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { types as pgTypes, type ClientBase, type CustomTypesConfig } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Kysely } from 'kysely';

import { assert } from '../../kernel/index.js';
import { isFor, ownText } from '../dialect.js';
import { kyselyOver } from '../kysely-dialect.js';
import type { WritingConnection } from '../open-transaction.js';
import type { SqlRow, SqlValue } from '../port.js';
import { copyText } from './copy-text.js';
import { isDefinition, toPostgresDefinition } from './definitions.js';
import { numberedPlaceholders } from './placeholders.js';

/** Prepared once per connection under a name: the server keeps its plan. */
interface Prepared {
  readonly name: string;
  readonly text: string;
}

export type Statements = (sql: string) => Prepared;

/** Texts and names of statements, for all connections of one database. */
export function createStatements(): Statements {
  const known = new Map<string, Prepared>();
  return (sql) => {
    const found = known.get(sql);
    if (found) return found;
    const prepared = { name: `s${String(known.size + 1)}`, text: numberedPlaceholders(sql) };
    // Names are never given twice, so that the table only grows; texts are of the program and few.
    assert(known.size < 10_000, 'SQL texts are constants of the program');
    known.set(sql, prepared);
    return prepared;
  };
}

const BOOLEAN = 16;
/** int8, int2, int4; numeric is what `sum` over int8 gives. */
const WHOLE_NUMBERS: ReadonlySet<number> = new Set([20, 21, 23, 1700]);

type Parse = (value: string) => unknown;
/** Its own declaration lists the types that it was born with. */
const parserOf = pgTypes.getTypeParser as (oid: number, format?: 'text' | 'binary') => Parse;

/** Every whole number is a bigint, and a truth value 1 or 0, as SQLite has it. */
export const TYPES: CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): Parse => {
    if (format !== 'binary' && WHOLE_NUMBERS.has(oid)) return toWholeNumber;
    if (format !== 'binary' && oid === BOOLEAN) return (text) => (text === 't' ? 1n : 0n);
    return parserOf(oid, format);
  },
};

function toWholeNumber(text: string): bigint | number {
  return text.includes('.') ? Number(text) : BigInt(text);
}

/** Gives a connection for one statement, or always the same within a transaction. */
export type UseClient = <T>(work: (client: ClientBase) => Promise<T>) => Promise<T>;

export function sqlOver(use: UseClient, statements: Statements): WritingConnection {
  const query = (sql: string, params: readonly SqlValue[] = []) =>
    use((client) => client.query<SqlRow>({ ...statements(sql), values: params.map(toParameter) }));
  let builder: Kysely<unknown> | undefined;
  return {
    dialect: 'postgresql',
    all: async <Row = SqlRow>(sql: string, params?: readonly SqlValue[]) => (await query(sql, params)).rows as Row[],
    get: async <Row = SqlRow>(sql: string, params?: readonly SqlValue[]) =>
      (await query(sql, params)).rows[0] as Row | undefined,
    run: async (sql, params) => {
      if (!isFor('postgresql', sql)) return { changes: 0 };
      const own = ownText('postgresql', sql) ?? sql;
      if (!isDefinition(own)) return { changes: (await query(own, params)).rowCount ?? 0 };
      for (const text of toPostgresDefinition(own)) await use((client) => client.query(text));
      return { changes: 0 };
    },
    copyIn: ({ table, columns }, rows) =>
      use(async (client) => {
        let count = 0;
        const text = copyText(rows, (written) => {
          count = written;
        });
        const stream = client.query(copyFrom(`COPY ${table} (${columns.join(', ')}) FROM STDIN`));
        await pipeline(Readable.from(text, { objectMode: true, highWaterMark: 4 }), stream);
        return count;
      }),
    kysely: <Tables>() => {
      builder ??= kyselyOver('postgresql', async (sql, params) => {
        const { rows, rowCount } = await use((client) =>
          client.query<SqlRow>({ text: sql, values: params.map(toParameter) }),
        );
        return { rows, changes: rowCount ?? 0 };
      });
      return builder as Kysely<Tables>;
    },
  };
}

function toParameter(value: SqlValue): unknown {
  if (typeof value === 'string') return value.includes('\u0000') ? value.replaceAll('\u0000', '\uFFFD') : value;
  if (typeof value === 'bigint' || typeof value === 'number') return value.toString();
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}
