import { describe, expect, test } from '@jest/globals';

import { formatMoney, parseMoney } from '../../src/kernel/index.js';

describe('amounts as decimal text', () => {
  test.each([
    ['165.88', 'GBP', 16_588n],
    ['1.500', 'GBP', 150n],
    ['0', 'GBP', 0n],
    ['7', 'JPY', 7n],
    ['1.234', 'KWD', 1_234n],
    ['9999999999999999.99', 'GBP', 999_999_999_999_999_999n],
  ])('%s %s are %s minor units', (text, currency, minor) => {
    expect(parseMoney(text, currency)).toEqual({ amountMinor: minor, currency });
  });

  test.each(['-1', '+1', '1e3', '1.', '.5', '', ' 1', '1.005', '1,50', '٣'])('"%s" GBP is refused', (text) => {
    expect(() => parseMoney(text, 'GBP')).toThrow(expect.objectContaining({ code: 'payment.amount-invalid' }));
  });

  test('an amount that no account could hold is refused, so that it never reaches the database', () => {
    for (const text of ['10000000000000000', '999999999999999999', '999999999999999999.99']) {
      expect(() => parseMoney(text, 'GBP')).toThrow(expect.objectContaining({ code: 'payment.amount-invalid' }));
    }
  });

  test('what was read is written as it was', () => {
    for (const text of ['0.01', '0.00', '165.88', '9999999999999999.99']) {
      expect(formatMoney(parseMoney(text, 'GBP'))).toBe(text);
    }
    expect(formatMoney({ amountMinor: -5n, currency: 'GBP' })).toBe('-0.05');
  });
});
