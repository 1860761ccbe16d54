import { createHash } from 'node:crypto';

import { SandbankError } from '../../kernel/index.js';

/** Where an ecosystem lies: a database and a schema in it. */
export interface PostgresAddress {
  readonly url: string;
  readonly schema: string;
}

const DEFAULT_SCHEMA = 'sandbank';

/** `postgres://user:password@host/database?schema=name`; without `schema` it is `sandbank`. Throws `configuration.invalid`. */
export function readPostgresAddress(text: string): PostgresAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['postgres:', 'postgresql:'].includes(url.protocol)) throw invalid('postgres://user:password@host/name');
  const schema = url.searchParams.get('schema') ?? DEFAULT_SCHEMA;
  if (!/^[a-z_][a-z0-9_]{0,39}$/.test(schema) || schema.startsWith('pg_'))
    throw invalid('a schema of lower-case letters, digits and underscores');
  url.searchParams.delete('schema');
  return { url: url.href, schema };
}

/** The address is not repeated: it holds a password. */
function invalid(expected: string): SandbankError {
  return new SandbankError('configuration.invalid', 'This is not the address of a PostgreSQL database.', {
    path: 'database',
    expected,
  });
}

/** The number of an advisory lock. They are one space for a whole database, so that the schema is part of the name. */
export function lockNumber(schema: string, name: string): string {
  return createHash('sha256').update(`sandbank/${schema}/${name}`).digest().readBigInt64BE(0).toString();
}
