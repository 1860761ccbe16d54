import { readFileSync } from 'node:fs';

import { parse } from 'yaml';

import { parseMoney, SandbankError } from '../kernel/index.js';

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
  /** A quoted decimal, in minor units. */
  amount(key: string): bigint;
  object(key: string): Fields;
  /** The keys of an object whose keys are data. */
  keys(): readonly string[];
  objects(key: string): readonly Fields[];
  list(key: string): readonly unknown[];
  raw(key: string): unknown;
  fail(key: string, expected: string): never;
  end(): void;
}

export function readFixture(file: string, shownAs: string): Fields {
  let value: unknown;
  try {
    value = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new SandbankError(
      'configuration.invalid',
      `${shownAs} cannot be read as YAML.`,
      { path: shownAs },
      { cause: error },
    );
  }
  return fieldsOf({ file: shownAs, path: '' }, value);
}

interface Place {
  readonly file: string;
  readonly path: string;
}

function refuse({ file, path }: Place, expected: string, actual: unknown): never {
  throw new SandbankError('configuration.invalid', `${file}: ${path || 'the file'} must be ${expected}.`, {
    path: path ? `${file}: ${path}` : file,
    expected,
    actual: actual === undefined ? 'nothing' : JSON.stringify(actual),
  });
}

function fieldsOf(place: Place, value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(place, 'an object', value);
  const source = value as Readonly<Record<string, unknown>>;
  const read = new Set<string>();
  const at = (key: string): Place => ({ file: place.file, path: place.path ? `${place.path}.${key}` : key });
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
      if (typeof found !== 'string' || !/^-?\d{1,9}\.\d{2}$/.test(found))
        return fail(key, "an amount in quotes such as '12.50'");
      const { amountMinor } = parseMoney(found.replace('-', ''), 'GBP');
      return found.startsWith('-') ? -amountMinor : amountMinor;
    },
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
