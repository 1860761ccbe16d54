/**
 * Ours beside what users would take instead, interleaved in one run, since only ratios of one run compare.
 *
 *     npm run bench                        all parts
 *     npm run bench -- pages payments      some of pages, payments, start, sizes
 *     --rounds 5 --requests 300 --payments 20 --customers 500 --without-prism --write
 *
 * `--write` puts the tables of the parts that ran into scripts/bench/RESULTS.md. `--profile <folder>` writes a CPU profile of our server there.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { benchPages } from './pages.mjs';
import { benchPayments } from './payments.mjs';
import { PRISM_VERSION } from './peers/prism.mjs';
import { benchSizes } from './sizes.mjs';
import { benchStart } from './startup.mjs';
import { pagesTable, paymentsTable, sizesTable, startTable } from './tables.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    requests: { type: 'string', default: '300' },
    payments: { type: 'string', default: '20' },
    customers: { type: 'string', default: '500' },
    'without-prism': { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'sandbank-bench-'));
const options = {
  folder,
  rounds: Number(values.rounds),
  requests: Number(values.requests),
  payments: Number(values.payments),
  customers: Number(values.customers),
  dataDir: join(folder, 'start'),
  withPrism: !values['without-prism'],
  nodeArgs: values.profile ? ['--cpu-prof', '--cpu-prof-dir', values.profile] : [],
};
const parts = {
  pages: async () => pagesTable(await benchPages(options)),
  start: async () => startTable(await benchStart(options)),
  payments: async () => paymentsTable(await benchPayments(options)),
  sizes: async () => sizesTable(await benchSizes(options)),
};
const unknown = positionals.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined) throw new Error(`no such part: ${unknown}`);
const RESULTS = new URL('RESULTS.md', import.meta.url);
const measured = new Map();
try {
  for (const name of positionals.length > 0 ? positionals : Object.keys(parts)) {
    const section = `${await parts[name]()}\n\n${circumstances()}`;
    console.log(`\n${section}`);
    measured.set(name, section);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (values.write) {
  const sections = new Map([...readResults(), ...measured]);
  const texts = Object.keys(parts).flatMap((name) => {
    const section = sections.get(name);
    return section === undefined ? [] : [`<!-- ${name} -->\n\n${section.trim()}`];
  });
  writeFileSync(RESULTS, `${heading()}\n\n${texts.join('\n\n')}\n`);
}

/** What earlier runs have written: a run of some parts leaves the others as they are. */
function readResults() {
  let text = '';
  try {
    text = readFileSync(RESULTS, 'utf8');
  } catch {
    // The first run.
  }
  return text
    .split('<!-- ')
    .slice(1)
    .map((part) => part.split(' -->'))
    .map(([name, section]) => [name, section ?? '']);
}

function heading() {
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench -- --write`: medians of interleaved rounds. CPU is user and system time of the whole server',
    'process for each request. Numbers are of one machine and hour; the ratios are what compares, and a machine that is busy',
    'with something else distorts even those.',
  ].join('\n');
}

function circumstances() {
  const versionOf = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version;
  const peers = `express ${versionOf('express')}, oidc-provider ${versionOf('oidc-provider')}, Prism ${PRISM_VERSION}`;
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'an unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const when = new Date().toISOString().slice(0, 16);
  return `${when}Z, ${commit()} and what is not committed yet; ${machine}, ${process.platform}, Node ${process.versions.node}; ${options.rounds} rounds; load of the machine ${loadavg()[0].toFixed(1)}. ${peers}.`;
}

function commit() {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return 'an unknown commit';
  }
}
