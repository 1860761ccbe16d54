export { appendOnly } from './append-only.js';
export { claimFile } from './claim-file.js';
export { copyTables, type TableCopy } from './copy-tables.js';
export { countersMigrations, nextCounter, nextId } from './counters.js';
export { openSqlite, type SqliteOptions } from './sqlite.js';
export type { ModuleMigrations, SqlReader, SqlRow, SqlTransaction, SqlValue, Storage } from './port.js';
