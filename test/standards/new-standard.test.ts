import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const NAME = 'nordic-api';
/** What the command reads and what its result needs; tests of other standards stay behind. */
const NEEDED = [
  'src',
  'openapi',
  'scripts',
  'package.json',
  'tsconfig.json',
  '.prettierrc.json',
  'eslint.config.js',
  'jest.config.mjs',
  'dependency-cruiser.config.cjs',
  'test/http/certificates.ts',
  'test/http/client.ts',
  'test/standards/served.ts',
  'test/support/postgres',
  'test/support/databases.ts',
].filter((path) => existsSync(path));

const REGISTRY = 'src/standards/registry.ts';

let folder = '';
let before: ReadonlyMap<string, string> = new Map();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbank-new-standard-'));
  for (const path of NEEDED) cpSync(path, join(folder, path), { recursive: true });
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  before = contents();
  make(NAME);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every file by its path. */
function contents(): ReadonlyMap<string, string> {
  const files = globSync(['{src,openapi,scripts,test}/**/*.{ts,tsx,mjs,cjs,yaml,md,txt}', '*.*'], { cwd: folder });
  return new Map(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

function run(script: string, ...options: readonly string[]) {
  return spawnSync(process.execPath, [...script.split(' '), ...options], { cwd: folder, encoding: 'utf8' });
}

const make = (...names: readonly string[]) => run('scripts/new-standard.mjs', ...names);

describe('npm run new-standard', () => {
  test('makes the stems of a standard, its document and tests, and its line in the registry', () => {
    const made = globSync([`{src,test}/standards/${NAME}/**/*.*`, `openapi/${NAME}/**/*.*`], { cwd: folder }).sort();
    const stems = ['README.md', 'index.ts', 'coverage.ts', 'errors.ts', 'codes.ts', 'permissions.ts'];
    const inside = [...stems, 'operations/accounts.ts', 'mapping/accounts.ts'].map(
      (file) => `src/standards/${NAME}/${file}`,
    );
    expect(made).toEqual(expect.arrayContaining(inside));
    expect(made).toEqual(
      expect.arrayContaining([`openapi/${NAME}/1.0/accounts.yaml`, `test/standards/${NAME}/coverage.test.ts`]),
    );
    const known = before.get(REGISTRY)!.split('\n');
    const added = readFileSync(join(folder, REGISTRY), 'utf8')
      .split('\n')
      .filter((line) => !known.includes(line));
    expect(added).toEqual([
      `import { nordicApi } from './${NAME}/index.js';`,
      expect.stringMatching(/^export const STANDARDS.*, nordicApi\];$/),
    ]);
  });

  test('touches nothing else', () => {
    const after = contents();
    const changed = [...after].filter(([file, text]) => before.get(file) !== text).map(([file]) => file);
    expect(changed.filter((file) => !file.includes(`/${NAME}/`))).toEqual([REGISTRY]);
    expect([...before.keys()].filter((file) => !after.has(file))).toEqual([]);
  });

  test('its result compiles', () => {
    const files = [`src/standards/${NAME}/**/*`, `test/standards/${NAME}/**/*`, REGISTRY];
    writeFileSync(join(folder, 'tsconfig.made.json'), JSON.stringify({ extends: './tsconfig.json', include: files }));
    const { stdout } = run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.made.json', '--noEmit');
    expect(stdout.split('\n').filter((line) => line.includes(NAME) || line.includes('registry'))).toEqual([]);
  });

  test('its result is as the linter and prettier want it', () => {
    const made = [`src/standards/${NAME}`, `test/standards/${NAME}`, REGISTRY];
    const lint = run('node_modules/eslint/bin/eslint.js', ...made);
    expect([lint.status, lint.stdout]).toEqual([0, '']);
    const format = run('node_modules/prettier/bin/prettier.cjs', '--check', ...made, `openapi/${NAME}`);
    expect([format.status, format.stderr]).toEqual([0, '']);
  });

  test('its result keeps the boundaries', () => {
    const rules = 'dependency-cruiser.config.cjs';
    const { stdout } = run(
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      rules,
      'src/standards',
    );
    expect(stdout.split('\n').filter((line) => line.includes(NAME))).toEqual([]);
  });

  test('its tests pass: every operation answers 501 with a reason, every code has a status', () => {
    const { status, stderr } = run(
      '--experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js',
      `test/standards/${NAME}`,
    );
    expect([status, /^Tests: .*/m.exec(stderr)?.[0]]).toEqual([
      0,
      expect.stringMatching(/^Tests: +\d+ passed, \d+ total$/),
    ]);
  });
});

describe('npm run new-standard refuses', () => {
  test.each([
    [[], 'Usage'],
    [['one', 'two'], 'Usage'],
    [[''], 'A name is'],
    [['Nordic'], 'A name is'],
    [['../../escape'], 'A name is'],
    [['nordic--api'], 'A name is'],
    [['-nordic'], 'A name is'],
    [['1st'], 'A name is'],
    [['x'.repeat(41)], 'A name is'],
    [['kit'], 'is not a name'],
    [['class'], 'is not a name'],
    [['open-banking-utils'], 'is not a name'],
    [['uk-obie'], 'is there already'],
    [[NAME], 'is there already'],
  ])('%j', (names, why) => {
    const registry = readFileSync(join(folder, REGISTRY), 'utf8');
    const { status, stderr, stdout } = make(...names);
    expect([status, stdout, stderr]).toEqual([2, '', expect.stringContaining(why)]);
    expect(readFileSync(join(folder, REGISTRY), 'utf8')).toBe(registry);
  });
});
