import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Consent } from '../../../../src/bank/index.js';
import { MS_PER_DAY } from '../../../../src/kernel/index.js';
import { ALL_PERMISSIONS, BASE, codesOf, openWorld, type World } from '../world.js';
import type { Json } from '../json.js';

let world: World;
let everything: Consent;
beforeAll(async () => {
  world = await openWorld();
  everything = await world.consentFor();
});
afterAll(() => world.close());

const ofCurrent = () => ({ params: { AccountId: world.current.id }, consent: everything });

describe('uk-obie account access consents', () => {
  const request = (data: object) => ({ body: { Data: data, Risk: {} } });
  const period = {
    ExpirationDateTime: '2027-03-31T00:00:00+01:00',
    TransactionFromDateTime: '2026-01-01T00:00:00',
    TransactionToDateTime: '2026-12-31T00:00:00Z',
  };

  test('CreateAccountAccessConsents: repeats what was asked for and waits for the customer', async () => {
    const { status, body } = await world.ask(
      'CreateAccountAccessConsents',
      request({ Permissions: ALL_PERMISSIONS, ...period }),
    );
    expect(status).toBe(201);
    expect(body.Data).toMatchObject({
      ...period,
      TransactionFromDateTime: '2026-01-01T00:00:00+00:00',
      Permissions: ALL_PERMISSIONS,
    });
    expect(body.Links.Self).toBe(`${BASE}/aisp/account-access-consents/${body.Data.ConsentId}`);
  });

  test.each([
    ['no permission', { Permissions: [] }, ['U002 Data.Permissions']],
    ['no accounts', { Permissions: ['ReadBalances'] }, ['U002 Data.Permissions']],
    ['a misspelt field', { Permissions: ['ReadAccountsBasic'], ExpirationDate: 'x' }, ['U005 Data.ExpirationDate']],
    ['an unknown code', { Permissions: ['ReadAll'] }, ['U002 Data.Permissions[0]']],
    ['no permissions at all', {}, ['U004 Data.Permissions']],
    [
      'an end in the past',
      { Permissions: ['ReadAccountsBasic'], ExpirationDateTime: '2026-11-25T08:59:59Z' },
      ['U003 Data.ExpirationDateTime'],
    ],
    [
      'a date that is none',
      { Permissions: ['ReadAccountsBasic'], ExpirationDateTime: 'soon' },
      ['U003 Data.ExpirationDateTime'],
    ],
  ])('CreateAccountAccessConsents: %s is refused', async (_name, data, codes) => {
    const { status, body } = await world.ask('CreateAccountAccessConsents', request(data));
    expect([status, codesOf(body)]).toEqual([400, codes]);
  });

  test('CreateAccountAccessConsents: Risk is required, and empty', async () => {
    const Data = { Permissions: ['ReadAccountsBasic'] };
    expect(codesOf((await world.ask('CreateAccountAccessConsents', { body: { Data } })).body)).toEqual(['U004 Risk']);
    const { body } = await world.ask('CreateAccountAccessConsents', { body: { Data, Risk: { A: 1 } } });
    expect(codesOf(body)).toEqual(['U005 Risk.A']);
  });

  test('GetAccountAccessConsentsConsentId: shows the present state, to its client only', async () => {
    const params = { ConsentId: everything.id };
    const { status, body } = await world.ask('GetAccountAccessConsentsConsentId', { params });
    expect([status, body.Data.Status]).toEqual([200, 'AUTH']);
    const other = await world.ask('GetAccountAccessConsentsConsentId', { params, clientId: 'other' });
    expect(other.status).toBe(403);
    const unknown = await world.ask('GetAccountAccessConsentsConsentId', { params: { ConsentId: 'nobody' } });
    expect([unknown.status, codesOf(unknown.body)]).toEqual([400, ['U011']]);
  });

  test('GetAccountAccessConsentsConsentId: refused is RJCT, ended at the bank CANC, each with a reason', async () => {
    const lodge = async (more: object = {}): Promise<string> =>
      (await world.ask('CreateAccountAccessConsents', request({ Permissions: ['ReadAccountsBasic'], ...more }))).body
        .Data.ConsentId;
    const read = async (ConsentId: string) => {
      const { Data } = (await world.ask('GetAccountAccessConsentsConsentId', { params: { ConsentId } })).body;
      return [Data.Status, Data.StatusReason?.[0]?.StatusReasonCode];
    };
    const refused = await lodge();
    expect(await read(refused)).toEqual(['AWAU', 'U036']);
    await world.authorise(refused, [], 'refuse');
    expect(await read(refused)).toEqual(['RJCT', 'U037']);
    const ended = await lodge();
    await world.authorise(ended, [world.current.id]);
    await world.bank.consents.revoke(ended, 'psu');
    expect(await read(ended)).toEqual(['CANC', 'TKSP']);
  });

  test('GetAccountAccessConsentsConsentId: past its end it is EXPD, and a cancelled one comes back by a new authorisation', async () => {
    const own = await openWorld();
    try {
      const data = { Permissions: ['ReadAccountsBasic'], ExpirationDateTime: '2026-11-27T00:00:00Z' };
      const { body } = await own.ask('CreateAccountAccessConsents', request(data));
      const params = { ConsentId: body.Data.ConsentId };
      await own.authorise(body.Data.ConsentId, [own.current.id]);
      await own.bank.consents.revoke(body.Data.ConsentId, 'psu');
      const again = await own.authorise(body.Data.ConsentId, [own.current.id]);
      expect(again.status).toBe('authorised');
      await own.advance(2 * MS_PER_DAY);
      const { Data } = (await own.ask('GetAccountAccessConsentsConsentId', { params })).body;
      expect([Data.Status, Data.StatusReason[0].StatusReasonCode]).toEqual(['EXPD', 'TKXP']);
      expect(Data.ExpirationDateTime).toBe('2026-11-27T00:00:00Z');
    } finally {
      await own.close();
    }
  });

  test('GetAccounts: an account that was closed disappears, and is out of reach; the consent stays', async () => {
    const own = await openWorld();
    try {
      const { body } = await own.ask('CreateAccountAccessConsents', request({ Permissions: ALL_PERMISSIONS }));
      const consent = await own.authorise(body.Data.ConsentId, [own.current.id, own.card.id]);
      const equity = await own.storage.transaction((tx) => own.bank.ledger.internal(tx, 'opening-equity', 'GBP'));
      const { bookedMinor } = await own.bank.accounts.balance(own.card.id);
      await own.storage.transaction(async (tx) => {
        const postings = [
          {
            account: own.card.ledgerAccount,
            amountMinor: -bookedMinor,
            detail: { code: 'refund', text: 'SETTLED' } as const,
          },
          { account: equity, amountMinor: bookedMinor },
        ];
        await own.bank.ledger.post(tx, { bank: 'bramble', currency: 'GBP', bookedAt: own.clock.now(), postings });
        await own.bank.accounts.close(tx, own.card.id);
      });
      const list = await own.ask('GetAccounts', { consent });
      expect(list.body.Data.Account.map((account: Json) => account.AccountId)).toEqual([own.current.id]);
      for (const operationId of [
        'GetAccountsAccountId',
        'GetAccountsAccountIdBalances',
        'GetAccountsAccountIdTransactions',
      ]) {
        const { status } = await own.ask(operationId, { params: { AccountId: own.card.id }, consent });
        expect(status).toBe(403);
      }
    } finally {
      await own.close();
    }
  });

  test('DeleteAccountAccessConsentsConsentId: answers 204 without a body, and then 400', async () => {
    const consent = await world.consentFor(['ReadAccountsBasic']);
    const params = { ConsentId: consent.id };
    expect(await world.ask('DeleteAccountAccessConsentsConsentId', { params, clientId: 'other' })).toMatchObject({
      status: 403,
    });
    expect(await world.ask('DeleteAccountAccessConsentsConsentId', { params })).toEqual({ status: 204, body: null });
    const after = await world.ask('GetAccountAccessConsentsConsentId', { params });
    expect([after.status, codesOf(after.body)]).toEqual([400, ['U011']]);
    expect((await world.ask('DeleteAccountAccessConsentsConsentId', { params })).status).toBe(400);
  });
});

