import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Identity } from '../../http/certificates.js';
import type { HttpCall, HttpReply } from '../../http/client.js';
import { WITH_TOY } from './registry.js';
import { serve } from '../served.js';

const FOLDER = import.meta.dirname;
const standard = WITH_TOY.at(-1)!;
const version = standard.versions[0]!;

let served: Awaited<ReturnType<typeof serve>>;
let player: Identity;
let other: Identity;
let onlooker: Identity;
let keys = 0;

beforeAll(async () => {
  served = await serve(version, join(FOLDER, 'openapi'));
  player = await served.identity('ann as player');
  other = await served.identity('bob as player');
  onlooker = await served.identity('eve as onlooker');
});

afterAll(() => served.stop());

const get = (path: string, leave: string, identity = player): Promise<HttpReply> =>
  served.call(path, { identity, headers: { 'toy-leave': leave } });

const ask = (wishes: readonly string[], call: Partial<HttpCall> = {}): Promise<HttpReply> => {
  keys += 1;
  return served.call('/box/leaves', {
    method: 'POST',
    identity: player,
    body: JSON.stringify({ wishes }),
    ...call,
    headers: { 'content-type': 'application/json', 'toy-once': `key-${keys}`, ...call.headers },
  });
};

async function granted(wishes: readonly string[]): Promise<string> {
  const { json } = await ask(wishes);
  await served.authorise(json.leave, [served.purse]);
  return json.leave;
}

describe('a standard that is a folder and a line of the registry', () => {
  test('has an answer for every operation of its document', () => {
    const text = readFileSync(join(FOLDER, 'openapi', version.apis[0]!.document), 'utf8');
    const described = [...text.matchAll(/operationId: (\w+)/g)].map(([, id]) => id!);
    const [{ operations, notImplemented }] = version.apis as [(typeof version.apis)[0]];
    expect([...Object.keys(operations), ...Object.keys(notImplemented)].sort()).toEqual(described.sort());
  });

  test('needs nothing but what a folder of src/standards may import', () => {
    const files = globSync(['*.ts', '{operations,mapping}/*.ts'], { cwd: FOLDER });
    const stems = files.filter((file) => !/^(registry|toy\.test)\.ts$/.test(file));
    const imports = stems.flatMap((file) =>
      [...readFileSync(join(FOLDER, file), 'utf8').matchAll(/from '([^']+)'/g)].map(([, from]) => from!),
    );
    const isAllowed =
      /^(\.\.?\/(?!\.\.)|(\.\.\/)+src\/(kernel\/index|bank\/index|auth\/(profiles|journey)\/index|standards\/(standard|kit\/[\w/-]+))\.js$)/;
    expect(stems.length).toBeGreaterThan(10);
    expect(imports.filter((from) => !isAllowed.test(from))).toEqual([]);
  });

  test('asks for a consent, once for a key, and follows it from asked to granted to stopped', async () => {
    const asked = await ask(['purses', 'contents'], { headers: { 'toy-once': 'mine' } });
    expect(asked.status).toBe(201);
    expect(asked.json).toMatchObject({ state: 'asked', wishes: ['purses', 'contents'] });
    const again = await ask(['purses', 'contents'], { headers: { 'toy-once': 'mine' } });
    expect(again.json.leave).toBe(asked.json.leave);
    const self = asked.headers.location!;
    await served.authorise(asked.json.leave, [served.purse]);
    expect((await served.call(self, { identity: player })).json.state).toBe('granted');
    expect((await served.call(self, { identity: player, method: 'DELETE' })).status).toBe(204);
    expect((await served.call(self, { identity: player })).json.state).toBe('stopped');
    expect((await get('/box/toys', asked.json.leave)).json.oops).toBe('consent.revoked');
  });

  test('lists the accounts that the customer chose, with what the consent covers', async () => {
    const bare = await get('/box/toys', await granted(['purses']));
    expect(bare.json).toEqual({ toys: [{ toy: served.purse, kind: 'purse' }] });
    const full = await get('/box/toys', await granted(['purses', 'contents']));
    expect(full.json.toys).toEqual([{ toy: served.purse, kind: 'purse', inside: '102.49 EUR' }]);
  });

  test('pages through transactions by the links of its answers', async () => {
    const leave = await granted(['purses', 'history']);
    const seen: string[] = [];
    let address: string | undefined = `/box/toys/${served.purse}/moves`;
    while (address !== undefined) {
      const { json }: HttpReply = await get(address, leave);
      seen.push(...json.moves.map(({ what, way }: { what: string; way: string }) => `${what} ${way}`));
      address = json.more;
    }
    expect(seen).toEqual(['MOVE 5 out', 'MOVE 4 in', 'MOVE 3 out', 'MOVE 2 out', 'MOVE 1 in']);
  });

  test('refuses in its own words', async () => {
    const leave = await granted(['purses', 'history']);
    const { json } = await ask(['purses']);
    const refusals = {
      'no certificate': await served.call('/box/toys', { headers: { 'toy-leave': leave } }),
      'no role': await get('/box/toys', leave, onlooker),
      'of another': await get('/box/toys', leave, other),
      'not granted': await get('/box/toys', json.leave),
      'not covered': await get(`/box/toys/${served.savings}/moves`, leave),
      'not asked for': await get(`/box/toys/${served.purse}/moves`, await granted(['purses'])),
      'bad cursor': await get(`/box/toys/${served.purse}/moves?from=x`, leave),
      'bad wish': await ask(['moon']),
      'no key': await ask(['purses'], { headers: { 'toy-once': '' } }),
      'not built': await get('/box/weather', leave),
      'no such path': await get('/box/dolls', leave),
    };
    const told = Object.entries(refusals).map(([name, reply]) => [name, `${reply.status} ${reply.json.oops}`]);
    expect(Object.fromEntries(told)).toEqual({
      'no certificate': '401 client.certificate-missing',
      'no role': '403 client.role-missing',
      'of another': '403 consent.of-another-client',
      'not granted': '409 consent.wrong-status',
      'not covered': '403 consent.account-not-covered',
      'not asked for': '403 consent.capability-missing',
      'bad cursor': '400 field.invalid',
      'bad wish': '400 field.invalid',
      'no key': '400 header.missing',
      'not built': '501 operation.not-implemented',
      'no such path': '404 operation.unknown',
    });
    expect(refusals['not built'].json.why).toBe('A bank knows nothing of the weather.');
    for (const { json: body, headers } of Object.values(refusals)) {
      expect(body.call).toBe(headers['toy-call']);
      expect(headers).not.toHaveProperty('x-fapi-interaction-id');
    }
  });

  test('follows a call by the id that its client gave it, in the header of this standard', async () => {
    const id = '8f14e45f-ceea-467a-9a36-dedd4bea2543';
    const reply = await served.call('/box/weather', { identity: player, headers: { 'toy-call': id } });
    expect([reply.headers['toy-call'], reply.json.call]).toEqual([id, id]);
  });
});
