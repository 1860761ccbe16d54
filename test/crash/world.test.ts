import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Tpp } from '../../src/index.js';
import { createRandom } from '../../src/kernel/index.js';
import { killedStart, startProcess, type SandboxProcess } from '../support/sandbox-process.js';
import { createThirdParty } from '../support/third-party.js';

const FLAGS = ['--port', '0', '--history-months', '3', '--seed', '5', '--clock', 'frozen:2026-06-16T09:00:00Z'];

/** Some kills before it has begun, some in the middle, some behind it. */
const LONGER_THAN_A_RESET_MS = 120;

/** What stands in the books and who the customers are: the same for two worlds that lived the same life. */
async function worldOf(sandbox: SandboxProcess): Promise<unknown> {
  return {
    clock: await sandbox.control('GET', '/clock'),
    customers: await sandbox.control('GET', '/banks/bramble/customers'),
    books: await sandbox.control('GET', '/trial-balance'),
    verification: await sandbox.control('GET', '/verification'),
  };
}

describe('a world that is killed while it is made or moved', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbank-world-'));
  const random = createRandom('world');
  let twin: SandboxProcess;
  let sandbox: SandboxProcess | undefined;

  let startMs = 0;

  beforeAll(async () => {
    const begin = performance.now();
    twin = await startProcess(join(folder, 'twin'), FLAGS);
    startMs = performance.now() - begin;
  });

  afterAll(async () => {
    await twin?.kill();
    await sandbox?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  test('killed six times at its first start, it becomes the world of an undisturbed start', async () => {
    const dataDir = join(folder, 'first-start');
    // From the first file written to the moment before the ready line, wherever that is on this machine.
    const points = [0.3, 0.45, 0.55, 0.65, 0.75, 0.9].map((part) => Math.round(part * startMs));
    const ready: boolean[] = [];
    for (const afterMs of points) ready.push(await killedStart(dataDir, FLAGS, afterMs));
    sandbox = await startProcess(dataDir, FLAGS);
    expect(await worldOf(sandbox)).toEqual(await worldOf(twin));
    expect(await sandbox.control('GET', '/verification')).toMatchObject({ ok: true });
    process.stdout.write(
      `first start: killed at ${points.join(', ')} ms, ready before ${ready.filter(Boolean).length} of them\n`,
    );
    await sandbox.kill();
  }, 120_000);

  test('killed while the clock is moved, it arrives where an undisturbed one arrives', async () => {
    const dataDir = join(folder, 'clock');
    sandbox = await startProcess(dataDir, FLAGS);
    let unanswered = 0;
    for (let move = 0; move < 4; move += 1) {
      const moving = sandbox.control('POST', '/clock/advance', { duration: 'P60D' }).then(
        () => true,
        () => false,
      );
      await wait(random.int(10, 150));
      await sandbox.kill();
      const answered = await moving;
      unanswered += answered ? 0 : 1;
      sandbox = await startProcess(dataDir, ['--port', '0']);
      // A move that did not come to be begun is asked for again.
      const target = new Date(Date.parse('2026-06-16T09:00:00Z') + (move + 1) * 60 * 86_400_000).toISOString();
      await sandbox.control('PUT', '/clock', { now: target });
      await twin.control('PUT', '/clock', { now: target });
      expect(await worldOf(sandbox)).toEqual(await worldOf(twin));
    }
    process.stdout.write(`clock: 4 kills, ${unanswered} moves cut off\n`);
    await sandbox.kill();
  }, 120_000);

  test('killed while it is reset, it is whole, the old or the new, and the registrations are there', async () => {
    const dataDir = join(folder, 'reset');
    sandbox = await startProcess(dataDir, FLAGS);
    const fresh = await worldOf(sandbox);
    const tpp = await sandbox.control<Tpp>('POST', '/tpps', { name: 'Reset Test', banks: ['bramble'] });
    const seen: string[] = [];
    for (let kill = 0; kill < 5; kill += 1) {
      await sandbox.control('POST', '/clock/advance', { duration: 'P3D' });
      const moved = await worldOf(sandbox);
      const resetting = sandbox.control('POST', '/reset').catch(() => undefined);
      // The last one is killed at once when it has answered: a promised reset is kept.
      await (kill === 4 ? resetting : wait(random.int(1, LONGER_THAN_A_RESET_MS)));
      await sandbox.kill();
      await resetting;
      sandbox = await startProcess(dataDir, ['--port', '0']);
      const found = await worldOf(sandbox);
      seen.push(JSON.stringify(found) === JSON.stringify(fresh) ? 'new' : 'old');
      expect(found).toEqual(seen.at(-1) === 'new' ? fresh : moved);
      if (kill === 4) expect(seen.at(-1)).toBe('new');
      const client = await createThirdParty({ tpp, status: sandbox.status, caPem: sandbox.caPem });
      expect(await client.clientToken('accounts')).toEqual(expect.any(String));
      await client.close();
    }
    process.stdout.write(`reset: 5 kills, found ${seen.join(', ')}\n`);
    await sandbox.kill();
  }, 120_000);
});
