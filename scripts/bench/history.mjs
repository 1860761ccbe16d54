/**
 * How fast history is written: drawn customers of a bank, simulated, posted double, balances kept and checked, on a
 * database of its own. Told as transactions, seconds (of the clock and of the processor), bytes of file a transaction.
 *
 *     npm run build && node scripts/bench/history.mjs [customers] [months] [bank] [days to advance]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { bankMigrations, createBank } from '../../dist/bank/index.js';
import { createClock, createIdScheme, createRandom, parseInstant } from '../../dist/kernel/index.js';
import { loadWorld, registerLife, settlePopulation } from '../../dist/life/index.js';
import { countersMigrations, openSqlite } from '../../dist/storage/index.js';

const [customers, months] = [Number(process.argv[2] ?? 1000), Number(process.argv[3] ?? 24)];
const bankId = process.argv[4] ?? 'bramble';
const folder = mkdtempSync(join(tmpdir(), 'sandbank-bench-'));
const file = join(folder, 'bank.db');
const storage = openSqlite({ file, durability: 'FULL' });
await storage.migrate([countersMigrations, ...bankMigrations]);
const clock = createClock({ mode: 'frozen', at: parseInstant('2026-11-25T09:00:00Z') });
const world = loadWorld('fixtures');
const profile = world.banks.find((one) => one.profile.id === bankId).profile;
const bank = createBank({ profile, storage, clock, ids: createIdScheme('bench') });
const random = createRandom(1);
registerLife(bank, { world, random });

const load = loadavg()[0];
const began = performance.now();
const cpuBegan = process.cpuUsage();
const { transactions, accounts } = await settlePopulation({ bank, storage, world, random, clock, customers, months });
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(cpuBegan);
const cpuSeconds = (user + system) / 1e6;
const trial = await bank.trialBalance();
const days = Number(process.argv[5] ?? 0);
if (days > 0) {
  const from = performance.now();
  const cpuFrom = process.cpuUsage();
  const until = clock.now() + days * 86_400_000;
  clock.moveTo(until);
  const done = await bank.schedules.runDue(until);
  const spent = process.cpuUsage(cpuFrom);
  const wall = ((performance.now() - from) / 1000).toFixed(1);
  const cpu = ((spent.user + spent.system) / 1e6).toFixed(1);
  console.log(`advanced ${days} days (${done.length} due items) in ${wall} s, ${cpu} s of one processor`);
}
await storage.close();
const database = new DatabaseSync(file);
database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
const bytes = statSync(file).size;
let parts = [];
try {
  parts = database.prepare('SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 8').all();
} catch {
  // Not every build of SQLite has dbstat.
}
database.close();

const perMillion = (value) => ((value / transactions) * 1e6).toFixed(2);
const rows = [
  ['customers', `${customers} (${accounts} accounts), ${months} months, ${bankId}`],
  ['transactions', transactions.toLocaleString('en')],
  [
    'rate',
    `${Math.round(transactions / seconds).toLocaleString('en')} transactions/s, ${(customers / seconds).toFixed(0)} customers/s`,
  ],
  ['a million takes', `${perMillion(seconds)} s of the clock, ${perMillion(cpuSeconds)} s of one processor`],
  ['file', `${(bytes / 1e6).toFixed(1)} MB, ${(bytes / transactions).toFixed(1)} bytes a transaction`],
  ...parts.map(({ name, bytes: size }) => [
    `  ${name}`,
    `${(Number(size) / transactions).toFixed(1)} bytes a transaction`,
  ]),
  [
    'checked',
    `${trial.postings} postings, ${trial.differences.length} wrong balances, ${trial.unbalancedEntries} open entries`,
  ],
  ['machine', `${cpus()[0].model}, ${cpus().length} cores, load ${load.toFixed(1)} before, Node ${process.version}`],
];
for (const [name, value] of rows) console.log(`${name.padEnd(24)}${value}`);
rmSync(folder, { recursive: true, force: true });
