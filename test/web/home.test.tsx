import { describe, expect, test } from '@jest/globals';

import type { TestCustomer } from '../../src/bank/index.js';
import { parseInstant } from '../../src/kernel/index.js';
import { householdsOf } from '../../src/web/home/households.js';
import { HomePage, renderPage, type HomeView } from '../../src/web/index.js';

const account = (id: string, product = 'Bramble Everyday') => ({ id, product, identification: '04050612345678' });

function customer(number: string, name: string, change: Partial<TestCustomer> = {}): TestCustomer {
  return {
    partyId: `p-${number}`,
    name,
    story: 'A story.',
    customerNumber: number,
    password: `secret-${number}`,
    accounts: [],
    ...change,
  };
}

const PRIYA = customer('10000004', 'Dr Priya Shah', {
  persona: 'couple',
  accounts: [account('joint'), account('hers')],
});
const DANIEL = customer('10000003', 'Mr Daniel Reid', {
  persona: 'couple',
  accounts: [account('joint'), account('his')],
});
const AMELIA = customer('10000001', 'Ms Amelia Clarke', { persona: 'renter', accounts: [account('one')] });

describe('households', () => {
  test('stand in the order of their first customer number, each story once', () => {
    const households = householdsOf([PRIYA, DANIEL, AMELIA]);
    expect(households.map(({ title }) => title)).toEqual(['Ms Amelia Clarke', 'Mr Daniel Reid and Dr Priya Shah']);
  });

  test('list a shared account once, and say whose the others are', () => {
    const [, couple] = householdsOf([PRIYA, DANIEL, AMELIA]);
    expect(couple?.accounts.map(({ id, only }) => [id, only])).toEqual([
      ['joint', undefined],
      ['his', ['Mr Daniel Reid']],
      ['hers', ['Dr Priya Shah']],
    ]);
  });

  test('keep customers without a persona apart', () => {
    expect(householdsOf([customer('2', 'B'), customer('1', 'A')]).map(({ title }) => title)).toEqual(['A', 'B']);
  });
});

test('the home page names addresses, logins and commands, and links to absolute addresses only', () => {
  const view: HomeView = {
    publicOrigin: 'https://localhost:8443',
    mtlsOrigin: 'https://localhost:8444',
    directoryIssuer: 'https://localhost:8443/directory',
    caFile: '/somewhere/ca.pem',
    businessTime: parseInstant('2026-11-25T09:00:00Z')!,
    clockMode: 'frozen',
    clockSpeed: 0,
    docs: [{ title: 'Sandbank control API', url: 'https://localhost:8443/docs/control/' }],
    banks: [
      {
        id: 'bramble',
        name: 'Bramble Bank',
        tagline: 'Grows',
        issuer: 'https://localhost:8443/bramble',
        standards: [
          {
            name: 'UK Open Banking 4.0',
            baseUrl: 'https://localhost:8444/bramble/open-banking/v4.0',
            docs: [{ title: 'Account API', url: 'https://localhost:8443/docs/uk/accounts/' }],
          },
        ],
        customers: [AMELIA, { ...DANIEL, name: '<b>Daniel</b>' }],
      },
    ],
  };
  const html = renderPage(<HomePage view={view} />);
  for (const text of [
    '10000001',
    'secret-10000001',
    '04-05-06 12345678',
    'npx sandbank demo',
    '25 November 2026, 09:00 UTC',
  ]) {
    expect(html).toContain(text);
  }
  expect(html).toContain('curl --cacert /somewhere/ca.pem');
  expect(html).not.toContain('<b>');
  expect([...html.matchAll(/<a href="([^"]*)"/g)].map(([, url]) => url)).toEqual([
    'https://localhost:8443/docs/control/',
    'https://localhost:8443/docs/uk/accounts/',
  ]);
});
