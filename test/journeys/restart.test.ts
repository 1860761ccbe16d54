import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Sandbox } from '../../src/index.js';
import { customerOf } from '../support/customer.js';
import { newThirdParty, startTestSandbox } from '../support/test-sandbox.js';
import { createThirdParty, type ThirdParty } from '../support/third-party.js';
import {
  accessTo,
  approvedPayment,
  bodyOf,
  payeeOf,
  planPayment,
  postPayment,
  readPayment,
  transactionsOf,
} from '../support/uk-bank.js';

describe('a sandbox that is stopped and started again', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sandbank-restart-'));
  let sandbox: Sandbox;
  let tpp: ThirdParty;

  const start = (): Promise<Sandbox> =>
    startTestSandbox({ ephemeral: false, dataDir, port: 0, mtlsPort: 0, httpPort: 0 });

  beforeAll(async () => {
    sandbox = await start();
    tpp = await newThirdParty(sandbox);
  });

  afterAll(async () => {
    await tpp?.close();
    await sandbox?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('goes on where it stood: addresses, clock, customers, tokens, and payments under way', async () => {
    const renter = await customerOf(sandbox, 'salaried-renter');
    const payee = await customerOf(sandbox, 'freelancer');
    await sandbox.clock.advance('P2D');
    const access = await accessTo(tpp, renter);
    const account = renter.accounts[0]?.id ?? '';
    const plan = planPayment({ amount: '6.60', payee: payeeOf(payee) });
    const approved = await approvedPayment(tpp, renter, plan, account);
    const { DomesticPaymentId: id } = bodyOf(await postPayment(tpp, plan, approved), 201).Data;
    const history = await transactionsOf(tpp, access.token, account);
    const before = { ...sandbox.status, caPem: sandbox.caPem, customers: await sandbox.bank('bramble').customers() };

    await tpp.close();
    await sandbox.stop();
    sandbox = await start();
    tpp = await createThirdParty({ tpp: tpp.tpp, status: sandbox.status, caPem: sandbox.caPem });

    expect({ ...sandbox.status, caPem: sandbox.caPem, customers: await sandbox.bank('bramble').customers() }).toEqual(
      before,
    );
    expect(await transactionsOf(tpp, access.token, account)).toEqual(history);
    expect((await tpp.refresh(access.tokens.refresh_token ?? '')).access_token).toEqual(expect.any(String));
    expect(bodyOf(await postPayment(tpp, plan, approved), 201).Data.DomesticPaymentId).toBe(id);
    await sandbox.clock.advance('PT10M');
    expect(bodyOf(await readPayment(tpp, id), 200).Data.Status).toBe('ACCC');
    expect(await sandbox.verify()).toMatchObject({ ok: true });
  });

  test('refuses another seed, since the world is already there', async () => {
    await sandbox.stop();
    await expect(startTestSandbox({ ephemeral: false, dataDir, seed: 2 })).rejects.toMatchObject({
      code: 'configuration.invalid',
    });
    sandbox = await start();
  });

  test('does not share its data directory with a second one', async () => {
    await expect(start()).rejects.toMatchObject({ code: 'configuration.invalid' });
    expect(await tpp.clientToken('accounts')).toEqual(expect.any(String));
  });
});
