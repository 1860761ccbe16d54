import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { connectToSandbox, type ControlClient } from '../../src/sandbox/index.js';

const BIN = resolve('scripts/sandbank.cjs');

describe('the README', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbank-readme-'));
  const dataDir = join(folder, '.sandbank');
  const sandbox = spawn(process.execPath, [
    BIN,
    'start',
    '--data-dir',
    dataDir,
    '--port',
    '0',
    '--history-months',
    '1',
    '--json',
  ]);
  let control: ControlClient;

  beforeAll(async () => {
    await once(createInterface({ input: sandbox.stdout }), 'line');
    control = connectToSandbox(dataDir);
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  });

  afterAll(async () => {
    await control.close();
    sandbox.kill('SIGTERM');
    await once(sandbox, 'close');
    rmSync(folder, { recursive: true, force: true });
  });

  test('has a first call that reads accounts as it stands there', async () => {
    const [, block] = /```js\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
    writeFileSync(join(folder, 'first-call.mjs'), block ?? '');
    const make = spawn(process.execPath, [BIN, 'tpp', 'create', 'my-app', '--data-dir', dataDir], { cwd: folder });
    expect((await once(make, 'close'))[0]).toBe(0);

    const script = spawn(process.execPath, ['first-call.mjs'], { cwd: folder });
    let out = '';
    let answered = false;
    script.stderr.on('data', (chunk: Buffer) => (out += chunk.toString()));
    script.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const url = /Open (\S+)/.exec(out)?.[1];
      if (url === undefined || answered) return;
      answered = true;
      void control
        .post<{ redirectTo: string }>('/banks/bramble/authorise', {
          authorizationUrl: url,
          customer: 'salaried-renter',
          decision: 'approve',
        })
        .then(({ redirectTo }) => script.stdin.write(`${redirectTo}\n`));
    });
    const [code] = (await once(script, 'close')) as [number | null];
    expect(out).toContain("SchemeName: 'UK.OBIE.SortCodeAccountNumber'");
    expect(out).toContain('MS A R CLARKE');
    expect(code).toBe(0);
  });
});
