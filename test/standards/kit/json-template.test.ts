import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { formatInstant, formatMoney, instant, money } from '../../../src/kernel/index.js';
import { amountWriter, instantWriter } from '../../../src/standards/kit/json-template.js';

describe('the parts of templates', () => {
  test('write every amount as the slow way does', () => {
    const currencies = ['GBP', 'JPY', 'KWD'] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...currencies),
        fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
        (currency, minor) => {
          const absolute = minor < 0n ? -minor : minor;
          expect(amountWriter(currency)(minor)).toBe(formatMoney(money(absolute, currency)));
        },
      ),
    );
  });

  test('write every instant as the slow way does, in whatever order they come', () => {
    const from = Date.UTC(1969, 0, 1);
    const to = Date.UTC(2100, 0, 1);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: from, max: to }), { minLength: 1 }), (times) => {
        const write = instantWriter();
        expect(times.map((at) => write(instant(at)))).toEqual(times.map((at) => formatInstant(instant(at))));
      }),
    );
  });
});
