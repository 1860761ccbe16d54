import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { generatePopulation, reportRealism, startSandbox, type Generated } from '../../src/sandbox/index.js';

const CLOCK = 'frozen:2026-11-25T09:00:00Z';

describe('a world that was generated before its first start', () => {
  let dataDir: string;
  let generated: Generated;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'sandbank-generation-'));
    generated = await generatePopulation({ dataDir, customers: 15, months: 3, clock: CLOCK, bank: 'bramble' });
  }, 120_000);
  afterAll(() => {
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('has as many customers as asked for, with their logins', () => {
    expect(generated).toMatchObject({
      bank: { id: 'bramble', name: 'Bramble Bank' },
      customers: 15,
      customerNumbers: { first: '50000001', last: '50000015' },
      password: 'tide-and-sand',
    });
    expect(generated.transactions).toBeGreaterThan(1_500);
  });

  test('is measured and drawn', async () => {
    const { realism, svg, html } = await reportRealism({ dataDir });
    expect([realism.customers, realism.runningBalances.wrong]).toEqual([15, 0]);
    expect(realism.transactions).toBeGreaterThan(1_500);
    expect(html).toContain(svg);
    await expect(reportRealism({ dataDir, bank: 'dogger' })).rejects.toMatchObject({ code: 'party.not-found' });
    await expect(reportRealism({ dataDir, bank: 'goodwin' })).rejects.toMatchObject({ code: 'configuration.invalid' });
  });

  test('starts, shows its personas only, lives on by its clock, and verifies', async () => {
    const sandbox = await startSandbox({ dataDir, port: 0 });
    try {
      expect(await sandbox.bank('bramble').customers()).toHaveLength(12);
      await expect(generatePopulation({ dataDir, customers: 20, months: 1 })).rejects.toMatchObject({
        code: 'configuration.invalid',
      });
      await sandbox.clock.advance('P10D');
      const { ok, checks } = await sandbox.verify();
      expect(checks.filter((check) => !check.ok)).toEqual([]);
      expect(ok).toBe(true);
    } finally {
      await sandbox.stop();
    }
    const { realism } = await reportRealism({ dataDir });
    expect(realism.to >= '2026-12-04').toBe(true);
    expect(realism.transactions).toBeGreaterThan(generated.transactions + 150);
  }, 120_000);
});
