import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { JsonTextError, parseStrictJson } from '../../src/http/json-text.js';

const parse = (text: string): unknown => parseStrictJson(Buffer.from(text, 'utf8'));

describe('strict JSON', () => {
  test('reads whatever JSON.stringify writes, at any indentation, as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 12 }), fc.nat(4), (value, indentation) => {
        const text = JSON.stringify(value, null, indentation);
        fc.pre(!text.includes('"__proto__"') && text.isWellFormed() && !/\\ud[89a-f]/i.test(text));
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('refuses any text that JSON.parse refuses, and never fails in another way', () => {
    const alphabet = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '\\',
      'u',
      'a',
      '1',
      '-',
      'e',
      '.',
      ' ',
      '\n',
      'null',
    );
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 30 }), (parts) => {
        const text = parts.join('');
        let expected: unknown;
        try {
          expected = JSON.parse(text);
        } catch {
          expect(() => parse(text)).toThrow(JsonTextError);
          return;
        }
        try {
          expect(parse(text)).toEqual(expected);
        } catch (error) {
          // Stricter than JSON.parse is right (duplicate names, numbers beyond a double).
          expect(error).toBeInstanceOf(JsonTextError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('takes 64 levels and not 65', () => {
    expect(() => parse('['.repeat(64) + ']'.repeat(64))).not.toThrow();
    expect(() => parse('['.repeat(65) + ']'.repeat(65))).toThrow('64 levels');
  });

  test('equal names in different objects are not duplicates', () => {
    expect(parse('{"a":{"a":1},"b":[{"a":1},{"a":2}]}')).toEqual({ a: { a: 1 }, b: [{ a: 1 }, { a: 2 }] });
  });

  // A reader that is not linear would not come to an end within the time of a test.
  test('a megabyte of opening brackets or of one string is judged', () => {
    expect(() => parse('['.repeat(1_000_000))).toThrow(JsonTextError);
    expect(() => parse(`"${'\\'.repeat(999_998)}`)).toThrow(JsonTextError);
    expect(() => parse(`{${'"a"        '.repeat(90_000)}`)).toThrow(JsonTextError);
  });
});
