import { assert } from '../kernel/index.js';
import type { CopyTarget, SqlReader, SqlRow, SqlTransaction, SqlValue } from './port.js';

/** What a transaction needs of the connection that it runs on. */
export type WritingConnection = SqlReader & Pick<SqlTransaction, 'dialect' | 'run' | 'copyIn'>;

/** A transaction's own face. After `end` it refuses: what somebody forgot to await must not land in the next one. */
export function openTransaction(writing: WritingConnection): {
  readonly tx: SqlTransaction;
  readonly end: () => void;
  /** What was asked to be done after the commit. What it throws becomes a warning: the commit stands. */
  readonly runHooks: () => void;
} {
  const hooks: (() => void)[] = [];
  let isOpen = true;
  const open = (): WritingConnection => {
    assert(isOpen, 'a transaction is not used after its end');
    return writing;
  };
  const tx: SqlTransaction = {
    dialect: writing.dialect,
    all: async <Row = SqlRow>(sql: string, params?: readonly SqlValue[]) => open().all<Row>(sql, params),
    get: async <Row = SqlRow>(sql: string, params?: readonly SqlValue[]) => open().get<Row>(sql, params),
    run: async (sql, params) => open().run(sql, params),
    copyIn: async (target: CopyTarget, rows) => open().copyIn(target, rows),
    kysely: <Tables>() => open().kysely<Tables>(),
    afterCommit: (hook) => {
      open();
      hooks.push(hook);
    },
  };
  return {
    tx,
    end: () => {
      isOpen = false;
    },
    runHooks: () => {
      for (const hook of hooks) runHook(hook);
    },
  };
}

function runHook(hook: () => void): void {
  try {
    hook();
  } catch (error) {
    process.emitWarning(`work after a commit failed: ${String(error)}`);
  }
}
