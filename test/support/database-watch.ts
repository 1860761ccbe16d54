import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import type { Sandbox } from '../../src/index.js';

/** A digest a table. The artefacts of the authorization server are told apart by their model: `oidc_artefacts/Session`. */
export type DatabaseState = ReadonlyMap<string, string>;

/** Looks at the database of a running sandbox from outside, over a connection of its own that cannot write. */
export interface DatabaseWatch {
  state(): DatabaseState;
  /** Names of the tables that are not as they were. */
  changedSince(before: DatabaseState): readonly string[];
  /** How many rows a table has, or how many of them with this value in a column. */
  count(table: string, column?: string, value?: string): number;
  close(): void;
}

export function watchDatabase(sandbox: Sandbox): DatabaseWatch {
  const file = join(dirname(sandbox.status.caFile), 'sandbank.db');
  const database = new DatabaseSync(file, { readOnly: true });
  let known: { readonly version: unknown; readonly state: DatabaseState } | undefined;
  /** `data_version` moves when another connection has committed: else there is nothing to read again. */
  const state = (): DatabaseState => {
    const version = database.prepare('PRAGMA data_version').get()?.['data_version'];
    if (known === undefined || known.version !== version) known = { version, state: read() };
    return known.state;
  };
  const read = (): DatabaseState => {
    const tables = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
      .all()
      .map(({ name }) => String(name));
    const groups = new Map<string, ReturnType<typeof createHash>>();
    for (const table of tables) digestRows(database, table, groups);
    return new Map([...groups].map(([name, hash]) => [name, hash.digest('base64url')]));
  };
  return {
    state,
    changedSince(before) {
      const after = state();
      if (after === before) return [];
      return [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name));
    },
    count(table, column, value = '') {
      const where = column === undefined ? '' : ` WHERE "${column}" = ?`;
      const statement = database.prepare(`SELECT count(*) AS rows FROM "${table}"${where}`);
      return Number((column === undefined ? statement.get() : statement.get(value))?.['rows']);
    },
    close: () => database.close(),
  };
}

function digestRows(database: DatabaseSync, table: string, groups: Map<string, ReturnType<typeof createHash>>): void {
  const statement = database.prepare(`SELECT * FROM "${table}"`);
  statement.setReadBigInts(true);
  for (const row of statement.iterate()) {
    const group = groupOf(table, row);
    let hash = groups.get(group);
    if (!hash) groups.set(group, (hash = createHash('sha256')));
    for (const value of Object.values(row)) {
      hash.update(value instanceof Uint8Array ? value : `${typeof value} ${String(value)}\u0000`);
    }
  }
}

function groupOf(table: string, row: Readonly<Record<string, unknown>>): string {
  if (table === 'oidc_artefacts') return `${table}/${String(row['model'])}`;
  if (table === 'counters') return `${table}/${String(row['kind'])}`;
  return table;
}
