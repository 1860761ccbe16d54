import { existsSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Sandbox } from '../../src/index.js';
import { createTlsClient } from '../../src/sandbox/tls-client.js';
import { customerOf } from '../support/customer.js';
import { newThirdParty, startTestSandbox } from '../support/test-sandbox.js';
import type { ThirdParty } from '../support/third-party.js';
import { approvedPayment, bodyOf, payeeOf, planPayment, postPayment, readPayment } from '../support/uk-bank.js';

describe('snapshots', () => {
  let sandbox: Sandbox;
  let tpp: ThirdParty;
  let folder: string;

  beforeAll(async () => {
    sandbox = await startTestSandbox();
    folder = dirname(sandbox.status.caFile);
    tpp = await newThirdParty(sandbox);
  });

  afterAll(async () => {
    await tpp.close();
    await sandbox.stop();
  });

  async function pay(amount: string): Promise<string> {
    const payer = await customerOf(sandbox, 'salaried-renter');
    const plan = planPayment({ amount, payee: payeeOf(await customerOf(sandbox, 'freelancer')) });
    const approved = await approvedPayment(tpp, payer, plan);
    return bodyOf(await postPayment(tpp, plan, approved), 201).Data.DomesticPaymentId;
  }

  /** A sum of the books, the clock, and everybody's accounts. */
  async function worldOf(): Promise<unknown> {
    const client = createTlsClient({ ca: sandbox.caPem });
    const read = async (path: string): Promise<unknown> =>
      JSON.parse(
        (
          await client.call(`${sandbox.status.publicOrigin}/_sandbox${path}`, {
            headers: { authorization: `Bearer ${sandbox.controlToken}` },
          })
        ).body,
      );
    try {
      return [await read('/trial-balance'), await read('/clock'), await read('/banks/bramble/customers')];
    } finally {
      await client.close();
    }
  }

  test('bring back money, payments and the clock; clients stay registered; no id is given twice', async () => {
    const before = await pay('11.00');
    await sandbox.clock.advance('PT1H');
    const saved = await sandbox.snapshots.save('paid');
    const world = await worldOf();
    const lost = await pay('12.00');
    const late = await newThirdParty(sandbox, { name: 'Late Lantern' });
    await sandbox.clock.advance('P3D');
    expect(await worldOf()).not.toEqual(world);

    await sandbox.snapshots.load('paid');
    expect(await worldOf()).toEqual(world);
    expect(sandbox.clock.now()).toBe(saved.now);
    expect(bodyOf(await readPayment(tpp, before), 200).Data.Status).toBe('ACCC');
    expect((await readPayment(tpp, lost)).status).toBe(400);
    expect(await late.clientToken('accounts')).toEqual(expect.any(String));
    await late.close();
    const next = await pay('13.00');
    expect([before, lost]).not.toContain(next);
    await sandbox.clock.advance('PT1H');
    expect(bodyOf(await readPayment(tpp, next), 200).Data.Status).toBe('ACCC');
    expect((await sandbox.verify()).checks.filter(({ ok }) => !ok)).toEqual([]);
  });

  test('a reset goes back to the first state, from a copy of it or by writing it again', async () => {
    await sandbox.reset();
    const first = await worldOf();
    await pay('14.00');
    await sandbox.clock.advance('P2D');
    await sandbox.reset();
    expect(await worldOf()).toEqual(first);
    const kept = join(folder, 'first-state.snapshot');
    {
      using file = new DatabaseSync(kept);
      file.exec("UPDATE snapshot_header SET value = 'storage/001-counters' WHERE name = 'migrations'");
    }
    await sandbox.reset();
    expect(await worldOf()).toEqual(first);
    rmSync(kept);
    await sandbox.reset();
    expect(await worldOf()).toEqual(first);
    expect(existsSync(kept)).toBe(true);
    expect(await tpp.clientToken('accounts')).toEqual(expect.any(String));
  });

  test('are listed oldest first, replaced under the same name, and forgotten', async () => {
    await sandbox.snapshots.save('b');
    await sandbox.snapshots.save('a');
    await sandbox.snapshots.save('b');
    expect(sandbox.snapshots.list().map(({ name }) => name)).toEqual(['paid', 'a', 'b']);
    sandbox.snapshots.delete('b');
    expect(sandbox.snapshots.list().map(({ name }) => name)).toEqual(['paid', 'a']);
    expect(() => {
      sandbox.snapshots.delete('b');
    }).toThrow('There is no snapshot of this name.');
    await expect(sandbox.snapshots.save('../b')).rejects.toThrow('A snapshot cannot have this name.');
    expect(readdirSync(join(folder, 'snapshots')).sort()).toEqual(['a.snapshot', 'paid.snapshot']);
  });

  test.each([
    ['version', '0.0.1', 'it was saved by another version of Sandbank'],
    ['migrations', 'storage/001-counters', 'its tables are those of another build'],
    ['trust', 'another', 'it was saved in another data directory'],
    ['seed', '99', 'it has another seed'],
    ['format', '0', 'it has another format'],
    ['writtenFrom', '{"atlantis":"{}"}', 'was written from other fixtures'],
  ])('of another %s are refused with the reason, and the world goes on', async (name, value, reason) => {
    await sandbox.snapshots.save('other');
    {
      using file = new DatabaseSync(join(folder, 'snapshots', 'other.snapshot'));
      file.prepare('UPDATE snapshot_header SET value = ? WHERE name = ?').run(value, name);
    }
    await expect(sandbox.snapshots.load('other')).rejects.toThrow(reason);
    expect(await tpp.clientToken('accounts')).toEqual(expect.any(String));
  });

  test('that are damaged are refused, and the world of before goes on', async () => {
    const world = await worldOf();
    await sandbox.snapshots.save('damaged');
    truncateSync(join(folder, 'snapshots', 'damaged.snapshot'), 100_000);
    await expect(sandbox.snapshots.load('damaged')).rejects.toThrow();
    expect(await worldOf()).toEqual(world);
    expect((await sandbox.verify()).ok).toBe(true);
  });

  test('are loaded while callers read and pay: each is answered or asked to come again', async () => {
    await sandbox.snapshots.save('busy');
    const statuses: number[] = [];
    let isLoading = true;
    const caller = async (): Promise<void> => {
      while (isLoading) {
        const token = await tpp.clientToken('payments').catch(() => undefined);
        if (token === undefined) continue;
        const { status } = await tpp.call('GET', '/pisp/domestic-payments/none', { token });
        statuses.push(status);
      }
    };
    const callers = [caller(), caller(), caller(), caller()];
    for (let load = 0; load < 3; load += 1) await sandbox.snapshots.load('busy');
    isLoading = false;
    await Promise.all(callers);
    expect(statuses.filter((status) => ![400, 401, 503].includes(status))).toEqual([]);
    expect((await sandbox.verify()).ok).toBe(true);
  });
});
