import { readFileSync } from 'node:fs';

import { parse as parseYaml } from 'yaml';

import { assert, currencyExponent, parseMoney, SandbankError, type Currency } from '../kernel/index.js';

/**
 * One object of a fixture file, read key by key. Every reader names file and key in its error, and `end` refuses keys
 * that nobody asked for, so that a misspelt one is not silently without effect.
 */
export interface Fields {
  has(key: string): boolean;
  text(key: string): string;
  optionalText(key: string): string | undefined;
  oneOf<T extends string>(key: string, allowed: readonly T[]): T;
  whole(key: string, min: number, max: number): number;
  decimal(key: string, min: number, max: number): number;
  /** A quoted decimal in the file's currency, in minor units. */
  amount(key: string): bigint;
  /** A quoted percentage with two decimals, in basis points. */
  basisPoints(key: string): number;
  /** Minor units in one whole of the file's currency. */
  minorPerUnit(): bigint;
  /** A list with at least one text of a pattern. */
  texts(key: string, pattern: RegExp): readonly string[];
  /** The same object of a file that itself says in which currency its amounts are. */
  inCurrency(currency: Currency): Fields;
  object(key: string): Fields;
  /** The keys of an object whose keys are data. */
  keys(): readonly string[];
  objects(key: string): readonly Fields[];
  list(key: string): readonly unknown[];
  raw(key: string): unknown;
  fail(key: string, expected: string): never;
  end(): void;
}

export interface FixtureFile {
  readonly path: string;
  /** Below the folder of fixtures, for errors. */
  readonly shownAs: string;
  /** In which its amounts are. */
  readonly currency?: Currency;
  /** Default: the library's. */
  readonly parse?: (text: string) => unknown;
}

export function readFixture({ path, shownAs, currency, parse = parseYaml }: FixtureFile): Fields {
  let value: unknown;
  try {
    value = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new SandbankError(
      'configuration.invalid',
      `${shownAs} cannot be read as YAML.`,
      { path: shownAs },
      { cause: error },
    );
  }
  return fieldsOf({ file: shownAs, path: '', ...(currency !== undefined && { currency }) }, value);
}

export function minorPerUnit(currency: Currency): bigint {
  return 10n ** BigInt(decimalsOf(currency));
}

function decimalsOf(currency: Currency): number {
  const decimals = currencyExponent(currency);
  assert(decimals !== undefined, `known currency ${currency}`);
  return decimals;
}

interface Place {
  readonly file: string;
  readonly path: string;
  readonly currency?: Currency;
}

function currencyOf({ file, currency }: Place): Currency {
  assert(currency !== undefined, `${file} has amounts of a currency`);
  return currency;
}

function amountPattern(decimals: number): RegExp {
  return decimals === 0 ? /^-?\d{1,9}$/ : new RegExp(`^-?\\d{1,9}\\.\\d{${String(decimals)}}$`);
}

function refuse({ file, path }: Place, expected: string, actual: unknown): never {
  throw new SandbankError('configuration.invalid', `${file}: ${path || 'the file'} must be ${expected}.`, {
    path: path ? `${file}: ${path}` : file,
    expected,
    actual: actual === undefined ? 'nothing' : JSON.stringify(actual),
  });
}

function fieldsOf(place: Place, value: unknown, read: Set<string> = new Set()): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(place, 'an object', value);
  const source = value as Readonly<Record<string, unknown>>;
  const at = (key: string): Place => ({ ...place, path: place.path ? `${place.path}.${key}` : key });
  const raw = (key: string): unknown => {
    read.add(key);
    return Object.hasOwn(source, key) ? source[key] : undefined;
  };
  const fail = (key: string, expected: string): never => refuse(at(key), expected, raw(key));
  const text = (key: string): string => {
    const found = raw(key);
    return typeof found === 'string' && found.trim() !== '' ? found : fail(key, 'a text');
  };
  const within = (key: string, range: readonly [number, number], isWhole: boolean): number => {
    const found = raw(key);
    const [min, max] = range;
    const fits = typeof found === 'number' && found >= min && found <= max && (!isWhole || Number.isInteger(found));
    return fits ? found : fail(key, `a ${isWhole ? 'whole ' : ''}number from ${min} to ${max}`);
  };
  const list = (key: string): readonly unknown[] => {
    const found = raw(key);
    return Array.isArray(found) ? found : fail(key, 'a list');
  };
  return {
    has: (key) => Object.hasOwn(source, key),
    text,
    optionalText: (key) => (Object.hasOwn(source, key) ? text(key) : undefined),
    oneOf(key, allowed) {
      const found = raw(key);
      return allowed.find((one) => one === found) ?? fail(key, `one of ${allowed.join(', ')}`);
    },
    whole: (key, min, max) => within(key, [min, max], true),
    decimal: (key, min, max) => within(key, [min, max], false),
    amount(key) {
      const found = raw(key);
      const currency = currencyOf(place);
      if (typeof found !== 'string' || !amountPattern(decimalsOf(currency)).test(found))
        return fail(key, `an amount in quotes such as '${(12.5).toFixed(decimalsOf(currency))}'`);
      const { amountMinor } = parseMoney(found.replace('-', ''), currency);
      return found.startsWith('-') ? -amountMinor : amountMinor;
    },
    basisPoints(key) {
      const found = raw(key);
      return typeof found === 'string' && amountPattern(2).test(found)
        ? Number(found.replace('.', ''))
        : fail(key, "a percentage in quotes such as '12.50'");
    },
    minorPerUnit: () => minorPerUnit(currencyOf(place)),
    texts(key, pattern) {
      const found = list(key).filter((item) => typeof item === 'string' && pattern.test(item)) as string[];
      return found.length > 0 && found.length === list(key).length
        ? found
        : fail(key, `a list with at least one text, each like ${String(pattern)}`);
    },
    inCurrency: (currency) => fieldsOf({ ...place, currency }, value, read),
    object: (key) => fieldsOf(at(key), raw(key)),
    keys() {
      for (const key of Object.keys(source)) read.add(key);
      return Object.keys(source);
    },
    objects: (key) => list(key).map((item, index) => fieldsOf(at(`${key}[${index}]`), item)),
    list,
    raw,
    fail,
    end() {
      const unknown = Object.keys(source).find((key) => !read.has(key));
      if (unknown !== undefined)
        refuse(at(unknown), `left out: no such key (known here: ${[...read].sort().join(', ')})`, source[unknown]);
    },
  };
}
