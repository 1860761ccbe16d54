import { createHash } from 'node:crypto';

import { MS_PER_DAY, MS_PER_MINUTE, MS_PER_SECOND, plusMs, SandbankError, type Clock } from '../../kernel/index.js';
import type { Storage } from '../../storage/index.js';

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
    await countTry(options, login);
    const result = await check();
    if (result !== undefined) {
      await storage.transaction((tx) =>
        tx.run('DELETE FROM login_failures WHERE bank = ? AND login = ?', [bank, login]),
      );
    }
    return result;
  };

  return {
    // Tries of one customer queue up, so that right passwords in parallel do not lock one another out.
    guard(customerNumber, check) {
      const login = createHash('sha256').update(customerNumber).digest('base64url');
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

async function countTry(
  { bank, storage, wall }: { readonly bank: string; readonly storage: Storage; readonly wall: Clock },
  login: string,
): Promise<void> {
  const now = wall.now();
  await storage.transaction(async (tx) => {
    await tx.run('DELETE FROM login_failures WHERE bank = ? AND (locked_until <= ? OR last_at < ?)', [
      bank,
      now,
      plusMs(now, -MS_PER_DAY),
    ]);
    const row = await tx.get<{ failures: bigint; locked_until: bigint | null }>(
      'SELECT failures, locked_until FROM login_failures WHERE bank = ? AND login = ?',
      [bank, login],
    );
    if (row && row.locked_until !== null) {
      throw new SandbankError('credentials.locked', 'Too many wrong passwords. Try again later.', {
        retryAfterSeconds: Math.ceil((Number(row.locked_until) - now) / MS_PER_SECOND),
      });
    }
    const failures = Number(row?.failures ?? 0n) + 1;
    await tx.run(
      `INSERT INTO login_failures (bank, login, failures, last_at, locked_until) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (bank, login) DO UPDATE SET
         failures = excluded.failures, last_at = excluded.last_at, locked_until = excluded.locked_until`,
      [bank, login, failures, now, failures >= MAX_FAILURES ? plusMs(now, LOCK_MS) : null],
    );
  });
}
