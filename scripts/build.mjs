// Builds dist from src with tsc. Plain JavaScript, because it has to run before anything is built and on an older Node too.
//
//   node scripts/build.mjs              type-checks and builds
//   node scripts/build.mjs --if-stale   does nothing when dist was built from exactly these sources
//   node scripts/build.mjs --no-check   leaves type errors to `npm run typecheck`; twice as fast
//
// Two builds may run at once: each compiles into a folder of its own and moves finished files into dist one by one, so
// that a reader never sees half a file. The stamp is written last; an interrupted build is therefore stale.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the browser or the database is given as it is; tsc does not copy it. */
const ASSETS = new Set(['.css', '.svg', '.png', '.ico', '.woff2', '.js', '.sql']);

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const src = join(root, 'src');
const dist = join(root, 'dist');
const stampFile = join(dist, '.stamp');

function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** A digest of contents, not of times: a checkout or a copy changes the times only. */
function digestOfSources() {
  const hash = createHash('sha256');
  const roots = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/build.mjs'];
  for (const file of [...roots.map((name) => join(root, name)), ...filesUnder(src), ...yamlFiles()]) {
    if (extname(file) === '.md') continue;
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function compile(outDir, { check }) {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const options = ['-p', join(root, 'tsconfig.build.json'), '--outDir', outDir, '--pretty', 'false'];
  const run = spawnSync(process.execPath, [tsc, ...options, ...(check ? [] : ['--noCheck'])], { encoding: 'utf8' });
  if (run.error) throw run.error;
  return { ok: run.status === 0, output: `${run.stdout}${run.stderr}`.trim() };
}

function copyAssets(outDir) {
  for (const file of filesUnder(src).filter((name) => ASSETS.has(extname(name)))) {
    const target = join(outDir, relative(src, file));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(file, target);
  }
}

/** Documents and fixtures as JSON, under the digest of what each was made of: src/sandbox/parsed-yaml.ts reads them. */
function parseYamls(outDir) {
  const { parse } = createRequire(import.meta.url)('yaml');
  const folder = join(outDir, 'parsed');
  mkdirSync(folder, { recursive: true });
  for (const file of yamlFiles()) {
    const text = readFileSync(file, 'utf8');
    const digest = createHash('sha256').update(text).digest('hex');
    writeFileSync(join(folder, `${digest}.json`), JSON.stringify(parse(text, { maxAliasCount: 1_000 })));
  }
}

function yamlFiles() {
  return ['openapi', 'fixtures']
    .flatMap((name) => filesUnder(join(root, name)))
    .filter((file) => extname(file) === '.yaml');
}

/** Moves what is new or different into dist and removes what no source stands behind any more. */
function publish(outDir) {
  const wanted = new Set(filesUnder(outDir).map((file) => relative(outDir, file)));
  for (const name of wanted) {
    const target = join(dist, name);
    if (readIfThere(target)?.equals(readFileSync(join(outDir, name)))) continue;
    mkdirSync(dirname(target), { recursive: true });
    renameSync(join(outDir, name), target);
  }
  for (const file of filesUnder(dist)) {
    if (file !== stampFile && !wanted.has(relative(dist, file))) rmSync(file, { force: true });
  }
}

function writeStamp(outDir, digest) {
  const fresh = join(outDir, '.stamp');
  writeFileSync(fresh, digest);
  renameSync(fresh, stampFile);
}

function build({ check }) {
  const started = performance.now();
  const digest = digestOfSources();
  // Inside node_modules, so that it is ignored everywhere and on the same file system as dist: a rename is then atomic.
  const cache = join(root, 'node_modules', '.cache', 'sandbank');
  mkdirSync(cache, { recursive: true });
  const outDir = mkdtempSync(join(cache, 'build-'));
  try {
    const { ok, output } = compile(outDir, { check });
    if (!ok) {
      process.stderr.write(`${output}\nsandbank: the build failed\n`);
      return 1;
    }
    copyAssets(outDir);
    parseYamls(outDir);
    mkdirSync(dist, { recursive: true });
    rmSync(stampFile, { force: true });
    publish(outDir);
    writeStamp(outDir, digest);
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
  process.stderr.write(`sandbank: built dist in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
  return 0;
}

function main(options) {
  const unknown = options.filter((option) => !['--if-stale', '--no-check'].includes(option));
  if (unknown.length > 0) {
    process.stderr.write(`build: unknown option ${unknown.join(' ')}\n`);
    return 2;
  }
  if (options.includes('--if-stale') && readIfThere(stampFile)?.toString() === digestOfSources()) {
    process.stderr.write('sandbank: dist is up to date\n');
    return 0;
  }
  return build({ check: !options.includes('--no-check') });
}

process.exitCode = main(process.argv.slice(2));
