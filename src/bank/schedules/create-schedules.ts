import { assert, instant, type Instant } from '../../kernel/index.js';
import type { SqlReader, SqlTransaction, Storage } from '../../storage/index.js';
import type { DueHandler, DueItem, Schedules } from './due-work.js';

/** An item whose handler keeps failing is set aside after this many attempts, so that it cannot block the others. */
const FAILURES_UNTIL_PARKED = 5;
/** A list in SQL is never empty. */
const NO_ITEM = 0;
const ALWAYS = instant(Number.MIN_SAFE_INTEGER);

interface DueRow {
  readonly id: bigint;
  readonly due_at: bigint;
  readonly kind: string;
  readonly subject: string;
}

/** Due work of one bank. Items whose kind nobody handles wait until somebody does; they count as not due. */
export function createSchedules(options: { readonly bank: string; readonly storage: Storage }): Schedules {
  const { bank, storage } = options;
  const handlers = new Map<string, DueHandler>();

  const firstDue = async (
    sql: SqlReader,
    span: { readonly after?: Instant; readonly until: Instant },
    skip: readonly number[] = [],
  ): Promise<DueItem | undefined> => {
    if (handlers.size === 0) return undefined;
    const row = await sql.get<DueRow>(
      `SELECT id, due_at, kind, subject FROM due_items
       WHERE bank = ? AND parked = 0 AND due_at > ? AND due_at <= ?
         AND kind IN (${marks(handlers.size)}) AND id NOT IN (${marks(skip.length + 1)})
       ORDER BY due_at, id LIMIT 1`,
      [bank, span.after ?? ALWAYS, span.until, ...handlers.keys(), NO_ITEM, ...skip],
    );
    return row && toItem(bank, row);
  };

  /** Takes the first due item in the transaction that also does it: two runs at once never take the same one. */
  const doNext = async (until: Instant, skip: number[]): Promise<DueItem | undefined> => {
    let taken: DueItem | undefined;
    try {
      return await storage.transaction(async (tx) => {
        taken = await firstDue(tx, { until }, skip);
        if (!taken) return undefined;
        const handler = handlers.get(taken.kind);
        assert(handler, `a handler for ${taken.kind}`);
        await tx.run('DELETE FROM due_items WHERE id = ?', [taken.id]);
        await handler(tx, taken);
        return taken;
      });
    } catch (error) {
      if (!taken) throw error;
      skip.push(taken.id);
      await noteFailure(storage, { ...taken, dueAt: until }, error);
      return undefined;
    }
  };

  return {
    async enqueue(tx, item) {
      await tx.run('INSERT INTO due_items (bank, due_at, kind, subject) VALUES (?, ?, ?, ?)', [
        bank,
        item.dueAt,
        item.kind,
        item.subject,
      ]);
    },
    strike: (tx, item) => strikeOff(tx, { bank, ...item }),
    handle(kind, handler) {
      assert(!handlers.has(kind), `one handler for ${kind}`);
      handlers.set(kind, handler);
    },
    async nextDueAt(after) {
      const span = { until: instant(Number.MAX_SAFE_INTEGER), ...(after !== undefined && { after }) };
      return (await firstDue(storage.read, span))?.dueAt;
    },
    async runDue(until) {
      const done: DueItem[] = [];
      const failed: number[] = [];
      // The look before the transaction keeps an idle bank from taking the write lock.
      while (await firstDue(storage.read, { until }, failed)) {
        const item = await doNext(until, failed);
        if (item) done.push(item);
      }
      return done;
    },
    async parked() {
      const rows = await storage.read.all<DueRow & { failures: bigint; last_error: string | null }>(
        'SELECT * FROM due_items WHERE bank = ? AND parked = 1 ORDER BY due_at, id',
        [bank],
      );
      return rows.map((row) => ({
        ...toItem(bank, row),
        failures: Number(row.failures),
        lastError: row.last_error ?? '',
      }));
    },
  };
}

function marks(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ');
}

async function strikeOff(tx: SqlTransaction, item: Pick<DueItem, 'bank' | 'kind' | 'subject'>): Promise<number> {
  const { bank, kind, subject } = item;
  const { changes } = await tx.run('DELETE FROM due_items WHERE bank = ? AND kind = ? AND subject = ?', [
    bank,
    kind,
    subject,
  ]);
  return changes;
}

/**
 * Counts a failure and puts the item off to the instant that the run goes to (`dueAt`). Others have been done up to then:
 * done later as of its first due time, the item would write behind them, which accounts booked in order of time refuse.
 */
async function noteFailure(storage: Storage, item: DueItem, error: unknown): Promise<void> {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  await storage.transaction((tx) =>
    tx.run(
      `UPDATE due_items SET failures = failures + 1, last_error = ?, parked = CASE WHEN failures + 1 >= ? THEN 1 ELSE 0 END, due_at = ?
       WHERE id = ?`,
      [message, FAILURES_UNTIL_PARKED, item.dueAt, item.id],
    ),
  );
}

function toItem(bank: string, row: DueRow): DueItem {
  return { id: Number(row.id), bank, dueAt: instant(Number(row.due_at)), kind: row.kind, subject: row.subject };
}
