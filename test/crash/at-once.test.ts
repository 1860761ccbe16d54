import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Sandbox } from '../../src/index.js';
import { backUp } from '../../src/sandbox/backup.js';
import { readSqliteSnapshot } from '../../src/storage/index.js';
import { customerOf, type Customer } from '../support/customer.js';
import { newThirdParty, startTestSandbox } from '../support/test-sandbox.js';
import type { ThirdParty } from '../support/third-party.js';
import { approvedPayment, bodyOf, payeeOf, planPayment, postPayment, type PaymentPlan } from '../support/uk-bank.js';

const DUPLICATES = 100;
const DEBITS = 100;
const WRITERS = 4;
const PAYMENTS_A_WRITER = 6;

interface Order {
  readonly plan: PaymentPlan;
  readonly consentId: string;
  readonly token: string;
}

/** Over the wire, on a database on disk: what happens when many ask at the same moment. */
describe('many at once', () => {
  let sandbox: Sandbox;
  let tpp: ThirdParty;
  let file: string;
  let payers: readonly Customer[];

  beforeAll(async () => {
    sandbox = await startTestSandbox({ historyMonths: 1 });
    file = join(dirname(sandbox.status.caFile), 'sandbank.db');
    tpp = await newThirdParty(sandbox);
    const personas = ['salaried-renter', 'freelancer', 'family-with-mortgage'];
    payers = await Promise.all(personas.map((persona) => customerOf(sandbox, persona)));
  });

  afterAll(async () => {
    await tpp.close();
    await sandbox.stop();
  });

  const payer = (index: number): Customer => payers[index % payers.length] as Customer;
  const accountOf = (customer: Customer): string => customer.accounts[0]?.id ?? '';

  async function approved(index: number, amount: string, reference: string): Promise<Order> {
    const plan = planPayment({ amount, payee: payeeOf(payer(index + 1)), reference });
    return { plan, ...(await approvedPayment(tpp, payer(index), plan, accountOf(payer(index)))) };
  }

  /** What an account could pay at this moment, and what stands on it. */
  function moneyOf(account: string): { readonly spendable: bigint; readonly booked: bigint } {
    using database = new DatabaseSync(file, { readOnly: true });
    const statement = database.prepare(
      `SELECT booked_minor AS booked, booked_minor - held_minor + overdraft_limit_minor AS spendable
       FROM ledger_accounts WHERE id = (SELECT ledger_account FROM accounts WHERE id = ?)`,
    );
    statement.setReadBigInts(true);
    return statement.get(account) as { spendable: bigint; booked: bigint };
  }

  const statusesOf = (answers: readonly { readonly body: { readonly Data: { readonly Status: string } } }[]) => {
    const count: Record<string, number> = {};
    for (const { body } of answers) count[body.Data.Status] = (count[body.Data.Status] ?? 0) + 1;
    return count;
  };

  test(`${DUPLICATES} duplicates of one payment at once are one debit`, async () => {
    const order = await approved(0, '12.34', 'DUPLICATE');
    const before = moneyOf(accountOf(payer(0))).booked;
    const answers = await Promise.all(Array.from({ length: DUPLICATES }, () => postPayment(tpp, order.plan, order)));
    const ids = answers.map((answer) => bodyOf(answer, 201).Data.DomesticPaymentId);
    expect(new Set(ids).size).toBe(1);
    await sandbox.clock.advance('PT10M');
    expect(moneyOf(accountOf(payer(0))).booked).toBe(before - 1_234n);
    process.stdout.write(`duplicates: ${ids.length} answers, ${new Set(ids).size} payment, one debit of 12.34\n`);
  });

  test(`of ${DEBITS} debits of 10 against 500, exactly 50 succeed`, async () => {
    const account = accountOf(payer(0));
    const orders: Order[] = [];
    for (let index = 0; index < DEBITS; index += 1) orders.push(await approved(0, '10.00', `DEBIT-${index}`));
    // All but 500 goes elsewhere first.
    const rest = moneyOf(account).spendable - 50_000n;
    const amount = `${String(rest / 100n)}.${String(rest % 100n).padStart(2, '0')}`;
    const away = await approved(0, amount, 'AWAY');
    bodyOf(await postPayment(tpp, away.plan, away), 201);
    expect(moneyOf(account).spendable).toBe(50_000n);
    const answers = await Promise.all(orders.map((order) => postPayment(tpp, order.plan, order)));
    for (const answer of answers) bodyOf(answer, 201);
    const statuses = statusesOf(answers);
    expect(statuses['RJCT']).toBe(DEBITS - 50);
    expect(moneyOf(account).spendable).toBe(0n);
    await sandbox.clock.advance('PT10M');
    expect(moneyOf(account).spendable).toBe(0n);
    expect((await sandbox.verify()).checks.filter(({ ok }) => !ok)).toEqual([]);
    process.stdout.write(`debits: ${JSON.stringify(statuses)} of ${DEBITS}, 0 left of 500.00\n`);
  });

  test(`the bank-wide total is the same in every read while ${WRITERS} writers pay`, async () => {
    const lanes: Order[][] = [];
    for (let writer = 0; writer < WRITERS; writer += 1) {
      const lane: Order[] = [];
      for (let index = 0; index < PAYMENTS_A_WRITER; index += 1) {
        // The first payer has nothing left.
        lane.push(await approved(1 + (writer % 2), '0.07', `TOTAL-${writer}-${index}`));
      }
      lanes.push(lane);
    }
    let writing = lanes.length;
    let isSettled = false;
    // Short steps, so that money is on its way in each of them and the tokens last.
    const clock = async (): Promise<void> => {
      try {
        while (writing > 0) {
          await sandbox.clock.advance('PT2S');
          // A database that answers at once would leave the callers no turn.
          await new Promise(setImmediate);
        }
        for (let step = 0; step < 10; step += 1) {
          await sandbox.clock.advance('PT2S');
          await new Promise(setImmediate);
        }
      } finally {
        isSettled = true;
      }
    };
    const writer = async (lane: readonly Order[]): Promise<void> => {
      try {
        for (const order of lane) bodyOf(await postPayment(tpp, order.plan, order), 201);
      } finally {
        writing -= 1;
      }
    };
    const totals = new Set<string>();
    const states = new Set<string>();
    let reads = 0;
    const reader = async (): Promise<void> => {
      while (!isSettled) {
        // Account by account with a pause between: two reads without a transaction would see money twice or not at all.
        const seen = await readSqliteSnapshot(file, async (sql) => {
          const accounts = await sql.all<{ id: bigint }>(
            `SELECT id FROM ledger_accounts WHERE kind = 'customer' OR name LIKE '%-clearing' ORDER BY id`,
          );
          const balances: bigint[] = [];
          for (const { id } of accounts) {
            const row = await sql.get<{ sum: bigint }>(
              'SELECT coalesce(sum(amount_minor), 0) AS sum FROM postings WHERE account_id = ?',
              [id],
            );
            balances.push(row?.sum ?? 0n);
            if (balances.length % 10 === 1) await new Promise(setImmediate);
          }
          return balances;
        });
        totals.add(String(seen.reduce((sum, balance) => sum + balance, 0n)));
        states.add(seen.join(' '));
        reads += 1;
      }
    };
    // Each copy is verified before it has its name: every balance and every payment in it.
    const copies: number[] = [];
    const copier = async (): Promise<void> => {
      while (!isSettled) {
        const copy = join(dirname(file), `copy-${copies.length}.db`);
        copies.push((await backUp(dirname(file), copy)).bytes);
      }
    };
    await Promise.all([...lanes.map(writer), clock(), reader(), copier()]);
    expect(copies.length).toBeGreaterThan(0);
    expect(totals.size).toBe(1);
    expect(states.size).toBeGreaterThan(3);
    process.stdout.write(
      `total: ${reads} reads of ${states.size} states of the books, one total; ${copies.length} backups meanwhile, all sound\n`,
    );
  });
});
