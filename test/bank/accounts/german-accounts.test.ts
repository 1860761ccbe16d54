import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { isIban } from '../../../src/bank/index.js';
import { openSampleBank, PROFILE, type Sample } from '../sample-bank.js';

const { sortCode: _, ...NEITHER } = PROFILE;
const GERMAN = { ...NEITHER, country: 'DE', currency: 'EUR', bankCode: '90040050', bic: 'DGGRDEFFXXX' };

describe('accounts of a German bank', () => {
  let bank: Sample;
  beforeEach(async () => {
    bank = await openSampleBank(GERMAN);
  });
  afterEach(() => bank.close());

  test('a new one gets the IBAN of Bankleitzahl and ten digits, and the two without check digits', async () => {
    const [iban, bban, ...none] = (await bank.openWith(0n)).identifiers;
    expect(iban).toMatchObject({ scheme: 'iban', name: 'MS A CLARKE' });
    expect(iban!.identification).toMatch(/^DE\d{2}90040050[1-9]\d{9}$/);
    expect(isIban(iban!.identification)).toBe(true);
    expect(bban).toMatchObject({ scheme: 'bban', identification: iban!.identification.slice(4) });
    expect(none).toEqual([]);
  });

  test('check digits agree with the example of the IBAN registry', () => {
    expect(isIban('DE89370400440532013000')).toBe(true);
    expect(isIban('DE89370400440532013001')).toBe(false);
  });

  test('two hundred have two hundred numbers', async () => {
    const numbers = new Set<string>();
    await bank.storage.transaction(async (tx) => {
      for (let index = 0; index < 200; index += 1) numbers.add((await bank.open(tx)).identifiers[0]!.identification);
    });
    expect(numbers.size).toBe(200);
  });

  test.each([
    ['iban', 'DE12 9004 0050 1234 5678 90', true],
    ['bban', '900400501234567890', true],
    ['iban', 'DE89370400440532013000', false],
    ['iban', 'AT12900400501234567890', false],
    ['bban', '370400440532013000', false],
    ['sort-code-account-number', '90040050123456', false],
    ['pan', '9004005012345678', false],
  ] as const)('of the scheme %s, %s is of this bank: %s', (scheme, identification, isOurs) => {
    expect(bank.accounts.isOfBank({ scheme, identification })).toBe(isOurs);
  });

  test('without a Bankleitzahl of eight digits the bank asks for identifiers', async () => {
    const short = await openSampleBank({ ...GERMAN, bankCode: '9004005' });
    await expect(short.openWith(0n)).rejects.toMatchObject({ code: 'configuration.invalid' });
    await short.close();
  });
});
