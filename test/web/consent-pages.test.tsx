import { describe, expect, test } from '@jest/globals';

import type { AccountsStep, JourneyStep, PaymentTerms, PaymentView } from '../../src/auth/journey/index.js';
import { money, parseInstant } from '../../src/kernel/index.js';
import { StepPage } from '../../src/web/consent/steps.js';
import { renderErrorPage } from '../../src/web/index.js';
import { renderPage } from '../../src/web/kit/index.js';
import { fieldsOf, formWith, idsOf, textOf } from '../support/html-forms.js';
import { account, base, CONTEXT, PAYMENT, stepsFor } from './sample-steps.js';

const draw = (step: JourneyStep): string => renderPage(<StepPage step={step} context={CONTEXT} />);
const titleOf = (html: string): string => /<title>([^<]*)/.exec(html)?.[1] ?? '';

describe('the ids that programs hold on to', () => {
  test.each([
    ['login', ['login-username', 'login-password', 'login-submit', 'journey-cancel']],
    ['code', ['sca-code', 'sca-submit', 'sca-resend', 'journey-cancel']],
    ['accounts', ['account-0', 'account-1', 'accounts-submit', 'journey-cancel']],
    ['review', ['consent-approve', 'consent-deny']],
    ['confirm', ['payment-amount', 'payment-payee', 'sca-code', 'sca-submit', 'consent-deny', 'sca-resend']],
  ] as const)('are on the page %s, each once', (step, ids) => {
    const html = draw(stepsFor()[step]);
    for (const id of ids) expect(idsOf(html, new RegExp(`^${id}$`))).toEqual([id]);
    const all = idsOf(html, /./);
    expect(all).toEqual([...new Set(all)]);
  });

  test('are on an error page', () => {
    const html = renderErrorPage({
      theme: CONTEXT.theme,
      path: '/bramble',
      code: 'challenge.locked',
      message: 'Too many wrong codes.',
      reference: 'r-1',
      returnTo: { name: 'the app', url: 'https://bank.example/auth/u1?a=1&b=2' },
    });
    expect(textOf(html, 'error-code')).toBe('challenge.locked');
    expect(textOf(html, 'error-reference')).toBe('r-1');
    expect(html).toContain('href="https://bank.example/auth/u1?a=1&amp;b=2"');
    expect(html).toContain('Oops! Something went wrong');
    expect(html).toContain('Nothing was shared and no money was moved.');
  });

  test('an error of OAuth is said in plain words, with the technical ones below', () => {
    const html = renderErrorPage({
      theme: CONTEXT.theme,
      path: '/bramble',
      code: 'invalid_client',
      message: 'client is invalid',
    });
    expect(html).toContain('The app that sent you here is not registered with us.');
    expect(html).toContain('<dd>client is invalid</dd>');
  });

  test('an error page that cannot know what was decided before does not say that nothing was', () => {
    const html = renderErrorPage({
      theme: CONTEXT.theme,
      path: '/bramble',
      code: 'journey-not-found',
      message: 'Ended.',
    });
    expect(html).not.toContain('Nothing was shared');
  });
});

