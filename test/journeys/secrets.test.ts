import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Sandbox } from '../../src/index.js';
import { customerOf } from '../support/customer.js';
import { createRawClient, type RawClient } from '../support/raw-client.js';
import { newThirdParty, startTestSandbox } from '../support/test-sandbox.js';
import type { ApiAnswer, ThirdParty } from '../support/third-party.js';
import { accessTo, approvedPayment, lodgeAccess, payeeOf, planPayment } from '../support/uk-bank.js';

/** Secrets that passed through the bank: good ones, and such as somebody sent by mistake. */
describe('secrets', () => {
  let sandbox: Sandbox;
  let tpp: ThirdParty;
  let raw: RawClient;
  const secrets = new Map<string, string>();
  const answers: ApiAnswer[] = [];

  beforeAll(async () => {
    sandbox = await startTestSandbox({ historyMonths: 1 });
    tpp = await newThirdParty(sandbox);
    raw = createRawClient({ caPem: sandbox.caPem });
    await useGoodSecrets();
    await sendWrongSecrets();
  });
  afterAll(async () => {
    await tpp.close();
    await raw.close();
  });

  const keep = (name: string, value: string | undefined): string => {
    if (value === undefined || value === '') throw new Error(`no ${name} came about`);
    secrets.set(name, value);
    return value;
  };
  const signatureOf = (jwt: string | undefined): string | undefined => jwt?.split('.')[2];

  async function useGoodSecrets(): Promise<void> {
    const customer = await customerOf(sandbox, 'salaried-renter');
    const { tokens } = await accessTo(tpp, customer);
    keep('access token', tokens.access_token);
    keep('refresh token', tokens.refresh_token);
    keep('ID token', signatureOf(tokens.id_token));
    keep('fresh access token', (await tpp.refresh(tokens.refresh_token ?? '')).access_token);
    keep('client token', await tpp.clientToken('accounts'));
    const payee = payeeOf(await customerOf(sandbox, 'freelancer'));
    keep('payment token', (await approvedPayment(tpp, customer, planPayment({ amount: '2.00', payee }))).token);
    const pending = await tpp.beginConsent(await lodgeAccess(tpp), 'accounts');
    const back = await customer.share(pending.authorizationUrl);
    keep('authorization code', back.searchParams.get('code') ?? undefined);
    await tpp.finishConsent(pending, back);
    keep('PKCE verifier', String(pending.checks.pkceCodeVerifier));
    keep('control token', sandbox.controlToken);
  }

  async function sendWrongSecrets(): Promise<void> {
    const form = async (fields: Readonly<Record<string, string>>, known = true): Promise<void> => {
      answers.push(await tpp.postForm('token_endpoint', { ...(known && (await tpp.credentials())), ...fields }));
    };
    const stale = await tpp.credentials({ exp: 5 });
    keep('stale assertion', signatureOf(stale['client_assertion']));
    await form({ ...stale, grant_type: 'client_credentials' }, false);
    await form({ grant_type: 'refresh_token', refresh_token: keep('wrong refresh token', `REFRESH${'a'.repeat(36)}`) });
    await form({
      grant_type: 'authorization_code',
      code: keep('wrong code', `CODE${'b'.repeat(39)}`),
      redirect_uri: 'https://localhost:3000/callback',
      code_verifier: keep('wrong verifier', `VERIFIER${'c'.repeat(40)}`),
    });
    const clientId = tpp.clientId;
    await form({ client_id: clientId, client_secret: keep('client secret', 'CLIENTSECRET'), grant_type: 'x' }, false);
    const pair = Buffer.from(`${clientId}:${keep('basic secret', 'BASICSECRET')}`).toString('base64');
    keep('basic credentials', pair);
    answers.push(
      await tpp.send(tpp.metadata.token_endpoint ?? '', {
        method: 'POST',
        headers: { authorization: `Basic ${pair}` },
      }),
    );
    const authorizations = [
      `Bearer ${keep('wrong bearer', 'BEARERSECRETdddddddd')}`,
      keep('no scheme', 'BARESECRETeeee'),
    ];
    for (const authorization of authorizations) {
      answers.push(await tpp.call('GET', '/aisp/accounts', { headers: { authorization } }));
    }
    answers.push(await tpp.call('GET', `/aisp/accounts?access_token=${keep('token in the query', 'QUERYSECRETfff')}`));
    const customer = await customerOf(sandbox, 'salaried-renter');
    const pending = await tpp.beginConsent(await lodgeAccess(tpp), 'accounts');
    const journey = await customer.open(pending.authorizationUrl);
    await journey.logIn(keep('wrong password', 'WRONG-PASSWORD-1'));
    await journey.logIn();
    await journey.enterCode(keep('wrong one-time code', '9182734'));
    await journey.close();
    answers.push(
      await raw.send(`${sandbox.status.publicOrigin}/_sandbox/status`, {
        headers: { authorization: `Bearer ${keep('wrong control token', 'CONTROLSECRET')}` },
      }),
    );
  }

  test('stand in no refusal', () => {
    for (const { status, text } of answers) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(leaksIn(text)).toEqual([]);
    }
  });

  test('stand in no explanation', async () => {
    const answer = await raw.send(`${sandbox.status.publicOrigin}/_sandbox/requests?limit=500`, {
      headers: { authorization: `Bearer ${sandbox.controlToken}` },
    });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain(tpp.clientId);
    expect(leaksIn(answer.text)).toEqual([]);
  });

  test('stand nowhere in the database', async () => {
    const file = join(dirname(sandbox.status.caFile), 'sandbank.db');
    // Stopping writes what is still in memory; the connection keeps the file readable.
    const database = new DatabaseSync(file, { readOnly: true });
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    await sandbox.stop();
    const found: string[] = [];
    let records = 0;
    for (const { name } of tables) {
      const rows = database.prepare(`SELECT * FROM "${String(name)}"`);
      rows.setReadBigInts(true);
      for (const row of rows.iterate()) {
        if (name === 'request_records') records += 1;
        const text = Object.values(row)
          .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)))
          .join('\n');
        found.push(...leaksIn(text).map((secret) => `${secret} in ${String(name)}`));
      }
    }
    database.close();
    expect(found).toEqual([]);
    expect(records).toBeGreaterThan(answers.length);
  });

  function leaksIn(text: string): readonly string[] {
    return [...secrets].filter(([, value]) => text.includes(value)).map(([name]) => name);
  }
});
