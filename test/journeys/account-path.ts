import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';

import { SCA } from '../support/third-party.js';
import {
  accessTo,
  balancesOf,
  bodyOf,
  consentStatus,
  minor,
  transactionPages,
  transactionsOf,
  type Access,
  type WireErrors,
  type WireTransaction,
} from '../support/uk-bank.js';
import type { WholePathStage } from './whole-path-stage.js';

export function describeAccounts(stage: () => WholePathStage): void {
  describe('accounts', () => {
    let access: Access;
    let longest = '';

    beforeAll(async () => {
      const { tpp, payer } = stage();
      access = await accessTo(tpp, payer);
      const counted = await Promise.all(
        access.accounts.map(async (id) => ({ id, count: (await transactionsOf(tpp, access.token, id)).length })),
      );
      longest = counted.sort((a, b) => b.count - a.count)[0]?.id ?? '';
    });

    test('the ID token names the consent and the strong authentication of the customer', () => {
      const claims = access.tokens.claims();
      expect(claims).toMatchObject({ aud: stage().tpp.clientId, openbanking_intent_id: access.consentId, acr: SCA });
      expect(access.tokens.token_type.toLowerCase()).toBe('bearer');
      expect(access.tokens.refresh_token).toEqual(expect.any(String));
    });

    test('the consent is authorised, and covers what the customer chose', async () => {
      const { tpp, payer } = stage();
      expect((await consentStatus(tpp, access.consentId)).Status).toBe('AUTH');
      expect([...access.accounts].sort()).toEqual(payer.accounts.map(({ id }) => id).sort());
    });

    test('an account the customer did not choose is neither listed nor readable', async () => {
      const { tpp, payer } = stage();
      const [first, second] = payer.accounts;
      if (!first || !second) throw new Error('the test needs a customer with two accounts');
      const narrow = await accessTo(tpp, payer, { accounts: [first.id] });
      expect(narrow.accounts).toEqual([first.id]);
      const answer = await tpp.call<WireErrors>('GET', `/aisp/accounts/${second.id}/balances`, { token: narrow.token });
      expect(answer.status).toBe(403);
      expect(bodyOf(answer, 403).Errors[0]?.ErrorCode).toMatch(/^U\d{3}$/);
    });

    test('the interaction id of the request comes back on the answer', async () => {
      const interactionId = randomUUID();
      const { tpp } = stage();
      const answer = await tpp.call('GET', '/aisp/accounts', { token: access.token, interactionId });
      expect(answer.headers.get('x-fapi-interaction-id')).toBe(interactionId);
    });

    test('the newest booked balance of the transactions is the balance of the account', async () => {
      const { tpp } = stage();
      const booked = (await transactionsOf(tpp, access.token, longest)).filter(({ Status }) => Status === 'BOOK');
      const newest = booked[0]?.Balance;
      if (!newest) throw new Error('no booked transaction with a balance');
      expect((await balancesOf(tpp, access.token, longest)).booked).toBe(
        minor(newest.Amount, newest.CreditDebitIndicator),
      );
    });

    test('Links.Next leads through all pages without gap or repetition, each balance following from the next', async () => {
      const { tpp } = stage();
      const pages = await transactionPages(tpp, access.token, longest);
      const all = pages.flatMap(({ Data }) => Data.Transaction);
      expect(pages.length).toBeGreaterThan(1);
      expect(new Set(all.map(({ TransactionId }) => TransactionId)).size).toBe(all.length);
      const times = all.map(({ BookingDateTime }) => Date.parse(BookingDateTime));
      expect(times).toEqual([...times].sort((a, b) => b - a));
      expect(breaksIn(all.filter(({ Status }) => Status === 'BOOK'))).toEqual([]);
    });

    test('Links.Prev leads back to the same transactions, and First to the first page', async () => {
      const { tpp } = stage();
      const pages = await transactionPages(tpp, access.token, longest);
      const last = pages.at(-1);
      expect(pages[0]?.Links.Prev).toBeUndefined();
      expect(last?.Links.Next).toBeUndefined();
      const read = async (url: string | undefined): Promise<readonly WireTransaction[]> =>
        bodyOf(await tpp.call<(typeof pages)[number]>('GET', url ?? '', { token: access.token }), 200).Data.Transaction;
      expect(await read(last?.Links.Prev)).toEqual(pages.at(-2)?.Data.Transaction);
      expect(await read(last?.Links.First)).toEqual(pages[0]?.Data.Transaction);
      expect(await read(last?.Links.Self)).toEqual(last?.Data.Transaction);
    });

    test('booking dates filter, and a period without bookings is an empty list', async () => {
      const { tpp } = stage();
      const all = await transactionsOf(tpp, access.token, longest);
      const day = all[Math.floor(all.length / 2)]?.BookingDateTime.slice(0, 10) ?? '';
      const read = async (from: string, to: string): Promise<readonly string[]> => {
        const path = `/aisp/accounts/${longest}/transactions?fromBookingDateTime=${from}&toBookingDateTime=${to}`;
        const answer = await tpp.call<{ Data: { Transaction: WireTransaction[] } }>('GET', path, {
          token: access.token,
        });
        return bodyOf(answer, 200).Data.Transaction.map(({ TransactionId }) => TransactionId);
      };
      expect(await read(`${day}T00:00:00`, `${day}T23:59:59`)).toEqual(
        all.filter((one) => one.BookingDateTime.startsWith(day)).map(({ TransactionId }) => TransactionId),
      );
      expect(await read('1999-01-01T00:00:00', '1999-12-31T00:00:00')).toEqual([]);
    });

    test('the party of the token is the customer', async () => {
      const { tpp, payer } = stage();
      interface PartyAnswer {
        readonly Data: { readonly Party: { readonly PartyId: string; readonly Name?: string } };
      }
      const self = bodyOf(await tpp.call<PartyAnswer>('GET', '/aisp/party', { token: access.token }), 200);
      const holder = bodyOf(
        await tpp.call<PartyAnswer>('GET', `/aisp/accounts/${longest}/party`, { token: access.token }),
        200,
      );
      expect(self.Data.Party.Name).toBe(payer.name);
      expect(holder.Data.Party.PartyId).toBe(self.Data.Party.PartyId);
    });
  });
}

/** Places where a booked balance is not the one before it plus the amount. Newest first. */
function breaksIn(booked: readonly WireTransaction[]): readonly string[] {
  return booked.flatMap((one, index) => {
    const older = booked[index + 1];
    if (!older?.Balance || !one.Balance) return [];
    const before = minor(older.Balance.Amount, older.Balance.CreditDebitIndicator);
    const after = minor(one.Balance.Amount, one.Balance.CreditDebitIndicator);
    return before + minor(one.Amount, one.CreditDebitIndicator) === after ? [] : [one.TransactionId];
  });
}
