import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

type Changes = Readonly<Record<string, unknown>>;

export interface FixtureChanges {
  /**
   * By the bank's id. Keys are laid over those of its file: objects key by key, everything else whole; undefined takes
   * the key away. With `from`, the bank is a new one with the rest of that bank's file and its households.
   */
  readonly banks: Readonly<Record<string, Changes & { readonly from?: string }>>;
}

export interface Fixtures extends Disposable {
  /** For `startSandbox({ fixturesDir })`. */
  readonly dir: string;
  remove(): void;
}

const ORIGINAL = join(process.cwd(), 'fixtures');

/** The fixtures of the repository in a folder of their own, with some banks changed. Whoever makes it removes it. */
export function fixturesWith({ banks }: FixtureChanges): Fixtures {
  const dir = mkdtempSync(join(tmpdir(), 'sandbank-fixtures-'));
  cpSync(ORIGINAL, dir, { recursive: true });
  for (const [id, { from, ...changes }] of Object.entries(banks)) {
    const folder = join(dir, 'banks', id);
    if (from !== undefined && !existsSync(folder)) cpSync(join(ORIGINAL, 'banks', from), folder, { recursive: true });
    const file = join(folder, 'bank.yaml');
    writeFileSync(file, stringify(laidOver(parse(readFileSync(file, 'utf8')), { id, ...changes })));
  }
  const remove = (): void => {
    rmSync(dir, { recursive: true, force: true });
  };
  return { dir, remove, [Symbol.dispose]: remove };
}

function laidOver(original: unknown, changes: unknown): unknown {
  if (!isObject(original) || !isObject(changes)) return changes;
  const merged = Object.entries(changes).map(([key, value]) => [key, laidOver(original[key], value)] as const);
  return Object.fromEntries(Object.entries({ ...original, ...Object.fromEntries(merged) }).filter(isThere));
}

function isThere([, value]: readonly [string, unknown]): boolean {
  return value !== undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
