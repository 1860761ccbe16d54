export { appendOnly } from './append-only.js';
export { claimFile } from './claim-file.js';
export { copyTables, type TableCopy } from './copy-tables.js';
export { countersMigrations, nextCounter, nextId } from './counters.js';
export { checkSqlite, type DatabaseFault } from './check-sqlite.js';
export { onlyOn } from './dialect.js';
export { readPostgresAddress, type PostgresAddress } from './postgres/address.js';
export { openPostgres, type PostgresOptions } from './postgres/postgres.js';
export { copyBetweenSchemas, dropSchema, replaceSchema } from './postgres/schemas.js';
export { openSqlite, readSqliteSnapshot, type SqliteOptions } from './sqlite.js';
export type {
  CopyTarget,
  Dialect,
  ModuleMigrations,
  SqlReader,
  SqlRow,
  SqlTransaction,
  SqlValue,
  Storage,
} from './port.js';
export { copySqlite, readStamp, restoreSqlite, type Stamp } from './snapshot-file.js';
