import type { Dialect } from './port.js';

const MARKS: Readonly<Record<Dialect, string>> = {
  sqlite: '/* only on sqlite */ ',
  postgresql: '/* only on postgresql */ ',
};

/** A statement of a migration that one database alone runs; `run` passes over it on the other. */
export function onlyOn(dialect: Dialect, sql: string): string {
  return MARKS[dialect] + sql;
}

/** Is the statement for all, or for this one? */
export function isFor(dialect: Dialect, sql: string): boolean {
  return !sql.startsWith(MARKS[dialect === 'sqlite' ? 'postgresql' : 'sqlite']);
}

/** The statement without its mark, where it has this one's. */
export function ownText(dialect: Dialect, sql: string): string | undefined {
  return sql.startsWith(MARKS[dialect]) ? sql.slice(MARKS[dialect].length) : undefined;
}
