import { closeSync, copyFileSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { MS_PER_DAY, MS_PER_MINUTE, plusMs, type Instant } from '../../src/kernel/index.js';
import { toTrialBalances } from '../../src/sandbox/control/trial-balances.js';
import { verifyWorld, type Verification } from '../../src/sandbox/verification.js';
import { readSqliteSnapshot } from '../../src/storage/index.js';
import { keyOf } from '../bank/sample-bank.js';
import { agree, instructionTo, lodge, openTwoBanks, type TwoBanks } from '../bank/two-banks.js';

const BANKS = ['bramble', 'dogger'];

/** What is broken by which statements on a copy, the claim that must notice it, and where it must say so. */
interface Breakage {
  readonly what: string;
  readonly sql: readonly string[];
  /** The claims that do not hold any more, all of them. */
  readonly claims: readonly string[];
  readonly fault: { readonly where: string; readonly expected: string; readonly actual: string };
}

describe('verification', () => {
  let folder: string;
  let world: TwoBanks;
  let sound: string;
  let defenceless: string;
  let copies = 0;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sandbank-verify-'));
    world = await openTwoBanks();
    const { here, there, clock } = world;
    const payer = await here.open(100_000n);
    const neighbour = await here.open(0n);
    const abroad = await there.open(0n);
    const inMinutes = (minutes: number): Instant => plusMs(clock.now(), minutes * MS_PER_MINUTE);
    const order = async (name: string, ...args: Parameters<typeof instructionTo>): Promise<void> => {
      const subject = { kind: 'payment', instruction: instructionTo(...args) } as const;
      const consent = await lodge(here, subject, { execution: 'by-client' });
      await agree(here, consent.id, [payer]);
      const { value } = await here.bank.payments.submit(
        { clientId: 'tpp', consentId: consent.id, wire: '{}' },
        keyOf(name),
      );
      ids[name] = value.id;
      ids[`consent of ${name}`] = consent.id;
    };
    await order('inside', neighbour);
    await order('between', abroad);
    await order('too much', neighbour, { amount: { amountMinor: 10_000_000n, currency: 'GBP' } });
    await world.until(inMinutes(10));
    await order('under way', neighbour, { amount: { amountMinor: 1_100n, currency: 'GBP' } });
    const access = await lodge(here, {
      kind: 'account-access',
      capabilities: ['accounts.list'],
      recurring: true,
      choice: 'by-customer',
    });
    await agree(here, access.id, [payer]);
    ids['consent that waits'] = (
      await lodge(here, { kind: 'payment', instruction: instructionTo(neighbour) }, { execution: 'by-client' })
    ).id;
    ids['access'] = access.id;
    ids['payer'] = String(payer.ledgerAccount);
    ids['payee'] = String(neighbour.ledgerAccount);
    sound = join(folder, 'sound.db');
    const [file] = await world.storage.read.all<{ file: string }>('PRAGMA database_list');
    using source = new DatabaseSync(file?.file ?? '', { readOnly: true });
    source.prepare('VACUUM INTO ?').run(sound);
    defenceless = join(folder, 'defenceless.db');
    copyFileSync(sound, defenceless);
    using copy = new DatabaseSync(defenceless);
    const triggers = copy.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
    copy.exec(['BEGIN', ...triggers.map(({ name }) => `DROP TRIGGER "${String(name)}"`), 'COMMIT'].join(';'));
  });

  afterAll(async () => {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const verified = (file: string): Promise<Verification> => readSqliteSnapshot(file, (sql) => verifyWorld(sql, BANKS));

  /** With no trigger and no references kept: what a bug that goes round all of it could do. */
  function bentCopy(statements: readonly string[]): string {
    copies += 1;
    const file = join(folder, `copy-${copies}.db`);
    copyFileSync(defenceless, file);
    using copy = new DatabaseSync(file);
    copy.exec('PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF');
    for (const sql of statements) {
      const named = sql.replaceAll(/\{([^}]+)\}/g, (_all, name: string) => ids[name] ?? name);
      if (Number(copy.prepare(named).run().changes) === 0) throw new Error(`nothing was changed by ${named}`);
    }
    return file;
  }

  function pageOf(file: string, name: string): readonly [number, number] {
    using copy = new DatabaseSync(file, { readOnly: true });
    const size = copy.prepare('PRAGMA page_size').get()?.['page_size'];
    return [
      Number(copy.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(name)?.['rootpage']),
      Number(size),
    ];
  }

  test('of a sound world finds nothing, on the file and on a copy without its triggers', async () => {
    expect((await verified(sound)).checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(await verified(bentCopy([]))).toMatchObject({ ok: true });
  });

  const breakages: readonly Breakage[] = [
    {
      what: 'a penny in one posting',
      sql: [
        `UPDATE postings SET amount_minor = amount_minor + 1 WHERE payment_id IS NULL AND account_id = {payer} AND seq = 1`,
      ],
      claims: [
        'bramble: the sum of all postings is zero in every currency',
        'bramble: the postings of every entry sum to zero',
        'bramble: every running balance is the one before it and the amount',
        'bramble: every kept balance equals the sum of its postings',
      ],
      fault: { where: 'posting 1 of ledger account {payer}', expected: '100001', actual: '100000' },
    },
    {
      what: 'a running balance',
      sql: ['UPDATE postings SET balance_minor = balance_minor + 5 WHERE account_id = {payee} AND seq = 1'],
      claims: ['bramble: every running balance is the one before it and the amount'],
      fault: { where: 'posting 1 of ledger account {payee}', expected: '2500', actual: '2505' },
    },
    {
      what: 'a kept balance',
      sql: ['UPDATE ledger_accounts SET booked_minor = booked_minor - 1 WHERE id = {payer}'],
      claims: ['bramble: every kept balance equals the sum of its postings'],
      fault: { where: 'ledger account {payer}', expected: '95000', actual: '94999' },
    },
    {
      what: 'what is set aside',
      sql: ['UPDATE ledger_accounts SET held_minor = 7 WHERE id = {payer}'],
      claims: ['bramble: what every account has set aside equals the sum of its holds'],
      fault: { where: 'ledger account {payer}', expected: '1100', actual: '7' },
    },
    {
      what: 'the number of the last posting',
      sql: ['UPDATE ledger_accounts SET last_seq = last_seq + 1 WHERE id = {payer}'],
      claims: ['bramble: every account knows its last posting'],
      fault: { where: 'ledger account {payer}', expected: '3', actual: '4' },
    },
    {
      what: 'the time of an entry',
      sql: [
        'UPDATE entries SET booked_at = 5 WHERE id = (SELECT entry_id FROM postings WHERE account_id = {payer} AND seq = 1)',
      ],
      claims: ['bramble: every posting is of the bank, the currency and the time of its entry'],
      fault: {
        where: 'posting 1 of ledger account {payer}',
        expected: expect.stringMatching(/^bramble GBP \d{13}$/) as unknown as string,
        actual: 'bramble GBP 5',
      },
    },
    {
      what: 'an account without its account of the ledger',
      sql: ["UPDATE accounts SET currency = 'EUR' WHERE ledger_account = {payee}"],
      claims: [
        "bramble: every account has its own account of the ledger, and every customer's of the ledger is one",
        // The payee of two orders would have been exchanged for.
      ],
      fault: {
        where: expect.stringMatching(/^ledger account \d+ of account /) as unknown as string,
        expected: 'one of kind customer in EUR',
        actual: 'one of kind customer in GBP',
      },
    },
    {
      what: 'a payment that is booked under another order',
      sql: ["UPDATE postings SET payment_id = 'nobody' WHERE payment_id = '{inside}' AND account_id = {payee}"],
      claims: ['bramble: every payment has moved exactly its money'],
      fault: {
        where: 'payment nobody',
        expected: 'an order',
        actual: 'only postings: transfer-in 2500 on ledger account {payee}',
      },
    },
    {
      what: 'the amount of an order',
      sql: ["UPDATE payment_orders SET amount_minor = 2600 WHERE id = '{inside}'"],
      claims: [
        'bramble: what is set aside for payments is what their orders say',
        'bramble: every payment has moved exactly its money',
      ],
      fault: {
        where: 'payment {inside} (credited)',
        expected: 'transfer-in 2600 on ledger account {payee}, transfer-out -2600 on ledger account {payer}',
        actual: 'transfer-in 2500 on ledger account {payee}, transfer-out -2500 on ledger account {payer}',
      },
    },
    {
      what: 'the amount of an order that went to another bank',
      sql: ["UPDATE payment_orders SET status = 'debited' WHERE id = '{between}'"],
      claims: [
        'bramble: every order has come to its state step by step',
        'what waits in clearing is what the orders say is in flight and went to banks outside',
      ],
      fault: { where: 'payment {between}', expected: 'credited', actual: 'debited' },
    },
    {
      what: 'a hold that ended early',
      sql: [
        "UPDATE holds SET state = 'released' WHERE payment_id = '{under way}'",
        'UPDATE ledger_accounts SET held_minor = 0 WHERE id = {payer}',
      ],
      claims: ['bramble: what is set aside for payments is what their orders say'],
      fault: {
        where: 'hold of payment {under way} (received)',
        expected: 'held or expired',
        actual: '1100 released on ledger account {payer}',
      },
    },
    {
      what: 'a hold that nobody names',
      sql: ["UPDATE payment_orders SET hold_id = NULL WHERE id = '{inside}'"],
      claims: [
        'bramble: what is set aside for payments is what their orders say',
        'bramble: every payment has moved exactly its money',
      ],
      fault: {
        where: 'hold of payment {inside} (credited)',
        expected: 'posted or expired',
        actual: 'none',
      },
    },
    {
      what: 'a step that is missing',
      sql: ["DELETE FROM payment_steps WHERE payment_id = '{inside}' AND seq = 2"],
      claims: [
        'bramble: every order has come to its state step by step',
        'bramble: what is set aside for payments is what their orders say',
        'bramble: every payment has moved exactly its money',
        'bramble: orders and consents that were used up belong together',
      ],
      fault: {
        where: 'payment {inside}',
        expected: 'steps from the first to credited',
        actual: 'steps are missing',
      },
    },
    {
      what: 'a step that cannot follow',
      sql: ["UPDATE payment_steps SET status = 'credited' WHERE payment_id = '{inside}' AND seq = 2"],
      claims: [
        'bramble: every order has come to its state step by step',
        'bramble: every step of an order has its event',
      ],
      fault: { where: 'step 2 of payment {inside}', expected: 'accepted or cancelled', actual: 'credited' },
    },
    {
      what: 'an event of an order',
      sql: ["DELETE FROM bank_events WHERE subject = '{under way}'"],
      claims: ['bramble: every step of an order has its event', 'the event log is numbered without a gap'],
      fault: { where: 'events of payment {under way}', expected: 'received', actual: 'none' },
    },
    {
      what: 'a gap in the event log',
      sql: [
        "DELETE FROM bank_events WHERE type = 'account.opened' AND sequence = (SELECT min(sequence) FROM bank_events WHERE type = 'account.opened')",
      ],
      claims: ['the event log is numbered without a gap'],
      fault: {
        where: expect.stringMatching(/^event \d+$/) as unknown as string,
        expected: expect.stringMatching(/^\d+$/) as unknown as string,
        actual: expect.stringMatching(/^\d+$/) as unknown as string,
      },
    },
    {
      what: 'due work that is missing',
      sql: ["DELETE FROM due_items WHERE subject = '{under way}'"],
      claims: ['bramble: every order that is under way waits for its next step, and no other does'],
      fault: { where: 'payment {under way} (received)', expected: 'payment.advance', actual: 'nothing' },
    },
    {
      what: 'due work for an order that has ended',
      sql: ["INSERT INTO due_items (bank, due_at, kind, subject) VALUES ('bramble', 0, 'payment.advance', '{inside}')"],
      claims: ['bramble: every order that is under way waits for its next step, and no other does'],
      fault: { where: 'payment {inside} (credited)', expected: 'nothing', actual: 'payment.advance' },
    },
    {
      what: 'work that was set aside because it failed',
      sql: [
        "UPDATE due_items SET parked = 1, failures = 5, last_error = 'Error: broken' WHERE subject = '{under way}'",
      ],
      claims: ['bramble: no due work was given up'],
      fault: {
        where: 'payment.advance ({under way})',
        expected: 'done, or waiting for its time',
        actual: 'set aside after 5 failures: Error: broken',
      },
    },
    {
      what: 'a consent that was not used up',
      sql: ["UPDATE consents SET status = 'authorised' WHERE id = '{consent of inside}'"],
      claims: [
        'bramble: orders and consents that were used up belong together',
        'bramble: every consent stands where its last event says',
      ],
      fault: {
        where: 'consent {consent of inside} of payment {inside}',
        expected: 'consumed or revoked',
        actual: 'authorised',
      },
    },
    {
      what: 'a consent that was used up for nothing',
      sql: ["UPDATE consents SET status = 'consumed' WHERE id = '{consent that waits}'"],
      claims: [
        'bramble: orders and consents that were used up belong together',
        'bramble: every consent stands where its last event says',
      ],
      fault: { where: 'consent {consent that waits} (consumed)', expected: '1 orders', actual: '0 orders' },
    },
    {
      what: 'a consent to an account that does not exist',
      sql: ["UPDATE consent_accounts SET account_id = 'gone' WHERE consent_id = '{access}'"],
      claims: ['bramble: consents are to accounts that exist'],
      fault: {
        where: 'consent {access}',
        expected: 'accounts of the bank',
        actual: 'account gone, which does not exist',
      },
    },
    {
      what: 'a key that stands for nothing',
      sql: ["UPDATE idempotency_keys SET subject = 'gone' WHERE kind = 'payment' AND subject = '{inside}'"],
      claims: ['bramble: every idempotency key of a payment names one that exists'],
      fault: {
        where: expect.stringMatching(/^key inside of client /) as unknown as string,
        expected: 'a payment',
        actual: 'payment gone, which does not exist',
      },
    },
    {
      what: 'what the banks owe each other',
      sql: [
        // A sound entry of one bank alone.
        `INSERT INTO entries (id, bank, currency, booked_at) SELECT 900, 'dogger', 'GBP', booked_at FROM entries LIMIT 1`,
        `INSERT INTO postings (account_id, seq, entry_id, booked_at, amount_minor, balance_minor)
         SELECT id, last_seq + 1, 900, (SELECT booked_at FROM entries WHERE id = 900), 3, booked_minor + 3
         FROM ledger_accounts WHERE bank = 'dogger' AND name = 'interbank-clearing'`,
        `INSERT INTO postings (account_id, seq, entry_id, booked_at, amount_minor, balance_minor)
         SELECT id, last_seq + 1, 900, (SELECT booked_at FROM entries WHERE id = 900), -3, booked_minor - 3
         FROM ledger_accounts WHERE bank = 'dogger' AND name = 'opening-equity'`,
        `UPDATE ledger_accounts SET last_seq = last_seq + 1, booked_minor = booked_minor +
           CASE name WHEN 'interbank-clearing' THEN 3 ELSE -3 END
         WHERE bank = 'dogger' AND name IN ('interbank-clearing', 'opening-equity')`,
      ],
      claims: ['what the banks owe each other sums to zero in every currency'],
      fault: { where: 'GBP', expected: '0', actual: '3' },
    },
    {
      what: 'a reference to nothing',
      sql: [
        'DELETE FROM ledger_texts WHERE id = (SELECT text_id FROM postings WHERE account_id = {payer} AND seq = 1)',
      ],
      claims: ['every row refers to rows that exist'],
      fault: {
        where: 'postings',
        expected: 'a row that exists',
        actual: 'refers to a row of ledger_texts that does not exist',
      },
    },
  ];

  test.each(breakages)('tells of $what, and of nothing else', async ({ sql, claims, fault }) => {
    const named = Object.fromEntries(
      Object.entries(fault).map(([key, value]) => [
        key,
        typeof value === 'string' ? value.replaceAll(/\{([^}]+)\}/g, (_all, name: string) => ids[name] ?? name) : value,
      ]),
    );
    const { ok, checks } = await verified(bentCopy(sql));
    const broken = checks.filter((check) => !check.ok);
    expect(ok).toBe(false);
    expect(broken.map(({ name }) => name)).toEqual(claims);
    expect(broken.flatMap(({ faults }) => faults)).toContainEqual(named);
  });

  test('tells of damage to the file, and says nothing of the banks in it', async () => {
    const file = bentCopy([]);
    const [page, size] = pageOf(file, 'payment_orders_by_consent');
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(size), 0, size, (page - 1) * size);
    closeSync(handle);
    const { ok, checks } = await verified(file);
    expect(ok).toBe(false);
    expect(checks.map(({ name }) => name)).toContain('the database file is whole');
    expect(checks.find((check) => check.name === 'the database file is whole')?.faults?.length).toBeGreaterThan(0);
    expect(checks.some(({ name }) => name.startsWith('bramble'))).toBe(false);
  });

  test('writes trial balances as text, and calls money that is nowhere unbalanced', () => {
    const position = {
      bank: 'bramble',
      currency: 'GBP',
      bookedMinor: 0n,
      waitingMinor: 5n,
      inFlightMinor: 3n,
      outsideMinor: 2n,
    };
    expect(toTrialBalances([], [position])).toMatchObject({ balanced: true, clearing: [{ waitingMinor: '5' }] });
    for (const wrong of [{ waitingMinor: 4n }, { bookedMinor: 1n }]) {
      expect(toTrialBalances([], [{ ...position, ...wrong }])).toMatchObject({ balanced: false });
    }
  });

  test('of a world that has moved on for a month finds nothing', async () => {
    await world.until(plusMs(world.clock.now(), 30 * MS_PER_DAY));
    expect((await world.storage.snapshot((sql) => verifyWorld(sql, BANKS))).checks.filter(({ ok }) => !ok)).toEqual([]);
  });
});
