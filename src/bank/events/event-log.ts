import { instant, type DomainEvent } from '../../kernel/index.js';
import type { SqlTransaction, Storage } from '../../storage/index.js';

/** What happened in one bank, in the order in which it was committed. */
export interface EventLog {
  /** Writes an event in the transaction of the change that it tells of. */
  append(tx: SqlTransaction, event: Omit<DomainEvent, 'bank'>): Promise<void>;
  /** The latest events, newest first; of one subject where it is given. 100 unless `limit` says otherwise. */
  list(options?: { readonly subject?: string; readonly limit?: number }): Promise<readonly DomainEvent[]>;
  /** Where the log ends now. */
  mark(): Promise<number>;
  /** Everything after a mark, oldest first, but for types that begin with `except`. */
  since(mark: number, options: { readonly except: string }): Promise<readonly DomainEvent[]>;
}

interface EventRow {
  readonly type: string;
  readonly bank: string;
  readonly subject: string;
  readonly at: bigint;
  readonly data: string;
}

const DEFAULT_LIMIT = 100;

export function createEventLog(options: { readonly bank: string; readonly storage: Storage }): EventLog {
  const { bank, storage } = options;
  return {
    async append(tx, event) {
      await tx.run('INSERT INTO bank_events (bank, type, subject, at, data) VALUES (?, ?, ?, ?, ?)', [
        bank,
        event.type,
        event.subject,
        event.at,
        JSON.stringify(event.data, bigintAsText),
      ]);
    },
    async list({ subject, limit = DEFAULT_LIMIT } = {}) {
      const rows =
        subject === undefined
          ? await storage.read.all<EventRow>(
              'SELECT * FROM bank_events WHERE bank = ? ORDER BY sequence DESC LIMIT ?',
              [bank, limit],
            )
          : await storage.read.all<EventRow>(
              'SELECT * FROM bank_events WHERE bank = ? AND subject = ? ORDER BY sequence DESC LIMIT ?',
              [bank, subject, limit],
            );
      return rows.map(toEvent);
    },
    async mark() {
      const row = await storage.read.get<{ last: bigint | null }>('SELECT max(sequence) AS last FROM bank_events');
      return Number(row?.last ?? 0);
    },
    async since(mark, { except }) {
      const rows = await storage.read.all<EventRow>(
        'SELECT * FROM bank_events WHERE sequence > ? AND bank = ? AND substr(type, 1, ?) <> ? ORDER BY sequence',
        [mark, bank, except.length, except],
      );
      return rows.map(toEvent);
    },
  };
}

function toEvent(row: EventRow): DomainEvent {
  return {
    type: row.type,
    bank: row.bank,
    subject: row.subject,
    at: instant(Number(row.at)),
    data: JSON.parse(row.data) as DomainEvent['data'],
  };
}

/** Minor units go into JSON as text: a JSON number would lose pennies beyond 2^53. */
function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