describe('every page of the journey', () => {
  const pages = Object.entries(stepsFor()).map(([name, step]) => [name, draw(step)] as const);

  test.each(pages)('%s has no script, no inline style and no address of elsewhere', (_name, html) => {
    expect(html).not.toMatch(/<script|\son[a-z]+=|\sstyle=|<style|javascript:/i);
    expect([...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, url]) => url)).toEqual(
      expect.arrayContaining(['/bramble/assets/sandbank.css']),
    );
    expect(html).not.toMatch(/(?:src|href|action)="https?:/);
  });

  test.each(pages)('%s says its language, its step and who asks, and its forms carry the token', (_name, html) => {
    expect(html).toMatch(/^<!doctype html><html lang="en">/);
    expect(titleOf(html)).toMatch(/, step \d of \d - Bramble Bank$/);
    expect(textOf(html, 'asker-name')).toBe('Lantern Budgets');
    expect(html.match(/<h1/g)).toHaveLength(1);
    const forms = html.match(/<form\b[\s\S]*?<\/form>/g) ?? [];
    expect(forms.length).toBeGreaterThan(0);
    for (const form of forms) {
      expect(form).toContain('method="post"');
      expect(form).toContain('name="csrf" value="token-of-this-visit"');
    }
  });

  test.each(pages)('%s has the form of its step first, which scripts of the control API fill in', (name, html) => {
    expect(/<form[^>]*action="([^"]*)"/.exec(html)?.[1]).toBe(name);
  });

  test.each(Object.entries(stepsFor('Lantern Budgets', 'That was not right.')))(
    '%s says a problem first in its title, and once in words that take the focus',
    (_name, step) => {
      const html = draw(step);
      expect(titleOf(html)).toMatch(/^Problem: /);
      expect(html.match(/That was not right\./g)).toHaveLength(1);
      expect(/<div[^>]*id="form-error"[^>]*>/.exec(html)?.[0]).toMatch(/role="alert".*tabindex="-1".*autofocus/);
      const target = /href="#([^"]*)"[^>]*>That was/.exec(html)?.[1];
      if (target !== undefined) expect(html).toContain(`id="${target}"`);
    },
  );
});

describe('what a stranger wrote', () => {
  const ATTACK = '<img src=x onerror="alert(1)">\u202E&lt;';

  test.each(Object.keys(stepsFor()) as JourneyStep['step'][])('is text on %s', (name) => {
    const step = stepsFor(ATTACK)[name];
    const html = draw(
      step.view.kind === 'payment'
        ? { ...step, view: { ...PAYMENT, payee: { name: ATTACK, account: ATTACK }, reference: ATTACK } }
        : step,
    );
    expect(html).not.toMatch(/<img|<script|\u202E/);
    expect(html).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;>&amp;lt;');
  });

  test('may be 120 characters long and stays whole', () => {
    const name = 'Long '.repeat(24).trim();
    expect(textOf(draw(stepsFor(name).review), 'asker-name')).toBe(name);
  });
});

describe('the account page', () => {
  const step = stepsFor().accounts as AccountsStep;

  test('ticks nothing for the customer', () => {
    const form = formWith(draw(step), 'accounts-submit');
    expect(fieldsOf(form, 'accounts-submit', {}).getAll('account')).toEqual([]);
    expect(fieldsOf(form, 'accounts-submit', { 'account-1': true }).getAll('account')).toEqual(['acc-1']);
  });

  test('chooses the account of a payment only where there is no choice', () => {
    const paying = (accounts: AccountsStep['accounts']): readonly string[] => {
      const html = draw({ ...base(), view: PAYMENT, step: 'accounts', choice: 'one', accounts });
      return fieldsOf(formWith(html, 'accounts-submit'), 'accounts-submit', {}).getAll('account');
    };
    expect(paying([account(0), account(1)])).toEqual([]);
    expect(paying([account(0), account(1, { eligible: false, reason: 'No.' })])).toEqual(['acc-0']);
  });

  test('says each reason once and offers no box for what cannot be chosen', () => {
    const closed = { eligible: false, reason: 'This account is closed.' };
    const html = draw({ ...step, accounts: [account(0), account(1, closed), account(2, closed)] });
    expect(html.match(/This account is closed\./g)).toHaveLength(1);
    expect(idsOf(html, /^account-\d+$/)).toEqual(['account-0']);
  });

  test('without any account to choose has no button to go on, but the way out', () => {
    const html = draw({ ...step, accounts: [account(0, { eligible: false, reason: 'This account is closed.' })] });
    expect(html).toContain('None of your accounts can be used for this.');
    expect(idsOf(html, /^(accounts-submit|journey-cancel)$/)).toEqual(['journey-cancel']);
  });
});