describe('uk-obie accounts, balances and parties', () => {
  test('GetAccounts: the accounts the customer chose', async () => {
    const { body } = await world.ask('GetAccounts', { consent: everything });
    expect(body.Data.Account).toHaveLength(2);
  });

  test('GetAccounts: hides an account that the consent does not cover, and identifiers under Basic', async () => {
    const { body: lodged } = await world.ask('CreateAccountAccessConsents', {
      body: { Data: { Permissions: ['ReadAccountsBasic'] }, Risk: {} },
    });
    const consent = await world.authorise(lodged.Data.ConsentId, [world.card.id]);
    const { body } = await world.ask('GetAccounts', { consent });
    expect(body.Data.Account.map((account: Json) => account.AccountId)).toEqual([world.card.id]);
    expect(body.Data.Account[0]).not.toHaveProperty('Account');
    expect(body.Data.Account[0]).not.toHaveProperty('Servicer');
  });

  test.each([
    'GetAccountsAccountId',
    'GetAccountsAccountIdBalances',
    'GetAccountsAccountIdParties',
    'GetAccountsAccountIdParty',
  ])('%s', async (operationId) => {
    const { status, body } = await world.ask(operationId, ofCurrent());
    expect(status).toBe(200);
    expect(body.Links.Self).toMatch(/^https:\/\/localhost:8444\//);
  });

  test.each(['GetBalances', 'GetParty'])('%s', async (operationId) => {
    const { status, body } = await world.ask(operationId, { consent: everything });
    expect([status, body.Meta]).toEqual([200, { TotalPages: 1 }]);
  });
});
