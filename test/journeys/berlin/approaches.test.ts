import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { DECOUPLED, DONE, EMBEDDED, FAILED, REDIRECT, refusalOf, type Json } from '../../support/berlin-party.js';
import { CONSENT, openBerlinStage, type BerlinStage } from '../../support/berlin-stage.js';
import { createRawClient } from '../../support/raw-client.js';

let stage: BerlinStage;
beforeAll(async () => {
  stage = await openBerlinStage();
}, 120_000);
afterAll(() => stage?.close());

const create = (access: Json, headers: Json) =>
  stage.party.ask('POST', '/v1/consents', { body: { ...CONSENT, access }, headers });
const read = async (href: string): Promise<Json> => (await stage.party.ask('GET', href)).body;
const named = () => ({ balances: [{ iban: stage.payer.ibans[0] }] });

describe('a consent by redirect', () => {
  test('named accounts: the customer agrees on the pages of the bank and comes back to TPP-Redirect-URI', async () => {
    const { body, headers } = await create(named(), REDIRECT);
    expect(headers.get('aspsp-sca-approach')).toBe('REDIRECT');
    expect(await read(body._links.status.href)).toEqual({ consentStatus: 'received' });
    expect((await stage.payer.share(body._links.scaRedirect.href)).href).toBe(DONE);
    expect(await read(body._links.status.href)).toEqual({ consentStatus: 'valid' });
    expect(await read(body._links.scaStatus.href)).toEqual({ scaStatus: 'finalised' });
  });

  test('accounts of her choice: what she ticks is what the consent then says', async () => {
    const { body } = await create({ accounts: [], balances: [] }, REDIRECT);
    const [, savings] = stage.payer.accounts;
    expect((await stage.payer.share(body._links.scaRedirect.href, [savings!.id])).href).toBe(DONE);
    const { access } = await read(body._links.self.href);
    expect(access).toMatchObject({
      accounts: [{ iban: savings!.identification }],
      balances: [{ iban: savings!.identification }],
    });
  });

  test('a customer who says no comes back to TPP-Nok-Redirect-URI', async () => {
    const { body } = await create(named(), REDIRECT);
    expect((await stage.payer.deny(body._links.scaRedirect.href)).href).toBe(FAILED);
    expect(await read(body._links.status.href)).toEqual({ consentStatus: 'rejected' });
    expect(await read(body._links.scaStatus.href)).toEqual({ scaStatus: 'failed' });
  });

  test('the explicit start gives the page with the authorisation', async () => {
    const { body } = await create(named(), { ...REDIRECT, 'tpp-explicit-authorisation-preferred': 'true' });
    expect(body._links).not.toHaveProperty('scaRedirect');
    const started = await stage.party.ask('POST', body._links.startAuthorisation.href, { body: {} });
    expect([started.status, started.body.scaStatus]).toEqual([201, 'received']);
    expect((await stage.payer.share(started.body._links.scaRedirect.href)).href).toBe(DONE);
    expect(await read(body._links.status.href)).toEqual({ consentStatus: 'valid' });
  });
});

describe('an embedded consent', () => {
  test('password, method and code through the interface', async () => {
    const headers = { ...EMBEDDED, 'psu-id': stage.payer.customerNumber };
    const answer = await create(named(), headers);
    expect(answer.headers.get('aspsp-sca-approach')).toBe('EMBEDDED');
    const { href } = answer.body._links.updatePsuAuthentication;
    const wrong = await stage.party.ask('PUT', href, { body: { psuData: { password: 'falsch' } }, headers });
    expect(refusalOf(wrong)).toBe('401 PSU_CREDENTIALS_INVALID');
    expect(await stage.embedded(href)).toMatchObject({ scaStatus: 'finalised' });
    expect(await read(answer.body._links.status.href)).toEqual({ consentStatus: 'valid' });
  });
});

describe('a decoupled consent', () => {
  const onThePhone = async (decision: 'approve' | 'refuse'): Promise<void> => {
    const { sandbox, payer } = stage;
    const address = `${sandbox.status.publicOrigin}/dogger/phone`;
    const browser = createRawClient({ caPem: sandbox.caPem });
    try {
      const { text } = await browser.send(`${address}?customer=${payer.customerNumber}`);
      const [form = ''] = /<form[^>]*method="post"[\s\S]*?<\/form>/i.exec(text) ?? [];
      const hidden = [...form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)];
      const fields = new URLSearchParams(hidden.map(([, name = '', value = '']) => [name, value]));
      fields.set('decision', decision);
      const answer = await browser.send(address, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: sandbox.status.publicOrigin },
        body: fields.toString(),
      });
      expect([answer.status, fields.size]).toEqual([303, 4]);
    } finally {
      await browser.close();
    }
  };

  test.each([
    ['approve', 'valid', 'finalised'],
    ['refuse', 'rejected', 'failed'],
  ] as const)('on her phone the customer can %s', async (answer, consentStatus, scaStatus) => {
    const { body, headers } = await create(named(), { ...DECOUPLED, 'psu-id': stage.payer.customerNumber });
    expect(headers.get('aspsp-sca-approach')).toBe('DECOUPLED');
    expect(body.psuMessage).toContain('Dogger Bank');
    await onThePhone(answer);
    expect(await read(body._links.status.href)).toEqual({ consentStatus });
    expect(await read(body._links.scaStatus.href)).toEqual({ scaStatus });
  });

  test('the customer who is named afterwards is asked then', async () => {
    const { body } = await create(named(), DECOUPLED);
    const identified = await stage.party.ask('PUT', body._links.updatePsuIdentification.href, {
      body: {},
      headers: { 'psu-id': stage.payer.customerNumber },
    });
    expect(identified.body.scaStatus).toBe('started');
    await onThePhone('approve');
    expect(await read(body._links.status.href)).toEqual({ consentStatus: 'valid' });
  });
});
