import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

const BIN = join(process.cwd(), 'scripts', 'sandbank.cjs');

/** Makes the bin believe that it runs on an older Node, on any machine; the Node it hands over to is not touched. */
const OLD_NODE = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });";

/** Stands in for dist/cli/main.js: says what it was called with, then does what the first argument asks. */
const CLI = `
export async function main(argv) {
  const told = argv[0] === 'wait' && new Promise((resolve) => {
    const alive = setInterval(() => {}, 1000);
    process.on('SIGTERM', () => { clearInterval(alive); resolve(); });
  });
  console.log(JSON.stringify({ argv, major: Number(process.versions.node.split('.')[0]) }));
  await told;
  if (argv[0] === 'die') process.kill(process.pid, 'SIGKILL');
  if (argv[0] === 'throw') throw new Error('broken on purpose');
  return Number(argv[1] ?? 0);
}
`;

interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('sandbank, the bin', () => {
  let base = '';
  let installed = '';

  beforeAll(() => {
    base = mkdtempSync(join(tmpdir(), 'sandbank-bin-'));
  });

  afterAll(() => {
    rmSync(base, { recursive: true, force: true });
  });

  beforeEach(() => {
    installed = mkdtempSync(join(base, 'project-'));
    write('old-node.cjs', OLD_NODE);
    write('node_modules/sandbank/dist/cli/main.js', CLI);
    write('node_modules/sandbank/package.json', JSON.stringify({ name: 'sandbank', type: 'module' }));
    mkdirSync(join(installed, 'node_modules/sandbank/scripts'), { recursive: true });
    cpSync(BIN, join(installed, 'node_modules/sandbank/scripts/sandbank.cjs'));
  });

  function write(name: string, text: string): void {
    mkdirSync(dirname(join(installed, name)), { recursive: true });
    writeFileSync(join(installed, name), text);
  }

  function installNodePackage(version: string, options: { readonly withBinary: boolean }): void {
    write('node_modules/node/package.json', JSON.stringify({ name: 'node', version }));
    mkdirSync(join(installed, 'node_modules/node/bin'));
    if (options.withBinary) symlinkSync(process.execPath, join(installed, 'node_modules/node/bin/node'));
  }

  function start(argv: readonly string[], options: { readonly oldNode: boolean }): ChildProcess {
    const preload = options.oldNode ? ['--require', join(installed, 'old-node.cjs')] : [];
    const bin = join(installed, 'node_modules/sandbank/scripts/sandbank.cjs');
    return spawn(process.execPath, [...preload, bin, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  }

  async function outcomeOf(child: ChildProcess): Promise<Outcome> {
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk) => (stdout += String(chunk)));
    child.stderr?.on('data', (chunk) => (stderr += String(chunk)));
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return { code, signal, stdout, stderr };
  }

  async function run(argv: readonly string[], options: { readonly oldNode: boolean }): Promise<Outcome> {
    return outcomeOf(start(argv, options));
  }

  test('passes the arguments on and exits with the code of main, without a word of its own', async () => {
    const { code, stdout, stderr } = await run(['check', '4', '--json'], { oldNode: false });
    expect(JSON.parse(stdout)).toMatchObject({ argv: ['check', '4', '--json'] });
    expect({ code, stderr }).toEqual({ code: 4, stderr: '' });
  });

  test('says what broke and exits with 1 when main throws', async () => {
    const { code, stderr } = await run(['throw'], { oldNode: false });
    expect(code).toBe(1);
    expect(stderr).toContain('broken on purpose');
  });

  test('on an old Node hands over to the npm package `node`, with arguments and exit code', async () => {
    installNodePackage('24.21.0', { withBinary: true });
    const { code, stdout, stderr } = await run(['check', '5', '--x=a b'], { oldNode: true });
    const { argv, major } = JSON.parse(stdout) as { argv: string[]; major: number };
    expect(argv).toEqual(['check', '5', '--x=a b']);
    expect(major).toBeGreaterThanOrEqual(24);
    expect({ code, stderr }).toEqual({ code: 5, stderr: '' });
  });

  test('on an old Node passes signals on and reports the exit code that follows', async () => {
    installNodePackage('24.21.0', { withBinary: true });
    const child = start(['wait', '7'], { oldNode: true });
    const outcome = outcomeOf(child);
    if (child.stdout) await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await outcome).toMatchObject({ code: 7, signal: null });
  });

  test('on an old Node dies of the same signal as the process it handed over to', async () => {
    installNodePackage('24.21.0', { withBinary: true });
    expect(await run(['die'], { oldNode: true })).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  test('on an old Node alone says what is missing and how to get it', async () => {
    const { code, stdout, stderr } = await run(['start'], { oldNode: true });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/Node 24 or later is needed/);
    expect(stderr).toMatch(/npm i -D node@24/);
  });

  test('does not hand over to an npm package `node` that is too old itself', async () => {
    installNodePackage('22.23.3', { withBinary: true });
    const { code, stderr } = await run(['start'], { oldNode: true });
    expect(code).toBe(3);
    expect(stderr).toMatch(/npm i -D node@24/);
  });

  test('says which install script to allow when the npm package `node` has no binary', async () => {
    installNodePackage('24.21.0', { withBinary: false });
    const { code, stderr } = await run(['start'], { oldNode: true });
    expect(code).toBe(3);
    expect(stderr).toMatch(/npm rebuild node/);
  });

  test('says how to build when dist is missing in the repository', async () => {
    rmSync(join(installed, 'node_modules/sandbank/dist'), { recursive: true });
    mkdirSync(join(installed, 'node_modules/sandbank/src'));
    const { code, stderr } = await run(['start'], { oldNode: false });
    expect(code).toBe(3);
    expect(stderr).toMatch(/npm run build/);
  });
});
