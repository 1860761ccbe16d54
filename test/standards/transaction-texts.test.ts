import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { Account, Bank, Capability, Transaction } from '../../src/bank/index.js';
import { instant } from '../../src/kernel/index.js';
import { toTransaction as toBerlin } from '../../src/standards/berlin-group/mapping/transaction.js';
import { transactionWriter as berlinWriter } from '../../src/standards/berlin-group/mapping/transaction-text.js';
import { toTransaction as toUk, type TransactionContext } from '../../src/standards/uk-obie/mapping/transaction.js';
import { transactionWriter as ukWriter } from '../../src/standards/uk-obie/mapping/transaction-text.js';
import { liveAt } from '../life/lived-bank.js';

const ADDRESS = 'https://localhost:8444/dogger/psd2/v1/accounts/a "b"/transactions';
const BASIC: readonly Capability[] = ['transactions.basic'];
const DETAIL: readonly Capability[] = ['transactions.basic', 'transactions.detail'];

function expectSame(transactions: readonly Transaction[], account: Account): void {
  for (const capabilities of [BASIC, DETAIL, [...DETAIL, 'accounts.full-card-numbers'] as const]) {
    const context: TransactionContext = {
      capabilities,
      issuer: 'Bank of "Quotes" \\ and a name beyond its 35 characters',
    };
    const write = ukWriter(context);
    for (const one of transactions) expect(write(one)).toBe(JSON.stringify(toUk(one, context)));
  }
  const write = berlinWriter({ account, address: ADDRESS });
  for (const one of transactions) expect(write(one)).toBe(JSON.stringify(toBerlin(one, { account, address: ADDRESS })));
}

describe('the lines of a page as text are those of the mapping, byte for byte', () => {
  test.each(['bramble', 'dogger'])('for every transaction of every customer of %s', async (bank) => {
    const lived = await liveAt({ now: '2026-06-16T09:00:00Z', months: 3, bank });
    for (const account of await accountsOf(lived.bank)) {
      let cursor: string | undefined;
      do {
        const page = await lived.bank.transactions.page(account, {
          directions: ['credit', 'debit'],
          includePending: true,
          pageSize: 500,
          ...(cursor !== undefined && { cursor }),
        });
        expectSame(page.items, account);
        cursor = page.next;
      } while (cursor !== undefined);
    }
    await lived.storage.close();
  });

  test('for whatever texts, amounts and parties there may be', () => {
    fc.assert(
      fc.property(
        fc.array(transactions, { minLength: 1, maxLength: 5 }),
        fc.record(hostileAccount),
        (lines, change) => {
          expectSame(lines, { ...ACCOUNT, ...change });
        },
      ),
      { numRuns: 300 },
    );
  });
});

async function accountsOf(bank: Bank): Promise<readonly Account[]> {
  const parties = await bank.parties.list();
  return (await Promise.all(parties.map(({ id }) => bank.accounts.ofParty(id)))).flat();
}

const ACCOUNT: Account = {
  id: 'mcd29pxy8dnk',
  bank: 'dogger',
  ledgerAccount: 7,
  product: { id: 'giro', name: 'Giro', type: 'current', category: 'personal' },
  currency: 'EUR',
  status: 'open',
  holderName: 'Petra',
  identifiers: [{ scheme: 'iban', identification: 'DE02120300000000202051' }],
  openedAt: instant(0),
  holders: [],
};

/** Quotes, control characters, line separators, lone halves of pairs, and more than a field takes. */
const hostile = fc.oneof(
  fc.constantFrom('', '"', '\\', '\u0000\u001f', '\u2028\u2029', '\ud83d', '</script>', '{"a":1}', 'ä'.repeat(700)),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme-composite', minLength: 30, maxLength: 400 }),
);
const hostileAccount = { holderName: hostile };

const transactions: fc.Arbitrary<Transaction> = fc
  .record(
    {
      id: fc.oneof(fc.constant('mcd29pxy8dnk-17'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 })),
      accountId: fc.constant('mcd29pxy8dnk'),
      status: fc.constantFrom('booked' as const, 'pending' as const),
      direction: fc.constantFrom('credit' as const, 'debit' as const),
      amountMinor: fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }),
      currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
      bookedAt: fc.integer({ min: 0, max: Date.UTC(2100, 0) }).map(instant),
      valueAt: fc.integer({ min: 0, max: Date.UTC(2100, 0) }).map(instant),
      code: fc.constantFrom('salary' as const, 'card-payment' as const, 'fee' as const, 'transfer-in' as const),
      text: hostile,
      balanceAfterMinor: fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n }),
      reference: hostile,
      merchant: fc.record({ name: hostile, categoryCode: fc.constantFrom('5411', '"') }),
      counterparty: fc.record(
        {
          name: hostile,
          scheme: fc.constantFrom('iban', 'pan', 'bban', 'sort-code-account-number', 'unheard-of', ''),
          identification: fc.oneof(
            hostile,
            fc.constantFrom('DE02120300000000202051', '4929000000001234', '99000012345678'),
          ),
        },
        { requiredKeys: ['name'] },
      ),
    },
    {
      requiredKeys: [
        'id',
        'accountId',
        'status',
        'direction',
        'amountMinor',
        'currency',
        'bookedAt',
        'valueAt',
        'code',
        'text',
      ],
    },
  )
  .map((one): Transaction => ({ ...one, ...(one.status === 'pending' && { valueAt: one.bookedAt }) }));
