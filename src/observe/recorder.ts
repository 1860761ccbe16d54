import { AsyncLocalStorage } from 'node:async_hooks';

import { createIdScheme, type Clock, type IdScheme } from '../kernel/index.js';
import type { Storage } from '../storage/index.js';
import type { Check, Recorder, RequestFacts, RequestRecord, Trace } from './check.js';
import {
  isFailed,
  latestRecords,
  pruneRecords,
  recordsNamed,
  writeRecords,
  type NumberedRecord,
  type RecordFilter,
} from './record-table.js';
import { withoutSecrets } from './redaction.js';

export interface RecorderOptions {
  readonly storage: Storage;
  /** Gives request ids their form. Without it a scheme of the recorder's own is used. */
  readonly ids?: IdScheme;
  readonly wall: Clock;
  /** Finished requests held in memory. Default 5,000. */
  readonly memoryLimit?: number;
  /** Rows kept in the database. Default 20,000. */
  readonly rowLimit?: number;
}

const ROWS_PER_TRANSACTION = 500;
const CHECKS_PER_REQUEST = 200;
const TEXT_LIMIT = 500;
/** An error as it was sent is kept whole where that can be. */
const FACT_LIMIT = 1_000;
const LIST_LIMIT = 500;
/** Numbers begin at the wall time of the start, so that they go on rising after a restart without a read. */
const NUMBERS_PER_MS_BITS = 18n;

/**
 * Records every request with its checks. Finished requests stay in memory and are written by `flush()`, which the
 * owner calls every second or so and before it stops; a crash loses what was not yet written, never what the bank did.
 */
export function createRecorder(options: RecorderOptions): Recorder {
  const { storage, wall } = options;
  const ids = options.ids ?? createIdScheme('observe');
  const memoryLimit = options.memoryLimit ?? 5_000;
  const rowLimit = options.rowLimit ?? 20_000;
  const running = new AsyncLocalStorage<Trace>();
  const open = new WeakMap<Trace, OpenRequest>();
  const memory = createRing(memoryLimit);
  let last = BigInt(wall.now()) << NUMBERS_PER_MS_BITS;
  const idOf = idsInBlocks(ids);
  let writing: Promise<void> = Promise.resolve();
  /** Pruning with every flush would cost more than the twentieth by which the table may run over. */
  const pruneEvery = Math.ceil(rowLimit / 20);
  let writtenSincePrune = pruneEvery;

  const writePending = async (): Promise<void> => {
    for (let batch = memory.unwritten(ROWS_PER_TRANSACTION); batch.length > 0;) {
      const prune = writtenSincePrune + batch.length >= pruneEvery;
      const written = batch;
      await storage.transaction(async (tx) => {
        await writeRecords(tx, written);
        if (prune) await pruneRecords(tx, rowLimit);
      });
      writtenSincePrune = prune ? 0 : writtenSincePrune + written.length;
      memory.markWritten(written.at(-1)?.seq ?? 0n);
      batch = memory.unwritten(ROWS_PER_TRANSACTION);
    }
  };

  return {
    begin(request) {
      last += 1n;
      const state: OpenRequest = { seq: last, request, at: wall.now(), checks: [], facts: {} };
      const trace = createTrace(idOf(last), state);
      open.set(trace, state);
      return trace;
    },
    within: (trace, work) => running.run(trace, work),
    current: () => running.getStore(),
    finish(trace, status) {
      const state = open.get(trace);
      if (!state) return;
      open.delete(trace);
      memory.add({ seq: state.seq, record: toRecord(trace, state, { status, endedAt: wall.now() }) });
    },
    async find(id) {
      const stored = await recordsNamed(storage.read, id, LIST_LIMIT);
      const fresh = memory.newest(({ id: own, interactionId }) => own === id || interactionId === id);
      return merged(fresh, stored, LIST_LIMIT);
    },
    async list(filter = {}) {
      const limit = Math.max(1, Math.min(filter.limit ?? 100, LIST_LIMIT));
      const stored = await latestRecords(storage.read, filter, limit);
      return merged(
        memory.newest((record) => isWanted(record, filter)),
        stored,
        limit,
      );
    },
    flush() {
      writing = writing.catch(() => undefined).then(writePending);
      return writing;
    },
  };
}

const BLOCK_BITS = 10n;
const IN_BLOCK = (1n << BLOCK_BITS) - 1n;
const SHUFFLE = 613n;

