import { Client } from 'pg';

import type { TableCopy } from '../copy-tables.js';
import { lockNumber, type PostgresAddress } from './address.js';
import { toRefusal } from './failures.js';

/** Copies whole tables into the same tables of another schema, both migrated to the same step, in place of what is there. */
export async function copyBetweenSchemas(options: {
  readonly from: PostgresAddress;
  readonly to: PostgresAddress;
  readonly tables: readonly TableCopy[];
}): Promise<void> {
  const { from, to, tables } = options;
  await onConnection(from.url, async (client) => {
    await client.query('BEGIN');
    for (const { table, where } of tables) {
      const rows = where === undefined ? '' : ` WHERE ${where}`;
      const { rows: columns } = await client.query<{ name: string; numbered: boolean }>(
        `SELECT attname AS name, attidentity <> '' AS numbered FROM pg_attribute
         WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
        [`${to.schema}.${table}`],
      );
      const names = columns.map(({ name }) => `"${name}"`).join(', ');
      await client.query(`DELETE FROM ${to.schema}.${table}${rows}`);
      await client.query(
        `INSERT INTO ${to.schema}.${table} (${names}) OVERRIDING SYSTEM VALUE SELECT ${names} FROM ${from.schema}.${table}${rows}`,
      );
      // Numbers go on after those that were copied.
      for (const { name } of columns.filter(({ numbered }) => numbered)) {
        await client.query(
          `SELECT setval(pg_get_serial_sequence('${to.schema}.${table}', '${name}'),
             (SELECT coalesce(max("${name}"), 0) + 1 FROM ${to.schema}.${table}), false)`,
        );
      }
    }
    await client.query('COMMIT');
  });
}

/** Puts one schema in the place of another, which is gone, in one transaction and as a writer among writers. */
export async function replaceSchema(address: PostgresAddress, replacement: PostgresAddress): Promise<void> {
  const { schema } = address;
  await onConnection(address.url, async (client) => {
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(${lockNumber(schema, 'write')})`);
    await client.query(`DROP SCHEMA ${schema} CASCADE`);
    await client.query(`ALTER SCHEMA ${replacement.schema} RENAME TO ${schema}`);
    await client.query('COMMIT');
  });
}

/** Removes a schema with all that is in it, if it is there. */
export async function dropSchema({ url, schema }: PostgresAddress): Promise<void> {
  await onConnection(url, (client) => client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`));
}

async function onConnection(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url, options: '-c client_min_messages=warning' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await work(client);
  } catch (error) {
    throw toRefusal(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
