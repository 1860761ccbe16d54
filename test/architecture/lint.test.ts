import { beforeAll, describe, expect, test } from '@jest/globals';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

/** What each place in src must not say. The rules that need types are left out: these snippets are in no project. */
const REFUSED: readonly (readonly [file: string, code: string, rule: string])[] = [
  ['src/bank/ledger/x.ts', 'export const now = Date.now();', 'no-restricted-properties'],
  ['src/bank/ledger/x.ts', 'export const now = new Date();', 'no-restricted-syntax'],
  ['src/bank/ledger/x.ts', 'export const now = Date();', 'no-restricted-syntax'],
  ['src/life/x.ts', 'export const now = performance.now();', 'no-restricted-properties'],
  ['src/web/portal/x.ts', 'setTimeout(() => 1, 5);', 'no-restricted-globals'],
  ['src/observe/x.ts', "import { setInterval } from 'node:timers/promises'; setInterval(1);", 'no-restricted-imports'],
  ['src/http/x.ts', 'export const port = process.env.PORT;', 'no-restricted-properties'],
  ['src/http/x.ts', "import { env } from 'node:process'; export const port = env.PORT;", 'no-restricted-imports'],
  ['src/sandbox/compose.ts', 'export const { PORT } = process.env;', 'no-restricted-properties'],
  ['src/life/x.ts', 'export const chance = Math.random();', 'no-restricted-properties'],
  ['src/auth/x.ts', 'export const chance = Math.random();', 'no-restricted-properties'],
  ['src/bank/payments/x.ts', "import { randomUUID } from 'node:crypto'; randomUUID();", 'no-restricted-imports'],
  ['src/bank/payments/x.ts', 'export const id = crypto.randomUUID();', 'no-restricted-syntax'],
  ['src/kernel/x.ts', 'export default function stamp() { return 1; }', 'no-restricted-exports'],
  ['src/kernel/x.ts', 'export function f(a: 1, b: 1, c: 1, d: 1, e: 1) { return [a, b, c, d, e]; }', 'max-params'],
  ['src/kernel/x.ts', `export const lines = [\n${'  1,\n'.repeat(400)}];`, 'max-lines'],
  ['src/kernel/x.ts', `export function f() {\n${'  f();\n'.repeat(80)}}`, 'max-lines-per-function'],
  ['src/kernel/x.ts', "console.log('here');", 'no-console'],
  ['scripts/sandbank.cjs', 'const main = 1; module.exports = main;', 'null'],
  ['scripts/sandbank.cjs', "module.exports = import('x');", 'null'],
];

const ACCEPTED: readonly (readonly [file: string, code: string])[] = [
  ['src/kernel/time.ts', 'export const now = Date.now();'],
  ['src/kernel/x.ts', 'export const then = new Date(0);'],
  ['src/http/x.ts', 'setTimeout(() => 1, 5);'],
  ['src/auth/x.ts', "import { randomUUID } from 'node:crypto'; export const id = randomUUID();"],
  ['src/directory/x.ts', "import { randomBytes } from 'node:crypto'; export const id = randomBytes(8);"],
  ['src/sandbox/config.ts', 'export const port = process.env.PORT;'],
  ['src/standards/uk-obie/codes.ts', `export const lines = [\n${'  1,\n'.repeat(400)}];`],
  ['src/web/portal/x.tsx', `export function f() {\n${'  f();\n'.repeat(80)}}`],
];

describe('lint rules', () => {
  let eslint: ESLint;

  beforeAll(() => {
    eslint = new ESLint({
      overrideConfig: [
        { ...tseslint.configs.disableTypeChecked, files: ['**/*.{ts,tsx}'] },
        { files: ['**/*.{ts,tsx}'], languageOptions: { parserOptions: { projectService: false } } },
      ],
    });
  });

  async function rulesThatSpeak(file: string, code: string): Promise<string[]> {
    const [result] = await eslint.lintText(`${code}\n`, { filePath: file });
    return (result?.messages ?? []).map((message) => String(message.ruleId));
  }

  test.each(REFUSED.map(([file, code, rule]) => ({ file, code, rule, shown: code.split('\n')[0] })))(
    '$rule refuses in $file: $shown',
    async ({ file, code, rule }) => {
      expect(await rulesThatSpeak(file, code)).toContain(rule);
    },
  );

  test.each(ACCEPTED.map(([file, code]) => ({ file, code, shown: code.split('\n')[0] })))(
    'accepted in $file: $shown',
    async ({ file, code }) => {
      expect(await rulesThatSpeak(file, code)).toEqual([]);
    },
  );
});
