import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { fixturesWith, type FixtureChanges, type Fixtures } from '../support/fixtures.js';
import { startTestSandbox } from '../support/test-sandbox.js';

const OPTIONS = { ephemeral: false, port: 0, historyMonths: 1 } as const;

describe('a data directory', () => {
  const made: Fixtures[] = [];
  const dataDir = mkdtempSync(join(tmpdir(), 'sandbank-written-'));
  const start = (banks: FixtureChanges['banks']) => {
    const fixtures = fixturesWith({ banks });
    made.push(fixtures);
    return startTestSandbox({ ...OPTIONS, dataDir, fixturesDir: fixtures.dir });
  };
  beforeAll(async () => {
    const sandbox = await start({
      shoal: { from: 'dogger', name: 'Shoal Bank', bankCode: '90090010', bic: 'SHOADEFFXXX' },
    });
    expect(sandbox.status.banks.map(({ id, name }) => `${id}: ${name}`)).toEqual([
      'bramble: Bramble Bank',
      'dogger: Dogger Bank',
      'shoal: Shoal Bank',
    ]);
    const accounts = (await sandbox.bank('shoal').customers()).map(({ customerNumber }) => customerNumber);
    expect(accounts.length).toBeGreaterThan(5);
    await sandbox.stop();
  }, 120_000);
  afterAll(() => {
    for (const fixtures of made) fixtures.remove();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const SHOAL = { from: 'dogger', name: 'Shoal Bank', bankCode: '90090010', bic: 'SHOADEFFXXX' };

  test('goes on with a bank that looks, and settles, otherwise', async () => {
    const changes = { name: 'Shoal & Sons', payments: { settleMs: 5 }, brand: { tagline: 'Shallow water' } };
    const sandbox = await start({ shoal: { ...SHOAL, ...changes } });
    expect(sandbox.bank('shoal').name).toBe('Shoal & Sons');
    expect(await sandbox.verify()).toMatchObject({ ok: true });
    await sandbox.stop();
  });

  test.each([
    ['without one of its banks', {}, 'the bank shoal is gone'],
    ['with a bank more', { shoal: SHOAL, reef: { ...SHOAL, bankCode: '90090020' } }, 'the bank reef is new'],
    ['with other account numbers', { shoal: { ...SHOAL, bankCode: '90090030' } }, 'shoal has other codes or customers'],
  ])('does not go on %s, and says so', async (_how, banks, why) => {
    await expect(start(banks)).rejects.toMatchObject({
      code: 'configuration.invalid',
      message: expect.stringContaining(why),
    });
  });

  test('goes on with its own fixtures after that', async () => {
    const sandbox = await start({ shoal: SHOAL });
    expect(await sandbox.verify()).toMatchObject({ ok: true });
    await sandbox.stop();
  });
});

test('a folder without banks refuses the start and names what is missing', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'sandbank-nothing-'));
  await expect(startTestSandbox({ fixturesDir: empty })).rejects.toMatchObject({
    code: 'configuration.invalid',
    message: 'The fixtures have no folder banks.',
  });
  rmSync(empty, { recursive: true, force: true });
});
