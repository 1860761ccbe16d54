import { DatabaseSync } from 'node:sqlite';

/**
 * Claims a file for this process until the answer is called; undefined where somebody has it, in this process or in
 * another. The claim is a lock of the operating system, so that it ends with the process however that ends, and no
 * number of a process that is gone (and may have come again, as in a container) has to be judged.
 */
export function claimFile(file: string): (() => void) | undefined {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  return () => {
    database.close();
  };
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
