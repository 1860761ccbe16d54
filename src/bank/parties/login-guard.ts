import { createHash } from 'node:crypto';

import { MS_PER_DAY, MS_PER_MINUTE, MS_PER_SECOND, plusMs, SandbankError, type Clock } from '../../kernel/index.js';
import type { SqlTransaction, Storage } from '../../storage/index.js';

const MAX_FAILURES = 5;
const LOCK_MS = 15 * MS_PER_MINUTE;

export interface LoginGuard {
  /**
   * Runs a check of a password under the count of failures. Every try is counted before it is evaluated and forgiven
   * when it was right, so that neither parallel guesses nor a crash win further tries. Throws `credentials.locked`.
   */
  guard<T>(customerNumber: string, check: () => Promise<T | undefined>): Promise<T | undefined>;
}

/**
 * Counts wrong passwords per customer number, known or not: a lock must not tell which numbers exist. Wall time, since a
 * moved business clock must not open a lock.
 */
export function createLoginGuard(options: {
  readonly bank: string;
  readonly storage: Storage;
  readonly wall: Clock;
}): LoginGuard {
  const { bank, storage } = options;
  const queues = new Map<string, Promise<unknown>>();

  const attempt = async <T>(login: string, check: () => Promise<T | undefined>): Promise<T | undefined> => {
    await countTry({ ...options, login });
    const result = await check();
    if (result !== undefined) {
      await storage.transaction((tx) => forget(tx, { bank, login }));
    }
    return result;
  };

  return {
    // Tries of one customer queue up, so that right passwords in parallel do not lock one another out.
    guard(customerNumber, check) {
      const login = digest(customerNumber);
      const run = (queues.get(login) ?? Promise.resolve()).then(() => attempt(login, check));
      const settled = run
        .catch(() => undefined)
        .then(() => {
          if (queues.get(login) === settled) queues.delete(login);
        });
      queues.set(login, settled);
      return run;
    },
  };
}

/** Counts of one-time codes, in the transactions of whoever judges them. */
export interface CodeGuard {
  /** Throws `credentials.locked`. */
  refuseLocked(tx: SqlTransaction, partyId: string): Promise<void>;
  /** The fifth in a row locks. */
  countWrong(tx: SqlTransaction, partyId: string): Promise<void>;
  forgive(tx: SqlTransaction, partyId: string): Promise<void>;
}

/**
 * Counts wrong one-time codes per customer, over all that she or a thief of her password starts: another start must not
 * win further guesses (RTS on SCA, article 4(3)(b)). Beside the counts of passwords, and on wall time like them.
 */
export function createCodeGuard({ bank, wall }: Counting): CodeGuard {
  const loginOf = (partyId: string): string => digest(JSON.stringify(['code', partyId]));
  return {
    async refuseLocked(tx, partyId) {
      await refuseLocked(tx, { bank, wall, login: loginOf(partyId) });
    },
    countWrong: (tx, partyId) => countFailure(tx, { bank, wall, login: loginOf(partyId) }),
    forgive: (tx, partyId) => forget(tx, { bank, login: loginOf(partyId) }),
  };
}

interface Counting {
  readonly bank: string;
  readonly wall: Clock;
}

interface Counted extends Counting {
  readonly login: string;
}

async function countTry({ storage, ...counted }: Counted & { readonly storage: Storage }): Promise<void> {
  await storage.transaction(async (tx) => {
    await refuseLocked(tx, counted);
    await countFailure(tx, counted);
  });
}

async function refuseLocked(tx: SqlTransaction, { bank, wall, login }: Counted): Promise<void> {
  const now = wall.now();
  const row = await tx.get<{ locked_until: bigint | null }>(
    'SELECT locked_until FROM login_failures WHERE bank = ? AND login = ?',
    [bank, login],
  );
  if (!row || row.locked_until === null || row.locked_until <= BigInt(now)) return;
  throw new SandbankError('credentials.locked', 'Too many failed tries. Try again later.', {
    retryAfterSeconds: Math.ceil((Number(row.locked_until) - now) / MS_PER_SECOND),
  });
}

async function countFailure(tx: SqlTransaction, { bank, wall, login }: Counted): Promise<void> {
  const now = wall.now();
  await tx.run('DELETE FROM login_failures WHERE bank = ? AND (locked_until <= ? OR last_at < ?)', [
    bank,
    now,
    plusMs(now, -MS_PER_DAY),
  ]);
  const row = await tx.get<{ failures: bigint }>('SELECT failures FROM login_failures WHERE bank = ? AND login = ?', [
    bank,
    login,
  ]);
  const failures = Number(row?.failures ?? 0n) + 1;
  await tx.run(
    `INSERT INTO login_failures (bank, login, failures, last_at, locked_until) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (bank, login) DO UPDATE SET
       failures = excluded.failures, last_at = excluded.last_at, locked_until = excluded.locked_until`,
    [bank, login, failures, now, failures >= MAX_FAILURES ? plusMs(now, LOCK_MS) : null],
  );
}

async function forget(tx: SqlTransaction, { bank, login }: Omit<Counted, 'wall'>): Promise<void> {
  await tx.run('DELETE FROM login_failures WHERE bank = ? AND login = ?', [bank, login]);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
