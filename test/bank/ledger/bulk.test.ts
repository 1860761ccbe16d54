import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { Account, Bulk, BulkLine, PostingDetail } from '../../../src/bank/index.js';
import { plusMs } from '../../../src/kernel/index.js';
import type { SqlTransaction } from '../../../src/storage/index.js';
import { openSampleBank, START, type Sample } from '../sample-bank.js';

const COFFEE: PostingDetail = {
  code: 'card-payment',
  text: 'COFFEE',
  merchant: { name: 'Coffee', categoryCode: '5814' },
};

describe('the bulk way into the ledger', () => {
  let bank: Sample;
  let account: Account;
  let cards: number;

  beforeEach(async () => {
    bank = await openSampleBank();
    account = await bank.openWith(1_000n, { overdraftLimitMinor: 200n });
    cards = await bank.storage.transaction((tx) => bank.ledger.internal(tx, 'card-clearing', 'GBP'));
  });
  afterEach(() => bank.close());

  /** Two days, one entry each: a coffee at one and at two, another at five. */
  const days = (changes: { own?: readonly BulkLine[]; bank?: readonly BulkLine[] } = {}): Bulk => ({
    bank: 'bramble',
    currency: 'GBP',
    entries: [
      { since: plusMs(START, 1), bookedAt: plusMs(START, 3) },
      { since: plusMs(START, 5), bookedAt: plusMs(START, 6) },
    ],
    lines: new Map([
      [
        account.ledgerAccount,
        changes.own ?? [
          { entry: 0, at: plusMs(START, 1), amountMinor: -250n, detail: COFFEE },
          { entry: 0, at: plusMs(START, 2), amountMinor: -300n, detail: COFFEE },
          { entry: 1, at: plusMs(START, 5), amountMinor: -100n, detail: COFFEE },
        ],
      ],
      [
        cards,
        changes.bank ?? [
          { entry: 0, at: plusMs(START, 3), amountMinor: 550n },
          { entry: 1, at: plusMs(START, 6), amountMinor: 100n },
        ],
      ],
    ]),
  });
  const book = (bulk: Bulk): Promise<number> => bank.storage.transaction((tx) => bank.ledger.postBulk(tx, bulk));
  const balance = async (): Promise<bigint> => (await bank.accounts.balance(account.id)).bookedMinor;

  test('books entries that each gather a day, with the running balance after every line', async () => {
    expect(await book(days())).toBe(5);
    const { items } = await bank.transactions.page(account.id, {
      pageSize: 10,
      directions: ['debit'],
      includePending: false,
    } as never);
    expect(items.map((item) => [item.status === 'booked' && item.balanceAfterMinor, item.merchant?.name])).toEqual([
      [350n, 'Coffee'],
      [450n, 'Coffee'],
      [750n, 'Coffee'],
    ]);
    expect(await balance()).toBe(350n);
    const trial = await bank.ledger.trialBalance(bank.storage.read);
    expect([trial.unbalancedEntries, trial.differences]).toEqual([0, []]);
    expect(trial.currencies.every(({ sumMinor }) => sumMinor === 0n)).toBe(true);
  });

  test('goes on where the last one stopped, and so do single entries', async () => {
    await book(days());
    const later = (by: number) => (line: BulkLine) => ({ ...line, at: plusMs(line.at, by) });
    const { entries, lines } = days();
    await book({
      ...days(),
      entries: entries.map(({ since, bookedAt }) => ({ since: plusMs(since, 10), bookedAt: plusMs(bookedAt, 10) })),
      lines: new Map([...lines].map(([id, list]) => [id, list.map(later(10))])),
    });
    await bank.storage.transaction((tx) =>
      bank.ledger.post(tx, {
        bank: 'bramble',
        currency: 'GBP',
        bookedAt: plusMs(START, 30),
        postings: [
          { account: account.ledgerAccount, amountMinor: 5n, detail: COFFEE },
          { account: cards, amountMinor: -5n },
        ],
      }),
    );
    expect(await balance()).toBe(-295n);
  });

  const coffee = (entry: number, at: number, amountMinor: bigint): BulkLine => ({
    entry,
    at: plusMs(START, at),
    amountMinor,
    detail: COFFEE,
  });
  test.each([
    ['an entry that does not sum to zero', { own: [coffee(0, 1, -549n), coffee(1, 5, -100n)] }],
    ['two that do so only together', { own: [coffee(0, 1, -450n), coffee(1, 5, -200n)] }],
    ['a line outside the span of its entry', { own: [coffee(0, 4, -550n), coffee(1, 5, -100n)] }],
    ['lines that go back in time', { own: [coffee(0, 2, -250n), coffee(0, 1, -300n), coffee(1, 5, -100n)] }],
    [
      'a customer who is not told what it is',
      { own: [{ entry: 0, at: plusMs(START, 1), amountMinor: -550n }, coffee(1, 5, -100n)] },
    ],
  ])('refuses %s, and nothing is booked', async (_what, changes) => {
    await expect(book(days(changes))).rejects.toThrow();
    expect(await balance()).toBe(1_000n);
    expect((await bank.ledger.trialBalance(bank.storage.read)).differences).toEqual([]);
  });

  test('refuses lines older than the account’s last one, and another bank’s entry', async () => {
    await book(days());
    await expect(book(days())).rejects.toThrow();
    await expect(book({ ...days(), bank: 'dogger' })).rejects.toThrow();
    expect(await balance()).toBe(350n);
  });

  describe('whose door in the database', () => {
    const open = 'INSERT INTO ledger_bulk (id, after_entry) SELECT 1, coalesce(max(id), 0) FROM entries';
    const name = (id: number): string => `INSERT INTO ledger_bulk_accounts (id) VALUES (${String(id)})`;
    const entry = `INSERT INTO entries (id, bank, currency, booked_at) SELECT 100, 'bramble', 'GBP', ${String(START + 9)}`;
    const line = (id: number, seq: number, amount: number, balance: number): string =>
      `INSERT INTO postings (account_id, seq, entry_id, booked_at, amount_minor, balance_minor, code, text_id)
       VALUES (${[id, seq, 100, START + 9, amount, balance, 1, 1].join(', ')})`;
    const close = 'DELETE FROM ledger_bulk';
    const attempt = (...statements: readonly ((own: number) => string)[]): Promise<void> =>
      bank.storage.transaction(async (tx: SqlTransaction) => {
        if (tx.dialect !== 'sqlite') throw new Error('there is no door');
        for (const statement of statements) await tx.run(statement(account.ledgerAccount));
      });

    test.each<[string, ((own: number) => string)[]]>([
      ['left open', [() => open]],
      ['left open with lines behind it', [() => open, name, () => entry, (own) => line(own, 2, 5, 1_005)]],
      ['closed on half an entry', [() => open, name, () => entry, (own) => line(own, 2, 5, 1_005), () => close]],
      ['used for an account that was not named', [() => open, () => entry, (own) => line(own, 2, 5, 1_005)]],
      ['used before an account’s last line', [() => open, name, () => entry, (own) => line(own, 0, 5, 1_005)]],
      ['closed on a gap', [() => open, name, () => entry, (own) => line(own, 3, 0, 1_000), () => close]],
      ['closed on a wrong balance', [() => open, name, () => entry, (own) => line(own, 2, 0, 9_000), () => close]],
      [
        'slipped past by moving the balance by hand',
        [
          () => open,
          name,
          () => entry,
          (own) => line(own, 2, 0, 9_000),
          (own) => `UPDATE ledger_accounts SET last_seq = 2, booked_minor = 9000 WHERE id = ${String(own)}`,
        ],
      ],
      [
        'slipped past by taking the account off the list',
        [() => open, name, (own) => `DELETE FROM ledger_bulk_accounts WHERE id = ${String(own)}`],
      ],
      ['opened twice', [() => open, () => open.replace('INSERT', 'INSERT OR REPLACE')]],
      ['moved', [() => open, () => 'UPDATE ledger_bulk SET after_entry = 0']],
      [
        'declared open when it is not',
        [() => open.replace('after_entry)', 'after_entry, is_open)').replace('0) FROM', '0), 0 FROM')],
      ],
      ['opened over entries to come', [() => 'INSERT INTO ledger_bulk (id, after_entry) VALUES (1, 900)']],
    ])('cannot be %s', async (_what, statements) => {
      await expect(attempt(...statements)).rejects.toThrow();
      expect(await balance()).toBe(1_000n);
      // And the ordinary way goes on.
      await book(days());
      expect(await balance()).toBe(350n);
    });
  });
});
