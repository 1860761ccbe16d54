import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { createStatements, type Account, type Statements } from '../../../src/bank/index.js';
import { instant, plusMs, type Instant } from '../../../src/kernel/index.js';
import { openSampleBank, type Sample } from '../sample-bank.js';

const on = (text: string): Instant => instant(Date.parse(text));

describe('the statements of an account', () => {
  let bank: Sample;
  let account: Account;
  let statements: Statements;

  beforeEach(async () => {
    bank = await openSampleBank();
    account = await bank.openWith(100_00n);
    statements = createStatements({ bank: 'bramble', ...bank });
  });
  afterEach(() => bank.close());

  const book = (at: string, amountMinor: bigint, code: 'salary' | 'fee' | 'card-payment'): Promise<unknown> =>
    bank.storage.transaction(async (tx) => {
      const other = await bank.ledger.internal(tx, 'payment-clearing', 'GBP');
      return bank.ledger.post(
        tx,
        {
          bank: 'bramble',
          currency: 'GBP',
          bookedAt: on(at),
          postings: [
            { account: account.ledgerAccount, amountMinor, detail: { code, text: code } },
            { account: other, amountMinor: -amountMinor },
          ],
        },
        { force: true },
      );
    });

  test('are cut on the first of the next month, when the night is over, and not before', async () => {
    bank.clock.moveTo(on('2026-02-01T05:59:59.999Z'));
    expect(await statements.ofAccount(account.id)).toEqual([]);
    bank.clock.moveTo(on('2026-02-01T06:00:00Z'));
    expect(await statements.ofAccount(account.id)).toEqual([
      {
        id: `${account.id}-s202601`,
        accountId: account.id,
        currency: 'GBP',
        from: on('2026-01-01T00:00:00Z'),
        to: on('2026-01-31T23:59:59.999Z'),
        cutAt: on('2026-02-01T06:00:00Z'),
        openingMinor: 0n,
        closingMinor: 100_00n,
        totals: [{ code: 'opening-balance', direction: 'credit', count: 1, sumMinor: 100_00n }],
      },
    ]);
  });

  test('close with what the next opens with, also over a month without a line', async () => {
    await book('2026-01-31T23:59:59.999Z', -20_00n, 'card-payment');
    await book('2026-02-01T00:00:00Z', 50_00n, 'salary');
    await book('2026-02-10T00:00:00Z', -5_00n, 'card-payment');
    await book('2026-02-11T00:00:00Z', -1_00n, 'card-payment');
    bank.clock.moveTo(on('2026-04-02T00:00:00Z'));
    const [march, february, january] = await statements.ofAccount(account.id);
    expect([january?.openingMinor, january?.closingMinor]).toEqual([0n, 80_00n]);
    expect([february?.openingMinor, february?.closingMinor]).toEqual([80_00n, 124_00n]);
    expect(february?.totals).toEqual([
      { code: 'salary', direction: 'credit', count: 1, sumMinor: 50_00n },
      { code: 'card-payment', direction: 'debit', count: 2, sumMinor: 6_00n },
    ]);
    expect(march).toMatchObject({ openingMinor: 124_00n, closingMinor: 124_00n, totals: [] });
  });

  test('are found by id and by when they were cut, and those that are not cut yet are not there', async () => {
    bank.clock.moveTo(on('2026-04-02T00:00:00Z'));
    const all = await statements.ofAccount(account.id);
    expect(all.map(({ id }) => id.slice(-6))).toEqual(['202603', '202602', '202601']);
    for (const statement of all) expect(await statements.get(account.id, statement.id)).toEqual(statement);
    const since = await statements.ofAccount(account.id, { from: all[1]!.cutAt });
    expect(since).toEqual(all.slice(0, 2));
    expect(await statements.ofAccount(account.id, { to: plusMs(all[1]!.cutAt, -1) })).toEqual(all.slice(2));
    for (const id of ['-s202604', '-s202512', '-s202613', '-1', '']) {
      expect(await statements.get(account.id, `${account.id}${id}`)).toBeUndefined();
    }
    await expect(statements.get('none', 'none-s202601')).rejects.toMatchObject({ code: 'account.not-found' });
  });

  test('end with the month in which the account was closed', async () => {
    bank.clock.moveTo(on('2026-02-10T00:00:00Z'));
    await bank.storage.transaction((tx) => bank.accounts.close(tx, account.id));
    bank.clock.moveTo(on('2026-06-10T00:00:00Z'));
    expect((await statements.ofAccount(account.id)).map(({ id }) => id.slice(-6))).toEqual(['202602', '202601']);
  });

  test('are counted over all accounts between two instants', async () => {
    const other = await bank.openWith(1_00n);
    const span = { from: on('2026-02-01T06:00:00Z'), to: on('2026-04-01T06:00:00Z') };
    const { count, first } = await statements.cutBetween(span, 3);
    expect(count).toBe(4);
    expect(first.map(({ id }) => id)).toEqual([
      `${account.id}-s202602`,
      `${other.id}-s202602`,
      `${account.id}-s202603`,
    ]);
    expect(await statements.cutBetween({ ...span, to: plusMs(span.from, 1) }, 3)).toEqual({ count: 0, first: [] });
  });
});
