import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { Bank } from '../../src/bank/index.js';
import {
  createDocumentShelf,
  createLog,
  createStandardRouter,
  type PipelinePorts,
  type ResolvedToken,
} from '../../src/http/index.js';
import { SandbankError, wallClock } from '../../src/kernel/index.js';
import type { StandardVersion } from '../../src/standards/standard.js';
import { CLIENT, consentOf, startRig, tokenNamed, type Rig } from './rig.js';
import { send, type HttpCall, type HttpReply } from './client.js';
import { createToy, seal } from './toy-standard.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const READER = tokenNamed('reader');
const LODGER = tokenNamed('lodger');
const PAYER = tokenNamed('payer');
const JSON_TYPE = { 'content-type': 'application/json' };

let rig: Rig;

beforeAll(async () => {
  rig = await startRig({ bodyLimitBytes: 100_000 });
});

afterAll(() => rig.stop());

beforeEach(() => {
  rig.toy.calls.length = 0;
  rig.tokens.clear();
  rig.consents.clear();
  rig.consents.set('c1', consentOf('c1'));
  rig.consents.set('p1', consentOf('p1', { subject: { kind: 'payment', instruction: {} as never } }));
  issue(READER, { consentId: 'c1' });
  issue(LODGER, { grant: 'client' });
  issue(PAYER, { consentId: 'p1', scopes: ['payments'] });
  rig.toy.answer('ListAccounts', () => ({ status: 200, body: {} }));
  rig.toy.answer('LodgeConsent', () => ({ status: 201, body: {} }));
  rig.toy.answer('Pay', () => ({ status: 201, body: { paid: true } }));
});

function issue(token: string, changes: Partial<ResolvedToken> = {}): void {
  rig.tokens.set(token, {
    clientId: CLIENT,
    scopes: ['accounts'],
    grant: 'customer',
    certificateThumbprint: rig.tpp.thumbprint,
    state: 'active',
    ...changes,
  });
}

const lodge = (body: string | Uint8Array, call: Partial<HttpCall> = {}): Promise<HttpReply> =>
  rig.call('/things/consents', {
    method: 'POST',
    token: LODGER,
    body,
    ...call,
    headers: { ...JSON_TYPE, ...call.headers },
  });

const pay = (body: string, headers: Record<string, string> = {}): Promise<HttpReply> =>
  rig.call('/things/payments', {
    method: 'POST',
    token: PAYER,
    body,
    headers: { ...JSON_TYPE, 'x-idempotency-key': 'k1', 'x-toy-seal': seal(Buffer.from(body)), ...headers },
  });

function expectRefusal(reply: HttpReply, status: number, code: string): void {
  expect({ status: reply.status, code: reply.json?.code }).toEqual({ status, code });
  expect(reply.headers['x-fapi-interaction-id']).toMatch(UUID);
  expect(reply.headers['cache-control']).toBe('no-store');
}

describe('a good request', () => {
  test('reaches the handler with client, consent, decoded parameters and addresses of the mTLS origin', async () => {
    const reply = await rig.call('/things/accounts/a%31?from=2026-01-01T00%3A00%3A00&page=2', { token: READER });
    expect(reply.status).toBe(200);
    expect(reply.json).toEqual({ id: 'a1' });
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(reply.headers['cache-control']).toBe('no-store');
    const [call] = rig.toy.calls;
    const base = `${rig.listeners.origins.mtls}/bank/toy/v1/things`;
    expect(call).toMatchObject({
      operationId: 'ReadAccount',
      params: { AccountId: 'a1' },
      client: { clientId: CLIENT, organisationId: 'org' },
      selfUrl: `${base}/accounts/a%31?from=2026-01-01T00%3A00%3A00&page=2`,
    });
    expect(call?.client).not.toHaveProperty('keys');
    expect(call?.consent?.id).toBe('c1');
    expect(call?.query['page']).toBe('2');
    expect(call?.url('/accounts', { page: '3', none: undefined })).toBe(`${base}/accounts?page=3`);
  });

  test('keeps the raw bytes of its body', async () => {
    const text = '{ "data" : {"what":"accounts"} }';
    expect((await lodge(text)).status).toBe(201);
    expect(Buffer.from(rig.toy.calls[0]?.rawBody ?? []).toString()).toBe(text);
    expect(rig.toy.calls[0]?.body).toEqual({ data: { what: 'accounts' } });
  });

  test('gets ready JSON text as it is, and no body with 204', async () => {
    rig.toy.answer('ListAccounts', () => ({ status: 200, json: '{ "ready": true }' }));
    expect((await rig.call('/things/accounts', { token: READER })).text).toBe('{ "ready": true }');
    rig.toy.answer('ForgetAccount', () => ({ status: 204, body: { never: 'sent' } }));
    const gone = await rig.call('/things/accounts/a1', { method: 'DELETE', token: READER });
    expect([gone.status, gone.text, gone.headers['content-type']]).toEqual([204, '', undefined]);
  });

  test('may be HEAD where GET is, and OPTIONS tells the methods', async () => {
    const head = await rig.call('/things/accounts', { method: 'HEAD', token: READER });
    expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', '2']);
    const options = await rig.call('/things/accounts/a1', { method: 'OPTIONS' });
    expect([options.status, options.headers['allow']]).toEqual([204, 'GET, DELETE, HEAD, OPTIONS']);
  });
});

