// Does the package work for someone who installs it? Packs it, installs the tarball in an empty folder, starts the
// sandbox from there, opens its home page, stops it, and imports the library. Run with `npm run test:pack`.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const READY_WITHIN_MS = 60_000;
const STOPPED_WITHIN_MS = 20_000;
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'sandbank-pack-'));

/** The installed project must be found by its own folder, not by what npm told this script about the repository. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle)_|^npm_config_(local_)?prefix$/.test(name)),
);
environment.PATH = [dirname(process.execPath), environment.PATH].join(delimiter);

function run(command, args, cwd) {
  return execFileSync(command, args, { cwd, env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

function within(ms, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${ms / 1000} s`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function expect(condition, message) {
  if (!condition) throw new Error(message);
}

function pack() {
  const [{ filename, files }] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder], root));
  const names = files.map((file) => file.path);
  for (const name of ['dist/index.js', 'dist/index.d.ts', 'dist/cli/main.js', 'scripts/sandbank.cjs']) {
    expect(names.includes(name), `${name} is not in the package`);
  }
  expect(!names.some((name) => /^(src|test)\//.test(name)), 'sources or tests are in the package');
  return join(folder, filename);
}

function install(tarball) {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'an-empty-project', private: true }));
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', tarball], folder);
}

function importTheLibrary() {
  const code = "const { startSandbox } = await import('sandbank'); console.log(typeof startSandbox);";
  const type = run(process.execPath, ['--input-type=module', '-e', code], folder).trim();
  expect(type === 'function', `startSandbox is ${type}`);
}

async function readyLine(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    const message = JSON.parse(line);
    if (message.event === 'ready') return message;
  }
  throw new Error('it ended before it was ready');
}

async function startAndStop() {
  const args = 'start --ephemeral --port 0 --mtls-port 0 --http-port 0 --json'.split(' ');
  const child = spawn(join(folder, 'node_modules', '.bin', 'sandbank'), args, {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  try {
    const ready = await within(READY_WITHIN_MS, 'the start', readyLine(child));
    const home = await fetch(ready.httpOrigin);
    expect(home.ok, `the home page answers ${home.status}`);
    child.kill('SIGTERM');
    const [code, signal] = await within(STOPPED_WITHIN_MS, 'the stop', ended);
    expect(code === 0, `it stopped with ${code ?? signal}`);
  } finally {
    child.kill('SIGKILL');
  }
}

/** Where this machine has an older Node as well, the bin must say what is missing instead of a syntax error. */
function explainOnAnOlderNode() {
  const candidates = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((path) => path !== '' && !path.includes('node_modules'))
    .map((path) => join(path, 'node'))
    .filter((path) => existsSync(path));
  for (const node of new Set(candidates)) {
    const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? '';
    if (!(Number.parseInt(version.slice(1), 10) < 24)) continue;
    const bin = join(folder, 'node_modules', 'sandbank', 'scripts', 'sandbank.cjs');
    const { status, stderr } = spawnSync(node, [bin, 'start'], { cwd: folder, encoding: 'utf8' });
    expect(
      status === 3 && stderr.includes('npm i -D node@24'),
      `on Node ${version} it exits with ${status}: ${stderr}`,
    );
    return `on Node ${version} it says what is missing`;
  }
  return 'no older Node here to try';
}

async function step(name, work) {
  const started = performance.now();
  const result = await work();
  process.stdout.write(`pack: ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)\n`);
  return result;
}

try {
  const tarball = await step('packed', pack);
  await step('installed in an empty folder', () => install(tarball));
  await step('imported as a library', importTheLibrary);
  await step('started, answered and stopped', startAndStop);
  process.stdout.write(`pack: ${explainOnAnOlderNode()}\n`);
} catch (error) {
  process.stderr.write(`pack: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
