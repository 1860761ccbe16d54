import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalDecimal, parseDecimal, sumDecimals } from '../../../src/standards/kit/iso20022/decimals.js';

describe('decimal numbers', () => {
  test.each([
    ['0012.30', '12.3'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['-0.00', '0'],
    ['+1', '1'],
    ['-1.10', '-1.1'],
  ])('%s is %s', (text, canonical) => {
    expect(canonicalDecimal(text)).toBe(canonical);
  });

  test.each(['', '.', '-', '1e3', '1,5', ' 1', '0x1', '1.2.3', 'NaN'])('"%s" is none', (text) => {
    expect(parseDecimal(text)).toBeUndefined();
  });

  test('are added up exactly, where floating point is not', () => {
    expect(sumDecimals(['0.1', '0.2'])).toBe('0.3');
    expect(sumDecimals(['0.00000000000000001', '99999999999999999'])).toBe('99999999999999999.00000000000000001');
    expect(sumDecimals(['1', '-1.50'])).toBe('-0.5');
    expect(sumDecimals([])).toBe('0');
  });

  test('any cents add up as integers do', () => {
    const cents = fc.array(fc.integer({ min: 0, max: 99_999_999 }), { maxLength: 20 });
    fc.assert(
      fc.property(cents, (all) => {
        const text = (n: number): string => `${Math.trunc(n / 100)}.${String(n % 100).padStart(2, '0')}`;
        expect(sumDecimals(all.map(text))).toBe(canonicalDecimal(text(all.reduce((sum, n) => sum + n, 0))));
      }),
    );
  });

  test('a million digits cost one pass', () => {
    expect(parseDecimal(`1.${'0'.repeat(500_000)}1${'0'.repeat(500_000)}`)?.fraction).toHaveLength(500_001);
    expect(parseDecimal(`${'1'.repeat(1_000_000)}x`)).toBeUndefined();
  });
});
