/**
 * How long it takes to move the clock of the default world (both banks together, two years of history) by 90 days, and
 * what that writes. Each round is an ecosystem of its own, on a database as durable as that of `sandbank start`; round 0
 * warms up. Wall seconds depend on what else the machine does; CPU seconds are this process alone.
 *
 *     npm run build && npx node scripts/bench/advance.mjs [rounds] [duration]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const rounds = Number(process.argv[2] ?? 3);
const duration = process.argv[3] ?? 'P90D';
const { startSandbox } = await import(resolve(process.env['SANDBANK_DIST'] ?? 'dist', 'index.js'));

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const figures = { wall: [], cpu: [], written: [] };
for (let round = 0; round <= rounds; round += 1) {
  const dataDir = mkdtempSync(join(tmpdir(), 'sandbank-bench-'));
  const sandbox = await startSandbox({ dataDir, port: 0, clock: 'frozen:2026-11-25T09:00:00Z' });
  const cpu = process.cpuUsage();
  const began = performance.now();
  const { summary } = await sandbox.clock.advance(duration);
  const wall = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const written = summary
    .filter(({ kind }) => kind.startsWith('transaction.'))
    .reduce((sum, { count }) => sum + count, 0);
  await sandbox.stop();
  rmSync(dataDir, { recursive: true, force: true });
  if (round === 0) continue;
  figures.wall.push(wall);
  figures.cpu.push((user + system) / 1e6);
  figures.written.push(written);
}
const [load = 0] = loadavg();
console.log(`${duration}, ${rounds} rounds, medians`);
console.log(`wall          ${median(figures.wall).toFixed(2)} s`);
console.log(`CPU           ${median(figures.cpu).toFixed(2)} s`);
console.log(`transactions  ${median(figures.written)} written to customers' accounts`);
console.log(
  `machine       ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, load ${load.toFixed(1)}, Node ${process.version}`,
);
