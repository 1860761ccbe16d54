import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { createHappenings, createStatements, type Account, type Happenings } from '../../../src/bank/index.js';
import { MS_PER_DAY, plusMs } from '../../../src/kernel/index.js';
import { ELSEWHERE, keyOf, openSampleBank, START, type Sample } from '../sample-bank.js';

describe('what happened in a bank', () => {
  let bank: Sample;
  let account: Account;
  let happenings: Happenings;

  beforeEach(async () => {
    bank = await openSampleBank();
    account = await bank.openWith(100_00n);
    const statements = createStatements({ bank: 'bramble', ...bank });
    happenings = createHappenings({ bank: 'bramble', ...bank, statements });
  });
  afterEach(() => bank.close());

  test('is nothing while nothing does', async () => {
    const tell = await happenings.watch();
    expect(await tell(10)).toEqual({ counts: [], items: [] });
  });

  test('is told by kind with sums, and in order of time up to a limit', async () => {
    const tell = await happenings.watch();
    const opened = await bank.openWith(3_00n);
    const consentId = await bank.authorise({ from: account, to: ELSEWHERE, amountMinor: 12_34n });
    await bank.payments.submit({ consentId, clientId: 'tpp', wire: '{}' }, keyOf('one'));
    bank.clock.moveTo(plusMs(START, MS_PER_DAY));
    await bank.schedules.runDue(bank.clock.now());
    const { counts, items } = await tell(4);
    expect(counts).toEqual(
      expect.arrayContaining([
        { kind: 'transaction.opening-balance', count: 1, sum: { amountMinor: 3_00n, currency: 'GBP' } },
        { kind: 'transaction.transfer-out', count: 1, sum: { amountMinor: -12_34n, currency: 'GBP' } },
        { kind: 'account.opened', count: 1 },
        { kind: 'payment.created', count: 1 },
        { kind: 'payment.debited', count: 1 },
      ]),
    );
    expect(items).toHaveLength(4);
    expect(items.map(({ at }) => at)).toEqual(items.map(({ at }) => at).sort((a, b) => a - b));
    expect(items[0]).toEqual({
      kind: 'transaction.opening-balance',
      at: START,
      subject: `${opened.id}-1`,
      account: opened.id,
      text: 'OPENING BALANCE',
      amount: { amountMinor: 3_00n, currency: 'GBP' },
    });
  });

  test('includes what was freed, and statements', async () => {
    await bank.storage.transaction((tx) =>
      bank.ledger.hold(tx, {
        account: account.ledgerAccount,
        amountMinor: 4_00n,
        at: START,
        expiresAt: plusMs(START, MS_PER_DAY),
        detail: { code: 'card-payment', text: 'HELD' },
      }),
    );
    const tell = await happenings.watch();
    bank.clock.moveTo(plusMs(START, 40 * MS_PER_DAY));
    await bank.storage.transaction((tx) => bank.ledger.expireHolds(tx, bank.clock.now()));
    const { counts } = await tell(10);
    expect(counts).toEqual([
      { kind: 'hold.expired', count: 1 },
      { kind: 'statement.cut', count: 1 },
    ]);
  });
});
