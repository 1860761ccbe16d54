import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, fingerprintOf } from '../../../src/standards/kit/canonical-json.js';

describe('canonical JSON', () => {
  test('orders keys at every depth and keeps the order of lists', () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }, 2], a: 'x' })).toBe('{"a":"x","b":[{"c":null,"d":1},2]}');
  });

  test('gives back an equal value, and the same fingerprint after a round trip through other text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const parsed: unknown = JSON.parse(canonicalJson(value));
        expect(canonicalJson(parsed)).toBe(canonicalJson(value));
        expect(fingerprintOf(JSON.parse(JSON.stringify(value, null, 2)))).toBe(fingerprintOf(parsed));
      }),
    );
  });

  test('a changed value changes the fingerprint', () => {
    expect(fingerprintOf({ Amount: '1.00' })).not.toBe(fingerprintOf({ Amount: '1.01' }));
  });
});
