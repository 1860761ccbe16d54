/**
 * How long a start takes: the first one, which mints certificates and lives two years of history, and a later one.
 * Told in milliseconds of this machine and as a multiple of `node -e 0` in the same run, which is what compares.
 *
 *     npm run build && node scripts/bench/start.mjs [rounds]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const NODE = resolve('node_modules/node/bin/node');
const rounds = Number(process.argv[2] ?? 3);
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function untilReady(dataDir) {
  const began = performance.now();
  const child = spawn(NODE, ['scripts/sandbank.cjs', 'start', '--data-dir', dataDir, '--port', '0', '--json']);
  await once(createInterface({ input: child.stdout }), 'line');
  const ms = performance.now() - began;
  child.kill('SIGTERM');
  await once(child, 'close');
  return ms;
}

async function bareNode() {
  const began = performance.now();
  await once(spawn(NODE, ['-e', '0']), 'close');
  return performance.now() - began;
}

const figures = { bare: [], first: [], later: [] };
for (let round = 0; round < rounds; round += 1) {
  const dataDir = mkdtempSync(join(tmpdir(), 'sandbank-bench-'));
  figures.bare.push(await bareNode());
  figures.first.push(await untilReady(dataDir));
  figures.later.push(await untilReady(dataDir));
  rmSync(dataDir, { recursive: true, force: true });
}
const bare = median(figures.bare);
console.log(`${rounds} rounds, medians`);
for (const [name, values] of Object.entries(figures)) {
  const ms = median(values);
  console.log(`${name.padEnd(6)} ${ms.toFixed(0).padStart(6)} ms  ${(ms / bare).toFixed(1).padStart(6)} x node -e 0`);
}
