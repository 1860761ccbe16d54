import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cruise, type ICruiseResult, type IConfiguration } from 'dependency-cruiser';
import extractTypeScriptConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const root = process.cwd();
const config = createRequire(import.meta.url)('../../dependency-cruiser.config.cjs') as IConfiguration;
const ruleNames = (config.forbidden ?? []).map((rule) => rule.name ?? '');

/** What breaks which rule, as "importer imports imported". A rule without a line here has never been seen to bite. */
const FORBIDDEN_IMPORTS: readonly (readonly [rule: string, from: string, to: string, statement?: 'value'])[] = [
  ['kernel', 'src/kernel/money.ts', 'src/bank/index.ts'],
  ['kernel-third-party', 'src/kernel/time.ts', 'express', 'value'],
  ['kernel-third-party', 'src/kernel/ids.ts', 'node:fs', 'value'],
  ['storage', 'src/storage/sqlite.ts', 'src/bank/index.ts'],
  ['bank', 'src/bank/index.ts', 'src/standards/uk-obie/index.ts'],
  ['bank', 'src/bank/ledger/index.ts', 'src/http/index.ts'],
  ['bank', 'src/bank/accounts/index.ts', 'src/storage/sqlite.ts'],
  ['bank-module-by-its-index', 'src/bank/payments/order.ts', 'src/bank/consents/consent.ts'],
  ['bank-face-by-indexes', 'src/bank/compose.ts', 'src/bank/consents/consent.ts'],
  ['bank-module-not-to-its-face', 'src/bank/payments/index.ts', 'src/bank/index.ts'],
  ['ledger-alone', 'src/bank/ledger/posting.ts', 'src/bank/accounts/index.ts'],
  ['life', 'src/life/index.ts', 'src/bank/ledger/index.ts'],
  ['life', 'src/life/persona.ts', 'src/standards/uk-obie/index.ts'],
  ['directory', 'src/directory/index.ts', 'src/bank/index.ts'],
  ['beside-the-bank', 'src/observe/index.ts', 'src/bank/index.ts'],
  ['beside-the-bank', 'src/faults/index.ts', 'src/web/index.ts'],
  ['beside-the-bank-separate', 'src/developers/index.ts', 'src/observe/index.ts'],
  ['auth', 'src/auth/provider.ts', 'src/standards/uk-obie/index.ts'],
  ['auth', 'src/auth/journey/index.ts', 'src/web/kit/layout.tsx'],
  ['standards-kit', 'src/standards/kit/links.ts', 'src/standards/uk-obie/index.ts'],
  ['standards', 'src/standards/berlin-group/index.ts', 'src/standards/uk-obie/codes.ts'],
  ['standards', 'src/standards/uk-obie/operations/accounts.ts', 'src/http/index.ts'],
  ['standards', 'src/standards/uk-obie/mapping/accounts.ts', 'src/bank/accounts/index.ts'],
  ['standards-registry', 'src/standards/registry.ts', 'src/standards/uk-obie/codes.ts'],
  ['standards-auth-types', 'src/standards/uk-obie/profile.ts', 'src/auth/profiles/index.ts', 'value'],
  ['http', 'src/http/router.ts', 'src/standards/uk-obie/index.ts'],
  ['http', 'src/http/listener.ts', 'src/bank/ledger/index.ts'],
  ['http-bank-types', 'src/http/index.ts', 'src/bank/index.ts', 'value'],
  ['web', 'src/web/consent/page.tsx', 'src/standards/uk-obie/index.ts'],
  ['web', 'src/web/kit/layout.tsx', 'src/auth/provider.ts'],
  ['sandbox', 'src/sandbox/index.ts', 'src/cli/main.ts'],
  ['cli', 'src/cli/main.ts', 'src/bank/index.ts'],
  ['library', 'src/index.ts', 'src/http/index.ts'],
  ['express-where-http-is', 'src/bank/parties/index.ts', 'express'],
  ['openapi-at-the-border', 'src/sandbox/compose.ts', 'openapi-backend'],
  ['oidc-provider-in-auth', 'src/sandbox/control.ts', 'oidc-provider'],
  ['jose-where-trust-is', 'src/standards/uk-obie/operations/payments.ts', 'jose'],
  ['x509-where-trust-is', 'src/sandbox/lifecycle.ts', '@peculiar/x509'],
  ['kysely-where-tables-are', 'src/web/admin/page.tsx', 'kysely'],
  ['drivers-in-storage', 'src/bank/schedules/index.ts', 'node:sqlite', 'value'],
  ['drivers-in-storage', 'src/bank/events/index.ts', 'pg'],
  ['commander-in-cli', 'src/sandbox/config.ts', 'commander'],
  ['preact-in-web', 'src/auth/journey/steps.ts', 'preact'],
  ['faker-in-life', 'src/bank/messages/index.ts', '@faker-js/faker'],
  ['no-development-dependency', 'src/sandbox/watch.ts', 'jest', 'value'],
  ['no-circular', 'src/kernel/events.ts', 'src/kernel/pages.ts'],
  ['not-resolvable', 'src/life/merchants.ts', 'src/life/not-written.ts'],
  ['no-tests-in-src', 'src/life/salaries.ts', 'test/life/salaries.test.ts'],
];

