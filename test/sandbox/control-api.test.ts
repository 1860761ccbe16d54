import 'reflect-metadata';

import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { startSandbox, type Sandbox } from '../../src/index.js';
import { createTlsClient, type TlsClient } from '../../src/sandbox/tls-client.js';

interface Answer<T = Readonly<Record<string, unknown>>> {
  readonly status: number;
  readonly body: T;
}

describe('the control API', () => {
  let sandbox: Sandbox;
  let client: TlsClient;

  beforeAll(async () => {
    sandbox = await startSandbox({
      ephemeral: true,
      seed: 1,
      clock: 'frozen:2026-11-25T09:00:00Z',
      historyMonths: 1,
      validateResponses: true,
    });
    client = createTlsClient({ ca: sandbox.caPem });
  });

  afterAll(async () => {
    await client.close();
    await sandbox.stop();
  });

  async function call<T = Readonly<Record<string, unknown>>>(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    token = sandbox.controlToken,
  ): Promise<Answer<T>> {
    const answer = await client.call(`${sandbox.status.publicOrigin}/_sandbox${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, body: JSON.parse(answer.body) as T };
  }

  test('refuses a call without its token, with the reason', async () => {
    const { status, body } = await call('GET', '/status', undefined, 'not-the-token');
    expect(status).toBe(401);
    expect(body['code']).toBe('token.missing');
  });

  test('tells where everything is', async () => {
    const { status, body } = await call('GET', '/status');
    expect(status).toBe(200);
    expect(body).toEqual(JSON.parse(JSON.stringify(sandbox.status)));
  });

  test('answers an address it does not have with 404 and a wrong method with 405', async () => {
    expect((await call('GET', '/nothing')).status).toBe(404);
    expect((await call('DELETE', '/status')).status).toBe(405);
  });

  test.each([
    ['a body that is not JSON', '{"now":'],
    ['a field that is not described', { now: '2027-01-01T00:00:00Z', then: 1 }],
    ['a field that is missing', {}],
    ['a date that does not exist', { now: '2027-02-31T00:00:00Z' }],
  ])('refuses %s and leaves the clock alone', async (_name, body) => {
    const before = sandbox.clock.now();
    expect((await call('PUT', '/clock', body)).status).toBe(400);
    expect(sandbox.clock.now()).toBe(before);
  });

  test('never moves the clock back', async () => {
    const { status, body } = await call('PUT', '/clock', { now: '2020-01-01T00:00:00Z' });
    expect(status).toBe(409);
    expect(body['code']).toBe('clock.cannot-go-back');
  });

  test('advances the clock and says what happened on the way', async () => {
    const { status, body } = await call<{ now: string; from: string; done: { kind: string; dueAt: string }[] }>(
      'POST',
      '/clock/advance',
      { duration: 'P2D' },
    );
    expect(status).toBe(200);
    expect(Date.parse(body.now) - Date.parse(body.from)).toBe(2 * 86_400_000);
    expect(body.done.map(({ kind }) => kind)).toContain('life.day');
    expect(body.done.every(({ dueAt }) => dueAt > body.from && dueAt <= body.now)).toBe(true);
  });

  test('tells what that was: sums by kind, and the first things in order of time', async () => {
    const { body } = await call<{
      from: string;
      now: string;
      summary: { bank: string; kind: string; count: number; sum?: { amount: string; currency: string } }[];
      items: { at: string; kind: string; bank: string; subject: string; account?: string; text?: string }[];
    }>('POST', '/clock/advance', { duration: 'P31D' });
    const of = (bank: string, kind: string) => body.summary.find((row) => row.bank === bank && row.kind === kind);
    expect(of('bramble', 'transaction.salary')?.count).toBeGreaterThan(0);
    expect(of('bramble', 'transaction.salary')?.sum?.amount).toMatch(/^\d+\.\d\d$/);
    expect(of('bramble', 'transaction.direct-debit')?.sum).toMatchObject({ amount: expect.stringMatching(/^-/) });
    expect(of('bramble', 'statement.cut')?.count).toBeGreaterThan(0);
    expect(of('dogger', 'transaction.salary')?.sum?.currency).toBe('EUR');
    expect(body.items).toHaveLength(100);
    expect(body.items.map(({ at }) => at)).toEqual(body.items.map(({ at }) => at).sort());
    expect(body.items.every(({ subject, account = '', text }) => subject.startsWith(account) && text !== '')).toBe(
      true,
    );
  });

  test('lets the clock run and freezes it again', async () => {
    const running = await call<{ mode: string; speed: number; now: string }>('PUT', '/clock', {
      mode: 'running',
      speed: 0.001,
    });
    expect(running.body).toMatchObject({ mode: 'running', speed: 0.001 });
    const frozen = await call<{ mode: string; speed: number; now: string }>('PUT', '/clock', { mode: 'frozen' });
    expect(frozen.body).toMatchObject({ mode: 'frozen', speed: 0 });
    expect(frozen.body.now >= running.body.now).toBe(true);
    expect((await call('PUT', '/clock', { mode: 'running', speed: 86_401 })).status).toBe(400);
    expect((await call('PUT', '/clock', { speed: 2 })).status).toBe(400);
  });

  test('advances to the next due item', async () => {
    const { body } = await call<{ now: string; done: { dueAt: string }[] }>('POST', '/clock/advance', { to: 'next' });
    expect(body.done.length).toBeGreaterThan(0);
    expect(body.done.every(({ dueAt }) => dueAt === body.now)).toBe(true);
  });

  test('refuses to advance without saying how far', async () => {
    expect((await call('POST', '/clock/advance', {})).status).toBe(400);
    expect((await call('POST', '/clock/advance', { duration: 'P1D', to: 'next' })).status).toBe(400);
    expect((await call('POST', '/clock/advance', { duration: 'a while' })).status).toBe(400);
  });

  test('lists customers with credentials and accounts', async () => {
    const { body } = await call<{ customers: { customerNumber: string; password: string; accounts: unknown[] }[] }>(
      'GET',
      '/banks/bramble/customers',
    );
    expect(body.customers.length).toBeGreaterThanOrEqual(8);
    expect(body.customers.every(({ password, accounts }) => password !== '' && accounts.length > 0)).toBe(true);
    expect((await call('GET', '/banks/atlantis/customers')).status).toBe(404);
  });

  test('shows the statements of an account, and the lines of one as a table', async () => {
    const { customers } = (
      await call<{ customers: { persona: string; accounts: { id: string }[] }[] }>('GET', '/banks/bramble/customers')
    ).body;
    const account = customers.find(({ persona }) => persona === 'salaried-renter')?.accounts[0]?.id ?? '';
    const path = `/banks/bramble/accounts/${account}/statements`;
    const { body } = await call<{
      statements: { id: string; opening: string; closing: string; totals: { count: number }[] }[];
    }>('GET', path);
    const [latest] = body.statements;
    expect(body.statements.length).toBeGreaterThan(1);
    const answer = await client.call(`${sandbox.status.publicOrigin}/_sandbox${path}/${latest?.id ?? ''}/lines.csv`, {
      headers: { authorization: `Bearer ${sandbox.controlToken}` },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toContain('text/csv');
    const [header, ...lines] = answer.body.trimEnd().split('\r\n');
    expect(header).toBe('booked,id,kind,text,reference,counterparty,amount,currency,balance');
    expect(lines).toHaveLength(latest?.totals.reduce((sum, { count }) => sum + count, 0) ?? 0);
    expect(lines.at(-1)?.split(',').at(-1)).toBe(latest?.closing);
    expect((await call('GET', `${path}/${account}-s190001/lines.csv`)).status).toBe(404);
    expect((await call('GET', '/banks/bramble/accounts/none/statements')).status).toBe(404);
  });

  test('makes a third party that is registered at the bank', async () => {
    const { status, body } = await call<{ registrations: { clientId: string }[]; signing: { privateKeyPem: string } }>(
      'POST',
      '/tpps',
      { name: 'Made by a test', roles: ['AISP'], redirectUris: ['https://tpp.example/back'] },
    );
    expect(status).toBe(201);
    expect(body.registrations).toHaveLength(1);
    expect(body.signing.privateKeyPem).toContain('PRIVATE KEY');
  });

  test('issues, lists and revokes certificates of a software statement, and signs a fresh assertion', async () => {
    const { softwareId } = (await call<{ softwareId: string }>('POST', '/tpps', { name: 'Certified', banks: [] })).body;
    const software = `/software-statements/${softwareId}`;
    const assertion = await call<{ softwareStatement: string }>('GET', `${software}/assertion`);
    expect(assertion.body.softwareStatement.split('.')).toHaveLength(3);

    const issued = await call<{ certificate: { serial: string; kid: string }; privateKeyPem: string }>(
      'POST',
      `${software}/certificates`,
      { kind: 'transport' },
    );
    expect(issued.status).toBe(201);
    expect(issued.body.privateKeyPem).toContain('PRIVATE KEY');

    const { serial } = issued.body.certificate;
    const revoked = await client.call(`${sandbox.status.publicOrigin}/_sandbox/certificates/${serial}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${sandbox.controlToken}` },
    });
    expect(revoked.status).toBe(204);
    const { certificates } = (
      await call<{ certificates: { serial: string; revokedAt?: string }[] }>('GET', `${software}/certificates`)
    ).body;
    expect(certificates).toHaveLength(3);
    expect(certificates.find((one) => one.serial === serial)?.revokedAt).toBe(sandbox.clock.now());
  });

  test('issues from a certificate request and refuses one that does not verify', async () => {
    const { softwareId } = (await call<{ softwareId: string }>('POST', '/tpps', { name: 'Requesting', banks: [] }))
      .body;
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
    const request = await Pkcs10CertificateRequestGenerator.create({
      name: 'CN=mine',
      keys,
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    });
    const csrPem = request.toString('pem');
    const path = `/software-statements/${softwareId}/certificates`;
    const issued = await call<{ privateKeyPem?: string }>('POST', path, { kind: 'transport', csrPem });
    expect(issued.status).toBe(201);
    expect(issued.body.privateKeyPem).toBeUndefined();
    const forged = csrPem.replace(/.{4}(?=\n-----END)/, (end) => (end === 'AAAA' ? 'BBBB' : 'AAAA'));
    expect((await call('POST', path, { kind: 'transport', csrPem: forged })).body['code']).toBe(
      'directory.invalid-csr',
    );
    expect((await call('GET', '/software-statements/unknown/certificates')).status).toBe(404);
  });

  test('refuses a third party with a redirect URI that no directory would take', async () => {
    const { status, body } = await call('POST', '/tpps', { name: 'Bad', redirectUris: ['http://tpp.example/back'] });
    expect(status).toBe(400);
    expect(body['code']).toBe('directory.invalid-redirect-uri');
  });

  test('plays a customer only on its own pages', async () => {
    const { status, body } = await call('POST', '/banks/bramble/authorise', {
      authorizationUrl: 'https://example.com/authorize',
      customer: '10000001',
      decision: 'approve',
    });
    expect(status).toBe(400);
    expect(body['path']).toBe('authorizationUrl');
  });

  test('shows that the books balance', async () => {
    const balance = await call<{ balanced: boolean; banks: { currencies: { sumMinor: string }[] }[] }>(
      'GET',
      '/trial-balance',
    );
    expect(balance.body.balanced).toBe(true);
    expect(balance.body.banks[0]?.currencies).toEqual([{ currency: 'GBP', sumMinor: '0' }]);
    expect((await call<{ ok: boolean }>('GET', '/verification')).body.ok).toBe(true);
  });

  test('explains a refused request by its interaction id', async () => {
    const refused = await client.call(`${sandbox.status.mtlsOrigin}/bramble/open-banking/v4.0/aisp/accounts`);
    const id = refused.headers['x-fapi-interaction-id'] as string;
    const { body } = await call<{ requests: { status: number; checks: { outcome: string; expected?: string }[] }[] }>(
      'GET',
      `/requests/${id}`,
    );
    expect(body.requests[0]?.status).toBe(401);
    expect(body.requests[0]?.checks.find(({ outcome }) => outcome === 'failed')?.expected).toContain('token');
    expect((await call('GET', '/requests/00000000-0000-4000-8000-000000000000')).status).toBe(404);
  });

  test('resets the world to where it began and keeps the directory', async () => {
    const before = await call<{ registrations: unknown[]; softwareId: string }>('POST', '/tpps', { name: 'Stays' });
    const customers = (await call('GET', '/banks/bramble/customers')).body;
    const { status, body } = await call<{ clock: { now: string } }>('POST', '/reset', {});
    expect(status).toBe(200);
    expect(body.clock.now).toBe('2026-11-25T09:00:00.000Z');
    expect((await call('GET', '/banks/bramble/customers')).body).toEqual(customers);
    const keystore = await client.call(
      `${sandbox.status.directory.issuer}/keystore/any/${before.body.softwareId}.jwks`,
    );
    expect(keystore.status).toBe(200);
    expect((JSON.parse(keystore.body) as { keys: unknown[] }).keys).toHaveLength(2);
  });
});
