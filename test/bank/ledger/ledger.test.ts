import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { type Account, type PostingDetail } from '../../../src/bank/index.js';
import { plusMs } from '../../../src/kernel/index.js';
import { openSampleBank, START, type Sample } from '../sample-bank.js';

const DETAIL: PostingDetail = { code: 'fee', text: 'ACCOUNT FEE' };

describe('the ledger', () => {
  let bank: Sample;
  let account: Account;

  beforeEach(async () => {
    bank = await openSampleBank();
    account = await bank.openWith(1_000n, { overdraftLimitMinor: 200n });
  });
  afterEach(() => bank.close());

  const debit = (amountMinor: bigint, options: { force?: boolean; at?: number } = {}) =>
    bank.storage.transaction(async (tx) => {
      const income = await bank.ledger.internal(tx, 'fee-income', 'GBP');
      return bank.ledger.post(
        tx,
        {
          bank: 'bramble',
          currency: 'GBP',
          bookedAt: plusMs(START, options.at ?? 1),
          postings: [
            { account: account.ledgerAccount, amountMinor: -amountMinor, detail: DETAIL },
            { account: income, amountMinor },
          ],
        },
        options.force === undefined ? {} : { force: options.force },
      );
    });

  test('a debit up to the arranged overdraft is booked, one penny more is refused', async () => {
    await expect(debit(1_201n)).rejects.toMatchObject({ code: 'payment.insufficient-funds' });
    expect(await debit(1_200n)).toEqual([2, 1]);
    expect((await bank.accounts.balance(account.id)).availableMinor).toBe(-200n);
    await expect(debit(1n)).rejects.toMatchObject({ code: 'payment.insufficient-funds' });
  });

  test('a forced debit is booked whatever the limit says', async () => {
    await debit(5_000n, { force: true });
    expect((await bank.accounts.balance(account.id)).bookedMinor).toBe(-4_000n);
  });

  test('held money is booked but not available, and comes free when it is released, once', async () => {
    const hold = await bank.storage.transaction((tx) =>
      bank.ledger.hold(tx, {
        account: account.ledgerAccount,
        amountMinor: 900n,
        at: START,
        expiresAt: plusMs(START, 10),
        detail: DETAIL,
      }),
    );
    expect(await bank.accounts.balance(account.id)).toMatchObject({ bookedMinor: 1_000n, availableMinor: 100n });
    await expect(debit(301n)).rejects.toMatchObject({ code: 'payment.insufficient-funds' });
    const release = () => bank.storage.transaction((tx) => bank.ledger.release(tx, hold.id, 'released'));
    expect(await release()).toBe(true);
    expect(await release()).toBe(false);
    expect((await bank.accounts.balance(account.id)).availableMinor).toBe(1_000n);
  });

  test('a hold that is past its time is ended by the clock', async () => {
    await bank.storage.transaction((tx) =>
      bank.ledger.hold(tx, {
        account: account.ledgerAccount,
        amountMinor: 900n,
        at: START,
        expiresAt: plusMs(START, 10),
        detail: DETAIL,
      }),
    );
    const expire = (at: number) => bank.storage.transaction((tx) => bank.ledger.expireHolds(tx, plusMs(START, at)));
    expect(await expire(9)).toBe(0);
    expect(await expire(10)).toBe(1);
    expect((await bank.accounts.balance(account.id)).availableMinor).toBe(1_000n);
  });

  test('an entry that does not sum to zero is a bug, and one out of order of time as well', async () => {
    const unbalanced = bank.storage.transaction(async (tx) => {
      const income = await bank.ledger.internal(tx, 'fee-income', 'GBP');
      const postings = [
        { account: account.ledgerAccount, amountMinor: -5n, detail: DETAIL },
        { account: income, amountMinor: 4n },
      ];
      await bank.ledger.post(tx, { bank: 'bramble', currency: 'GBP', bookedAt: START, postings });
    });
    await expect(unbalanced).rejects.toThrow('sum to zero');
    await debit(1n, { at: 50 });
    await debit(1n, { at: 50 });
    await expect(debit(1n, { at: 49 })).rejects.toThrow('in order of time');
  });

  describe('is guarded by the database itself', () => {
    const insertEntry = `INSERT INTO entries (id, bank, currency, booked_at) VALUES (900, 'bramble', 'GBP', ${START})`;
    const posting = (amount: number, balance: number, more: { account?: number; seq?: number } = {}) =>
      `INSERT INTO postings (account_id, seq, entry_id, booked_at, amount_minor, balance_minor, code, text_id)
       VALUES (${more.account ?? account.ledgerAccount}, ${more.seq ?? 2}, 900, ${START}, ${amount}, ${balance}, 1, 1)`;
    const run = (...statements: string[]) =>
      bank.storage.transaction(async (tx) => {
        for (const sql of statements) await tx.run(sql);
      });

    test('an entry written by hand that does not balance makes the commit fail, and nothing of it stays', async () => {
      let reachedCommit = false;
      const half = bank.storage.transaction(async (tx) => {
        await tx.run(insertEntry);
        await tx.run(posting(-500, 500));
        reachedCommit = true;
      });
      await expect(half).rejects.toThrow(/FOREIGN KEY|sum to zero/);
      expect(reachedCommit).toBe(true);
      expect((await bank.accounts.balance(account.id)).bookedMinor).toBe(1_000n);
    });

    test('a second posting that balances it makes the same commit succeed', async () => {
      const other = await bank.openWith(0n);
      await run(insertEntry, posting(-500, 500), posting(500, 500, { account: other.ledgerAccount, seq: 1 }));
      expect((await bank.ledger.trialBalance(bank.storage.read)).unbalancedEntries).toBe(0);
    });

    test.each([
      ['a gap in the sequence', () => [insertEntry, posting(-500, 500, { seq: 3 })]],
      ['a running balance that does not follow', () => [insertEntry, posting(-500, 501)]],
      ['an account of another currency', () => [insertEntry.replace('GBP', 'EUR'), posting(-500, 500)]],
      ['an account of another bank', () => [insertEntry.replace('bramble', 'dogger'), posting(-500, 500)]],
      ['an entry that does not exist', () => [posting(-500, 500)]],
    ])('%s is refused', async (_what, statements) => {
      await expect(run(...statements())).rejects.toThrow('a posting must fit');
    });

    test('an entry that is declared closed by hand, though half of it is missing, makes the commit fail', async () => {
      const conjured = run(insertEntry, posting(500, 1_500), 'UPDATE entries SET open_minor = 0 WHERE id = 900');
      await expect(conjured).rejects.toThrow('by postings only');
      const borrowed = run(
        insertEntry,
        posting(500, 1_500),
        'INSERT INTO ledger_zero (value) VALUES (500) ON CONFLICT DO NOTHING',
      );
      await expect(borrowed).rejects.toThrow();
      expect((await bank.accounts.balance(account.id)).bookedMinor).toBe(1_000n);
    });

    test.each([
      'UPDATE entries SET open_minor = 0',
      'UPDATE ledger_zero SET value = 0',
      'DELETE FROM ledger_zero',
      'UPDATE ledger_accounts SET held_minor = 7',
      'UPDATE ledger_accounts SET last_booked_at = 0',
      "UPDATE ledger_texts SET text = 'SOMETHING ELSE'",
      "INSERT OR REPLACE INTO ledger_texts (id, text) SELECT id, 'SOMETHING ELSE' FROM ledger_texts",
      'DELETE FROM ledger_texts',
    ])('%s is refused as well', async (sql) => {
      await expect(run(sql)).rejects.toThrow();
    });

    test('a hold keeps its end and what the customer was told of it', async () => {
      await bank.storage.transaction((tx) =>
        bank.ledger.hold(tx, {
          account: account.ledgerAccount,
          amountMinor: 10n,
          at: START,
          expiresAt: plusMs(START, 10),
          detail: DETAIL,
        }),
      );
      await expect(run('UPDATE holds SET expires_at = 0')).rejects.toThrow();
      await expect(run("UPDATE holds SET payment_id = 'another'")).rejects.toThrow();
    });

    test.each([
      'UPDATE postings SET amount_minor = 1',
      'UPDATE postings SET text_id = NULL',
      'DELETE FROM postings',
      'UPDATE entries SET booked_at = 1',
      'DELETE FROM entries',
      "UPDATE ledger_accounts SET currency = 'EUR'",
      'UPDATE ledger_accounts SET booked_minor = booked_minor + 1',
      'DELETE FROM ledger_accounts',
      `INSERT OR REPLACE INTO postings SELECT account_id, seq, entry_id, booked_at, 7, 7, code, text_id, NULL, NULL, NULL, NULL
       FROM postings`,
      "INSERT OR REPLACE INTO entries (id, bank, currency, booked_at) SELECT id, bank, 'EUR', booked_at FROM entries",
      'INSERT OR REPLACE INTO ledger_zero (value) VALUES (1)',
    ])('%s is refused', async (sql) => {
      await expect(run(sql)).rejects.toThrow();
      expect((await bank.accounts.balance(account.id)).bookedMinor).toBe(1_000n);
    });
  });

  test('the trial balance adds everything up again and tells of a kept figure that was bent', async () => {
    await debit(30n);
    expect(await bank.ledger.trialBalance(bank.storage.read)).toEqual({
      currencies: [{ currency: 'GBP', sumMinor: 0n }],
      differences: [],
      heldDifferences: [],
      unbalancedEntries: 0,
      accounts: 3,
      postings: 4,
    });
    await bank.storage.transaction(async (tx) => {
      await tx.run('DROP TRIGGER ledger_accounts_held');
      await tx.run('UPDATE ledger_accounts SET held_minor = 7 WHERE id = ?', [account.ledgerAccount]);
      await tx.run('DROP TRIGGER ledger_accounts_balance');
      await tx.run('UPDATE ledger_accounts SET booked_minor = 971 WHERE id = ?', [account.ledgerAccount]);
    });
    expect(await bank.ledger.trialBalance(bank.storage.read)).toMatchObject({
      differences: [{ account: account.ledgerAccount, keptMinor: 971n, derivedMinor: 970n }],
      heldDifferences: [{ account: account.ledgerAccount, keptMinor: 7n, derivedMinor: 0n }],
    });
  });

  test('a batch books as single entries do', async () => {
    const entries = await bank.storage.transaction(async (tx) => {
      const card = await bank.ledger.internal(tx, 'card-clearing', 'GBP');
      return Array.from({ length: 500 }, (_, index) => ({
        bank: 'bramble',
        currency: 'GBP',
        bookedAt: plusMs(START, index),
        postings: [
          {
            account: account.ledgerAccount,
            amountMinor: -1n,
            detail: {
              code: 'card-payment',
              text: `SHOP ${index % 7}`,
              merchant: { name: `Shop ${index % 7}`, categoryCode: '5411' },
            } as const,
          },
          { account: card, amountMinor: 1n },
        ],
      }));
    });
    await bank.storage.transaction((tx) => bank.ledger.postBatch(tx, entries));
    expect((await bank.accounts.balance(account.id)).bookedMinor).toBe(500n);
    expect(await bank.ledger.trialBalance(bank.storage.read)).toMatchObject({ differences: [], postings: 1_002 });
    const texts = await bank.storage.read.get<{ count: bigint }>('SELECT count(*) AS count FROM ledger_texts');
    expect(texts?.count).toBe(8n);
  });
});
