import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { EMBEDDED, newBerlinParty, refusalOf, type BerlinParty, type Json } from '../../support/berlin-party.js';
import { CONSENT } from '../../support/berlin-stage.js';
import { startTestSandbox } from '../../support/test-sandbox.js';
import type { Sandbox } from '../../../src/index.js';

let sandbox: Sandbox;
let party: BerlinParty;
let consentId: string;
let card: Json;
beforeAll(async () => {
  sandbox = await startTestSandbox({ historyMonths: 2 });
  party = await newBerlinParty(sandbox);
  // Of the family it is the husband who has the card.
  const customers = await sandbox.bank('dogger').customers();
  const { customerNumber = '' } = customers.find(({ name }) => name === 'Benedikt Hofstätter') ?? {};
  const access = { allPsd2: 'allAccountsWithOwnerName' };
  const { body } = await party.ask('POST', '/v1/consents', { body: { ...CONSENT, access }, headers: EMBEDDED });
  consentId = body.consentId;
  await sandbox.bank('dogger').authoriseConsent({ consentId, customer: customerNumber, decision: 'approve' });
  card = (await read('/v1/card-accounts')).body.cardAccounts[0];
}, 120_000);
afterAll(async () => {
  await party?.close();
  await sandbox?.stop();
});

const read = (path: string) => party.ask('GET', path, { headers: { 'consent-id': consentId } });
const cents = ({ amount }: Json): bigint => BigInt(amount.replace('.', ''));

describe('the credit card of a household', () => {
  test('has a masked number, a limit and a holder', () => {
    expect(card).toMatchObject({ currency: 'EUR', debitAccounting: false, status: 'enabled', usage: 'PRIV' });
    expect(card.maskedPan).toMatch(/^\*{12}\d{4}$/);
    expect(card.ownerName).toMatch(/HOFST/i);
    expect(cents(card.creditLimit)).toBeGreaterThan(0n);
  });

  test('owes what its lines add up to, and what is left is the limit less that and less what is pending', async () => {
    const { body } = await read(card._links.balances.href);
    const [owed, left] = body.balances;
    expect([owed.balanceType, left.balanceType]).toEqual(['nonInvoiced', 'interimAvailable']);
    expect(cents(owed.balanceAmount)).toBeLessThanOrEqual(0n);
    let next: string | undefined = `${card._links.transactions.href}?bookingStatus=both&dateFrom=2020-01-01`;
    const lists: Record<'booked' | 'pending', Json[]> = { booked: [], pending: [] };
    while (next !== undefined) {
      const page: Json = (await read(next)).body;
      expect(page.cardAccount).toEqual({ maskedPan: card.maskedPan, currency: 'EUR' });
      lists.booked.push(...page.cardTransactions.booked);
      lists.pending.push(...page.cardTransactions.pending);
      next = page.cardTransactions._links.next?.href;
    }
    const sum = (lines: readonly Json[]): bigint =>
      lines.reduce<bigint>((total, { transactionAmount }) => total + cents(transactionAmount), 0n);
    expect(lists.booked.length).toBeGreaterThan(5);
    expect(sum(lists.booked)).toBe(cents(owed.balanceAmount));
    expect(cents(left.balanceAmount)).toBe(cents(card.creditLimit) + sum(lists.booked) + sum(lists.pending));
    const purchases = lists.booked.filter((line) => line.merchantCategoryCode !== undefined);
    expect(purchases.length).toBeGreaterThan(0);
    for (const line of purchases) {
      expect(line).toMatchObject({ maskedPAN: card.maskedPan, proprietaryBankTransactionCode: expect.any(String) });
    }
    expect(purchases.some(({ transactionAmount }) => cents(transactionAmount) < 0n)).toBe(true);
    expect(lists.pending.every((line) => line.bookingDate === undefined)).toBe(true);
  });

  test('is the same card by its address, and is no payment account', async () => {
    expect((await read(`/v1/card-accounts/${card.resourceId}`)).body.cardAccount).toEqual(card);
    const accounts: readonly Json[] = (await read('/v1/accounts')).body.accounts;
    expect(accounts.map(({ resourceId }) => resourceId)).not.toContain(card.resourceId);
    for (const path of ['', '/balances', '/transactions?bookingStatus=booked&dateFrom=2026-05-01']) {
      expect(refusalOf(await read(`/v1/accounts/${card.resourceId}${path}`))).toBe('404 RESOURCE_UNKNOWN');
      expect(refusalOf(await read(`/v1/card-accounts/${accounts[0].resourceId}${path}`))).toBe('404 RESOURCE_UNKNOWN');
    }
  });
});
