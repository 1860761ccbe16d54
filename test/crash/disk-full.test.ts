import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { verifyWorld } from '../../src/sandbox/verification.js';
import { keyOf } from '../bank/sample-bank.js';
import { agree, instructionTo, lodge, openTwoBanks } from '../bank/two-banks.js';
import { customerOf } from '../support/customer.js';
import { newThirdParty, startTestSandbox } from '../support/test-sandbox.js';
import {
  accessTo,
  approvedPayment,
  balancesOf,
  bodyOf,
  payeeOf,
  planPayment,
  postPayment,
  readPayment,
  transactionsOf,
  type WireErrors,
} from '../support/uk-bank.js';

/** A file system of its own size; needs the rights of root, which tests in a container have and on a desk have not. */
function mounted(folder: string, size: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]).status === 0;
}

/** Takes every byte that is left. */
function fill(file: string): void {
  const handle = openSync(file, 'w');
  for (let size = 65_536; size >= 1; size = Math.floor(size / 2)) {
    try {
      for (;;) if (writeSync(handle, Buffer.alloc(size)) < size) break;
    } catch {
      // It is full for pieces of this size.
    }
  }
  closeSync(handle);
}

describe('no room in the middle of a payment', () => {
  test('the bank refuses it as a whole, goes on reading, and pays it once there is room', async () => {
    const world = await openTwoBanks();
    const { here, storage } = world;
    const payer = await here.open(100_000n);
    const payee = await here.open(0n);
    const consents: string[] = [];
    for (let index = 0; index < 40; index += 1) {
      const subject = { kind: 'payment', instruction: instructionTo(payee, { reference: `full ${index}` }) } as const;
      const { id } = await lodge(here, subject, { execution: 'by-client' });
      await agree(here, id, [payer]);
      consents.push(id);
    }
    const submit = (consentId: string) =>
      here.bank.payments.submit({ clientId: 'tpp', consentId, wire: '{}' }, keyOf(consentId));
    const limitTo = (pages: string) => storage.transaction((tx) => tx.get(`PRAGMA max_page_count = ${pages}`));
    const sound = async () => (await storage.snapshot((sql) => verifyWorld(sql, ['bramble', 'dogger']))).ok;

    // SQLite then answers SQLITE_FULL as on a full disk, wherever in the transaction the next page is needed.
    await limitTo('1');
    const outcomes = await Promise.allSettled(consents.map(submit));
    const refused = outcomes.flatMap((outcome, index) =>
      outcome.status === 'rejected' ? [{ consentId: consents[index] ?? '', reason: String(outcome.reason) }] : [],
    );
    expect(refused.length).toBeGreaterThan(5);
    expect([...new Set(refused.map(({ reason }) => reason))]).toEqual(['Error: database or disk is full']);
    const orders = async (): Promise<number> =>
      Number((await storage.read.get<{ n: bigint }>('SELECT count(*) AS n FROM payment_orders'))?.n);
    expect(await orders()).toBe(consents.length - refused.length);
    for (const { consentId } of refused) expect((await here.bank.consents.get(consentId)).status).toBe('authorised');
    expect(await here.bank.accounts.balance(payer.id)).toMatchObject({
      availableMinor: 100_000n - 2_500n * BigInt(consents.length - refused.length),
    });
    expect(await sound()).toBe(true);

    await limitTo('1000000');
    for (const { consentId } of refused) expect(await submit(consentId)).toMatchObject({ replayed: false });
    expect(await orders()).toBe(consents.length);
    expect(await sound()).toBe(true);
    await world.close();
  });

  describe('on a disk', () => {
    let folder: string;
    let isMounted: boolean;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'sandbank-full-'));
      isMounted = mounted(folder, '32m');
    });

    afterEach(() => {
      if (isMounted) spawnSync('umount', ['--lazy', folder]);
      rmSync(folder, { recursive: true, force: true });
    });

    test('the caller gets the error of the standard, reads go on, and nothing has to be started again', async () => {
      if (!isMounted) {
        process.stdout.write('disk full: left out, a tmpfs cannot be mounted here\n');
        return;
      }
      const dataDir = join(folder, 'data');
      const sandbox = await startTestSandbox({ ephemeral: false, dataDir, port: 0, historyMonths: 1 });
      const tpp = await newThirdParty(sandbox);
      const payer = await customerOf(sandbox, 'salaried-renter');
      const plan = planPayment({ amount: '12.34', payee: payeeOf(await customerOf(sandbox, 'freelancer')) });
      const approved = await approvedPayment(tpp, payer, plan);
      const access = await accessTo(tpp, payer);
      const account = access.accounts[0] ?? '';
      const balances = await balancesOf(tpp, access.token, account);
      const transactions = await transactionsOf(tpp, access.token, account);
      {
        // Whatever room the log has kept for itself goes as well.
        using database = new DatabaseSync(join(dataDir, 'sandbank.db'));
        database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      }
      const ballast = join(folder, 'ballast');
      fill(ballast);

      for (let attempt = 0; attempt < 3; attempt += 1) {
        const refused = await postPayment(tpp, plan, approved);
        expect(refused.status).toBe(500);
        expect((refused.body as unknown as WireErrors).Errors[0]?.ErrorCode).toMatch(/^U\d{3}$|^UK\.OBIE\./);
      }
      expect(await balancesOf(tpp, access.token, account)).toEqual(balances);
      expect(await transactionsOf(tpp, access.token, account)).toEqual(transactions);
      expect((await sandbox.verify()).ok).toBe(true);

      rmSync(ballast);
      const { DomesticPaymentId: id } = bodyOf(await postPayment(tpp, plan, approved), 201).Data;
      await sandbox.clock.advance('PT10M');
      expect(bodyOf(await readPayment(tpp, id), 200).Data.Status).toBe('ACCC');
      expect((await balancesOf(tpp, access.token, account)).booked).toBe(balances.booked - 1_234n);
      expect((await sandbox.verify()).checks.filter(({ ok }) => !ok)).toEqual([]);
      await tpp.close();
      await sandbox.stop();
    });
  });
});