describe('interaction id', () => {
  const mine = '8F14E45F-CEEA-467A-9A36-DEDD4BEA2543';

  test('is echoed as it was sent when it is a UUID, on errors too', async () => {
    const headers = { 'x-fapi-interaction-id': mine };
    const good = await rig.call('/things/accounts', { token: READER, headers });
    const bad = await rig.call('/things/accounts', { headers });
    expect([good.headers['x-fapi-interaction-id'], bad.headers['x-fapi-interaction-id']]).toEqual([mine, mine]);
  });

  test.each(['', 'not-a-uuid', `${mine}x`, '<script>alert(1)</script>'])('is made anew for %j', async (sent) => {
    const reply = await rig.call('/things/accounts', { token: READER, headers: { 'x-fapi-interaction-id': sent } });
    expect(reply.headers['x-fapi-interaction-id']).toMatch(UUID);
    expect(reply.headers['x-fapi-interaction-id']).not.toBe(mine.toLowerCase());
  });
});

describe('address', () => {
  test('the public listener refuses resources for want of a certificate, whatever else is wrong', async () => {
    const reply = await send(`${rig.listeners.origins.public}/bank/toy/v1/things/nothing`, {
      ca: rig.authority.certificatePem,
      identity: rig.tpp,
    });
    expectRefusal(reply, 403, 'client.certificate-invalid');
  });

  test.each(['/things/nothing', '/things/accounts/', '/other/accounts', '/things/accounts/%zz', '/things//'])(
    '%s is unknown',
    async (path) => expectRefusal(await rig.call(path, { token: READER }), 404, 'operation.unknown'),
  );

  test('a wrong method is told which are right', async () => {
    const reply = await rig.call('/things/accounts', { method: 'PUT', token: READER });
    expectRefusal(reply, 405, 'operation.method-not-allowed');
    expect(reply.headers['allow']).toBe('GET, HEAD');
  });

  test('an operation that is not built answers 501 with its reason, before any token', async () => {
    const reply = await rig.call('/things/statements');
    expectRefusal(reply, 501, 'operation.not-implemented');
    expect(reply.json.reason).toBe('Statements come with the next chapter.');
  });
});

