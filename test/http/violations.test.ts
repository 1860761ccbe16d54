import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

import { FORMATS } from '../../src/http/formats.js';
import { withoutNoise } from '../../src/http/violations.js';

const fault = (schemaPath: string, instancePath = '/requestBody', params: object = {}) => ({
  schemaPath,
  instancePath,
  params,
  keyword: schemaPath.split('/').at(-1)!,
});

describe('faults of a value that fits none of several shapes', () => {
  test('are those of the shape that comes nearest', () => {
    const near = fault('#/anyOf/1/properties/b/pattern', '/requestBody/b');
    const errors = [fault('#/anyOf/0/required'), fault('#/anyOf/0/type'), near, fault('#/anyOf')];
    expect(withoutNoise(errors)).toEqual([near]);
  });

  test('are those of the first shape where several come as near', () => {
    const first = fault('#/anyOf/0/required');
    expect(withoutNoise([first, fault('#/anyOf/1/required'), fault('#/anyOf/10/required'), fault('#/anyOf')])).toEqual([
      first,
    ]);
  });

  test('are looked for from the innermost choice on', () => {
    const inner = fault('#/anyOf/0/properties/a/oneOf/1/type', '/requestBody/a');
    const errors = [
      fault('#/anyOf/0/properties/a/oneOf/0/type', '/requestBody/a'),
      fault('#/anyOf/0/properties/a/oneOf/0/required', '/requestBody/a'),
      inner,
      fault('#/anyOf/0/properties/a/oneOf', '/requestBody/a', { passingSchemas: null }),
      fault('#/anyOf/1/required'),
      fault('#/anyOf/1/type'),
      fault('#/anyOf'),
    ];
    expect(withoutNoise(errors)).toEqual([inner]);
  });

  test('are told for each element of a list by itself', () => {
    const [one, other] = ['/requestBody/0', '/requestBody/10'].map((at) => fault('#/items/anyOf/0/required', at));
    const noise = ['/requestBody/0', '/requestBody/10'].flatMap((at) => [
      fault('#/items/anyOf/1/required', at),
      fault('#/items/anyOf/1/type', at),
      fault('#/items/anyOf', at),
    ]);
    expect(withoutNoise([one!, other!, ...noise])).toEqual([one, other]);
  });

  test('stay as they are where too many shapes fit, and where there was no choice', () => {
    const errors = [fault('#/oneOf', '/requestBody', { passingSchemas: [0, 1] }), fault('#/required')];
    expect(withoutNoise(errors)).toEqual(errors);
  });
});

describe('formats', () => {
  test('of all documents are checked; numbers need none', () => {
    const used = globSync('openapi/**/*.yaml').flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\bformat: ([\w-]+)/g)].map(([, format]) => format!),
    );
    const numeric = ['int32', 'int64', 'float', 'double'];
    expect([...new Set(used)].filter((format) => !numeric.includes(format) && !Object.hasOwn(FORMATS, format))).toEqual(
      [],
    );
  });

  test.each([
    ['ipv4', '192.0.2.7', '192.0.2.256'],
    ['byte', 'YWJjZA==', 'YWJjZA='],
    ['url', 'https://tpp.example/back', 'back'],
    ['date', '2026-11-25', '2026-11-25T09:00:00Z'],
    ['email', 'ann@example.com', 'ann'],
  ])('%s takes %s and not %s', (format, good, bad) => {
    expect([FORMATS[format]!(good), FORMATS[format]!(bad)]).toEqual([true, false]);
  });
});
