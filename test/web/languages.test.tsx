import { describe, expect, test } from '@jest/globals';

import type { ConsentView } from '../../src/auth/journey/index.js';
import { money, parseInstant, type LocalDate } from '../../src/kernel/index.js';
import { StepPage } from '../../src/web/consent/steps.js';
import { chooseTexts, renderPage } from '../../src/web/kit/index.js';
import { CONTEXT, stepsFor } from './sample-steps.js';

const lines = [
  { amount: money(123_450n, 'EUR'), payee: { name: 'Stadtwerke', account: 'DE02120300000000202051' } },
  { amount: money(1_000n, 'EUR'), payee: { name: 'Verein', account: 'DE02500105170137075030' }, reference: 'Beitrag' },
];
const draw = (view: ConsentView, language: string): string => {
  const texts = chooseTexts(['de', 'en'], { asked: language });
  const page = <StepPage step={{ ...stepsFor().confirm, view }} context={{ ...CONTEXT, texts }} />;
  return renderPage(page).replaceAll('\u00a0', ' ');
};

describe('the language of a reader', () => {
  test.each([
    [['de', 'en'], undefined, 'de-DE,de;q=0.9,en;q=0.8', 'de'],
    [['de', 'en'], undefined, 'en-GB,en;q=0.9,de;q=0.8', 'en'],
    [['de', 'en'], undefined, 'en;q=0.1, de', 'de'],
    [['de', 'en'], 'de', 'en', 'de'],
    [['de', 'en'], undefined, 'fr', 'en'],
    [['de', 'en'], undefined, undefined, 'en'],
    [['en'], 'de', 'de', 'en'],
    [['de', 'en'], 'constructor', '*', 'en'],
  ])('is chosen from %j by %s and %s', (offered, asked, accepted, language) => {
    expect(chooseTexts(offered, { asked, accepted }).language).toBe(language);
  });

  test('writes amounts and dates as she does', () => {
    const german = chooseTexts(['de', 'en'], { asked: 'de' });
    expect(german.money(money(-123_450n, 'EUR'))).toBe('-1.234,50\u00a0€');
    expect(german.date(parseInstant('2026-03-05T10:00:00Z')!)).toBe('5. März 2026');
  });
});

describe('what is approved', () => {
  test('of a bulk or a basket is every payment and their sum', () => {
    for (const view of [
      { kind: 'bulk', payments: lines },
      { kind: 'basket', payments: lines, accesses: [] },
    ] as const) {
      const html = draw(view, 'de');
      for (const text of ['1.244,50 €', '1.234,50 €', '10,00 €', 'Stadtwerke', 'Verein', 'Zahlungen freigeben']) {
        expect(html).toContain(text);
      }
    }
  });

  test('of a basket is also what is shared, of which accounts and until when', () => {
    const until = parseInstant('2027-03-05T00:00:00Z')!;
    const clusters = [{ title: 'Your balances', items: ['How much is in your account'] }];
    const access = { kind: 'account-access', clusters, until, accounts: ['DE02120300000000202051'] } as const;
    const both = draw({ kind: 'basket', payments: lines, accesses: [access] }, 'de');
    for (const text of ['1.244,50 €', 'DE02 1203 0000 0000 2020 51', '5. März 2027', 'Alles freigeben']) {
      expect(both).toContain(text);
    }
    const alone = draw({ kind: 'basket', payments: [], accesses: [access] }, 'en');
    expect(alone).toContain('Approve all of this');
    expect(alone).not.toContain('payment-amount');
  });

  test('of a standing order is how often, and from when to when', () => {
    const schedule = {
      frequency: 'monthly',
      start: '2026-12-01' as LocalDate,
      end: '2027-11-01' as LocalDate,
    } as const;
    const html = draw({ kind: 'periodic', ...lines[0]!, schedule }, 'en');
    for (const text of ['Every month', '1 December 2026', '1 November 2027', '€1,234.50']) expect(html).toContain(text);
  });

  test('of a cancellation is that the payment is called back', () => {
    const html = draw({ kind: 'cancellation', of: { kind: 'payment', ...lines[0]! } }, 'en');
    expect(html).toContain('Call this payment back');
    expect(html).toContain('no money is moved any more');
    expect(html).not.toContain('Approve payment');
  });
});
