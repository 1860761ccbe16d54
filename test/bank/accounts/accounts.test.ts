import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { isIban } from '../../../src/bank/index.js';
import { openSampleBank, PROFILE, sortCodeOf, type Sample } from '../sample-bank.js';

describe('accounts', () => {
  let bank: Sample;
  beforeEach(async () => {
    bank = await openSampleBank();
  });
  afterEach(() => bank.close());

  test('a new account gets a sort code with account number and the IBAN of the two', async () => {
    const account = await bank.openWith(0n);
    const [sortCode, iban] = account.identifiers;
    expect(sortCode).toMatchObject({ scheme: 'sort-code-account-number', name: 'MS A CLARKE' });
    expect(sortCode!.identification).toMatch(/^402050[1-9]\d{7}$/);
    expect(iban!.identification).toMatch(new RegExp(`^GB\\d{2}BRMB${sortCode!.identification}$`));
    expect(isIban(iban!.identification)).toBe(true);
  });

  test('an account behind a card has its number as well, which is of no card in use and checks by Luhn', async () => {
    const product = { id: 'card', name: 'Bramble Card', type: 'credit-card', category: 'personal' } as const;
    const { identifiers } = await bank.openWith(0n, { product });
    const number = identifiers.find(({ scheme }) => scheme === 'pan')?.identification ?? '';
    expect(number).toMatch(/^9826\d{12}$/);
    const doubled = [...number].map((digit, index) => Number(digit) * (index % 2 === 0 ? 2 : 1));
    expect(doubled.reduce((sum, digit) => sum + (digit > 9 ? digit - 9 : digit), 0) % 10).toBe(0);
    expect((await bank.openWith(0n)).identifiers.map(({ scheme }) => scheme)).not.toContain('pan');
  });

  test('check digits agree with a published example and fail for a changed digit', () => {
    expect(isIban('GB29NWBK60161331926819')).toBe(true);
    expect(isIban('GB29NWBK60161331926818')).toBe(false);
  });

  test('two hundred accounts have two hundred numbers, and the same ecosystem draws the same ones', async () => {
    const draw = async (sample: Sample) => {
      const numbers: string[] = [];
      await sample.storage.transaction(async (tx) => {
        for (let index = 0; index < 200; index += 1) numbers.push(sortCodeOf(await sample.open(tx)).identification);
      });
      return numbers;
    };
    const numbers = await draw(bank);
    expect(new Set(numbers).size).toBe(200);
    const twin = await openSampleBank();
    expect(await draw(twin)).toEqual(numbers);
    await twin.close();
  });

  test('a number that a persona file took is not drawn again', async () => {
    const twin = await openSampleBank();
    const taken = sortCodeOf(await twin.openWith(0n));
    await twin.close();
    await bank.openWith(0n, { identifiers: [taken] });
    expect(sortCodeOf(await bank.openWith(0n)).identification).not.toBe(taken.identification);
    await expect(bank.openWith(0n, { identifiers: [taken] })).rejects.toMatchObject({
      code: 'account.unsupported-identifier',
    });
  });

  test('an account is found by its identifiers as people write them, and by its holders', async () => {
    const account = await bank.openWith(0n, {
      nickname: 'Bills',
      holders: [
        { partyId: 'a', role: 'joint' },
        { partyId: 'b', role: 'joint' },
      ],
    });
    const iban = account.identifiers[1]!.identification;
    expect(
      await bank.accounts.byIdentifier({
        scheme: 'iban',
        identification: iban.replace(/(.{4})/g, '$1 ').toLowerCase(),
      }),
    ).toEqual(account);
    expect(
      await bank.accounts.byIdentifier({ scheme: 'iban', identification: 'GB29NWBK60161331926819' }),
    ).toBeUndefined();
    expect(await bank.accounts.ofParty('b')).toEqual([account]);
    expect(await bank.accounts.ofParty('nobody')).toEqual([]);
    await expect(bank.accounts.get('nowhere')).rejects.toMatchObject({ code: 'account.not-found' });
  });

  test('a closed account stays readable and is closed once', async () => {
    const account = await bank.openWith(500n);
    const close = () => bank.storage.transaction((tx) => bank.accounts.close(tx, account.id));
    await close();
    expect(await bank.accounts.get(account.id)).toMatchObject({ status: 'closed', closedAt: bank.clock.now() });
    expect((await bank.accounts.balance(account.id)).bookedMinor).toBe(500n);
    await expect(close()).rejects.toMatchObject({ code: 'account.closed' });
    expect((await bank.events.list({ subject: account.id })).map(({ type }) => type)).toEqual([
      'account.closed',
      'account.opened',
    ]);
  });

  test('a bank whose country has no rule yet asks for identifiers', async () => {
    const { sortCode: _, ...rest } = PROFILE;
    const dogger = await openSampleBank({ ...rest, country: 'NL' });
    await expect(dogger.openWith(0n)).rejects.toMatchObject({ code: 'configuration.invalid' });
    await dogger.openWith(0n, { identifiers: [{ scheme: 'iban', identification: 'NL91ABNA0417164300' }] });
    await dogger.close();
  });
});
