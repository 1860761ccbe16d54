import { X509Certificate } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { startSandbox, type Sandbox } from '../../src/sandbox/index.js';
import type { Tpp } from '../../src/sandbox/tpps.js';
import { createTlsClient, type TlsClient } from '../../src/sandbox/tls-client.js';

describe('a bank that knows its callers by certificate', () => {
  let sandbox: Sandbox;
  let tpp: Tpp;
  let client: TlsClient;
  let base: string;

  beforeAll(async () => {
    sandbox = await startSandbox({
      ephemeral: true,
      clock: 'frozen:2026-11-25T09:00:00Z',
      historyMonths: 1,
    });
    tpp = await sandbox.createTpp({ name: 'Kontenblick', country: 'DE', banks: ['dogger'], roles: ['AISP', 'PISP'] });
    client = createTlsClient({
      ca: sandbox.caPem,
      certificate: tpp.transport.chainPem,
      key: tpp.transport.privateKeyPem,
    });
    base = sandbox.bank('dogger').standards[0]!.baseUrl;
  }, 120_000);
  afterAll(async () => {
    await client?.close();
    await sandbox?.stop();
  });

  const call = async (method: 'GET' | 'POST', path: string, options: { body?: unknown; headers?: object } = {}) => {
    const answer = await client.call(`${base}${path}`, {
      method,
      headers: {
        'x-request-id': crypto.randomUUID(),
        'psu-ip-address': '192.0.2.7',
        'tpp-redirect-uri': 'https://tpp.example/done',
        'tpp-nok-redirect-uri': 'https://tpp.example/failed',
        ...(options.body !== undefined && { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
    });
    return {
      ...answer,
      json: JSON.parse(answer.body) as Record<string, unknown> & {
        consentId: string;
        _links: Record<string, { href: string }>;
      },
    };
  };
  const newConsent = async (headers: object = {}) => {
    const body = {
      access: { accounts: [], balances: [], transactions: [] },
      recurringIndicator: true,
      validUntil: '2027-02-01',
      frequencyPerDay: 4,
      combinedServiceIndicator: false,
    };
    const { status, json } = await call('POST', '/v1/consents', { body, headers });
    expect([status, json]).toMatchObject([201, {}]);
    return json;
  };
  const customer = async () => (await sandbox.bank('dogger').customers())[0]!;
  const statusOf = async (id: string) => (await call('GET', `/v1/consents/${id}/status`)).json['consentStatus'];

  test('needs no registration, and the certificate names the authority', () => {
    expect(tpp).toMatchObject({ registrations: [], byCertificate: ['dogger'] });
    expect(tpp.organisationIdentifier).toMatch(/^PSDDE-BAFIN-\d+$/);
    expect(new X509Certificate(tpp.transport.certificatePem).subject).toContain(tpp.organisationIdentifier);
  });

  test('leads the customer through its linked pages, and only the browser that opened them first', async () => {
    const { consentId, _links } = await newConsent();
    const link = _links['scaRedirect']!.href;
    expect(link).toMatch(new RegExp(`^${sandbox.status.publicOrigin}/dogger/sca/[\\w-]{43}$`));
    const { customerNumber } = await customer();
    const result = await sandbox
      .bank('dogger')
      .authorise({ authorizationUrl: link, customer: customerNumber, decision: 'approve' });
    expect(result).toEqual({ redirectTo: 'https://tpp.example/done', steps: ['login', 'code', 'accounts', 'review'] });
    expect(await statusOf(consentId)).toBe('valid');
    const stranger = await client.call(link);
    expect(stranger.status).toBe(400);
    expect(stranger.body).toContain('journey-not-found');
  });

  test('sends the customer who says no to the address for that, in German where she reads German', async () => {
    const { consentId, _links } = await newConsent();
    const link = _links['scaRedirect']!.href;
    const first = await client.call(link, { headers: { 'accept-language': 'de-DE,de;q=0.9,en;q=0.5' } });
    const cookie = String([first.headers['set-cookie']].flat()[0]);
    expect(cookie).toMatch(/^sca-[\w-]+=[\w-]{43}; Path=\/dogger; Max-Age=900; HttpOnly; Secure; SameSite=Lax$/);
    const headers = { cookie: cookie.split(';')[0]!, 'accept-language': 'de-DE' };
    const page = await client.call(`${link}/login`, { headers });
    expect(page.body).toContain('<html lang="de">');
    expect(page.body).toContain('Anmelden bei der Dogger Bank');
    expect(String(page.headers['content-security-policy'])).toContain("form-action 'self' https://tpp.example;");
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)![1]!;
    const no = await client.call(`${link}/login/cancel`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ csrf }).toString(),
    });
    expect([no.status, no.headers['location']]).toEqual([303, 'https://tpp.example/failed']);
    expect(await statusOf(consentId)).toBe('rejected');
  });

  test('asks on the phone, where the customer says yes', async () => {
    const { customerNumber } = await customer();
    const { consentId } = await newConsent({
      'tpp-decoupled-preferred': 'true',
      'tpp-redirect-preferred': 'false',
      'psu-id': customerNumber,
    });
    const address = `${sandbox.status.publicOrigin}/dogger/phone`;
    const page = await client.call(`${address}?customer=${customerNumber}`);
    expect(page.body).toContain('Kontenblick');
    const fields = [...page.body.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(
      ([, name, value]) => [name!, value!],
    );
    expect(fields).toHaveLength(3);
    const forged = await client.call(address, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams([...fields.filter(([name]) => name !== 'csrf'), ['decision', 'approve']] as [
        string,
        string,
      ][]).toString(),
    });
    expect(forged.status).toBe(400);
    const approve = (ticked: readonly string[]) =>
      client.call(address, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams([...fields, ...ticked.map((id) => ['account', id]), ['decision', 'approve']] as [
          string,
          string,
        ][]).toString(),
      });
    expect((await approve([])).status).toBe(400);
    const offered = [...page.body.matchAll(/name="account" value="([^"]+)"/g)].map(([, id]) => id!);
    expect((await approve(offered)).status).toBe(303);
    expect(await statusOf(consentId)).toBe('valid');
  });

  test('lets a test decide with the consent alone, and everything still sums up', async () => {
    const { customerNumber } = await customer();
    const { consentId } = await newConsent({ 'tpp-decoupled-preferred': 'true', 'tpp-redirect-preferred': 'false' });
    const script = { consentId, customer: customerNumber, decision: 'approve' } as const;
    expect(await sandbox.bank('dogger').authoriseConsent(script)).toEqual({ steps: ['app'] });
    expect(await statusOf(consentId)).toBe('valid');
    expect(await sandbox.verify()).toMatchObject({ ok: true });
  });
});
