import { instant } from '../kernel/index.js';
import type { ModuleMigrations, SqlReader, SqlTransaction } from '../storage/index.js';
import type { RequestRecord } from './check.js';

/** A record with its place in the order of arrival. */
export interface NumberedRecord {
  readonly seq: bigint;
  readonly record: RequestRecord;
}

export interface RecordFilter {
  readonly bank?: string;
  readonly clientId?: string;
  readonly failedOnly?: boolean;
}

/** The table of the request recorder. */
export const observeMigrations: ModuleMigrations = {
  module: 'observe',
  steps: {
    '001-request-records': async (tx) => {
      await tx.run(
        `CREATE TABLE request_records (
           seq INTEGER PRIMARY KEY,
           id TEXT NOT NULL,
           interaction_id TEXT NOT NULL,
           at INTEGER NOT NULL,
           bank TEXT,
           client_id TEXT,
           failed INTEGER NOT NULL,
           document TEXT NOT NULL
         )`,
      );
      await tx.run('CREATE INDEX request_records_by_id ON request_records (id)');
      await tx.run('CREATE INDEX request_records_by_interaction ON request_records (interaction_id)');
      await tx.run('CREATE INDEX request_records_by_client ON request_records (client_id, seq)');
    },
  },
};

/** Refused by status, or answered in spite of a check that failed. */
export function isFailed(record: RequestRecord): boolean {
  return record.status >= 400 || record.checks.some((check) => check.outcome === 'failed');
}

export async function writeRecords(tx: SqlTransaction, records: readonly NumberedRecord[]): Promise<void> {
  for (const { seq, record } of records) {
    await tx.run(
      `INSERT INTO request_records (seq, id, interaction_id, at, bank, client_id, failed, document)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (seq) DO NOTHING`,
      [
        seq,
        record.id,
        record.interactionId,
        record.at,
        record.bank ?? null,
        record.clientId ?? null,
        isFailed(record) ? 1 : 0,
        JSON.stringify(record),
      ],
    );
  }
}

/** Keeps the newest rows only. */
export async function pruneRecords(tx: SqlTransaction, keep: number): Promise<void> {
  await tx.run(
    'DELETE FROM request_records WHERE seq <= (SELECT seq FROM request_records ORDER BY seq DESC LIMIT 1 OFFSET ?)',
    [keep],
  );
}

interface Row {
  readonly seq: bigint;
  readonly document: string;
}

/** As far as queries with a variable filter need it. */
interface Tables {
  readonly request_records: Row & {
    readonly bank: string | null;
    readonly client_id: string | null;
    readonly failed: bigint;
  };
}

export async function recordsNamed(read: SqlReader, id: string, limit: number): Promise<readonly NumberedRecord[]> {
  const rows = await read.all<Row>(
    'SELECT seq, document FROM request_records WHERE id = ? OR interaction_id = ? ORDER BY seq DESC LIMIT ?',
    [id, id, limit],
  );
  return rows.map(toRecord);
}

export async function latestRecords(
  read: SqlReader,
  filter: RecordFilter,
  limit: number,
): Promise<readonly NumberedRecord[]> {
  let query = read
    .kysely<Tables>()
    .selectFrom('request_records')
    .select(['seq', 'document'])
    .orderBy('seq', 'desc')
    .limit(limit);
  if (filter.bank !== undefined) query = query.where('bank', '=', filter.bank);
  if (filter.clientId !== undefined) query = query.where('client_id', '=', filter.clientId);
  if (filter.failedOnly === true) query = query.where('failed', '=', 1n);
  return (await query.execute()).map(toRecord);
}

function toRecord(row: Row): NumberedRecord {
  const record = JSON.parse(row.document) as RequestRecord;
  return { seq: row.seq, record: { ...record, at: instant(record.at) } };
}
