import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { Consent } from '../../src/bank/index.js';
import type { Identity } from './certificates.js';
import { createCertified, SETTINGS, type Certified } from './certified-standard.js';
import type { HttpCall, HttpReply } from './client.js';
import { consentOf, startRig, type Rig } from './rig.js';
import { seal } from './toy-standard.js';

const ME = 'PSDDE-BAFIN-1';
const OTHER = 'PSDDE-BAFIN-2';

let rig: Rig;
let certified: Certified;
const identities = new Map<string, Identity>();

beforeAll(async () => {
  certified = createCertified();
  rig = await startRig({
    version: certified.version,
    settings: SETTINGS,
    pages: { urlFor: async ({ authorisationId, done }) => `https://bank.example/${authorisationId}?done=${done}` },
    verdictOn: ({ subject }) => {
      const name = subject.replace('CN=', '');
      if (['expired', 'not-yet-valid', 'revoked', 'wrong-use'].includes(name)) return { trusted: false, reason: name };
      const roles = name === 'payer' ? ['payer'] : ['reader'];
      return { organisationIdentifier: name === 'other' ? OTHER : ME, organisationName: 'Lantern', roles };
    },
  });
  for (const name of ['reader', 'payer', 'other', 'expired', 'not-yet-valid', 'revoked', 'wrong-use']) {
    identities.set(name, await rig.authority.issue(name));
  }
});

afterAll(() => rig.stop());

beforeEach(() => {
  certified.calls.length = 0;
  rig.consents.clear();
  keep('c1');
  certified.answer('ReadBalances', () => ({ status: 200, body: { balances: [] } }));
  certified.answer('Order', () => ({ status: 201, body: {} }));
});

function keep(id: string, changes: Partial<Consent> = {}): void {
  rig.consents.set(id, consentOf(id, { clientId: ME, subject: ACCESS, ...changes }));
}

const ACCESS: Consent['subject'] = {
  kind: 'account-access',
  capabilities: ['accounts.list', 'balances'],
  recurring: true,
};

const as = (name: string, path: string, call: Partial<HttpCall> = {}): Promise<HttpReply> =>
  rig.call(path, { ...call, identity: identities.get(name)!, headers: { 'x-consent': 'c1', ...call.headers } });

const told = ({ status, json }: HttpReply) => ({ status, code: json?.code });

describe('a caller known by certificate', () => {
  test('needs neither registration nor token; the certificate names it', async () => {
    expect((await as('reader', '/v1/accounts')).status).toBe(200);
    const [call] = certified.calls;
    expect(call?.client).toEqual({
      clientId: ME,
      organisationId: 'org',
      softwareId: 'soft',
      name: 'Lantern',
      roles: ['reader'],
    });
    expect(call?.consent?.id).toBe('c1');
  });

  test.each([
    ['expired', 'client.certificate-expired'],
    ['not-yet-valid', 'client.certificate-expired'],
    ['revoked', 'client.certificate-revoked'],
    ['wrong-use', 'client.certificate-invalid'],
  ])('whose certificate is %s is told %s', async (name, code) => {
    expect(told(await as(name, '/v1/accounts'))).toEqual({ status: 401, code });
  });

  test('without a certificate, or with one of an unknown authority, is told so', async () => {
    const { call, stranger, authority } = rig;
    const { send } = await import('./client.js');
    const none = await send(`${rig.listeners.origins.mtls}/bank/toy/v1/v1/accounts`, { ca: authority.certificatePem });
    expect(told(none)).toEqual({ status: 401, code: 'client.certificate-missing' });
    const unknown = await call('/v1/accounts', { identity: stranger });
    expect(told(unknown)).toEqual({ status: 401, code: 'client.certificate-invalid' });
  });

  test('lacks a role where none of those of the operation is in the certificate', async () => {
    expect(told(await as('payer', '/v1/accounts'))).toEqual({ status: 403, code: 'client.role-missing' });
  });
});

