import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import {
  createTransactions,
  type Account,
  type AccountIdentifier,
  type TransactionQuery,
} from '../../../src/bank/index.js';
import { MS_PER_DAY, plusMs } from '../../../src/kernel/index.js';
import { ELSEWHERE, keyOf, openSampleBank, PROFILE, sortCodeOf, START, type Sample } from '../sample-bank.js';

const ALL: TransactionQuery = { directions: ['credit', 'debit'], includePending: true, pageSize: 10 };

describe('payments', () => {
  let bank: Sample;
  let payer: Account;
  let payee: Account;

  beforeEach(async () => {
    bank = await openSampleBank();
    payer = await bank.openWith(10_000n);
    payee = await bank.openWith(0n, { holderName: 'MR B OKAFOR' });
  });
  afterEach(() => bank.close());

  const submit = async (amountMinor: bigint, to: AccountIdentifier, key = 'key-1') => {
    const consentId = await bank.authorise({ from: payer, to, amountMinor });
    return bank.payments.submit({ clientId: 'tpp', consentId, wire: '{"sent":"as is"}' }, keyOf(key));
  };
  const advance = async (ms: number) => {
    bank.clock.moveTo(plusMs(bank.clock.now(), ms));
    return bank.schedules.runDue(bank.clock.now());
  };
  const money = async (account: Account) => {
    const { bookedMinor, availableMinor } = await bank.accounts.balance(account.id);
    return [bookedMinor, availableMinor];
  };
  const sound = async () =>
    expect(await bank.ledger.trialBalance(bank.storage.read)).toMatchObject({
      currencies: [{ currency: 'GBP', sumMinor: 0n }],
      differences: [],
      heldDifferences: [],
      unbalancedEntries: 0,
    });

  test('to an account of this bank moves the money step by step, each at its own time', async () => {
    const { value: order, replayed } = await submit(2_500n, { ...sortCodeOf(payee), name: 'B Okafor' });
    expect(replayed).toBe(false);
    expect(order).toMatchObject({
      status: 'received',
      createdAt: START,
      expectedSettlementAt: plusMs(START, 3_000),
      wire: '{"sent":"as is"}',
    });
    expect(await money(payer)).toEqual([10_000n, 7_500n]);
    expect((await bank.transactions.page(payer.id, ALL)).items[0]).toMatchObject({
      status: 'pending',
      paymentId: order.id,
      amountMinor: 2_500n,
    });

    const seen: unknown[] = [];
    for (let step = 1; step <= 4; step += 1) {
      await advance(1_000);
      seen.push([(await bank.payments.get(order.id)).status, ...(await money(payer)), ...(await money(payee))]);
    }
    expect(seen).toEqual([
      ['accepted', 10_000n, 7_500n, 0n, 0n],
      ['settling', 10_000n, 7_500n, 0n, 0n],
      ['debited', 7_500n, 7_500n, 0n, 0n],
      ['credited', 7_500n, 7_500n, 2_500n, 2_500n],
    ]);
    const paid = await bank.payments.get(order.id, { clientId: 'tpp' });
    expect(paid.steps.map(({ status, at }) => [status, at - START])).toEqual([
      ['received', 0],
      ['accepted', 1_000],
      ['settling', 2_000],
      ['debited', 3_000],
      ['credited', 4_000],
    ]);
    expect(await bank.payments.byConsent(order.consentId)).toEqual(paid);
    expect((await bank.transactions.page(payer.id, ALL)).items[0]).toMatchObject({
      status: 'booked',
      direction: 'debit',
      code: 'transfer-out',
      text: 'B Okafor',
      reference: 'invoice 1',
      paymentId: order.id,
      bookedAt: plusMs(START, 3_000),
      counterparty: { name: 'B Okafor', identification: sortCodeOf(payee).identification },
    });
    expect((await bank.transactions.page(payee.id, ALL)).items).toMatchObject([
      {
        direction: 'credit',
        code: 'transfer-in',
        text: 'MS A CLARKE',
        bookedAt: plusMs(START, 4_000),
        balanceAfterMinor: 2_500n,
        counterparty: { name: 'MS A CLARKE', identification: sortCodeOf(payer).identification },
      },
    ]);
    expect((await bank.events.list({ subject: order.id })).map(({ type, at }) => [type, at - START])).toEqual([
      ...[4_000, 3_000, 2_000, 1_000].map((at) => ['payment.status-changed', at]),
      ['payment.created', 0],
    ]);
    await sound();
  });

  test('has the same steps at the same times when the clock leaps over all of them', async () => {
    const { value } = await submit(2_500n, payee.identifiers[1]!);
    expect(await advance(91 * MS_PER_DAY)).toHaveLength(4);
    const { steps } = await bank.payments.get(value.id);
    expect(steps.map(({ at }) => at - START)).toEqual([0, 1_000, 2_000, 3_000, 4_000]);
    expect(await money(payee)).toEqual([2_500n, 2_500n]);
  });

  test('to another bank leaves the money in clearing and ends as credited', async () => {
    const { value } = await submit(2_500n, ELSEWHERE);
    await advance(4_000);
    expect((await bank.payments.get(value.id)).status).toBe('credited');
    const clearing = await bank.storage.transaction((tx) => bank.ledger.internal(tx, 'payment-clearing', 'GBP'));
    expect((await bank.ledger.balance(bank.storage.read, clearing)).bookedMinor).toBe(2_500n);
    await sound();
  });

  test('beyond the money is stored as rejected, uses the consent up and holds nothing', async () => {
    const { value } = await submit(10_001n, ELSEWHERE);
    expect(value).toMatchObject({
      status: 'rejected',
      rejection: 'insufficient-funds',
      steps: [{ reason: 'insufficient-funds' }],
    });
    expect(await money(payer)).toEqual([10_000n, 10_000n]);
    expect(await advance(MS_PER_DAY)).toEqual([]);
    const again = bank.payments.submit({ clientId: 'tpp', consentId: value.consentId, wire: '' }, keyOf('key-2'));
    await expect(again).rejects.toMatchObject({ code: 'consent.consumed' });
  });

  test.each([
    [
      'an account number that this bank never gave',
      'creditor-account-unknown',
      async () => ({ ...ELSEWHERE, identification: '40205000000001' }),
    ],
    [
      'an account that is closed',
      'creditor-account-closed',
      async () => {
        await bank.storage.transaction((tx) => bank.accounts.close(tx, payee.id));
        return sortCodeOf(payee);
      },
    ],
  ])('to %s is rejected before the money leaves, and the hold comes free', async (_what, reason, to) => {
    const { value } = await submit(2_500n, await to());
    await advance(1_000);
    expect((await bank.payments.get(value.id)).status).toBe('accepted');
    await advance(MS_PER_DAY);
    expect(await bank.payments.get(value.id)).toMatchObject({
      status: 'rejected',
      rejection: reason,
      statusAt: plusMs(START, 2_000),
    });
    expect(await money(payer)).toEqual([10_000n, 10_000n]);
    await sound();
  });

  test('whose payer closes the account on the way is rejected; whose payee does after the debit is returned', async () => {
    const first = await submit(2_500n, sortCodeOf(payee));
    await advance(3_000);
    expect(await money(payer)).toEqual([7_500n, 7_500n]);
    await bank.storage.transaction((tx) => bank.accounts.close(tx, payee.id));
    await advance(1_000);
    expect(await bank.payments.get(first.value.id)).toMatchObject({
      status: 'rejected',
      rejection: 'creditor-account-closed',
    });
    expect(await money(payer)).toEqual([10_000n, 10_000n]);
    expect((await bank.transactions.page(payer.id, ALL)).items[0]).toMatchObject({
      code: 'refund',
      direction: 'credit',
    });

    const second = await submit(1_000n, ELSEWHERE, 'key-2');
    await bank.storage.transaction((tx) => bank.accounts.close(tx, payer.id));
    await advance(MS_PER_DAY);
    expect(await bank.payments.get(second.value.id)).toMatchObject({
      status: 'rejected',
      rejection: 'debtor-account-closed',
    });
    await expect(submit(1n, ELSEWHERE, 'key-3')).rejects.toMatchObject({ code: 'account.closed' });
    await sound();
  });

  test('to the very account they come from are refused and change nothing', async () => {
    await expect(submit(100n, sortCodeOf(payer))).rejects.toMatchObject({ code: 'field.invalid' });
    expect(await money(payer)).toEqual([10_000n, 10_000n]);
    await expect(submit(0n, ELSEWHERE)).rejects.toMatchObject({ code: 'payment.amount-invalid' });
  });

  test('are seen by the client that made them only', async () => {
    const { value } = await submit(100n, ELSEWHERE);
    await expect(bank.payments.get(value.id, { clientId: 'other' })).rejects.toMatchObject({
      code: 'payment.of-another-client',
    });
    await expect(bank.payments.get('none')).rejects.toMatchObject({ code: 'payment.not-found' });
    expect(await bank.payments.byConsent('none')).toBeUndefined();
  });

  test('have their funds confirmed with the overdraft and without what is held, which moves nothing', async () => {
    const rich = await bank.openWith(100n, { overdraftLimitMinor: 50n });
    const consent = (amountMinor: bigint) => bank.authorise({ from: rich, to: ELSEWHERE, amountMinor });
    expect(await bank.payments.fundsAvailable(await consent(150n))).toBe(true);
    expect(await bank.payments.fundsAvailable(await consent(151n))).toBe(false);
    expect(await money(rich)).toEqual([100n, 100n]);
    await bank.payments.submit({ clientId: 'tpp', consentId: await consent(150n), wire: '' }, keyOf('k'));
    expect(await bank.payments.fundsAvailable(await consent(1n))).toBe(false);
  });

  test('have no funds confirmed on an account that is closed', async () => {
    const consentId = await bank.authorise({ from: payer, to: ELSEWHERE, amountMinor: 1n });
    await bank.storage.transaction((tx) => bank.accounts.close(tx, payer.id));
    expect(await bank.payments.fundsAvailable(consentId)).toBe(false);
  });

  test('to an account of this bank in another currency are refused and change nothing', async () => {
    const euros = await bank.openWith(0n, { currency: 'EUR' });
    await expect(submit(100n, sortCodeOf(euros))).rejects.toMatchObject({ code: 'payment.unsupported-currency' });
    expect(await money(payer)).toEqual([10_000n, 10_000n]);
  });

  test('to a number that an account in another currency is given on the way come back from a bank that exchanges none', async () => {
    const to = { ...ELSEWHERE, identification: '40205000000001' };
    const { value } = await submit(100n, to);
    await bank.openWith(0n, { currency: 'EUR', identifiers: [to] });
    await advance(MS_PER_DAY);
    expect(await bank.payments.get(value.id)).toMatchObject({
      status: 'rejected',
      rejection: 'currency-not-accepted',
    });
    expect(await money(payer)).toEqual([10_000n, 10_000n]);
  });

  test('whose hold ran out before the debit are paid only if the money is still there', async () => {
    const pay = async (amountMinor: bigint, key: string) => {
      const { value } = await submit(amountMinor, ELSEWHERE, key);
      await bank.storage.transaction((tx) => bank.ledger.expireHolds(tx, plusMs(bank.clock.now(), 8 * MS_PER_DAY)));
      return value.id;
    };
    const [first, second] = [await pay(9_999n, 'key-1'), await pay(9_999n, 'key-2')];
    await advance(MS_PER_DAY);
    expect((await bank.payments.get(first)).status).toBe('credited');
    expect(await bank.payments.get(second)).toMatchObject({ status: 'rejected', rejection: 'insufficient-funds' });
    expect(await money(payer)).toEqual([1n, 1n]);
    await sound();
  });

  test('come through when an account was booked at a later instant than their step', async () => {
    const { value } = await submit(100n, sortCodeOf(payee));
    await bank.storage.transaction((tx) => bank.fund(tx, payer, 5n, plusMs(START, 60_000)));
    await advance(4_000);
    expect(await bank.schedules.parked()).toEqual([]);
    expect((await bank.payments.get(value.id)).status).toBe('credited');
    expect(await money(payee)).toEqual([100n, 100n]);
    await sound();
  });

  test('stand on a page once, whenever the debit is booked while the page is read', async () => {
    for (let reads = 0; reads < 12; reads += 1) {
      const { value } = await submit(10n, ELSEWHERE, `key-${reads}`);
      let left = reads;
      const interrupted = async <T>(read: () => Promise<T>): Promise<T> => {
        if (left === 0) await advance(4_000);
        left -= 1;
        return read();
      };
      const { read } = bank.storage;
      const storage = {
        ...bank.storage,
        read: {
          ...read,
          all: <Row>(...call: Parameters<typeof read.all>) => interrupted(() => read.all<Row>(...call)),
          get: <Row>(...call: Parameters<typeof read.get>) => interrupted(() => read.get<Row>(...call)),
        },
      };
      const reader = createTransactions({ bank: 'bramble', storage, ids: bank.ids, accounts: bank.accounts });
      const { items } = await reader.page(payer.id, ALL);
      expect(items.filter(({ paymentId }) => paymentId === value.id)).toHaveLength(1);
      await advance(4_000);
    }
  });

  test('keep their orders and steps whatever is written by hand', async () => {
    await submit(100n, ELSEWHERE);
    for (const sql of [
      'UPDATE payment_orders SET amount_minor = 1',
      'DELETE FROM payment_orders',
      'UPDATE payment_steps SET at = 0',
      'DELETE FROM payment_steps',
      "INSERT OR REPLACE INTO payment_steps SELECT payment_id, seq, 'credited', at, reason FROM payment_steps",
    ]) {
      await expect(bank.storage.transaction((tx) => tx.run(sql))).rejects.toThrow();
    }
  });

  test('a hundred at once of 10 against 500 are exactly fifty', async () => {
    const account = await bank.openWith(50_000n);
    const consents = [];
    for (let index = 0; index < 100; index += 1) {
      consents.push(await bank.authorise({ from: account, to: sortCodeOf(payee), amountMinor: 1_000n }));
    }
    const orders = await Promise.all(
      consents.map((consentId) => bank.payments.submit({ clientId: 'tpp', consentId, wire: '' }, keyOf(consentId))),
    );
    expect(orders.filter(({ value }) => value.status === 'received')).toHaveLength(50);
    expect(orders.filter(({ value }) => value.rejection === 'insufficient-funds')).toHaveLength(50);
    await Promise.all([
      advance(4_000),
      bank.schedules.runDue(plusMs(START, 4_000)),
      bank.schedules.runDue(plusMs(START, 4_000)),
    ]);
    expect(await money(account)).toEqual([0n, 0n]);
    expect(await money(payee)).toEqual([50_000n, 50_000n]);
    await sound();
  });

  test('whose delays are zero are paid as soon as due work runs', async () => {
    const quick = await openSampleBank({ ...PROFILE, payments: { acceptMs: 0, settleMs: 0, debitMs: 0, creditMs: 0 } });
    const from = await quick.openWith(100n);
    const consentId = await quick.authorise({ from, to: ELSEWHERE, amountMinor: 100n });
    const { value } = await quick.payments.submit({ clientId: 'tpp', consentId, wire: '' }, keyOf('k'));
    await quick.schedules.runDue(START);
    expect((await quick.payments.get(value.id)).status).toBe('credited');
    await quick.close();
  });

  describe('under an idempotency key', () => {
    test('are made once by twenty requests at the same time', async () => {
      const consentId = await bank.authorise({ from: payer, to: ELSEWHERE, amountMinor: 100n });
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => bank.payments.submit({ clientId: 'tpp', consentId, wire: '' }, keyOf('same'))),
      );
      expect(new Set(answers.map(({ value }) => value.id)).size).toBe(1);
      expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
      expect(await money(payer)).toEqual([10_000n, 9_900n]);
    });

    test('answer a repeated request with their present state', async () => {
      const { value } = await submit(100n, ELSEWHERE, 'same');
      await advance(4_000);
      const again = await bank.payments.submit(
        { clientId: 'tpp', consentId: value.consentId, wire: '' },
        keyOf('same'),
      );
      expect(again).toMatchObject({ replayed: true, value: { id: value.id, status: 'credited' } });
    });

    test('refuse a changed request and change nothing', async () => {
      await submit(100n, ELSEWHERE, 'same');
      const consentId = await bank.authorise({ from: payer, to: ELSEWHERE, amountMinor: 200n });
      const changed = bank.payments.submit(
        { clientId: 'tpp', consentId, wire: '' },
        keyOf('same', { fingerprint: 'other' }),
      );
      await expect(changed).rejects.toMatchObject({ code: 'idempotency.body-changed' });
      expect(await money(payer)).toEqual([10_000n, 9_900n]);
      expect(await bank.payments.byConsent(consentId)).toBeUndefined();
    });

    test('keep the keys of two clients apart', async () => {
      const pay = async (clientId: string) => {
        const consentId = await bank.authorise({ from: payer, to: ELSEWHERE, amountMinor: 100n, clientId });
        return bank.payments.submit(
          { clientId, consentId, wire: '' },
          keyOf('same', { clientId, fingerprint: clientId }),
        );
      };
      const [one, two] = [await pay('tpp-1'), await pay('tpp-2')];
      expect([one.replayed, two.replayed]).toEqual([false, false]);
      expect(one.value.id).not.toBe(two.value.id);
    });

    test('treat a key as new once it has expired on the clock of the bank', async () => {
      const { value } = await submit(100n, ELSEWHERE, 'same');
      const repeat = () =>
        bank.payments.submit({ clientId: 'tpp', consentId: value.consentId, wire: '' }, keyOf('same'));
      await advance(MS_PER_DAY - 1);
      expect((await repeat()).replayed).toBe(true);
      await advance(1);
      await expect(repeat()).rejects.toMatchObject({ code: 'consent.consumed' });
      const consentId = await bank.authorise({ from: payer, to: ELSEWHERE, amountMinor: 100n });
      const later = keyOf('same', { fingerprint: 'other', expiresAt: plusMs(bank.clock.now(), MS_PER_DAY) });
      const fresh = await bank.payments.submit({ clientId: 'tpp', consentId, wire: '' }, later);
      expect(fresh.replayed).toBe(false);
      expect((await bank.payments.submit({ clientId: 'tpp', consentId, wire: '' }, later)).value.id).toBe(
        fresh.value.id,
      );
    });
  });
});
