import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { instant, type Clock } from '../../src/kernel/index.js';
import {
  createRecorder,
  observeMigrations,
  redact,
  withoutSecrets,
  type Recorder,
  type RecorderOptions,
} from '../../src/observe/index.js';
import type { Storage } from '../../src/storage/index.js';
import { openTestStorage } from '../support/databases.js';

const UUID = '00000000-0000-4000-8000-000000000001';

let storage: Storage;
let close: () => Promise<void>;
let now = 1_700_000_000_000;
const wall: Clock = { now: () => instant(now) };

beforeEach(async () => {
  ({ storage, close } = await openTestStorage());
  await storage.migrate([observeMigrations]);
});

afterEach(async () => {
  await close();
});

const make = (options: Partial<RecorderOptions> = {}): Recorder => {
  now += 1;
  return createRecorder({ storage, wall, ...options });
};

function serve(
  recorder: Recorder,
  request: { path: string; status?: number; bank?: string; clientId?: string; interactionId?: string },
): string {
  const { path, status = 200, bank = 'bramble', clientId = 'c1', interactionId = UUID } = request;
  const trace = recorder.begin({ interactionId, listener: 'mtls', method: 'GET', path });
  trace.know({ bank, clientId });
  trace.check({ name: 'a check', outcome: status < 400 ? 'passed' : 'failed', expected: 'this', actual: 'that' });
  recorder.finish(trace, status);
  return trace.id;
}

const paths = (records: readonly { readonly path: string }[]): string[] => records.map(({ path }) => path);

describe('recorder', () => {
  test('finds a request by its id and by its interaction id, in memory, once written, and after a restart', async () => {
    const recorder = make();
    const id = serve(recorder, { path: '/one' });
    serve(recorder, { path: '/two' });
    expect(paths(await recorder.find(UUID))).toEqual(['/two', '/one']);
    await recorder.flush();
    expect(paths(await recorder.find(UUID))).toEqual(['/two', '/one']);
    const restarted = make();
    expect(await restarted.find(id)).toEqual(await recorder.find(id));
    serve(restarted, { path: '/three' });
    expect(paths(await restarted.find(UUID))).toEqual(['/three', '/two', '/one']);
  });

  test('lists by bank, client and failure, newest first', async () => {
    const recorder = make();
    serve(recorder, { path: '/a' });
    serve(recorder, { path: '/b', status: 403, clientId: 'c2' });
    await recorder.flush();
    serve(recorder, { path: '/c', bank: 'dogger', status: 500 });
    expect(paths(await recorder.list())).toEqual(['/c', '/b', '/a']);
    expect(paths(await recorder.list({ limit: 1 }))).toEqual(['/c']);
    expect(paths(await recorder.list({ bank: 'bramble' }))).toEqual(['/b', '/a']);
    expect(paths(await recorder.list({ clientId: 'c2' }))).toEqual(['/b']);
    expect(paths(await recorder.list({ failedOnly: true }))).toEqual(['/c', '/b']);
  });

  test('the trace of a request is found deep inside its work, and each recorder has its own', async () => {
    const [one, other] = [make(), make()];
    const begin = (path: string) => one.begin({ interactionId: UUID, listener: 'public', method: 'GET', path });
    const [first, second] = [begin('/1'), begin('/2')];
    const seen = await Promise.all(
      [first, second].map((trace) =>
        one.within(trace, async () => {
          await new Promise((resolve) => setImmediate(resolve));
          return [one.current(), other.current()];
        }),
      ),
    );
    expect(seen).toEqual([
      [first, undefined],
      [second, undefined],
    ]);
    expect(one.current()).toBeUndefined();
  });

  test('memory and table are bounded; what was not written when memory ran over is lost, the newest is not', async () => {
    const recorder = make({ memoryLimit: 10, rowLimit: 15 });
    for (let index = 0; index < 35; index += 1) serve(recorder, { path: `/${String(index)}` });
    await recorder.flush();
    for (let index = 35; index < 45; index += 1) serve(recorder, { path: `/${String(index)}` });
    await recorder.flush();
    const stored = await make().list({ limit: 500 });
    expect(stored).toHaveLength(15);
    expect(stored[0]?.path).toBe('/44');
  });

  test('a failed flush keeps the records for the next one', async () => {
    let broken = true;
    const flaky: Storage = {
      ...storage,
      transaction: (work) => (broken ? Promise.reject(new Error('disk full')) : storage.transaction(work)),
    };
    const recorder = make({ storage: flaky });
    serve(recorder, { path: '/kept' });
    await expect(recorder.flush()).rejects.toThrow('disk full');
    broken = false;
    await recorder.flush();
    expect(paths(await make().list())).toEqual(['/kept']);
  });

  test('flushes that overlap write every record once', async () => {
    const recorder = make();
    for (let index = 0; index < 1_200; index += 1) serve(recorder, { path: `/${String(index)}` });
    await Promise.all([recorder.flush(), recorder.flush(), recorder.flush()]);
    const row = await storage.read.get<{ n: bigint }>('SELECT count(*) AS n FROM request_records');
    expect(row?.n).toBe(1_200n);
  });

  test('a request is finished once', async () => {
    const recorder = make();
    const trace = recorder.begin({ interactionId: UUID, listener: 'http', method: 'GET', path: '/' });
    recorder.finish(trace, 200);
    recorder.finish(trace, 500);
    expect((await recorder.find(trace.id)).map(({ status }) => status)).toEqual([200]);
  });

  test('request ids are not repeated and not in order', () => {
    const recorder = make();
    const ids = Array.from({ length: 100 }, () => serve(recorder, { path: '/' }));
    expect(new Set(ids).size).toBe(100);
    expect([...ids].sort()).not.toEqual(ids);
  });
});

