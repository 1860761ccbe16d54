import { DatabaseSync } from 'node:sqlite';

/**
 * Copies whole tables from one closed SQLite database into another, both migrated to the same step. Used where an
 * ecosystem starts over and keeps a part of itself. Rows that the target already has by the same key are replaced.
 */
export function copyTables(options: {
  readonly from: string;
  readonly to: string;
  readonly tables: readonly TableCopy[];
}): void {
  const target = new DatabaseSync(options.to);
  try {
    target.prepare('ATTACH DATABASE ? AS source').run(options.from);
    target.exec('BEGIN IMMEDIATE');
    for (const { table, where } of options.tables) {
      target.exec(
        `INSERT OR REPLACE INTO main.${quoted(table)} SELECT * FROM source.${quoted(table)}${where === undefined ? '' : ` WHERE ${where}`}`,
      );
    }
    target.exec('COMMIT');
  } finally {
    target.close();
  }
}

export interface TableCopy {
  readonly table: string;
  /** SQL of our own, never of a caller's input. */
  readonly where?: string;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
