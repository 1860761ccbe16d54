import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

/**
 * Words that belong to one standard. The neutral bank is neutral as long as none of them is needed to read it; the terms
 * of the whole field (PSU, TPP, SCA, consent, mandate, IBAN) are fine.
 */
const WORDS_OF_ONE_STANDARD: readonly RegExp[] = [
  /\bOB(Read|Write|Error|IE|External|Domestic)\w*/,
  /\bUK\.OB\w*/,
  /\b(AISP|PISP|CBPII|ASPSP|PIISP)s?\b/,
  /\bx-(fapi|idempotency-key|jws-signature|request-id)\b/i,
  /\b(AwaitingAuthorisation|AcceptedSettlement\w+|ReadAccounts\w+|ReadTransactions\w+)\b/,
  /\b(?<!Europe\/)Berlin\b|\bNextGenPSD2\b|\bXS2A\b/i,
  /\b(tppMessages?|psuMessage|scaStatus|scaOAuth|chosenScaMethod)\b/,
  /\b(Consent-ID|PSU-ID|PSU-IP-Address|TPP-Redirect\w*|TPP-Nok\w*|X-Request-ID)\b/i,
  /\b(CDR|cdr_\w+|arrangementId|DataHolder|ADR)\b/,
  /\b(Open Finance Bras[iz]l|OpenFinanceBras[iz]l|enrollmentId)\b/i,
  /\b(FDX|AlTareq)\b/i,
];

/** State that would outlive, or be shared by, the ecosystems of one process. */
const MODULE_STATE: readonly RegExp[] = [
  /^(export )?(let|var)\s.*/gm,
  /^(export )?const \w+(: (?!Readonly)[^=]+?)? =\s+new (Map|Set)\b.*/gm,
  /^(export )?const \w+(: [^=]+?)? =\s+new (WeakMap|WeakSet|EventEmitter|AsyncLocalStorage)\b.*/gm,
  /^(export )?const \w+(: (?!readonly|Readonly)[^=]+?)? =\s+(\[\]|\{\});/gm,
];

const NAMES_THAT_SAY_NOTHING = /(^|-)(utils?|helpers?|common|managers?|impl|misc|shared)(-|\.|$)/;

const TOP_LEVEL =
  /^(package(-lock)?\.json|tsconfig.*\.json|src|openapi|fixtures|scripts|test|docker-compose\.yml|Dockerfile|(README|ARCHITECTURE|CONTRIBUTING|CHANGELOG|SECURITY)\.md|LICENSE|\.[A-Za-z].*|[a-z.-]+\.config\.[cm]?[jt]s|knip\.json)$/;

function sources(pattern = 'src/**/*.{ts,tsx}'): string[] {
  return globSync(pattern).sort();
}

/** Each match as `file:line: text`, so that a failure reads like a list of work. */
function findings(files: readonly string[], patterns: readonly RegExp[]): string[] {
  return files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return patterns.flatMap((pattern) =>
      [...text.matchAll(new RegExp(pattern, pattern.flags.replace('g', '') + 'g'))].map((match) => {
        const line = text.slice(0, match.index).split('\n').length;
        return `${file}:${String(line)}: ${match[0].split('\n')[0] ?? ''}`;
      }),
    );
  });
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${folder}/${entry.name}`);
}

describe('conventions of src', () => {
  test('there is something to look at', () => {
    expect(sources().length).toBeGreaterThan(10);
  });

  test('the neutral bank uses no word of one standard', () => {
    expect(findings(globSync('src/bank/**/*.{ts,tsx,md}').sort(), WORDS_OF_ONE_STANDARD)).toEqual([]);
  });

  test('nothing is kept in module state', () => {
    expect(findings(sources(), MODULE_STATE)).toEqual([]);
  });

  test('files are in kebab-case', () => {
    const odd = sources().filter((file) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.d)?\.tsx?$/.test(basename(file)));
    expect(odd).toEqual([]);
  });

  test('no file or folder has a name that says nothing', () => {
    expect(sources().filter((file) => file.split('/').some((part) => NAMES_THAT_SAY_NOTHING.test(part)))).toEqual([]);
  });

  test('index.ts is the only barrel', () => {
    const inner = sources().filter((file) => basename(file) !== 'index.ts');
    expect(findings(inner, [/^export (type )?(\*|\{[^}]*\}) from .*/gm])).toEqual([]);
  });
});

describe('modules', () => {
  const modules = ['src', 'src/bank'].flatMap(foldersIn);

  test('each have a README of at most 15 lines', () => {
    const wrong = modules.filter((folder) => {
      const readme = join(folder, 'README.md');
      return !existsSync(readme) || readFileSync(readme, 'utf8').trimEnd().split('\n').length > 15;
    });
    expect(wrong).toEqual([]);
  });

  test('are all named in the layout of ARCHITECTURE.md', () => {
    const layout = /^## Layout\n([^]*?)^## /m.exec(readFileSync('ARCHITECTURE.md', 'utf8'))?.[1] ?? '';
    expect(modules.filter((folder) => !new RegExp(`\\b${basename(folder)}\\b`).test(layout))).toEqual([]);
  });
});

describe('the repository', () => {
  test('has no top-level entry that the architecture does not name', () => {
    // Untracked files count as well: they are what the next commit adds.
    const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
      encoding: 'utf8',
    });
    const entries = new Set(
      listed
        .trim()
        .split('\n')
        .map((file) => file.split('/')[0] ?? ''),
    );
    expect([...entries].filter((entry) => !TOP_LEVEL.test(entry))).toEqual([]);
  });

  test('allows install scripts to no package but node, which needs its own', () => {
    const { allowScripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { allowScripts: object };
    expect(Object.entries(allowScripts).filter(([, allowed]) => allowed === true)).toEqual([['node', true]]);
  });
});

describe('these checks', () => {
  const bites = (patterns: readonly RegExp[], code: string): boolean =>
    patterns.some((pattern) => new RegExp(pattern.source, pattern.flags.replace('g', '')).test(code));

  test.each([
    'let counter = 0;',
    'export let current: Bank | undefined;',
    'const cache = new Map<string, Bank>();',
    'export const seen: Set<string> = new Set();',
    'const owners = new WeakMap<object, string>();',
    'const queue: Job[] = [];',
    'const byId: Record<string, Job> = {};',
  ])('see module state in: %s', (code) => {
    expect(bites(MODULE_STATE, code)).toBe(true);
  });

  test.each([
    'const CODES: ReadonlyMap<string, string> = new Map([["a", "b"]]);',
    'const NAMES: ReadonlySet<string> = new Set(["a"]);',
    'const NONE: readonly string[] = [];',
    'function f() {\n  let inner = 0;\n}',
    'const TABLE = { a: 1 } as const;',
  ])('see none in: %s', (code) => {
    expect(bites(MODULE_STATE, code)).toBe(false);
  });

  test.each([
    'OBReadConsent1',
    'the AISP',
    'tppMessages',
    'Consent-ID',
    'Berlin Group',
    'x-fapi-interaction-id',
    'CDR',
  ])('see a word of one standard in: %s', (text) => {
    expect(bites(WORDS_OF_ONE_STANDARD, text)).toBe(true);
  });

  test.each(['PSU', 'TPP', 'SCA', 'consent', 'observe', 'ordering', 'IBAN'])('see none in: %s', (text) => {
    expect(bites(WORDS_OF_ONE_STANDARD, text)).toBe(false);
  });
});