describe('the page that approves a payment', () => {
  const html = draw(stepsFor().confirm);

  test('shows amount, payee, both accounts and reference', () => {
    expect(textOf(html, 'payment-amount')).toBe('£12.50');
    expect(textOf(html, 'payment-payee')).toContain('Mx Morgan Lacey');
    for (const text of ['04-05-06 18089181', '04-05-06 12345670', 'Thank you']) expect(html).toContain(text);
  });

  test('has approval as the first button of its form, so that Enter does not cancel', () => {
    const buttons = formWith(html, 'sca-submit').controls.filter(({ kind }) => kind === 'button');
    expect(buttons.map(({ id, value }) => [id, value])).toEqual([
      ['sca-submit', 'approve'],
      ['consent-deny', 'deny'],
    ]);
  });

  test('counts its steps without the account choice when the third party named the account', () => {
    const named = { ...stepsFor().confirm, view: { ...PAYMENT, debtorAccount: '04-05-06 12345670' } } as JourneyStep;
    expect(titleOf(draw(named))).toContain('step 2 of 2');
    expect(titleOf(html)).toContain('step 3 of 3');
  });
});

describe('the page that approves a payment abroad', () => {
  const until = parseInstant('2026-11-25T09:30:00Z')!;
  const rate = { unit: 'GBP', quoted: 'EUR', rate: '1.1675' };
  const terms: PaymentTerms = {
    debit: money(6_924n, 'GBP'),
    transferred: money(7_500n, 'EUR'),
    charges: [money(500n, 'GBP')],
    bearer: 'shared',
    exchange: { ...rate, type: 'actual', until },
  };
  const wordsOf = (change: Partial<PaymentTerms>, amount = money(7_500n, 'EUR')): string => {
    const view: PaymentView = { ...PAYMENT, amount, terms: { ...terms, ...change } };
    return draw({ ...stepsFor().confirm, view }).replace(/<[^>]*>/g, '|');
  };

  test('shows the rate and until when it holds, the charges and who bears them, and the debit', () => {
    const words = wordsOf({});
    for (const text of ['€75.00', '1 GBP = 1.1675 EUR', 'Fixed until 25 November 2026, 09:30 UTC', '£5.00', '£69.24'])
      expect(words).toContain(text);
    expect(words).toContain('You pay ours, the payee pays those of other banks');
    expect(words).not.toContain('Sent to the payee');
  });

  test('says that an indicative rate is not fixed, and the debit only about so much', () => {
    const words = wordsOf({ exchange: { ...rate, type: 'indicative' } });
    expect(words).toContain('Not fixed: it can be another when the payment is made');
    expect(words).toContain('About £69.24');
  });

  test('tells what is sent where the amount is in the currency of the account', () => {
    const words = wordsOf({ exchange: { ...rate, type: 'agreed' } }, money(6_424n, 'GBP'));
    expect(words).toMatch(/Sent to the payee\|+€75\.00/);
    expect(words).toContain('As agreed by contract');
  });

  test('shows no rate where no money is exchanged, and no charges where the payee bears them', () => {
    const { exchange: _, ...unchanged } = terms;
    const words = draw({
      ...stepsFor().confirm,
      view: { ...PAYMENT, terms: { ...unchanged, charges: [], bearer: 'creditor' } },
    }).replace(/<[^>]*>/g, '|');
    expect(words).not.toContain('Exchange rate');
    expect(words).toMatch(/Fee\|+None/);
    expect(words).toContain('Taken from what the payee receives');
  });
});

test('login and code help those who let the browser fill in', () => {
  const { login, code } = stepsFor();
  expect(draw(login)).toMatch(/id="login-username"[^>]*autocomplete="username"/);
  expect(draw(login)).toMatch(/id="login-password"[^>]*autocomplete="current-password"/);
  expect(draw(code)).toMatch(/id="sca-code"[^>]*inputmode="numeric"[^>]*autocomplete="one-time-code"/);
});

test('yes and no of a decision are buttons of one form and one size', () => {
  const { controls } = formWith(draw(stepsFor().review), 'consent-approve');
  expect(controls.filter(({ kind }) => kind === 'button').map(({ id }) => id)).toEqual([
    'consent-approve',
    'consent-deny',
  ]);
});