describe('a consent that the call names', () => {
  test('in a header has to be there', async () => {
    const reply = await rig.call('/v1/accounts', { identity: identities.get('reader')! });
    expect(reply.json).toMatchObject({ code: 'header.missing', path: 'x-consent' });
  });

  test('may be named by the path, in whatever state it is', async () => {
    keep('c2', { status: 'expired' });
    expect((await as('reader', '/v1/consents/c2')).status).toBe(200);
    expect(certified.calls[0]?.consent?.status).toBe('expired');
  });

  test.each(['payment', 'bulk-payment', 'periodic-payment', 'basket'] as const)(
    'may be of the kind %s where the operation takes it',
    async (kind) => {
      keep('o1', { subject: { kind } as never });
      expect((await as('payer', '/v1/payments/swift/o1')).status).toBe(200);
    },
  );

  test('is refused with where it was named when it is unknown, foreign, of another kind or version', async () => {
    keep('foreign', { clientId: OTHER });
    keep('kind', { subject: { kind: 'payment' } as never });
    keep('version', { standard: 'toy/2.0' });
    const replies = new Map<string, unknown>();
    for (const id of ['none', 'foreign', 'kind', 'version']) {
      const byHeader = await as('reader', '/v1/accounts', { headers: { 'x-consent': id } });
      const byPath = await as('reader', `/v1/consents/${id}`);
      replies.set(
        id,
        [byHeader, byPath].map(({ json }) => `${json.code} ${json.place} ${json.path}`),
      );
    }
    const notFound = ['consent.not-found header x-consent', 'consent.not-found path consent'];
    expect(Object.fromEntries(replies)).toEqual({
      none: notFound,
      foreign: notFound.map((text) => text.replace('not-found', 'of-another-client')),
      kind: notFound,
      version: notFound,
    });
    expect(certified.calls).toEqual([]);
  });

  test('must be in force where the operation says so', async () => {
    keep('c1', { status: 'expired' });
    expect(told(await as('reader', '/v1/accounts'))).toEqual({ status: 401, code: 'consent.expired' });
  });

  test('with what was agreed for each account: a capability of one account is none of another', async () => {
    const at = consentOf('x').createdAt;
    const accounts = ['a1', 'a2'].map((accountId) => ({ accountId, linkedAt: at }));
    const named = [
      { account: { scheme: 'iban', identification: 'IBANA1' }, capabilities: ['accounts.list', 'balances'] },
      { account: { scheme: 'iban', identification: 'IBANA2' }, capabilities: ['accounts.list'] },
    ] as const;
    keep('c1', { accounts, subject: { ...ACCESS, choice: 'named', named } as Consent['subject'] });
    expect((await as('reader', '/v1/accounts/a1/balances')).status).toBe(200);
    const code = 'consent.capability-missing';
    expect(told(await as('reader', '/v1/accounts/a2/balances'))).toEqual({ status: 403, code });
    expect(told(await as('reader', '/v1/accounts/a9/balances'))).toEqual({ status: 404, code: 'account.not-found' });
  });
});

describe('documents on one base path', () => {
  test.each([
    ['/v1/nothing/swift', 'POST', 404, 'operation.unknown'],
    ['/v1/accounts/a1', 'POST', 404, 'operation.unknown'],
    ['/v1/payments/swift', 'PUT', 405, 'operation.method-not-allowed'],
    ['/v1/consents/c1', 'POST', 405, 'operation.method-not-allowed'],
    ['/v1/payments/quick', 'POST', 400, 'field.invalid'],
  ])('%s with %s is answered with %i', async (path, method, status, code) => {
    const reply = await as('payer', path, { method });
    expect({ status: reply.status, code: reply.json.code ?? reply.json.findings?.[0].code }).toEqual({ status, code });
  });

  test('the path with more fixed segments is meant, whatever the order of the documents', async () => {
    await as('reader', '/v1/consents/c1');
    expect(certified.calls.map(({ operationId }) => operationId)).toEqual(['ReadConsent']);
  });
});

