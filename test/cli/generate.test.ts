import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const BIN = resolve('scripts/sandbank.cjs');

async function sandbank(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [BIN, ...args]);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

describe('sandbank generate', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sandbank-generate-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('fills a bank, says how fast, and draws how real it looks', async () => {
    const page = join(folder, 'report.html');
    const drawn = ['--customers', '12', '--months', '2', '--bank', 'dogger', '--clock', 'frozen:2026-11-25T09:00:00Z'];
    const { code, out, err } = await sandbank(
      'generate',
      ...drawn,
      '--data-dir',
      folder,
      '--json',
      '--report',
      '--out',
      page,
    );
    expect([code, err]).toEqual([0, '']);
    const [generated, realism] = out
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(generated).toMatchObject({
      event: 'generated',
      customers: 12,
      customerNumbers: { first: '50000001', last: '50000012' },
    });
    expect(generated?.['transactionsPerSecond']).toBeGreaterThan(0);
    expect(realism).toMatchObject({ event: 'realism', customers: 12, file: page, runningBalances: { wrong: 0 } });
    expect(readFileSync(page, 'utf8')).toContain('12 drawn customers of Dogger Bank');
    const { out: text, err: talk } = await sandbank('report', '--bank', 'dogger', '--data-dir', folder);
    expect(text).toContain('running balances derived again, 0 wrong');
    expect(text).toContain('Statistisches Bundesamt');
    expect(talk).toContain('100 %');
  }, 120_000);

  test('tells in plain lines how far it is where nobody looks, and adds nothing twice', async () => {
    const again = await sandbank(
      'generate',
      '--customers',
      '14',
      '--months',
      '1',
      '--bank',
      'dogger',
      '--data-dir',
      folder,
    );
    expect(again.code).toBe(0);
    expect(again.err).toMatch(/100 % {2}2 of 2 customers, [\d,]+ transactions\n/);
    expect(again.out).toContain('has 2 more customers');
    expect(again.out).toContain('customer numbers 50000001 to 50000014, password ebbe-und-flut');
  }, 120_000);

  test.each([
    [2, ['--customers', 'many']],
    [2, ['--customers', '0']],
    [2, []],
    [3, ['--customers', '1', '--bank', 'goodwin']],
  ])('ends with code %d for %j', async (code, args) => {
    expect((await sandbank('generate', ...args, '--data-dir', join(folder, 'other'))).code).toBe(code);
  });
});