/** What must stay possible: each line would be refused by a rule that is one word too strict. */
const ALLOWED_IMPORTS: readonly (readonly [from: string, to: string, statement?: 'value'])[] = [
  ['src/kernel/random.ts', 'node:crypto', 'value'],
  ['src/bank/statements/index.ts', 'src/storage/index.ts', 'value'],
  ['src/bank/statements/run.ts', 'src/bank/transactions/index.ts', 'value'],
  ['src/standards/cdr-au/index.ts', 'src/standards/kit/index.ts', 'value'],
  ['src/standards/cdr-au/profile.ts', 'src/auth/profiles/index.ts'],
  ['src/standards/cdr-au/errors.ts', 'src/bank/index.ts', 'value'],
  ['src/http/tls.ts', 'src/bank/index.ts'],
  ['src/web/portal/page.tsx', 'preact', 'value'],
  ['src/storage/postgres.ts', 'pg', 'value'],
  ['src/cli/commands/start.ts', 'src/sandbox/index.ts', 'value'],
];

const ORPHAN = 'src/kernel/left-over.ts';
const NOT_WRITTEN = 'src/life/not-written.ts';
/** Closes the cycle above; a cycle is told once, at the file where it was found. */
const WAY_BACK = ['src/kernel/pages.ts', 'src/kernel/events.ts'] as const;

async function cruiseFrom(baseDir: string): Promise<ICruiseResult> {
  const { output } = await cruise(
    ['src'],
    { ...config.options, baseDir, validate: true, ruleSet: { forbidden: config.forbidden ?? [] } },
    {},
    { tsConfig: extractTypeScriptConfig(join(root, 'tsconfig.json')) },
  );
  return output as ICruiseResult;
}

function violationsOf(result: ICruiseResult): string[] {
  return result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} imports ${to}`);
}

/** A tree that consists of the imports above, with stand-ins for the packages. */
function writeForbiddenTree(base: string): void {
  const contents = new Map<string, string[]>([[ORPHAN, []]]);
  const imports = [...FORBIDDEN_IMPORTS.map(([, ...rest]) => rest), ...ALLOWED_IMPORTS, WAY_BACK];
  const packages = new Set(imports.map(([, to]) => to).filter((to) => !/^(src|test)\/|^node:/.test(to)));
  for (const [from, to, statement] of imports) {
    const local = to.startsWith('src/') || to.startsWith('test/');
    const up = '../'.repeat(from.split('/').length - 1);
    const specifier = local ? `${up}${to.replace(/\.tsx?$/, '.js')}` : to;
    const binding = `${statement === 'value' ? '' : 'type '}{ thing as thing${String(contents.get(from)?.length ?? 0)} }`;
    contents.set(from, [...(contents.get(from) ?? []), `export ${binding} from '${specifier}';`]);
    if (local && to !== NOT_WRITTEN && !contents.has(to)) contents.set(to, []);
  }
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(base, name)), { recursive: true });
    writeFileSync(join(base, name), text);
  };
  for (const [name, lines] of contents) write(name, `${['export const thing = 1;', ...lines].join('\n')}\n`);
  for (const name of packages) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, 'exports.thing = 1;\n');
  }
  const versions = (names: string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, '1.0.0']));
  write(
    'package.json',
    JSON.stringify({
      type: 'module',
      dependencies: versions([...packages].filter((name) => name !== 'jest')),
      devDependencies: versions(['jest']),
    }),
  );
}

describe('boundaries of src', () => {
  test('hold everywhere: who imports whom is as ARCHITECTURE.md says', async () => {
    const result = await cruiseFrom(root);
    expect(violationsOf(result)).toEqual([]);
    expect(result.summary.totalCruised).toBeGreaterThan(10);
  });

  test('each say why they are there', () => {
    const silent = (config.forbidden ?? []).filter((rule) => (rule.comment ?? '').length < 40);
    expect(silent.map((rule) => rule.name)).toEqual([]);
  });
});

describe('boundaries of a tree that breaks them all', () => {
  let base = '';
  let violations: string[] = [];

  beforeAll(async () => {
    base = mkdtempSync(join(tmpdir(), 'sandbank-boundaries-'));
    writeForbiddenTree(base);
    violations = violationsOf(await cruiseFrom(base));
  });

  afterAll(() => {
    rmSync(base, { recursive: true, force: true });
  });

  test.each(FORBIDDEN_IMPORTS.map(([rule, from, to]) => ({ rule, from, to })))(
    '$rule refuses $from importing $to',
    ({ rule, from, to }) => {
      const target = to.replace(/^node:/, '').replace(/\.tsx?$/, '');
      const told = violations.filter((line) => line.includes(`: ${from} imports `) && line.includes(target));
      expect(told).toContainEqual(expect.stringMatching(`^${rule}: `));
    },
  );

  test.each(ALLOWED_IMPORTS.map(([from, to]) => ({ from, to })))('$from may import $to', ({ from }) => {
    expect(violations.filter((line) => line.includes(`: ${from} imports `))).toEqual([]);
  });

  test('no-orphans refuses a file without imports and importers', () => {
    expect(violations.filter((line) => line.startsWith('no-orphans'))).toEqual([
      `no-orphans: ${ORPHAN} imports ${ORPHAN}`,
    ]);
  });

  test('every rule has an example that breaks it', () => {
    const shown = new Set(['no-orphans', ...FORBIDDEN_IMPORTS.map(([rule]) => rule)]);
    expect([...shown].sort()).toEqual([...ruleNames].sort());
  });
});
