import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Consent } from '../../../../src/bank/index.js';
import { ALL_PERMISSIONS, codesOf, openWorld, type World } from '../world.js';
import type { Json } from '../json.js';

let world: World;
let everything: Consent;
beforeAll(async () => {
  world = await openWorld();
  everything = await world.consentFor();
});
afterAll(() => world.close());

const ofCurrent = () => ({ params: { AccountId: world.current.id }, consent: everything });

describe('uk-obie transactions', () => {
  const list = async (query: Record<string, string> = {}, consent = everything) => {
    const { status, body } = await world.ask('GetAccountsAccountIdTransactions', { ...ofCurrent(), query, consent });
    expect(status).toBe(200);
    return body;
  };
  const texts = (body: Json): readonly string[] => body.Data.Transaction.map((row: Json) => row.TransactionInformation);

  test('GetAccountsAccountIdTransactions: newest first, with the span of the history', async () => {
    const body = await list();
    expect(texts(body)).toEqual([
      'LEEDS WATER',
      'RENT HILL ROAD',
      'LANTERN BOOKS LEEDS',
      'LARKRISE BAKERY SALARY',
      'OPENING BALANCE',
    ]);
    expect(body.Meta).toMatchObject({ TotalPages: 1, FirstAvailableDateTime: '2026-08-27T09:00:00+00:00' });
  });

  test('GetTransactions: all accounts of the consent', async () => {
    const { body } = await world.ask('GetTransactions', { consent: everything });
    expect(texts(body)).toContain('QUAY CINEMA');
    expect(texts(body)).toHaveLength(6);
  });

  test('only credits, or only debits, are the rows of the consent', async () => {
    const base = ['ReadAccountsBasic', 'ReadTransactionsBasic'];
    for (const [permission, indicator] of [
      ['ReadTransactionsCredits', 'Credit'],
      ['ReadTransactionsDebits', 'Debit'],
    ] as const) {
      const body = await list({}, await world.consentFor([...base, permission]));
      const seen = new Set(body.Data.Transaction.map((row: Json) => row.CreditDebitIndicator));
      expect(seen).toEqual(new Set([indicator]));
      expect(texts(body).every((text) => text === undefined)).toBe(true);
    }
  });

  test.each([
    [{ fromBookingDateTime: '2026-11-05T09:00:00' }, ['LEEDS WATER', 'RENT HILL ROAD']],
    [{ fromBookingDateTime: '2026-11-05T09:00:01' }, ['LEEDS WATER']],
    [{ toBookingDateTime: '2026-09-26T09:00:00' }, ['LARKRISE BAKERY SALARY', 'OPENING BALANCE']],
    [{ fromBookingDateTime: '2026-10-16T00:00:00', toBookingDateTime: '2026-10-16T23:59:59' }, ['LANTERN BOOKS LEEDS']],
    [{ fromBookingDateTime: '2019-01-01T00:00:00', toBookingDateTime: '2019-12-31T00:00:00' }, []],
    [{ fromBookingDateTime: '2026-11-01T00:00:00', toBookingDateTime: '2026-10-01T00:00:00' }, []],
    [{ fromBookingDateTime: '2030-01-01T00:00:00' }, []],
  ])('the filter %j gives %j', async (query, expected) => {
    expect(texts(await list(query))).toEqual(expected);
  });

  test('a filter never reaches beyond the period of the consent', async () => {
    const consent = await world.consentFor(ALL_PERMISSIONS, {
      TransactionFromDateTime: '2026-09-01T00:00:00Z',
      TransactionToDateTime: '2026-11-10T00:00:00Z',
    });
    const within = ['RENT HILL ROAD', 'LANTERN BOOKS LEEDS', 'LARKRISE BAKERY SALARY'];
    expect(texts(await list({}, consent))).toEqual(within);
    const wide = { fromBookingDateTime: '2020-01-01T00:00:00', toBookingDateTime: '2029-01-01T00:00:00' };
    expect(texts(await list(wide, consent))).toEqual(within);
    expect(texts(await list({ fromBookingDateTime: '2026-11-15T00:00:00' }, consent))).toEqual([]);
  });

  test('a filter that is no date is U003', async () => {
    const answer = await world.ask('GetAccountsAccountIdTransactions', {
      ...ofCurrent(),
      query: { fromBookingDateTime: 'May' },
    });
    expect([answer.status, codesOf(answer.body)]).toEqual([400, ['U003 fromBookingDateTime']]);
  });

  test.each(['nonsense', '~', 'nobody~x'])('a page that was not linked to is refused: %s', async (page) => {
    for (const operationId of ['GetAccountsAccountIdTransactions', 'GetTransactions']) {
      const answer = await world.ask(operationId, { ...ofCurrent(), query: { page } });
      expect(answer.status).toBe(400);
    }
  });
});

describe('uk-obie transactions over several pages', () => {
  let many: World;
  let consent: Consent;
  beforeAll(async () => {
    many = await openWorld();
    await many.storage.transaction(async (tx) => {
      const equity = await many.bank.ledger.internal(tx, 'opening-equity', 'GBP');
      for (let index = 0; index < 230; index += 1) {
        await many.bank.ledger.post(
          tx,
          {
            bank: 'bramble',
            currency: 'GBP',
            bookedAt: many.clock.now(),
            postings: [
              {
                account: many.current.ledgerAccount,
                amountMinor: 100n,
                detail: { code: 'refund', text: `ROW ${index}` },
              },
              { account: equity, amountMinor: -100n },
            ],
          },
          { force: true },
        );
      }
    });
    const { body } = await many.ask('CreateAccountAccessConsents', {
      body: { Data: { Permissions: ALL_PERMISSIONS }, Risk: {} },
    });
    consent = await many.authorise(body.Data.ConsentId, [many.current.id, many.card.id]);
  });
  afterAll(() => many.close());

  const follow = async (operationId: string, link: string): Promise<Json> => {
    const query = Object.fromEntries(new URL(link).searchParams);
    return (await many.ask(operationId, { params: { AccountId: many.current.id }, query, consent })).body;
  };

  test.each([
    ['GetAccountsAccountIdTransactions', 235],
    ['GetTransactions', 236],
  ])('%s: following Next reads every row once, and links keep the filter', async (operationId, total) => {
    const query = { fromBookingDateTime: '2026-01-01T00:00:00' };
    let page = (await many.ask(operationId, { params: { AccountId: many.current.id }, query, consent })).body;
    expect(page.Meta).not.toHaveProperty('TotalPages');
    const seen = page.Data.Transaction.map((row: Json) => row.TransactionId);
    let pages = 1;
    while (page.Links.Next) {
      expect(page.Links.Next).toContain('fromBookingDateTime=2026-01-01T00%3A00%3A00');
      page = await follow(operationId, page.Links.Next);
      seen.push(...page.Data.Transaction.map((row: Json) => row.TransactionId));
      expect(new URL(page.Links.First).searchParams.get('page')).toBeNull();
      pages += 1;
    }
    expect([seen.length, new Set(seen).size, pages]).toEqual([total, total, 3]);
  });

  test('GetAccountsAccountIdTransactions: Prev leads back to the same page', async () => {
    const first = (
      await many.ask('GetAccountsAccountIdTransactions', { params: { AccountId: many.current.id }, consent })
    ).body;
    expect(first.Links).not.toHaveProperty('Prev');
    const second = await follow('GetAccountsAccountIdTransactions', first.Links.Next);
    const back = await follow('GetAccountsAccountIdTransactions', second.Links.Prev);
    expect(back.Data).toEqual(first.Data);
  });
});
