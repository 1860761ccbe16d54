import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Account, DirectDebit, StandingOrder } from '../../src/bank/index.js';
import { instant, MS_PER_DAY, plusMs } from '../../src/kernel/index.js';
import { liveAt, type LivedBank } from './lived-bank.js';

const on = (text: string) => instant(Date.parse(text));

describe('what personas have arranged with their bank', () => {
  let lived: LivedBank;
  let current: Account;
  let mortgaged: readonly Account[];

  const accountsOf = async (persona: string): Promise<readonly Account[]> => {
    const customers = await lived.bank.parties.testCustomers();
    const customer = customers.find((one) => one.persona === persona)!;
    return lived.bank.accounts.ofParty(customer.partyId);
  };
  const moveTo = async (text: string): Promise<void> => {
    lived.clock.moveTo(on(text));
    await lived.bank.catchUp(on(text));
  };
  const byReference = <One extends StandingOrder | DirectDebit>(list: readonly One[], reference: string): One =>
    list.find((one) => one.reference === reference)!;

  beforeAll(async () => {
    lived = await liveAt({ now: '2026-11-25T09:00:00Z', months: 4 });
    current = (await accountsOf('salaried-renter')).find(({ product }) => product.type === 'current')!;
    mortgaged = await accountsOf('family-with-mortgage');
  });
  afterAll(() => lived.storage.close());

  test('standing orders know their payee, their rhythm and their dates on banking days', async () => {
    const orders = await lived.bank.arrangements.standingOrders(current.id);
    expect(orders.map(({ reference }) => reference).sort()).toEqual(['FLAT 12 RENT', 'RAINY DAYS']);
    const rent = byReference(orders, 'FLAT 12 RENT');
    expect(rent).toMatchObject({
      recurrence: { every: 'months', months: 1, day: 1 },
      ifClosed: 'following',
      first: { at: on('2026-08-03'), amount: { amountMinor: 92_500n, currency: 'GBP' } },
      // 1 November is a Sunday.
      last: { amount: { amountMinor: 92_500n, currency: 'GBP' } },
      next: { at: on('2026-12-01') },
    });
    expect(new Date(rent.last!.at).toISOString()).toMatch(/^2026-11-02T0[12]:/);
    expect(rent.payee).toMatchObject({ scheme: 'sort-code-account-number', identification: expect.any(String) });
  });

  test('direct debits know who collects, but not to where, and what was collected last', async () => {
    const debits = await lived.bank.arrangements.directDebits(current.id);
    const energy = byReference(debits, 'ENERGY 7731');
    expect(energy).toMatchObject({ payee: { name: 'Fennwick Energy' }, isFixed: false });
    const tax = byReference(debits, 'COUNCIL TAX 40817');
    expect(tax).toMatchObject({
      isFixed: true,
      recurrence: { every: 'year', inMonths: [4, 5, 6, 7, 8, 9, 10, 11, 12, 1], day: 3 },
    });
    for (const { last } of debits) expect(last?.at).toBeGreaterThan(on('2026-10-01'));
  });

  test('payees are those whom money was sent, each once and none of their own accounts', async () => {
    const payees = await lived.bank.arrangements.beneficiaries(current.id);
    expect(payees.map(({ reference }) => reference)).toEqual(expect.arrayContaining(['FLAT 12 RENT', 'FOR BOOKS XX']));
    expect(payees.map(({ reference }) => reference)).not.toContain('RAINY DAYS');
    const keys = payees.map(({ payee }) => JSON.stringify(payee));
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('what is due next is what is then paid, on its day and with its amount, and dates follow the clock', async () => {
    const before = await lived.bank.arrangements.standingOrders(current.id);
    const debitsBefore = await lived.bank.arrangements.directDebits(current.id);
    await moveTo('2026-12-01T04:59:59Z');
    expect(byReference(await lived.bank.arrangements.standingOrders(current.id), 'FLAT 12 RENT').next!.at).toBe(
      on('2026-12-01'),
    );
    await moveTo('2026-12-31T09:00:00Z');
    for (const order of await lived.bank.arrangements.standingOrders(current.id)) {
      const due = byReference(before, order.reference!).next!;
      expect(order.last!.amount).toEqual(due.amount);
      expect(order.last!.at - due.at).toBeGreaterThanOrEqual(0);
      expect(order.last!.at - due.at).toBeLessThan(MS_PER_DAY);
      expect(order.next!.at).toBeGreaterThan(lived.clock.now());
    }
    for (const debit of await lived.bank.arrangements.directDebits(current.id)) {
      const due = byReference(debitsBefore, debit.reference!).next!;
      expect(debit.last).toMatchObject({ amount: due.amount });
    }
  });

  test('a run that nobody could pay was not the last one paid', async () => {
    // The account is emptied, so that the rent of January cannot be paid.
    const { bank, storage, clock } = lived;
    const { availableMinor } = await bank.accounts.balance(current.id);
    await storage.transaction(async (tx) => {
      const other = await bank.ledger.internal(tx, 'payment-clearing', 'GBP');
      await bank.ledger.post(tx, {
        bank: bank.profile.id,
        currency: 'GBP',
        bookedAt: clock.now(),
        postings: [
          {
            account: current.ledgerAccount,
            amountMinor: -availableMinor,
            detail: { code: 'transfer-out', text: 'ALL OF IT' },
          },
          { account: other, amountMinor: availableMinor },
        ],
      });
    });
    await moveTo('2027-01-02T09:00:00Z');
    await moveTo('2027-01-05T09:00:00Z');
    const rent = byReference(await bank.arrangements.standingOrders(current.id), 'FLAT 12 RENT');
    expect(new Date(rent.last!.at).toISOString().slice(0, 10)).toBe('2026-12-01');
    expect(rent.next!.at).toBe(on('2027-02-01'));
  });

  test('interest accrues daily and is booked on the first, fees are taken monthly, and statements say so', async () => {
    await moveTo('2027-02-01T09:00:00Z');
    const statements = (await Promise.all(mortgaged.map(({ id }) => lived.bank.statements.ofAccount(id)))).flat();
    const codes = new Set(statements.flatMap(({ totals }) => totals.map(({ code }) => code)));
    expect(codes).toContain('mortgage-payment');
    expect(statements.every(({ cutAt }) => cutAt <= lived.clock.now())).toBe(true);
    const january = statements.filter(({ id }) => id.endsWith('s202701'));
    expect(january.map(({ accountId }) => accountId).sort()).toEqual(mortgaged.map(({ id }) => id).sort());
    for (const { accountId, closingMinor, to } of january) {
      const page = await lived.bank.transactions.page(accountId, {
        to,
        directions: ['credit', 'debit'],
        includePending: false,
        pageSize: 1,
      });
      expect(page.items[0]?.balanceAfterMinor ?? 0n).toBe(closingMinor);
    }
    expect(plusMs(january[0]!.to, 1)).toBe(on('2027-02-01'));
  });
});
