import type { Kysely } from 'kysely';

/** What SQL parameters may be. Booleans are stored as 0 and 1, instants as integers, money as bigint minor units. */
export type SqlValue = string | number | bigint | Uint8Array | null;

/**
 * A row as it is read. Every INTEGER column comes back as a bigint, money or not, on both dialects: one rule that
 * cannot lose a penny. Tables turn counters and instants into numbers with `Number(...)` in their own mapping.
 */
export type SqlRow = Record<string, unknown>;

/** Which SQL a database speaks. Texts are written for both; README.md says how. */
export type Dialect = 'sqlite' | 'postgresql';

/** Reads. Statements are prepared once per SQL text and kept. */
export interface SqlReader {
  all<Row = SqlRow>(sql: string, params?: readonly SqlValue[]): Promise<Row[]>;
  get<Row = SqlRow>(sql: string, params?: readonly SqlValue[]): Promise<Row | undefined>;
  /** The query builder on the same connection, for cold paths. `Tables` are the caller's own tables. */
  kysely<Tables>(): Kysely<Tables>;
}

/** One transaction. Everything done through it happens, or nothing; used after its end it refuses. */
export interface SqlTransaction extends SqlReader {
  readonly dialect: Dialect;
  run(sql: string, params?: readonly SqlValue[]): Promise<{ readonly changes: number }>;
  /**
   * Writes many rows of one table, in the order given: by COPY on PostgreSQL, by a prepared insert on SQLite. Every check
   * of the table holds as for single inserts. Returns how many.
   */
  copyIn(target: CopyTarget, rows: Iterable<readonly SqlValue[]>): Promise<number>;
  /**
   * Runs work after the commit and never after a rollback (notifications, caches). What it throws becomes a warning of
   * the process: the commit stands, and must not look like a failure to who made it.
   */
  afterCommit(work: () => void): void;
}

/** Names of our own, never of a caller's input. */
export interface CopyTarget {
  readonly table: string;
  readonly columns: readonly string[];
}

/** The database of one ecosystem. */
export interface Storage {
  readonly dialect: Dialect;
  /** Sees committed rows only. */
  readonly read: SqlReader;
  /**
   * Reads that all see the same instant, whatever is committed meanwhile, and keep nobody from writing. For sums over
   * many tables; a look at one thing needs no snapshot.
   */
  snapshot<T>(work: (sql: SqlReader) => Promise<T>): Promise<T>;
  /** One writer at a time. Throwing rolls back. Not re-entrant: pass the transaction on instead. */
  transaction<T>(work: (tx: SqlTransaction) => Promise<T>): Promise<T>;
  /**
   * Does work while no other process that shares the database does work under that name; waits for its turn. Holds no
   * transaction. Not re-entrant for one name. An embedded database has one process, and the work begins at once.
   */
  alone<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Is some process at work under that name just now? */
  isAtWork(name: string): Promise<boolean>;
  /** Applies pending migrations of all modules, in order of module then name. */
  migrate(modules: readonly ModuleMigrations[]): Promise<void>;
  /** Once what is under way is done. A second time does nothing. */
  close(): Promise<void>;
}

/** The tables of one module, as numbered steps. A step that was released is never edited. */
export interface ModuleMigrations {
  readonly module: string;
  readonly steps: Readonly<Record<string, (tx: SqlTransaction) => Promise<void>>>;
}