/** A sealed id costs more than all that is recorded: a thousand requests share one, and count behind it. */
function idsInBlocks(ids: IdScheme): (seq: bigint) => string {
  let block = -1n;
  let sealed = '';
  return (seq) => {
    if (seq >> BLOCK_BITS !== block) {
      block = seq >> BLOCK_BITS;
      sealed = ids.encode('request', block);
    }
    // An odd factor reaches every number of the block once, and puts them out of order.
    return `${sealed}${((seq * SHUFFLE) & IN_BLOCK).toString(36).padStart(2, '0')}`;
  };
}

interface OpenRequest {
  readonly seq: bigint;
  readonly request: Parameters<Recorder['begin']>[0];
  readonly at: RequestRecord['at'];
  readonly checks: Check[];
  facts: Partial<RequestFacts>;
}

function createTrace(id: string, state: OpenRequest): Trace {
  return {
    id,
    interactionId: state.request.interactionId,
    get facts() {
      return state.facts;
    },
    check(check) {
      if (state.checks.length < CHECKS_PER_REQUEST) state.checks.push(cleaned(check));
    },
    know(facts) {
      const known: Record<string, string | undefined> = { ...state.facts };
      for (const [name, value] of Object.entries(facts)) known[name] = cleanedText(value, FACT_LIMIT);
      state.facts = known;
    },
  };
}

/** What passed needs no remedy: a quarter of what would be written. */
function cleaned({ name, outcome, expected, actual, clause, remedy }: Check): Check {
  const kept: { -readonly [Name in keyof Check]: Check[Name] } = { name, outcome };
  if (expected !== undefined) kept.expected = cleanedText(expected);
  // Most of the time it is just what was expected.
  if (actual !== undefined) kept.actual = actual === expected ? (kept.expected ?? '') : cleanedText(actual);
  if (clause !== undefined) kept.clause = clause;
  if (remedy !== undefined && outcome === 'failed') kept.remedy = remedy;
  return kept;
}

function cleanedText(text: string, limit = TEXT_LIMIT): string {
  return withoutSecrets(text).slice(0, limit);
}

function toRecord(
  trace: Trace,
  state: OpenRequest,
  end: { readonly status: number; readonly endedAt: number },
): RequestRecord {
  const { interactionId, listener, method, path } = state.request;
  return {
    ...state.facts,
    id: trace.id,
    interactionId,
    at: state.at,
    listener,
    method,
    path: cleanedText(path),
    status: end.status,
    durationMs: Math.max(0, end.endedAt - state.at),
    checks: state.checks,
  };
}

function isWanted(record: RequestRecord, filter: RecordFilter): boolean {
  return (
    (filter.bank === undefined || record.bank === filter.bank) &&
    (filter.clientId === undefined || record.clientId === filter.clientId) &&
    (filter.failedOnly !== true || isFailed(record))
  );
}

/** Newest first, by when the request began. What is in memory may be in the database already. */
function merged(
  fresh: readonly NumberedRecord[],
  stored: readonly NumberedRecord[],
  limit: number,
): readonly RequestRecord[] {
  const bySeq = new Map([...stored, ...fresh].map((entry) => [entry.seq, entry.record]));
  return [...bySeq]
    .sort(([one], [other]) => (one < other ? 1 : -1))
    .slice(0, limit)
    .map(([, record]) => record);
}

/** The last finished requests, in the order they finished, and where among them the unwritten ones begin. */
function createRing(limit: number) {
  let entries: NumberedRecord[] = [];
  let written = 0;
  return {
    add(entry: NumberedRecord): void {
      entries.push(entry);
      // Cut in strides: shifting one by one would cost the whole ring at every request.
      if (entries.length < limit * 2) return;
      const dropped = entries.length - limit;
      entries = entries.slice(dropped);
      written = Math.max(0, written - dropped);
    },
    unwritten: (count: number): readonly NumberedRecord[] => entries.slice(written, written + count),
    markWritten(seq: bigint): void {
      // By number, not by count: entries may have been dropped while they were being written.
      written = Math.max(written, entries.findIndex((entry) => entry.seq === seq) + 1);
    },
    newest: (wanted: (record: RequestRecord) => boolean): readonly NumberedRecord[] =>
      entries.slice(-limit).filter(({ record }) => wanted(record)),
  };
}