describe('caller', () => {
  test.each([
    ['no header', {}],
    ['another scheme', { authorization: `Basic ${READER}` }],
    ['no token', { authorization: 'Bearer' }],
    ['two words', { authorization: `Bearer ${READER} x` }],
  ])('%s is a missing token, without a body and without an error code in the challenge', async (_name, headers) => {
    const reply = await rig.call('/things/accounts', { headers: headers });
    expect([reply.status, reply.text, reply.headers['www-authenticate']]).toEqual([401, '', 'Bearer']);
    expect(reply.headers['x-fapi-interaction-id']).toMatch(UUID);
  });

  test('the scheme is read in any case', async () => {
    const reply = await rig.call('/things/accounts', { headers: { authorization: `bEARER ${READER}` } });
    expect(reply.status).toBe(200);
  });

  test('a token in the address is refused, even beside a good header', async () => {
    expect((await rig.call(`/things/accounts?access_token=${READER}`, { token: READER })).status).toBe(401);
  });

  test('a token in a form body is refused by its media type', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = `access_token=${LODGER}`;
    expect((await rig.call('/things/consents', { method: 'POST', body, headers })).status).toBe(401);
    expectRefusal(await lodge(body, { headers }), 415, 'request.unsupported-media-type');
  });

  test.each([
    ['token.unknown', undefined],
    ['token.expired', 'expired'],
    ['token.revoked', 'revoked'],
  ] as const)('%s', async (code, state) => {
    if (state) issue(READER, { consentId: 'c1', state });
    else rig.tokens.delete(READER);
    const reply = await rig.call('/things/accounts', { token: READER });
    expectRefusal(reply, 401, code);
    expect(reply.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
  });

  test('a certificate of an unknown authority is refused', async () => {
    const reply = await rig.call('/things/accounts', { token: READER, identity: rig.stranger });
    expectRefusal(reply, 403, 'client.certificate-invalid');
  });

  test('no certificate is refused', async () => {
    const reply = await send(`${rig.listeners.origins.mtls}/bank/toy/v1/things/accounts`, {
      ca: rig.authority.certificatePem,
      headers: { authorization: `Bearer ${READER}` },
    });
    expectRefusal(reply, 403, 'client.certificate-invalid');
  });

  test('a good certificate that the token is not bound to is refused, and a token bound to nothing too', async () => {
    const identity = await rig.authority.issue('another-tpp');
    expectRefusal(await rig.call('/things/accounts', { token: READER, identity }), 401, 'token.wrong-certificate');
    const { certificateThumbprint: _bound, ...bare } = rig.tokens.get(READER)!;
    rig.tokens.set(READER, bare);
    expectRefusal(await rig.call('/things/accounts', { token: READER }), 401, 'token.wrong-certificate');
  });

  test('a token bound to a key needs the DPoP scheme and a proof of this very request', async () => {
    const { certificateThumbprint: _bound, ...bare } = rig.tokens.get(READER)!;
    rig.tokens.set(READER, { ...bare, keyThumbprint: 'jkt' });
    const url = `${rig.listeners.origins.mtls}/bank/toy/v1/things/accounts`;
    const proven = (dpop: string): Promise<HttpReply> =>
      rig.call('/things/accounts?page=1', { headers: { authorization: `DPoP ${READER}`, dpop } });
    expect((await proven(`GET ${url}`)).status).toBe(200);
    expectRefusal(await proven(`GET ${url}/a1`), 401, 'token.wrong-certificate');
    expectRefusal(await rig.call('/things/accounts', { token: READER }), 401, 'token.wrong-certificate');
  });

  test('a client that is gone, a wrong grant and a missing scope are told apart', async () => {
    issue(READER, { clientId: 'gone' });
    expectRefusal(await rig.call('/things/accounts', { token: READER }), 401, 'client.unknown');
    expectRefusal(await rig.call('/things/accounts', { token: LODGER }), 403, 'token.wrong-grant');
    issue(READER, { consentId: 'c1', scopes: ['payments'] });
    const reply = await rig.call('/things/accounts', { token: READER });
    expectRefusal(reply, 403, 'token.insufficient-scope');
    expect(reply.headers['www-authenticate']).toBe('Bearer error="insufficient_scope"');
  });
});

describe('consent', () => {
  test.each([
    ['expired', 'consent.expired'],
    ['revoked', 'consent.revoked'],
    ['consumed', 'consent.consumed'],
    ['requested', 'consent.wrong-status'],
  ] as const)('one that is %s is refused', async (status, code) => {
    rig.consents.set('c1', consentOf('c1', { status }));
    expectRefusal(await rig.call('/things/accounts', { token: READER }), 403, code);
  });

  test('a consumed one reaches a handler that knows repeated orders', async () => {
    rig.consents.set('p1', { ...rig.consents.get('p1')!, status: 'consumed' });
    expect((await pay('{"data":{"what":"payments"}}')).status).toBe(201);
  });

  test('one that is gone, of another client, of another version or of another kind is refused', async () => {
    rig.consents.set('c1', consentOf('c1', { clientId: 'other' }));
    expectRefusal(await rig.call('/things/accounts', { token: READER }), 400, 'consent.of-another-client');
    rig.consents.set('c1', consentOf('c1', { standard: 'toy/0.9' }));
    expectRefusal(await rig.call('/things/accounts', { token: READER }), 400, 'consent.not-found');
    rig.consents.delete('c1');
    expectRefusal(await rig.call('/things/accounts', { token: READER }), 401, 'token.revoked');
    issue(READER, { consentId: 'p1' });
    expectRefusal(await rig.call('/things/accounts', { token: READER }), 403, 'token.wrong-grant');
  });

  test('capabilities: any of several, all of several', async () => {
    const having = (...capabilities: ('accounts.list' | 'balances' | 'products')[]): void => {
      const subject = { kind: 'account-access', capabilities, recurring: true } as const;
      rig.consents.set('c1', consentOf('c1', { subject }));
    };
    having('balances');
    expect((await rig.call('/things/accounts', { token: READER })).status).toBe(200);
    expectRefusal(await rig.call('/things/accounts/a1', { token: READER }), 403, 'consent.capability-missing');
    having('products');
    expectRefusal(await rig.call('/things/accounts', { token: READER }), 403, 'consent.capability-missing');
  });

  test('an account the bank does not have is told from one the customer did not choose or has unlinked', async () => {
    expectRefusal(await rig.call('/things/accounts/zz', { token: READER }), 400, 'account.not-found');
    expectRefusal(await rig.call('/things/accounts/a2', { token: READER }), 403, 'consent.account-not-covered');
    const { accounts } = rig.consents.get('c1')!;
    rig.consents.set('c1', consentOf('c1', { accounts: [{ ...accounts[0]!, unlinkedAt: accounts[0]!.linkedAt }] }));
    expectRefusal(await rig.call('/things/accounts/a1', { token: READER }), 403, 'consent.account-not-covered');
  });
});

