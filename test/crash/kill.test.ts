import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Tpp } from '../../src/index.js';
import { createRandom } from '../../src/kernel/index.js';
import { openSqlite, type Storage } from '../../src/storage/index.js';
import { createDatabase, TEST_DIALECT, type TestDatabase } from '../support/databases.js';
import { startProcess, type SandboxProcess } from '../support/sandbox-process.js';
import { createThirdParty, type ThirdParty } from '../support/third-party.js';
import {
  bodyOf,
  lodgeAccess,
  minor,
  planPayment,
  postPaymentConsent,
  readPayment,
  transactionsOf,
  type WireTransaction,
} from '../support/uk-bank.js';
import { attempt, createPaymentLoad, toOrder, type PaymentLoad, type Write } from './payment-load.js';

/** More by `npm run test:crash -- --kills 200`. */
const KILLS = (globalThis as { readonly kills?: number }).kills ?? 25;
const CLIENTS = 6;
const ORDERS_A_ROUND = 5;
/** Some of the orders are spread over the life of the process; the rest are under way when it is killed. */
const EARLY_ORDERS = 2;
/** Each pays the next; their journeys go side by side, since a customer's newest code belongs to her newest journey. */
const PAYERS = ['salaried-renter', 'freelancer', 'family-with-mortgage'];

interface TestCustomer {
  readonly persona?: string;
  readonly name: string;
  readonly customerNumber: string;
  readonly accounts: readonly { readonly id: string; readonly identification: string }[];
}

