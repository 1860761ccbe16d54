import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MS_PER_DAY } from '../../../../src/kernel/index.js';
import { codesOf, CONSENT, ibanOf, openWorld, OTHER, PETRA, type Json, type World } from '../world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const REDIRECT = { 'tpp-redirect-uri': 'https://tpp.example/back', 'tpp-nok-redirect-uri': 'https://tpp.example/no' };
const of = (consentId: string, more: object = {}) => ({ headers: { 'consent-id': consentId, ...more } });
const statusOf = async (id: string) => (await world.ask('GET', `/v1/consents/${id}/status`)).body.consentStatus;
const create = (access: Json, more: Json = {}, headers: Json = REDIRECT) =>
  world.ask('POST', '/v1/consents', { body: { ...CONSENT, access, ...more }, headers });

describe('berlin-group consents', () => {
  test('createConsent: a redirect begins with the consent, and its links say where', async () => {
    const answer = await create({
      balances: [{ iban: ibanOf(world.giro) }],
      transactions: [{ iban: ibanOf(world.giro) }],
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('aspsp-sca-approach')).toBe('REDIRECT');
    expect(answer.headers.get('location')).toMatch(/\/dogger\/psd2\/v1\/consents\/\w+$/);
    expect(Object.keys(answer.body._links).sort()).toEqual(['scaRedirect', 'scaStatus', 'self', 'status']);
    expect(world.pages.at(-1)).toMatchObject({ done: 'https://tpp.example/back', failed: 'https://tpp.example/no' });
    expect(await statusOf(answer.body.consentId)).toBe('received');
    await world.redirect(answer.body.consentId, []);
    expect(await statusOf(answer.body.consentId)).toBe('valid');
    const sca = await world.ask('GET', answer.body._links.scaStatus.href);
    expect(sca.body).toEqual({ scaStatus: 'finalised' });
  });

  test('createConsent: a retry with the same X-Request-ID finds the consent of the first', async () => {
    const body = { ...CONSENT, access: { allPsd2: 'allAccounts' } };
    const headers = { ...REDIRECT, 'x-request-id': 'aaaaaaaa-1111-4111-8111-111111111111' };
    const first = await world.ask('POST', '/v1/consents', { body, headers });
    const again = await world.ask('POST', '/v1/consents', { body, headers });
    expect([again.status, again.body.consentId]).toEqual([201, first.body.consentId]);
    const other = await world.ask('POST', '/v1/consents', { body: { ...body, frequencyPerDay: 1 }, headers });
    expect([other.status, codesOf(other)]).toEqual([400, ['FORMAT_ERROR']]);
  });

  test.each<[string, Json, Json, string]>([
    ['an access to nothing', {}, {}, 'FORMAT_ERROR'],
    ['two kinds at once', { allPsd2: 'allAccounts', accounts: [] }, {}, 'PARAMETER_NOT_CONSISTENT'],
    ['an IBAN that does not check', { accounts: [{ iban: 'DE00123456781234567890' }] }, {}, 'FORMAT_ERROR'],
    ['an account by telephone number', { accounts: [{ msisdn: '+49' }] }, {}, 'PARAMETER_NOT_SUPPORTED'],
    ['sessions', { accounts: [] }, { combinedServiceIndicator: true }, 'SESSIONS_NOT_SUPPORTED'],
    ['an end that has passed', { accounts: [] }, { validUntil: '2026-01-01' }, 'PERIOD_INVALID'],
    ['reading once, often', { accounts: [] }, { recurringIndicator: false }, 'PARAMETER_NOT_CONSISTENT'],
    ['trusted payees', { additionalInformation: { trustedBeneficiaries: [] } }, {}, 'PARAMETER_NOT_SUPPORTED'],
    ['a missing member', { accounts: [] }, { validUntil: undefined }, 'FORMAT_ERROR'],
  ])('createConsent: refuses %s', async (_what, access, more, code) => {
    const answer = await create(access, more);
    expect([answer.status, codesOf(answer)]).toEqual([400, [code]]);
  });

  test('createConsent: without an address to come back to there is no redirect', async () => {
    const preferred = await create({ allPsd2: 'allAccounts' }, {}, { 'tpp-redirect-preferred': 'true' });
    expect([preferred.status, preferred.body.tppMessages[0].path]).toEqual([400, 'TPP-Redirect-URI']);
    const open = await create({ allPsd2: 'allAccounts' }, {}, {});
    expect(open.headers.get('aspsp-sca-approach')).toBe('DECOUPLED');
    const script = await create({ allPsd2: 'allAccounts' }, {}, { 'tpp-redirect-uri': 'javascript:alert(1)' });
    expect([script.status, codesOf(script)]).toEqual([400, ['FORMAT_ERROR']]);
  });

  test('createConsent: asks for the headers it needs', async () => {
    const body = { ...CONSENT, access: { allPsd2: 'allAccounts' } };
    for (const name of ['x-request-id', 'psu-ip-address']) {
      const answer = await world.ask('POST', '/v1/consents', { body, headers: { ...REDIRECT, [name]: undefined } });
      expect([answer.status, codesOf(answer)]).toEqual([400, ['FORMAT_ERROR']]);
    }
  });

  test('getConsentInformation: life and frequency are cut to those of the bank, and picked accounts are shown', async () => {
    const id = await world.consent({ accounts: [], balances: [] }, { validUntil: '9999-12-31', frequencyPerDay: 99 }, [
      world.giro.id,
    ]);
    const { body } = await world.ask('GET', `/v1/consents/${id}`);
    expect(body).toMatchObject({
      consentStatus: 'valid',
      frequencyPerDay: 4,
      validUntil: '2027-05-24',
      lastActionDate: '2026-11-25',
      access: { accounts: [{ iban: ibanOf(world.giro), currency: 'EUR' }] },
    });
  });

  test('deleteConsent: the consent stays to be read as terminatedByTpp, and nothing more is read under it', async () => {
    const id = await world.consent({ allPsd2: 'allAccounts' });
    expect((await world.ask('DELETE', `/v1/consents/${id}`, { caller: OTHER })).status).toBe(403);
    expect((await world.ask('DELETE', `/v1/consents/${id}`)).status).toBe(204);
    expect(await statusOf(id)).toBe('terminatedByTpp');
    const read = await world.ask('GET', '/v1/accounts', of(id));
    expect([read.status, codesOf(read)]).toEqual([401, ['CONSENT_INVALID']]);
    expect((await world.ask('DELETE', `/v1/consents/${id}`)).status).toBe(204);
  });

  test('a new recurring consent of the same third party ends the old one; a one-off consent does not', async () => {
    const old = await world.consent({ allPsd2: 'allAccounts' });
    await world.consent({ availableAccounts: 'allAccounts' }, { recurringIndicator: false, frequencyPerDay: 1 });
    expect(await statusOf(old)).toBe('valid');
    await world.consent({ allPsd2: 'allAccounts' });
    expect(await statusOf(old)).toBe('terminatedByTpp');
  });

  test('startConsentAuthorisation: the explicit start is offered to whoever would rather, and once it is valid refused', async () => {
    const { body } = await create(
      { allPsd2: 'allAccounts' },
      {},
      { ...REDIRECT, 'tpp-explicit-authorisation-preferred': 'true' },
    );
    expect(Object.keys(body._links).sort()).toEqual(['self', 'startAuthorisation', 'status']);
    const path = body._links.startAuthorisation.href;
    expect((await world.ask('GET', path)).body).toEqual({ authorisationIds: [] });
    // The start needs no body.
    const started = await world.ask('POST', path);
    expect(started.status).toBe(201);
    expect(started.body).toMatchObject({ scaStatus: 'received', _links: { scaRedirect: {}, scaStatus: {} } });
    expect((await world.ask('GET', path)).body.authorisationIds).toEqual([started.body.authorisationId]);
    await world.redirect(body.consentId, []);
    const late = await world.ask('POST', path, { body: {} });
    expect([late.status, codesOf(late)]).toEqual([409, ['STATUS_INVALID']]);
    const missing = await world.ask('GET', `${path}/nothing`);
    expect([missing.status, codesOf(missing)]).toEqual([403, ['RESOURCE_UNKNOWN']]);
  });
});

describe('berlin-group approaches', () => {
  test('embedded: password, method, code', async () => {
    const { body, headers } = await create(
      { allPsd2: 'allAccounts' },
      {},
      { 'tpp-redirect-preferred': 'false', 'tpp-decoupled-preferred': 'false', 'psu-id': PETRA.customerNumber },
    );
    expect(headers.get('aspsp-sca-approach')).toBe('EMBEDDED');
    const put = (href: string, content: Json) => world.ask('PUT', href, { body: content });
    const { href } = body._links.updatePsuAuthentication;
    const early = await put(href, { scaAuthenticationData: '000000' });
    expect([early.status, codesOf(early)]).toEqual([409, ['STATUS_INVALID']]);
    const wrong = await put(href, { psuData: { password: 'falsch' } });
    expect([wrong.status, codesOf(wrong)]).toEqual([401, ['PSU_CREDENTIALS_INVALID']]);
    const encrypted = await put(href, { psuData: { encryptedPassword: 'x' } });
    expect([encrypted.status, codesOf(encrypted)]).toEqual([400, ['PARAMETER_NOT_SUPPORTED']]);

    const known = await put(href, { psuData: { password: PETRA.password } });
    expect(known.body.scaStatus).toBe('psuAuthenticated');
    expect(known.body.scaMethods.map((method: Json) => method.authenticationType)).toEqual(['SMS_OTP', 'PUSH_OTP']);
    const unknown = await put(known.body._links.selectAuthenticationMethod.href, { authenticationMethodId: 'dove' });
    expect([unknown.status, codesOf(unknown)]).toEqual([400, ['SCA_METHOD_UNKNOWN']]);
    const chosen = await put(href, { authenticationMethodId: 'sms' });
    expect(chosen.body).toMatchObject({
      scaStatus: 'scaMethodSelected',
      chosenScaMethod: { authenticationType: 'SMS_OTP' },
      challengeData: { otpMaxLength: 6 },
    });
    const code = await world.code();
    const bad = await put(chosen.body._links.authoriseTransaction.href, {
      scaAuthenticationData: code === '111111' ? '222222' : '111111',
    });
    expect([bad.status, codesOf(bad)]).toEqual([401, ['PSU_CREDENTIALS_INVALID']]);
    const done = await put(href, { scaAuthenticationData: code });
    expect(done.body).toMatchObject({ scaStatus: 'finalised' });
    expect(Object.keys(done.body._links)).toEqual(['scaStatus']);
    expect(await statusOf(body.consentId)).toBe('valid');
  });

  test('a start with the password of the customer is embedded, whatever the bank would rather', async () => {
    const { body } = await create(
      { allPsd2: 'allAccounts' },
      {},
      {
        ...REDIRECT,
        'tpp-explicit-authorisation-preferred': 'true',
        'tpp-redirect-preferred': 'false',
        'tpp-decoupled-preferred': 'false',
      },
    );
    const { href } = body._links.startAuthorisationWithPsuAuthentication;
    const started = await world.ask('POST', href, {
      body: { psuData: { password: PETRA.password } },
      headers: { 'psu-id': PETRA.customerNumber },
    });
    expect([started.status, started.body.scaStatus]).toEqual([201, 'psuAuthenticated']);
    expect(started.headers.get('aspsp-sca-approach')).toBe('EMBEDDED');
    const picking = await create({ accounts: [] }, {}, { ...REDIRECT, 'tpp-explicit-authorisation-preferred': 'true' });
    const refused = await world.ask('POST', picking.body._links.startAuthorisation.href, {
      body: { psuData: { password: PETRA.password } },
      headers: { 'psu-id': PETRA.customerNumber },
    });
    expect([refused.status, codesOf(refused)]).toEqual([409, ['STATUS_INVALID']]);
  });

  test('decoupled: the customer answers in her app', async () => {
    const { body } = await create({ allPsd2: 'allAccounts' }, {}, { 'tpp-decoupled-preferred': 'true' });
    const identified = await world.ask('PUT', body._links.updatePsuIdentification.href, {
      body: {},
      headers: { 'psu-id': PETRA.customerNumber },
    });
    expect(identified.body).toMatchObject({
      scaStatus: 'started',
      psuMessage: 'Please confirm in the app of Dogger Bank.',
    });
    const secret = await world.ask('PUT', body._links.scaStatus.href, { body: { psuData: { password: 'x' } } });
    expect([secret.status, codesOf(secret)]).toEqual([409, ['STATUS_INVALID']]);
    const [run] = await world.bank.consents.authorisationsOf(body.consentId);
    await world.bank.consents.answerDecoupled(run!.id, 'approve');
    await world.bank.consents.approve(run!.id, 'in the app');
    expect((await world.ask('GET', body._links.scaStatus.href)).body.scaStatus).toBe('finalised');
    expect(await statusOf(body.consentId)).toBe('valid');
  });

  test('where the customer picks accounts at the bank there is no embedded approach', async () => {
    const own = await openWorld({ scaApproaches: ['embedded'] });
    try {
      const refused = await own.ask('POST', '/v1/consents', { body: { ...CONSENT, access: { accounts: [] } } });
      expect([refused.status, codesOf(refused)]).toEqual([400, ['PARAMETER_NOT_SUPPORTED']]);
      const named = await own.ask('POST', '/v1/consents', {
        body: { ...CONSENT, access: { accounts: [{ iban: ibanOf(own.giro) }] } },
      });
      expect(named.headers.get('aspsp-sca-approach')).toBe('EMBEDDED');
    } finally {
      await own.close();
    }
  });
});

describe('berlin-group readings', () => {
  test('getAccountList: accounts without cards, cards without accounts', async () => {
    const id = await world.consent({ allPsd2: 'allAccountsWithOwnerName' });
    const { body } = await world.ask('GET', '/v1/accounts?withBalance=true', of(id));
    expect(
      body.accounts.map((account: Json) => [account.resourceId, account.cashAccountType, account.ownerName]),
    ).toEqual([
      [world.giro.id, 'CACC', 'FRAU PETRA BRANDT'],
      [world.savings.id, 'SVGS', 'FRAU PETRA BRANDT'],
    ]);
    expect(body.accounts[0].balances[1]).toMatchObject({
      balanceType: 'interimBooked',
      balanceAmount: { currency: 'EUR', amount: '1560.10' },
    });
    const cards = await world.ask('GET', '/v1/card-accounts', of(id));
    expect(cards.body.cardAccounts).toMatchObject([
      { maskedPan: '************1115', creditLimit: { amount: '2000.00' } },
    ]);
    const list = await world.ask(
      'GET',
      `/v1/card-accounts/${world.card.id}/transactions?bookingStatus=booked&dateFrom=2026-11-01`,
      of(id),
    );
    expect(list.body.cardTransactions.booked).toMatchObject([
      { merchantCategoryCode: '7832', transactionAmount: { amount: '-45.99' } },
    ]);
    expect((await world.ask('GET', `/v1/card-accounts/${world.card.id}`, of(id))).status).toBe(200);
    expect((await world.ask('GET', `/v1/card-accounts/${world.card.id}/balances`, of(id))).status).toBe(200);
    expect((await world.ask('GET', `/v1/accounts/${world.card.id}`, of(id))).status).toBe(404);
  });

  test('a detailed consent allows of each account what was asked for it', async () => {
    const id = await world.consent({
      balances: [{ iban: ibanOf(world.giro) }],
      transactions: [{ iban: ibanOf(world.savings) }],
    });
    const balances = (account: string) => world.ask('GET', `/v1/accounts/${account}/balances`, of(id));
    expect((await balances(world.giro.id)).status).toBe(200);
    const refused = await balances(world.savings.id);
    expect([refused.status, codesOf(refused)]).toEqual([401, ['CONSENT_INVALID']]);
    const uncovered = await balances(world.emils.id);
    expect([uncovered.status, codesOf(uncovered)]).toEqual([401, ['CONSENT_INVALID']]);
    const nothing = await balances('nothing');
    expect([nothing.status, codesOf(nothing)]).toEqual([404, ['RESOURCE_UNKNOWN']]);
    const { body } = await world.ask('GET', `/v1/accounts/${world.savings.id}`, of(id));
    expect(Object.keys(body.account._links)).toEqual(['transactions']);
  });

  test('of available accounts there is the list and nothing else', async () => {
    const once = { recurringIndicator: false, frequencyPerDay: 1 };
    const id = await world.consent({ availableAccountsWithBalance: 'allAccounts' }, once);
    const { body } = await world.ask('GET', '/v1/accounts', of(id));
    expect(body.accounts[0]).not.toHaveProperty('resourceId');
    expect(body.accounts[0].balances).toHaveLength(2);
    expect((await world.ask('GET', `/v1/accounts/${world.giro.id}/balances`, of(id))).status).toBe(401);
    const plain = await world.consent({ availableAccounts: 'allAccounts' }, once);
    const list = await world.ask('GET', '/v1/accounts', of(plain));
    expect(list.body.accounts[0]).not.toHaveProperty('balances');
    expect((await world.ask('GET', '/v1/accounts?withBalance=true', of(plain))).status).toBe(401);
  });

  test('without the customer the frequency counts, per resource and day; with her it does not', async () => {
    const own = await openWorld();
    try {
      const id = await own.consent({ allPsd2: 'allAccounts' }, { frequencyPerDay: 1 });
      const alone = { headers: { 'consent-id': id, 'psu-ip-address': undefined } };
      expect((await own.ask('GET', '/v1/accounts', alone)).status).toBe(200);
      const again = await own.ask('GET', '/v1/accounts', alone);
      expect([again.status, codesOf(again)]).toEqual([429, ['ACCESS_EXCEEDED']]);
      expect(again.headers.get('retry-after')).toBe('54000');
      expect((await own.ask('GET', `/v1/accounts/${own.giro.id}/balances`, alone)).status).toBe(200);
      expect((await own.ask('GET', '/v1/accounts', of(id))).status).toBe(200);
      await own.advance(MS_PER_DAY);
      expect((await own.ask('GET', '/v1/accounts', alone)).status).toBe(200);
      await own.advance(200 * MS_PER_DAY);
      const late = await own.ask('GET', '/v1/accounts', of(id));
      expect([late.status, codesOf(late)]).toEqual([401, ['CONSENT_EXPIRED']]);
      expect((await own.ask('GET', `/v1/consents/${id}`)).body.consentStatus).toBe('expired');
    } finally {
      await own.close();
    }
  });

  test('a consent in the header that is missing, unknown or not authorised', async () => {
    const waiting = (await create({ allPsd2: 'allAccounts' })).body.consentId;
    const rows: [string | undefined, number, string][] = [
      [undefined, 400, 'FORMAT_ERROR'],
      ['nothing', 400, 'CONSENT_UNKNOWN'],
      [waiting, 401, 'CONSENT_INVALID'],
    ];
    for (const [id, status, code] of rows) {
      const answer = await world.ask('GET', '/v1/accounts', { headers: { 'consent-id': id } });
      expect([answer.status, codesOf(answer)]).toEqual([status, [code]]);
    }
  });
});
