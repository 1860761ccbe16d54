import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startSandbox, type NewTpp, type Sandbox, type SandboxOptions } from '../../src/index.js';
import { createDatabase, TEST_DIALECT } from './databases.js';
import { createThirdParty, type ThirdParty } from './third-party.js';

/** Business time of test worlds: a working day's morning, so that little falls due by itself while a test looks. */
export const MORNING = 'frozen:2026-06-16T09:00:00Z';

/** A small world of its own, with a clock that only the test moves and every answer held against its document. */
export async function startTestSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  if (TEST_DIALECT === 'postgresql' && options.dataDir === undefined) return startOnPostgres(options);
  return startSandbox({ ephemeral: true, ...SMALL_WORLD, ...options });
}

const SMALL_WORLD: SandboxOptions = {
  seed: 1,
  historyMonths: 3,
  clock: MORNING,
  validateResponses: true,
};

/** What lies in a database is not thrown away by the sandbox itself. */
async function startOnPostgres(options: SandboxOptions): Promise<Sandbox> {
  const database = await createDatabase('postgresql');
  const dataDir = mkdtempSync(join(tmpdir(), 'sandbank-test-'));
  const sandbox = await startSandbox({
    port: 0,
    dataDir,
    ...(database.url !== undefined && { database: database.url }),
    ...SMALL_WORLD,
    ...options,
    ephemeral: false,
  });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopped ??= sandbox.stop().then(async () => {
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    }));
  // A prototype and not a copy: `status` is a getter.
  return Object.create(sandbox, {
    stop: { value: stop },
    [Symbol.asyncDispose]: { value: stop },
  }) as Sandbox;
}

/** A third party registered at Bramble Bank, or another one that speaks UK Open Banking, ready to call it. */
export async function newThirdParty(
  sandbox: Sandbox,
  input: Partial<NewTpp> = {},
  bank = 'bramble',
): Promise<ThirdParty> {
  const tpp = await sandbox.createTpp({ name: 'Lantern Budgets', banks: [bank], ...input });
  return createThirdParty({ tpp, status: sandbox.status, caPem: sandbox.caPem, bank });
}
