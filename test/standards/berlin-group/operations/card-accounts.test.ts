import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { codesOf, ibanOf, openWorld, type Json, type World } from '../world.js';

let world: World;
let headers: Json;
beforeAll(async () => {
  world = await openWorld();
  headers = { 'consent-id': await world.consent({ allPsd2: 'allAccountsWithOwnerName' }) };
});
afterAll(() => world.close());

const read = (path: string, more: Json = {}) => world.ask('GET', path, { headers: { ...headers, ...more } });
const card = (path = '') => `/v1/card-accounts/${world.card.id}${path}`;

describe('berlin-group card accounts', () => {
  test('getCardAccountList: cards alone, masked, with their limit, their holder and what may be read', async () => {
    const { status, body } = await read('/v1/card-accounts');
    expect(status).toBe(200);
    expect(body.cardAccounts).toHaveLength(1);
    expect(body.cardAccounts[0]).toMatchObject({
      resourceId: world.card.id,
      maskedPan: '************1115',
      currency: 'EUR',
      ownerName: 'FRAU PETRA BRANDT',
      debitAccounting: false,
      creditLimit: { currency: 'EUR', amount: '2000.00' },
    });
    expect(Object.keys(body.cardAccounts[0]._links).sort()).toEqual(['balances', 'transactions']);
    expect(JSON.stringify(body)).not.toContain('5555341244441115');
  });

  test('readCardAccountDetails: the same card by its address', async () => {
    const list = await read('/v1/card-accounts');
    const { body } = await read(card());
    expect(body.cardAccount).toEqual(list.body.cardAccounts[0]);
  });

  test('getCardAccountBalances: what is owed is negative, what is left of the limit is not', async () => {
    const { body } = await read(card('/balances'));
    expect(body).toMatchObject({ cardAccount: { maskedPan: '************1115' }, debitAccounting: false });
    expect(body.balances).toMatchObject([
      { balanceType: 'nonInvoiced', balanceAmount: { currency: 'EUR', amount: '-45.99' } },
      {
        balanceType: 'interimAvailable',
        balanceAmount: { currency: 'EUR', amount: '1954.01' },
        creditLimitIncluded: true,
      },
    ]);
  });

  test('getCardAccountTransactionList: signed like the balance, masked, with the words of the bank', async () => {
    const { body } = await read(card('/transactions?bookingStatus=both&dateFrom=2026-11-01'));
    expect(body.cardTransactions.pending).toEqual([]);
    expect(body.cardTransactions.booked).toMatchObject([
      {
        transactionAmount: { currency: 'EUR', amount: '-45.99' },
        bookingDate: '2026-11-20',
        merchantCategoryCode: '7832',
        maskedPAN: '************1115',
        transactionDetails: 'Hafenkino',
        invoiced: false,
        proprietaryBankTransactionCode: 'card-payment',
      },
    ]);
    expect(body.cardTransactions._links.cardAccount.href).toContain(card());
  });

  test.each(['information', 'all'])('getCardAccountTransactionList: cards have no list called %s', async (word) => {
    const answer = await read(card(`/transactions?bookingStatus=${word}&dateFrom=2026-11-01`));
    expect([answer.status, codesOf(answer)]).toEqual([400, ['FORMAT_ERROR']]);
  });

  test.each(['', '/balances', '/transactions?bookingStatus=booked&dateFrom=2026-11-01'])(
    'an account that is no card has no card address, nor a card one of an account: %s',
    async (path) => {
      const giro = await read(`/v1/card-accounts/${world.giro.id}${path}`);
      const asAccount = await read(`/v1/accounts/${world.card.id}${path}`);
      expect([giro, asAccount].map((one) => [one.status, codesOf(one)])).toEqual([
        [404, ['RESOURCE_UNKNOWN']],
        [404, ['RESOURCE_UNKNOWN']],
      ]);
    },
  );

  test('a consent for other accounts opens no card', async () => {
    const narrow = { 'consent-id': await world.consent({ balances: [{ iban: ibanOf(world.giro) }] }) };
    expect((await read('/v1/card-accounts', narrow)).body.cardAccounts).toEqual([]);
    const answer = await read(card('/balances'), narrow);
    expect([answer.status, codesOf(answer)]).toEqual([401, ['CONSENT_INVALID']]);
  });
});