describe('bodies beside JSON', () => {
  const order = (call: Partial<HttpCall>): Promise<HttpReply> =>
    as('payer', '/v1/payments/swift', { method: 'POST', ...call });
  const xml = { 'content-type': 'application/xml; charset=utf-8' };

  test('are read by the reader of the standard, and not held against the schema of JSON', async () => {
    expect((await order({ body: '<amount>12</amount>', headers: xml })).status).toBe(201);
    expect(certified.calls[0]?.body).toEqual({ from: xml['content-type'], amount: '12' });
  });

  test('are refused in the words of the reader; the headers are still checked', async () => {
    expect(told(await order({ body: '<nothing/>', headers: xml }))).toEqual({ status: 400, code: 'request.malformed' });
    const body = '<amount>12</amount>';
    const headers = { ...xml, 'x-address': '1.2.3', 'x-digest': 'abc', 'x-home': 'nowhere' };
    const { json } = await order({ body, headers });
    expect(json.findings.map(({ path }: { path: string }) => path).sort()).toEqual([
      'header/x-address',
      'header/x-digest',
      'header/x-home',
    ]);
    const good = { ...xml, 'x-address': '192.0.2.7', 'x-digest': 'YWJj', 'x-home': 'https://tpp.example' };
    expect((await order({ body, headers: good })).status).toBe(201);
  });

  test('of a type that the operation does not read are refused', async () => {
    const headers = { 'content-type': 'text/csv' };
    expect(told(await order({ body: 'a;b', headers }))).toEqual({
      status: 415,
      code: 'request.unsupported-media-type',
    });
  });

  test('may be left out where the document does not require them', async () => {
    expect((await order({})).status).toBe(201);
    expect(certified.calls[0]?.body).toBeUndefined();
  });

  test('in JSON are told the faults of the nearest shape alone', async () => {
    const headers = { 'content-type': 'application/json' };
    const { json } = await order({ body: '{"amount":"x"}', headers });
    expect(json.findings.map(({ path }: { path: string }) => path)).toEqual(['body/amount']);
  });
});

describe('answers beside JSON', () => {
  const balances = (accept?: string): Promise<HttpReply> =>
    as('reader', '/v1/accounts/a1/balances', { headers: accept === undefined ? {} : { accept } });

  test('are sent as the handler wrote them', async () => {
    certified.answer('ReadBalances', () => ({
      status: 200,
      text: { contentType: 'application/xml', content: '<balances/>' },
    }));
    const reply = await balances('application/xml');
    expect([reply.text, reply.headers['content-type']]).toEqual(['<balances/>', 'application/xml']);
    expect(certified.calls[0]?.answerType).toBe('application/xml');
  });

  test.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/xml, application/json;q=0.5', 'application/xml'],
    ['application/json;q=0, application/*', 'application/xml'],
    ['application/json, application/xml', 'application/json'],
  ])('Accept %s is answered in %s', async (accept, chosen) => {
    await balances(accept);
    expect(certified.calls[0]?.answerType).toBe(chosen);
  });

  test('that nobody offers are refused', async () => {
    expect(told(await balances('text/html'))).toEqual({ status: 406, code: 'request.not-acceptable' });
    expect(told(await balances('application/json;q=0'))).toEqual({ status: 406, code: 'request.not-acceptable' });
  });

  test('of another JSON type are not held against the schema of application/json', async () => {
    certified.answer('ReadBalances', () => ({
      status: 404,
      body: { title: 'Not there' },
      headers: { 'Content-Type': 'application/problem+json' },
    }));
    const reply = await balances();
    expect([reply.status, reply.headers['content-type']]).toEqual([404, 'application/problem+json']);
  });

  test('in JSON that break their document are refused', async () => {
    certified.answer('ReadBalances', () => ({ status: 200, body: {} }));
    expect((await balances()).status).toBe(500);
  });
});

describe('what the bank decides for a standard', () => {
  test('reaches the handler, with addresses of its pages', async () => {
    certified.answer('Order', async (call) => ({
      status: 201,
      body: { url: await call.authorisationUrl({ authorisationId: 'x1', done: 'https://tpp.example' }) },
    }));
    const reply = await as('payer', '/v1/payments/swift', { method: 'POST' });
    expect(reply.json.url).toBe('https://bank.example/x1?done=https://tpp.example');
    expect(certified.calls[0]?.settings).toBe(SETTINGS);
  });

  test('may be a seal that is checked where it is present, over headers, method and target', async () => {
    const path = '/v1/payments/swift';
    const post = (sent: string): Promise<HttpReply> =>
      as('payer', path, { method: 'POST', headers: { 'x-digest': 'YWJj', 'x-seal': sent } });
    const signed = `POST /bank/toy/v1${path} YWJj `;
    expect((await as('payer', path, { method: 'POST' })).status).toBe(201);
    expect(told(await post('forged'))).toEqual({ status: 400, code: 'signature.invalid' });
    const reply = await post(seal(Buffer.from(signed)));
    expect(told(reply)).toEqual({ status: 201, code: undefined });
  });
});