describe('message', () => {
  const good = '{"data":{"what":"accounts"}}';

  test.each(['text/plain', 'application/xml', 'application/json; charset=utf-16', ''])(
    'content type %j is refused',
    async (type) => {
      expectRefusal(await lodge(good, { headers: { 'content-type': type } }), 415, 'request.unsupported-media-type');
    },
  );

  test('a compressed body is refused', async () => {
    expectRefusal(
      await lodge(good, { headers: { 'content-encoding': 'gzip' } }),
      415,
      'request.unsupported-media-type',
    );
  });

  test.each([
    ['text/html', 406],
    ['application/json;q=0, */*', 406],
    ['text/html, application/*;q=0.5', 200],
    ['application/json; charset=utf-8', 200],
  ])('Accept: %s is answered with %i', async (accept, status) => {
    expect((await rig.call('/things/accounts', { token: READER, headers: { accept } })).status).toBe(status);
  });

  test('a body over the limit is refused, announced or in chunks', async () => {
    const large = `{"data":{"what":"${'x'.repeat(300_000)}"}}`;
    expectRefusal(await lodge(large), 413, 'request.too-large');
    expectRefusal(await lodge(large, { headers: { 'transfer-encoding': 'chunked' } }), 413, 'request.too-large');
  });

  test.each([
    ['nothing', ''],
    ['half an object', '{"data":'],
    ['a string', '"data"'],
    ['a string of JSON', JSON.stringify(good)],
    ['null', 'null'],
    ['a byte order mark', `\uFEFF${good}`],
    ['a comment', `${good} // note`],
    ['NaN', '{"data":NaN}'],
    ['a number beyond doubles', '{"data":1e400}'],
    ['a lone surrogate', '{"data":"\\ud800"}'],
    ['duplicate names', '{"data":{"what":"accounts"},"data":{"what":"payments"}}'],
    ['duplicate names, one escaped', '{"data":{"what":"accounts"},"d\\u0061ta":{"what":"payments"}}'],
    ['__proto__', '{"data":{"what":"accounts","__proto__":{"x":1}}}'],
    ['__proto__, escaped', '{"data":{"\\u005f_proto__":{"x":1}}}'],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['UTF-16', Buffer.from(good, 'utf16le')],
    ['10,000 levels of arrays', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['10,000 levels of objects', '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000)],
  ])('%s is malformed', async (_name, body) => {
    expectRefusal(await lodge(body), 400, 'request.malformed');
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  test('findings of the document are told all at once, and the first decides', async () => {
    const reply = await lodge('{"data":{"amount":"12345678","what":"coffee"},"more":1}');
    expect(reply.status).toBe(400);
    const paths = reply.json.findings.map((finding: { path: string }) => finding.path);
    expect(paths.sort()).toEqual(['body', 'body/data/amount', 'body/data/what']);
    expectRefusal(await lodge('{"data":{}}'), 400, 'field.missing');
  });

  test('header and query are held against the document; what it does not name is let pass', async () => {
    const bad = await rig.call('/things/accounts?from=yesterday', { token: READER, headers: { 'x-toy-when': 'now' } });
    expectRefusal(bad, 400, 'field.invalid');
    expect(bad.json.findings.map((finding: { path: string }) => finding.path).sort()).toEqual([
      'header/x-toy-when',
      'query/from',
    ]);
    const other = await rig.call('/things/accounts?cursor=abc', {
      token: READER,
      headers: { 'x-fapi-financial-id': 'x' },
    });
    expect(other.status).toBe(200);
  });

  test('an order needs a usable idempotency key and a signature over its bytes; the answer is signed', async () => {
    const body = '{"data":{"what":"payments"}}';
    const done = await pay(body);
    expect([done.status, done.headers['x-toy-seal']]).toEqual([201, seal(Buffer.from(done.text))]);
    expectRefusal(await pay(body, { 'x-idempotency-key': '' }), 400, 'header.missing');
    expectRefusal(await pay(body, { 'x-idempotency-key': 'k'.repeat(41) }), 400, 'idempotency.key-invalid');
    const bad = await pay(body, { 'x-toy-seal': seal(Buffer.from(`${body} `)) });
    expectRefusal(bad, 400, 'signature.invalid');
    expect(bad.headers['x-toy-seal']).toBe(seal(Buffer.from(bad.text)));
    const { length } = rig.toy.calls;
    const unsigned = { ...JSON_TYPE, 'x-idempotency-key': 'k1' };
    const missing = await rig.call('/things/payments', { method: 'POST', token: PAYER, body, headers: unsigned });
    expectRefusal(missing, 400, 'signature.missing');
    expect(rig.toy.calls).toHaveLength(length);
  });
});

describe('order of the checks', () => {
  test('each refusal comes before the next, from address to document', async () => {
    const broken = { method: 'POST', body: '{', headers: { 'content-type': 'text/plain' } } as const;
    expect((await rig.call('/things/payments', broken)).status).toBe(401);
    expectRefusal(await rig.call('/things/payments', { ...broken, token: 'unknown' }), 401, 'token.unknown');
    const strange = { ...broken, token: PAYER, identity: rig.stranger };
    expectRefusal(await rig.call('/things/payments', strange), 403, 'client.certificate-invalid');
    expectRefusal(await rig.call('/things/payments', { ...broken, token: READER }), 403, 'token.insufficient-scope');
    rig.consents.set('p1', { ...rig.consents.get('p1')!, status: 'revoked' });
    expectRefusal(await rig.call('/things/payments', { ...broken, token: PAYER }), 403, 'consent.revoked');
    rig.consents.set('p1', { ...rig.consents.get('p1')!, status: 'authorised' });
    expectRefusal(
      await rig.call('/things/payments', { ...broken, token: PAYER }),
      415,
      'request.unsupported-media-type',
    );
    const json = { ...broken, token: PAYER, headers: JSON_TYPE };
    expectRefusal(await rig.call('/things/payments', json), 400, 'request.malformed');
    expectRefusal(await rig.call('/things/payments', { ...json, body: '{}' }), 400, 'header.missing');
    expectRefusal(await pay('{}', { 'x-toy-seal': 'none' }), 400, 'signature.invalid');
    expectRefusal(await pay('{}'), 400, 'field.missing');
  });
});

describe('answers', () => {
  test('an answer that breaks its document is an internal error, and told in the log', async () => {
    rig.toy.answer('ReadAccount', () => ({ status: 200, body: { id: 7 } }));
    expectRefusal(await rig.call('/things/accounts/a1', { token: READER }), 500, 'internal');
    rig.toy.answer('ReadAccount', () => ({ status: 202, body: { id: 'a1' } }));
    expectRefusal(await rig.call('/things/accounts/a1', { token: READER }), 500, 'internal');
    expect(rig.logLines.join('')).toContain('an answer breaks its document');
  });

  test('an unexpected failure tells the caller nothing', async () => {
    rig.toy.answer('ListAccounts', () => {
      throw new TypeError('SELECT * FROM accounts WHERE secret');
    });
    const reply = await rig.call('/things/accounts', { token: READER });
    expectRefusal(reply, 500, 'internal');
    expect(reply.text).not.toMatch(/SELECT|TypeError|\.ts/);
  });

  test('a refusal of the handler is in the words of the standard', async () => {
    rig.toy.answer('ListAccounts', () => {
      throw new SandbankError('account.closed', 'The account is closed.');
    });
    expectRefusal(await rig.call('/things/accounts', { token: READER }), 400, 'account.closed');
  });
});

describe('opening a site', () => {
  const open = (changes: Partial<StandardVersion['apis'][number]>): Promise<unknown> => {
    const { version } = createToy();
    return createStandardRouter({
      version: { ...version, apis: version.apis.map((api) => ({ ...api, ...changes })) },
      documents: createDocumentShelf(join(import.meta.dirname, 'openapi')),
      recorder: rig.recorder,
      wall: wallClock,
      log: createLog('silent'),
      validateResponses: false,
      baseUrl: 'https://localhost/bank',
      bank: {} as Bank,
      ports: {} as PipelinePorts,
    });
  };

  test('fails where an operation of the document has no answer, or the document is missing', async () => {
    await expect(open({ notImplemented: {} })).rejects.toMatchObject({
      code: 'configuration.invalid',
      details: { actual: 'no answer: ListStatements' },
    });
    await expect(open({ document: 'none.yaml' })).rejects.toMatchObject({ code: 'configuration.invalid' });
    await expect(open({})).resolves.toBeInstanceOf(Function);
  });
});

describe('records and logs', () => {
  test('every check of a request is found under its interaction id', async () => {
    const interactionId = '00000000-0000-4000-8000-00000000abcd';
    await rig.call('/things/accounts/a1', { token: READER, headers: { 'x-fapi-interaction-id': interactionId } });
    await rig.recorder.flush();
    const [record] = await rig.recorder.find(interactionId);
    expect(record).toMatchObject({
      bank: 'bank',
      standard: 'toy/1.0',
      operationId: 'ReadAccount',
      clientId: CLIENT,
      consentId: 'c1',
      listener: 'mtls',
      method: 'GET',
      path: '/bank/toy/v1/things/accounts/a1',
    });
    expect(record?.checks.map(({ name }) => name)).toEqual([
      'the request came to the address that asks for a client certificate',
      'the path and method are an operation of the standard',
      'the sandbox implements the operation',
      'the access token is not in the address',
      'the Authorization header carries one access token',
      'this bank issued the access token',
      'the access token is alive on the clock of the bank',
      'the client certificate is trusted',
      'the access token is bound to a certificate or a key',
      'the client certificate is the one the token is bound to',
      'the authorization scheme fits the token',
      'the client is registered at this bank',
      'the client certificate belongs to the organisation of the client',
      'the grant of the token is of the kind that the operation takes',
      'the token has the scopes of the operation',
      'the token stands for a consent of this client',
      'the consent was made in this version of the standard',
      'the consent is of the kind that the operation needs',
      'the consent is authorised and in force on the clock of the bank',
      'the consent has every capability that the operation needs',
      'the consent covers the account',
      'the client accepts the media type of the answer',
      'the request fits the document of the API',
      'the bank carries out the operation',
      'the answer fits the document of the API',
    ]);
    expect(await rig.recorder.find(record!.id)).toHaveLength(1);
  });

  test('a refusal explains itself: expected, actual, clause and remedy, and the error as it was sent', async () => {
    const identity = await rig.authority.issue('another-tpp');
    const reply = await rig.call('/things/accounts', { token: READER, identity });
    const [record] = await rig.recorder.find(String(reply.headers['x-fapi-interaction-id']));
    const last = record?.checks.at(-1);
    expect(last).toEqual({
      name: 'the client certificate is the one the token is bound to',
      outcome: 'failed',
      expected: rig.tpp.thumbprint,
      actual: identity.thumbprint,
      clause: 'RFC 8705 section 3',
      remedy: expect.any(String),
    });
    expect(record?.error).toBe(reply.text);
    expect(record?.status).toBe(401);
  });

  test('no token stands in a record or a log line', async () => {
    const token = tokenNamed('leaky');
    await rig.call(`/things/accounts?access_token=${token}`, { token });
    await rig.call('/things/accounts', { token });
    await rig.call('/things/accounts', { headers: { authorization: token } });
    rig.toy.answer('ListAccounts', () => {
      throw new Error(`the header was Bearer ${READER}`);
    });
    await rig.call('/things/accounts', { token: READER });
    const kept = JSON.stringify(await rig.recorder.list({ limit: 500 })) + rig.logLines.join('');
    for (const secret of [token, READER, LODGER, PAYER]) expect(kept).not.toContain(secret);
  });

  test('there is one line a request, with the facts of the request', async () => {
    const from = rig.logLines.length;
    const reply = await rig.call('/things/accounts', { token: READER });
    const [line, ...more] = rig.logLines.slice(from).map((text) => JSON.parse(text));
    expect(more).toEqual([]);
    expect(line).toMatchObject({
      interactionId: reply.headers['x-fapi-interaction-id'],
      bank: 'bank',
      standard: 'toy/1.0',
      operationId: 'ListAccounts',
      client: CLIENT,
      status: 200,
      ms: expect.any(Number),
    });
  });
});
