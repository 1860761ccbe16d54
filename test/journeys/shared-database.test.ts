import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Sandbox, Tpp } from '../../src/index.js';
import { customerOf, type Customer } from '../support/customer.js';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { startProcess, type SandboxProcess } from '../support/sandbox-process.js';
import { freePorts, startProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { createThirdParty, type ThirdParty } from '../support/third-party.js';
import {
  accountIdsOf,
  approvedPayment,
  bodyOf,
  accessTo,
  lodgeAccess,
  payeeOf,
  planPayment,
  postPayment,
  readPayment,
  transactionsOf,
} from '../support/uk-bank.js';

const PROCESSES = 3;
const DUPLICATES = 100;

/** Three processes on one PostgreSQL database, behind a proxy that passes TLS through. */
describe('several processes on one database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbank-shared-'));
  let database: TestDatabase;
  let proxies: readonly TcpProxy[] = [];
  let processes: SandboxProcess[] = [];
  let flagsOf: (index: number) => readonly string[];
  let tpp: ThirdParty;
  let payer: Customer;
  let payee: Customer;

  beforeAll(async () => {
    database = await createDatabase('postgresql');
    const [plain, mutual] = [await freePorts(PROCESSES), await freePorts(PROCESSES)];
    proxies = [await startProxy(plain), await startProxy(mutual)];
    const [publicPort = 0, mtlsPort = 0] = proxies.map(({ port }) => port);
    const common = ['--database', database.url ?? '', '--port', publicPort, '--mtls-port', mtlsPort, '--seed', 3];
    flagsOf = (index) =>
      [
        ...common,
        '--listen-port',
        plain[index] ?? 0,
        '--listen-mtls-port',
        mutual[index] ?? 0,
        '--history-months',
        2,
        '--clock',
        'frozen:2026-06-16T09:00:00Z',
        '--validate-responses',
      ].map(String);
    processes = await Promise.all(
      Array.from({ length: PROCESSES }, (_each, index) => startProcess(join(folder, String(index)), flagsOf(index))),
    );
    const made = await first().control<Tpp>('POST', '/tpps', { name: 'Shared Test', banks: ['bramble'] });
    tpp = await createThirdParty({ tpp: made, status: first().status, caPem: first().caPem });
    [payer, payee] = [await personOf('salaried-renter'), await personOf('freelancer')];
  }, 180_000);

  afterAll(async () => {
    await tpp?.close();
    for (const process of processes) await process.kill();
    for (const proxy of proxies) await proxy.close();
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const first = (): SandboxProcess => processes[0] as SandboxProcess;
  const use = async (target: number | undefined): Promise<void> => {
    for (const proxy of proxies) await proxy.use(target);
  };
  /** The customers as the control API tells of them. */
  const personOf = (persona: string): Promise<Customer> => {
    const bank = {
      customers: async () =>
        (await first().control<{ customers: unknown[] }>('GET', '/banks/bramble/customers')).customers,
      latestCode: async (customer: string) =>
        (
          await first().control<{ messages: { code?: string }[] }>(
            'GET',
            `/banks/bramble/customers/${customer}/messages`,
          )
        ).messages.find(({ code }) => code !== undefined)?.code,
    };
    const sandbox = { caPem: first().caPem, status: first().status, bank: () => bank };
    return customerOf(sandbox as unknown as Sandbox, persona);
  };
  const askEach = async <T>(path: string): Promise<readonly T[]> => {
    const answers: T[] = [];
    for (let index = 0; index < PROCESSES; index += 1) {
      await use(index);
      answers.push(await first().control<T>('GET', path));
    }
    await use(undefined);
    return answers;
  };

  test('three that start at once on an empty database make one world', async () => {
    const [one, ...others] = await askEach<unknown>('/trial-balance');
    for (const other of others) expect(other).toEqual(one);
    expect(processes.map(({ status }) => status.publicOrigin)).toEqual(
      processes.map(() => first().status.publicOrigin),
    );
    expect(new Set(processes.map(({ caPem }) => caPem)).size).toBe(1);
    expect(await first().control('GET', '/verification')).toMatchObject({ ok: true });
  });

  test('login at one, consent at another, token at a third', async () => {
    await use(0);
    const consentId = await lodgeAccess(tpp);
    const pending = await tpp.beginConsent(consentId, 'accounts');
    const journey = await payer.open(pending.authorizationUrl);
    await journey.logIn();
    await use(1);
    if (journey.page.has('sca-submit')) await journey.enterCode();
    await journey.chooseAccounts();
    await use(2);
    const redirectedTo = await journey.approve();
    await use(0);
    const tokens = await tpp.finishConsent(pending, redirectedTo);
    await use(1);
    expect((await accountIdsOf(tpp, tokens.access_token)).length).toBeGreaterThan(0);
    await use(2);
    await tpp.revoke(tokens.access_token);
    await use(0);
    expect((await tpp.call('GET', '/aisp/accounts', { token: tokens.access_token })).status).toBe(401);
    await use(undefined);
  });

  test(`${DUPLICATES} duplicates of one payment at once over all processes are one debit`, async () => {
    const plan = planPayment({ amount: '1.23', payee: payeeOf(payee) });
    const approved = await approvedPayment(tpp, payer, plan, payer.accounts[0]?.id);
    const before = [...(proxies[1]?.given ?? [])];
    await use(undefined);
    const answers = await Promise.all(Array.from({ length: DUPLICATES }, () => postPayment(tpp, plan, approved)));
    const ids = new Set(answers.map((answer) => bodyOf(answer, 201).Data.DomesticPaymentId));
    expect(ids.size).toBe(1);
    // It was asked of all of them.
    for (const [index, given] of (proxies[1]?.given ?? []).entries()) expect(given).toBeGreaterThan(before[index] ?? 0);
    await first().control('POST', '/clock/advance', { duration: 'PT1H' });
    const [id = ''] = ids;
    expect(bodyOf(await readPayment(tpp, id), 200).Data.Status).toBe('ACCC');
    const access = await accessTo(tpp, payer);
    const debits = await transactionsOf(tpp, access.token, payer.accounts[0]?.id ?? '');
    expect(debits.filter(({ TransactionReference }) => TransactionReference === plan.reference).length).toBe(1);
    expect(await first().control('GET', '/verification')).toMatchObject({ ok: true });
  });

  test('the clock is one: moved at one process or at all at once, it stands the same everywhere, and due work is done once', async () => {
    await use(0);
    const { now } = await first().control<{ now: string }>('POST', '/clock/advance', { duration: 'P2D' });
    for (const clock of await askEach<{ now: string }>('/clock')) expect(clock.now).toBe(now);
    const moves = processes.map((process) => process.control('POST', '/clock/advance', { duration: 'P5D' }));
    await Promise.all(moves);
    const expected = new Date(Date.parse(now) + PROCESSES * 5 * 86_400_000).toISOString();
    for (const clock of await askEach<{ now: string }>('/clock')) expect(clock.now).toBe(expected);
    const [one, ...others] = await askEach<unknown>('/trial-balance');
    for (const other of others) expect(other).toEqual(one);
    expect(await first().control('GET', '/verification')).toMatchObject({ ok: true });
  });

  test('a process that is killed is missed by nobody, and comes back', async () => {
    await processes[2]?.kill();
    await use(0);
    const access = await accessTo(tpp, payer);
    await use(1);
    expect(await accountIdsOf(tpp, access.token)).toEqual(access.accounts);
    processes[2] = await startProcess(join(folder, '2'), flagsOf(2));
    await use(2);
    expect(await accountIdsOf(tpp, access.token)).toEqual(access.accounts);
    await use(undefined);
  });

  test('a reset at one process is a reset at all, and registrations stay', async () => {
    await use(1);
    const fresh = await first().control<{ clock: { now: string } }>('POST', '/reset');
    expect(fresh.clock.now).toBe('2026-06-16T09:00:00.000Z');
    for (const clock of await askEach<{ now: string }>('/clock')) expect(clock.now).toBe(fresh.clock.now);
    await use(2);
    const access = await accessTo(tpp, payer);
    await use(0);
    expect(await accountIdsOf(tpp, access.token)).toEqual(access.accounts);
    const [one, ...others] = await askEach<unknown>('/trial-balance');
    for (const other of others) expect(other).toEqual(one);
  });
});
