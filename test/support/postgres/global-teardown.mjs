import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Stops the PostgreSQL of this run, if a test started it, and forgets its data. */
export default async function stop() {
  const folder = process.env.SANDBANK_TEST_POSTGRES;
  const ready = join(folder, 'ready.json');
  if (existsSync(ready)) {
    const { pid } = JSON.parse(readFileSync(ready, 'utf8'));
    // SIGINT is PostgreSQL's fast shutdown: it ends connections and closes its files.
    end(pid, 'SIGINT');
    for (let turn = 0; turn < 500 && end(pid, 0); turn += 1) await wait(20);
  }
  rmSync(folder, { recursive: true, force: true });
}

function end(pid, signal) {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}
