import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Latency } from '../../src/faults/index.js';
import { startRig, tokenNamed, type Rig } from './rig.js';

const READER = tokenNamed('reader');

describe('a bank whose file asks for faults', () => {
  const fates: Latency[] = [];
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ faults: { next: () => fates.shift() ?? { delayMs: 0, outcome: 'answered' } } });
    rig.tokens.set(READER, ACTIVE);
  });
  afterAll(() => rig.stop());

  test('is not there: 503 without a word of the standard, and nothing was done', async () => {
    fates.push({ delayMs: 0, outcome: 'unavailable' });
    const answer = await rig.call('/things/accounts', { token: READER });
    expect([answer.status, answer.text, answer.headers['retry-after']]).toEqual([503, '', '1']);
    expect(rig.toy.calls).toEqual([]);
  });

  test('fails: 500 in the words of the standard, and the explanation says that it was asked for', async () => {
    fates.push({ delayMs: 0, outcome: 'failed' });
    const answer = await rig.call('/things/accounts', { token: READER });
    expect(answer.status).toBe(500);
    expect(answer.text).not.toBe('');
    const [record] = await rig.recorder.list({ limit: 1 });
    expect(record?.checks.at(-1)).toMatchObject({ name: 'the bank answers the call', outcome: 'failed' });
    expect(rig.logLines.join('')).not.toContain('unexpected failure');
  });

  test('takes its time and answers', async () => {
    fates.push({ delayMs: 2, outcome: 'answered' });
    const answer = await rig.call('/things/accounts', { token: READER });
    expect(answer.status).not.toBe(503);
    expect(fates).toEqual([]);
  });
});

const ACTIVE = { clientId: 'client-1', scopes: [], grant: 'client', state: 'active' } as const;
