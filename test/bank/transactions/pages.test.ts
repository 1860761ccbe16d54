import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { Account, Transaction, TransactionQuery } from '../../../src/bank/index.js';
import { instant, MS_PER_HOUR, plusMs } from '../../../src/kernel/index.js';
import { openSampleBank, START, type Sample } from '../sample-bank.js';

const LINES = 60;
const ALL: TransactionQuery = { directions: ['credit', 'debit'], includePending: false, pageSize: 1_000 };

describe('pages of transactions', () => {
  let bank: Sample;
  let account: Account;
  let everything: readonly Transaction[];

  beforeAll(async () => {
    bank = await openSampleBank();
    account = await bank.openWith(0n);
    await bank.storage.transaction(async (tx) => {
      const clearing = await bank.ledger.internal(tx, 'card-clearing', 'GBP');
      for (let index = 0; index < LINES; index += 1) {
        const amountMinor = index % 4 === 0 ? 1_000n : -BigInt(index);
        await bank.ledger.post(
          tx,
          {
            bank: 'bramble',
            currency: 'GBP',
            // Three lines of the same instant at a time, so that a boundary falls among equals.
            bookedAt: plusMs(START, Math.floor(index / 3) * MS_PER_HOUR),
            postings: [
              {
                account: account.ledgerAccount,
                amountMinor,
                detail: { code: amountMinor > 0n ? 'salary' : 'card-payment', text: `LINE ${index}` },
              },
              { account: clearing, amountMinor: -amountMinor },
            ],
          },
          { force: true },
        );
      }
      for (const hour of [1, 30]) {
        await bank.ledger.hold(tx, {
          account: account.ledgerAccount,
          amountMinor: 5n,
          at: plusMs(START, hour * MS_PER_HOUR),
          expiresAt: plusMs(START, 99 * MS_PER_HOUR),
          detail: { code: 'card-payment', text: `HELD ${hour}` },
        });
      }
    });
    everything = (await bank.transactions.page(account.id, ALL)).items;
  });
  afterAll(() => bank.close());

  const walk = async (query: TransactionQuery) => {
    const pages = [await bank.transactions.page(account.id, query)];
    while (pages.at(-1)!.next)
      pages.push(await bank.transactions.page(account.id, { ...query, cursor: pages.at(-1)!.next! }));
    return pages;
  };

  test('a line tells what was booked, newest first', () => {
    expect(everything).toHaveLength(LINES);
    expect(everything[0]).toEqual({
      id: `${account.id}-60`,
      accountId: account.id,
      status: 'booked',
      direction: 'debit',
      amountMinor: 59n,
      currency: 'GBP',
      bookedAt: plusMs(START, 19 * MS_PER_HOUR),
      valueAt: plusMs(START, 19 * MS_PER_HOUR),
      balanceAfterMinor: everything.reduce(
        (sum, { direction, amountMinor }) => sum + (direction === 'credit' ? amountMinor : -amountMinor),
        0n,
      ),
      code: 'card-payment',
      text: 'LINE 59',
    });
  });

  test('put together, pages are all matching lines once, forwards and backwards, whatever the filter', async () => {
    const hour = fc.option(fc.integer({ min: -1, max: 21 }), { nil: undefined });
    const directions = fc.subarray(['credit', 'debit'] as const);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 25 }), hour, hour, directions, async (pageSize, from, to, sides) => {
        const query: TransactionQuery = {
          directions: sides,
          includePending: false,
          pageSize,
          ...(from !== undefined && { from: plusMs(START, from * MS_PER_HOUR) }),
          ...(to !== undefined && { to: plusMs(START, to * MS_PER_HOUR) }),
        };
        const expected = everything.filter(
          ({ bookedAt, direction }) =>
            sides.includes(direction) && bookedAt >= (query.from ?? 0) && bookedAt <= (query.to ?? Infinity),
        );
        const pages = await walk(query);
        expect(pages.flatMap(({ items }) => items)).toEqual(expected);
        for (const page of pages.slice(0, -1)) expect(page.items).toHaveLength(pageSize);
        const back = [pages.at(-1)!];
        while (back[0]!.previous)
          back.unshift(await bank.transactions.page(account.id, { ...query, cursor: back[0]!.previous }));
        expect(back).toEqual(pages);
      }),
      { numRuns: 60 },
    );
  });

  test('what is pending stands before the newest line and on no other page', async () => {
    const pages = await walk({ ...ALL, includePending: true, pageSize: 25 });
    expect(pages[0]!.items.map(({ text }) => text).slice(0, 3)).toEqual(['HELD 30', 'HELD 1', 'LINE 59']);
    expect(pages[0]!.items.slice(0, 2)).toMatchObject([
      { status: 'pending', direction: 'debit', amountMinor: 5n },
      { status: 'pending' },
    ]);
    expect(pages.flatMap(({ items }) => items)).toHaveLength(LINES + 2);
    const back = await bank.transactions.page(account.id, {
      ...ALL,
      includePending: true,
      pageSize: 25,
      cursor: pages[1]!.previous!,
    });
    expect(back).toEqual(pages[0]);
    const credits = await bank.transactions.page(account.id, { ...ALL, directions: ['credit'], includePending: true });
    expect(credits.items.every(({ status }) => status === 'booked')).toBe(true);
    const early = await bank.transactions.page(account.id, {
      ...ALL,
      includePending: true,
      to: plusMs(START, 5 * MS_PER_HOUR),
    });
    expect(early.items.filter(({ status }) => status === 'pending').map(({ text }) => text)).toEqual(['HELD 1']);
  });

  test('the span of history is told on every page and absent for an account without any', async () => {
    expect(await bank.transactions.page(account.id, { ...ALL, directions: [] })).toEqual({
      items: [],
      firstAvailable: START,
      lastAvailable: plusMs(START, 19 * MS_PER_HOUR),
    });
    expect(await bank.transactions.page((await bank.openWith(0n)).id, ALL)).toEqual({ items: [] });
  });

  test('a cursor that was changed, or made for another account or filter, is refused', async () => {
    const query = { ...ALL, pageSize: 10 };
    const cursor = (await bank.transactions.page(account.id, query)).next!;
    const other = await bank.openWith(10n);
    const refused = { code: 'field.invalid' };
    for (const index of [0, 1, cursor.indexOf('.') + 1, cursor.length - 1]) {
      const bent = cursor.slice(0, index) + (cursor[index] === 'n' ? 'o' : 'n') + cursor.slice(index + 1);
      await expect(bank.transactions.page(account.id, { ...query, cursor: bent })).rejects.toMatchObject(refused);
    }
    for (const text of ['', '1', 'o5', `${cursor}0`, "o1.' OR 1=1 --"]) {
      await expect(bank.transactions.page(account.id, { ...query, cursor: text })).rejects.toMatchObject(refused);
    }
    await expect(bank.transactions.page(other.id, { ...query, cursor })).rejects.toMatchObject(refused);
    await expect(bank.transactions.page(account.id, { ...query, cursor, from: instant(0) })).rejects.toMatchObject(
      refused,
    );
    await expect(bank.transactions.page('nowhere', ALL)).rejects.toMatchObject({ code: 'account.not-found' });
  });
});
