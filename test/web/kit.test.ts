import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { money, parseInstant } from '../../src/kernel/index.js';
import {
  contentSecurityPolicy,
  displayDate,
  displayDateTime,
  displayIdentification,
  displayMoney,
  displayName,
  initials,
} from '../../src/web/kit/index.js';

describe('displayMoney', () => {
  test.each([
    [0n, 'GBP', '£0.00'],
    [5n, 'GBP', '£0.05'],
    [-2_000n, 'GBP', '-£20.00'],
    [123_450n, 'GBP', '£1,234.50'],
    [100_000_000_000n, 'EUR', '€1,000,000,000.00'],
    [1_200n, 'JPY', 'JPY 1,200'],
    [99_900n, 'CHF', 'CHF 999.00'],
  ])('%s minor units of %s are %s', (amountMinor, currency, shown) => {
    expect(displayMoney(money(amountMinor, currency))).toBe(shown);
  });

  test('loses no digit of any amount', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), (amountMinor) => {
        expect(BigInt(displayMoney(money(amountMinor, 'GBP')).replace(/[£,.]/g, ''))).toBe(amountMinor);
      }),
    );
  });
});

describe('displayName', () => {
  test.each([
    ['an override of the writing direction', 'Safe \u202Eevil\u202C Pay', 'Safe evil Pay'],
    ['an isolate', 'a\u2066b\u2069c', 'abc'],
    ['zero-width characters', 'Pay\u200B\u200Dpal\uFEFF', 'Paypal'],
    ['control characters', 'Bank\u0000\u0007\u009b31m', 'Bank31m'],
    ['line breaks and runs of spaces', '  Two \n\t lines\u00a0 here ', 'Two lines here'],
  ])('takes %s out', (_what, name, shown) => {
    expect(displayName(name)).toBe(shown);
  });

  test('keeps what names are made of', () => {
    for (const name of [
      'Société Générale',
      'Žižkov & Söhne',
      '株式会社',
      'بنك الصدق',
      "O'Neill <Ltd>",
      'Zahlen 24/7',
    ]) {
      expect(displayName(name)).toBe(name);
    }
  });

  test('leaves nothing that cannot be seen in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(displayName(name)).not.toMatch(/[\p{Cc}\p{Cf}]|^\s|\s$|\s\s/u);
      }),
    );
  });
});

test('initials come from the first two words that begin with a letter or digit', () => {
  expect(initials('Lantern Budgets Ltd')).toBe('LB');
  expect(initials('<img> & (co)')).toBe('');
  expect(initials('\u202Eevil')).toBe('E');
  expect(initials('𝒜lpha 7even')).toBe('𝒜7');
});

test('account numbers are grouped as they are in the country, and unknown ones shown without tricks', () => {
  expect(displayIdentification('04050612345678')).toBe('04-05-06 12345678');
  expect(displayIdentification('GB29NWBK60161331926819')).toBe('GB29 NWBK 6016 1331 9268 19');
  expect(displayIdentification('04-05-06 12345678')).toBe('04-05-06 12345678');
  expect(displayIdentification('77\u202E88')).toBe('7788');
});

test('dates are written out, and times say UTC', () => {
  const at = parseInstant('2026-11-05T09:05:59Z')!;
  expect(displayDate(at)).toBe('5 November 2026');
  expect(displayDateTime(at)).toBe('5 November 2026, 09:05 UTC');
});

describe('the content security policy', () => {
  test('admits nothing but own styles, own images and forms to this server', () => {
    expect(contentSecurityPolicy()).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
  });

  test('lets forms end at the named origins', () => {
    expect(contentSecurityPolicy(['https://tpp.example'])).toContain("form-action 'self' https://tpp.example;");
  });
});