describe('secrets', () => {
  const jwt = `eyJhbGciOiJQUzI1NiJ9.${'a'.repeat(40)}.${'b'.repeat(40)}`;

  test('a long one is told by its beginning and digest, a short one by its length', () => {
    expect(redact(jwt)).toMatch(/^eyJhbG\.\.\. \(sha256 [0-9a-f]{12}\)$/);
    expect(redact('482913')).toBe('(6 characters)');
    expect(redact(jwt)).not.toBe(redact(`${jwt}x`));
  });

  // Quadratic reading would take minutes here, longer than a test may.
  test('a text made to be slow is read all the same', () => {
    for (const text of ['eyJ-', 'eyJhbGciOi.', 'Bearer ', 'Bearer eyJ-']) {
      expect(withoutSecrets(text.repeat(300_000)).length).toBeGreaterThan(0);
    }
  });

  test('a token in the middle of a text is found', () => {
    for (const text of [`x=${jwt}`, `"${jwt}"`, `/${jwt}/`, `${jwt} ${jwt}`, `é${jwt}`, `token-${jwt}`]) {
      expect(withoutSecrets(text)).not.toContain('aaaaaaaaaa');
    }
  });

  test('tokens that reach a check anyway are not kept', async () => {
    const recorder = make();
    const trace = recorder.begin({ interactionId: UUID, listener: 'public', method: 'GET', path: `/cb/${jwt}` });
    trace.check({
      name: 'leak',
      outcome: 'failed',
      expected: `a JWT, not ${jwt}`,
      actual: 'Bearer abcdefghijklmnopqrstuvwxyz',
    });
    trace.know({ error: `invalid_request: ${jwt} is not wanted`, operationId: `GET /cb/${jwt}` });
    recorder.finish(trace, 400);
    const kept = JSON.stringify(await recorder.find(UUID));
    expect(kept).not.toContain(jwt);
    expect(kept).not.toContain('abcdefghijklmnopqrstuvwxyz');
  });
});