describe(`kill -9 while payments run on ${TEST_DIALECT}`, () => {
  const random = createRandom('kill');
  const dataDir = mkdtempSync(join(tmpdir(), 'sandbank-kill-'));
  let sandbox: SandboxProcess;
  let server: TestDatabase | undefined;
  let tpp: ThirdParty;
  let payers: readonly TestCustomer[];
  let load: PaymentLoad;
  let kept = 0;
  /** As the round before was answered; what a round of orders is spread by. */
  let writesAMs = 0.2;

  beforeAll(async () => {
    if (TEST_DIALECT === 'postgresql') server = await createDatabase(TEST_DIALECT);
    sandbox = await start('--history-months', '1', '--seed', '1');
    const made = await sandbox.control<Tpp>('POST', '/tpps', {
      name: 'Kill Test',
      banks: ['bramble'],
      clientAuthentication: 'tls_client_auth',
    });
    tpp = await createThirdParty({ tpp: made, status: sandbox.status, caPem: sandbox.caPem });
    const { customers } = await sandbox.control<{ customers: TestCustomer[] }>('GET', '/banks/bramble/customers');
    payers = PAYERS.map((persona) => {
      const found = customers.find((one) => one.persona === persona);
      if (!found)
        throw new Error(`no persona ${persona}, only ${customers.map((one) => one.persona ?? '-').join(', ')}`);
      return found;
    });
    const clientToken = await tpp.clientToken('payments');
    const lanes = await Promise.all(payers.map((_payer, lane) => approvedOrders(lane, clientToken)));
    // Interleaved, so that every round has orders of every payer.
    const orders = lanes[0]?.flatMap((_order, index) => lanes.map((lane) => lane[index] as Write)) ?? [];
    const [first] = payers;
    const payee = { name: first?.name ?? '', identification: first?.accounts[0]?.identification ?? '' };
    load = createPaymentLoad({ tpp, clientToken, random, orders, payee });
  }, KILLS * 6_000);

  afterAll(async () => {
    await tpp?.close();
    await sandbox?.kill();
    await server?.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const start = (...flags: string[]): Promise<SandboxProcess> =>
    startProcess(dataDir, [...(server?.url === undefined ? [] : ['--database', server.url]), '--port', '0', ...flags]);

  const authorise = async (authorizationUrl: string, payer: TestCustomer): Promise<URL> => {
    const { redirectTo } = await sandbox.control<{ redirectTo: string }>('POST', '/banks/bramble/authorise', {
      authorizationUrl,
      customer: payer.customerNumber,
      accounts: [payer.accounts[0]?.id],
      decision: 'approve',
    });
    return new URL(redirectTo);
  };

  async function approvedOrders(lane: number, clientToken: string): Promise<readonly Write[]> {
    const payer = payers[lane] as TestCustomer;
    const payee = payers[(lane + 1) % payers.length] as TestCustomer;
    const orders: Write[] = [];
    for (let index = 0; index < (KILLS * ORDERS_A_ROUND) / payers.length; index += 1) {
      const amount = BigInt((index % 40) + 1);
      const plan = planPayment({
        amount: `0.${String(amount).padStart(2, '0')}`,
        payee: { name: payee.name, identification: payee.accounts[0]?.identification ?? '' },
        reference: `KILL-${lane}-${index}`,
      });
      const consentId = bodyOf(await postPaymentConsent(tpp, plan, { token: clientToken }), 201).Data.ConsentId;
      const pending = await tpp.beginConsent(consentId, 'payments');
      const tokens = await tpp.finishConsent(pending, await authorise(pending.authorizationUrl, payer));
      orders.push(
        toOrder(tpp, {
          plan,
          amount,
          payer: payer.accounts[0]?.id ?? '',
          payee: payee.accounts[0]?.id ?? '',
          consentId,
          token: tokens.access_token,
        }),
      );
    }
    return orders;
  }

  /** How many orders were kept without an answer. None that was answered may be missing, and none be there unasked. */
  async function keptUnanswered(unanswered: readonly Write[]): Promise<number> {
    const acknowledged = load.orders.filter(({ state }) => state === 'acknowledged').length;
    const more = (await ordersInDatabase()) - acknowledged;
    expect(more).toBeGreaterThanOrEqual(0);
    expect(more).toBeLessThanOrEqual(unanswered.filter(({ kind }) => kind === 'order').length);
    return more;
  }

  /** One life of the process: written to, killed, started again, and asked for what it had not answered. */
  async function round(): Promise<readonly Write[]> {
    const delayMs = random.int(5, 800);
    let killed: Promise<void> | undefined;
    let killAt = Infinity;
    let answered = 0;
    const lastMs = CLIENTS / writesAMs / 2;
    await load.run({
      clients: CLIENTS,
      orderChance: () => (performance.now() > killAt - lastMs ? 1 : EARLY_ORDERS / (delayMs * writesAMs)),
      onAcknowledged: () => {
        answered += 1;
        if (killed) return;
        killAt = performance.now() + delayMs;
        killed = wait(delayMs).then(() => sandbox.kill());
      },
    });
    if (!killed) throw new Error('the clients lost the bank before it was killed');
    await killed;
    writesAMs = Math.max(0.02, answered / delayMs);
    sandbox = await start();
    const all = [...load.orders, ...load.lodged];
    const unanswered = all.filter(({ state }) => state === 'unanswered');
    kept += await keptUnanswered(unanswered);
    // The newest acknowledged writes are the ones that a careless commit would lose.
    const newest = [load.orders, load.lodged].flatMap((writes) =>
      writes.filter(({ state }) => state === 'acknowledged').slice(-3),
    );
    for (const write of [...unanswered, ...newest]) expect(await attempt(write)).toBe(true);
    return unanswered;
  }

  test(
    `${KILLS} times, every acknowledged payment is there exactly once, and the books balance`,
    async () => {
      const unanswered: Write[] = [];
      for (let number = 0; number < KILLS; number += 1) unanswered.push(...(await round()));
      // What no round had the time for is ordered now, so that every consent is accounted for.
      const left = load.orders.filter(({ state }) => state === 'unsent');
      for (const order of left) expect(await attempt(order)).toBe(true);
      await sandbox.control('POST', '/clock/advance', { duration: 'PT1H' });

      expect(await sandbox.control('GET', '/verification')).toMatchObject({ ok: true });
      await expectEachPaymentOnce();
      await sandbox.stop();
      await expectSoundDatabase();
      const cutOff = (kind: Write['kind']): number => unanswered.filter((write) => write.kind === kind).length;
      process.stdout.write(
        `kill -9: ${KILLS} kills; acknowledged ${load.orders.length - left.length} orders (${cutOff('order')} cut off by a kill, ${kept} of them kept) ` +
          `and ${load.lodged.length} consents (${cutOff('consent')} cut off)\n`,
      );
    },
    KILLS * 10_000,
  );

  /** One debit and one credit of the amount for every order, and nothing else under our references. */
  async function expectEachPaymentOnce(): Promise<void> {
    const booked = new Map<string, readonly WireTransaction[]>();
    for (const payer of payers) {
      const pending = await tpp.beginConsent(await lodgeAccess(tpp), 'accounts');
      const tokens = await tpp.finishConsent(pending, await authorise(pending.authorizationUrl, payer));
      const account = payer.accounts[0]?.id ?? '';
      booked.set(account, await transactionsOf(tpp, tokens.access_token, account));
    }
    const amountsOf = (account: string, reference: string): readonly bigint[] =>
      (booked.get(account) ?? [])
        .filter((one) => one.TransactionReference === reference && one.Status === 'BOOK')
        .map((one) => minor(one.Amount, one.CreditDebitIndicator));
    const ids = new Set<string>();
    for (const { id = '', plan, amount, payer, payee } of load.orders) {
      ids.add(id);
      expect(bodyOf(await readPayment(tpp, id), 200).Data.Status).toBe('ACCC');
      expect({
        reference: plan.reference,
        payer: amountsOf(payer, plan.reference),
        payee: amountsOf(payee, plan.reference),
      }).toEqual({
        reference: plan.reference,
        payer: [-amount],
        payee: [amount],
      });
    }
    expect(ids.size).toBe(load.orders.length);
  }

  async function expectSoundDatabase(): Promise<void> {
    if (!server) {
      const integrity = await inDatabase((storage) => storage.read.all('PRAGMA integrity_check'));
      expect(integrity).toEqual([{ integrity_check: 'ok' }]);
    }
    expect(await ordersInDatabase()).toBe(load.orders.length);
  }

  async function ordersInDatabase(): Promise<number> {
    const row = await inDatabase((storage) =>
      storage.read.get<{ n: bigint }>('SELECT count(*) AS n FROM payment_orders'),
    );
    return Number(row?.n);
  }

  async function inDatabase<T>(read: (storage: Storage) => Promise<T>): Promise<T> {
    const storage = server
      ? await server.open()
      : openSqlite({ file: join(dataDir, 'sandbank.db'), durability: 'FULL' });
    try {
      return await read(storage);
    } finally {
      await storage.close();
    }
  }
});
