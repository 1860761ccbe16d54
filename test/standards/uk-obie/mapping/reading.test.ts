import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Account, BankProfile, Capability, Party, Transaction } from '../../../../src/bank/index.js';
import { instant } from '../../../../src/kernel/index.js';
import { toAccount } from '../../../../src/standards/uk-obie/mapping/account.js';
import { toBalances } from '../../../../src/standards/uk-obie/mapping/balance.js';
import { toParty, toPhoneNumber } from '../../../../src/standards/uk-obie/mapping/party.js';
import { toTransaction } from '../../../../src/standards/uk-obie/mapping/transaction.js';
import { PERMISSIONS, toCapabilities, type Permission } from '../../../../src/standards/uk-obie/permissions.js';
import { validatorOf } from '../documents.js';

const AT = instant(Date.UTC(2026, 10, 25, 8, 10, 31));
const profile: BankProfile = {
  id: 'bramble',
  name: 'Bramble Bank',
  country: 'GB',
  currency: 'GBP',
  bic: 'BRMBGB2L',
  payments: { acceptMs: 1, settleMs: 1, debitMs: 1, creditMs: 1 },
};
const account: Account = {
  id: 'acc1',
  bank: 'bramble',
  ledgerAccount: 1,
  product: { id: 'cc', name: 'Bramble Card', type: 'credit-card', category: 'personal' },
  currency: 'GBP',
  status: 'open',
  nickname: 'Shopping',
  holderName: 'MS A CLARKE',
  identifiers: [
    { scheme: 'sort-code-account-number', identification: '40205012345678', name: 'MS A CLARKE' },
    { scheme: 'pan', identification: '5555341244441115' },
  ],
  openedAt: AT,
  holders: [{ partyId: 'p1', role: 'sole' }],
};
const transaction: Transaction = {
  id: 't1',
  accountId: 'acc1',
  status: 'booked',
  direction: 'debit',
  amountMinor: 1234n,
  currency: 'GBP',
  bookedAt: AT,
  valueAt: AT,
  balanceAfterMinor: -500n,
  code: 'card-payment',
  text: 'LANTERN BOOKS',
  reference: 'ORDER 7',
  merchant: { name: 'Lantern Books', categoryCode: '5942' },
  counterparty: { name: 'Lantern', scheme: 'pan', identification: '4444333322221111' },
};
const party: Party = {
  id: 'p1',
  bank: 'bramble',
  kind: 'person',
  name: 'Ms Amelia Clarke',
  fullLegalName: 'Amelia Jane Clarke',
  email: 'amelia@example.com',
  mobile: '+447700900123',
  address: { streetName: 'Hill Road', buildingNumber: '7', postCode: 'LS2 2BB', townName: 'Leeds', country: 'GB' },
  createdAt: AT,
};

const ACCOUNT_BASIC = [
  'AccountId',
  'Status',
  'StatusUpdateDateTime',
  'Currency',
  'AccountCategory',
  'AccountTypeCode',
  'Description',
  'Nickname',
  'OpeningDate',
];
const TRANSACTION_BASIC = [
  'AccountId',
  'TransactionId',
  'TransactionReference',
  'CreditDebitIndicator',
  'Status',
  'TransactionMutability',
  'BookingDateTime',
  'ValueDateTime',
  'Amount',
  'BankTransactionCode',
  'ProprietaryBankTransactionCode',
];
const TRANSACTION_DETAIL = ['TransactionInformation', 'Balance', 'MerchantDetails', 'CreditorAccount'];

const valid = async (schema: string) => {
  const validate = await validatorOf('account-info.yaml', schema);
  return (value: unknown): void => expect(validate(value)).toEqual([]);
};
const expectAccount = await valid('Account');
const expectBalance = await valid('Balance');
const expectTransaction = await valid('Transaction');
const expectParty = await valid('Party');

describe('uk-obie reading: permissions decide fields', () => {
  test('the validator that these tests rely on refuses what the document does not have', async () => {
    const validate = await validatorOf('account-info.yaml', 'Account');
    expect(validate({ Colour: 'red', OpeningDate: '2026-11-25T08:00:00' })).toHaveLength(3);
  });

  test.each([...PERMISSIONS])('accounts under ReadAccountsBasic and %s', (permission) => {
    const capabilities = toCapabilities(['ReadAccountsBasic', permission]);
    const wire = toAccount(account, { capabilities, profile });
    const detail = permission === 'ReadAccountsDetail' ? ['Account', 'Servicer'] : [];
    expect(Object.keys(wire)).toEqual([...ACCOUNT_BASIC, ...detail]);
    expectAccount(wire);
  });

  test.each([...PERMISSIONS])('transactions under ReadTransactionsBasic and %s', (permission) => {
    const capabilities = toCapabilities(['ReadTransactionsBasic', permission]);
    const wire = toTransaction(transaction, { capabilities, issuer: 'Bramble Bank' });
    const detail = permission === 'ReadTransactionsDetail' ? TRANSACTION_DETAIL : [];
    expect(Object.keys(wire)).toEqual([...TRANSACTION_BASIC, ...detail]);
    expectTransaction(wire);
  });

  test('any set of permissions gives detail exactly when it asks for it', () => {
    fc.assert(
      fc.property(fc.subarray<Permission>([...PERMISSIONS]), (permissions) => {
        const capabilities: readonly Capability[] = toCapabilities(permissions);
        const text = JSON.stringify([
          toAccount(account, { capabilities, profile }),
          toTransaction(transaction, { capabilities, issuer: 'Bramble Bank' }),
        ]);
        expect(text.includes('40205012345678')).toBe(permissions.includes('ReadAccountsDetail'));
        expect(text.includes('LANTERN BOOKS')).toBe(permissions.includes('ReadTransactionsDetail'));
        const readsNumbers = permissions.includes('ReadPAN');
        expect(text.includes('5555341244441115')).toBe(readsNumbers && permissions.includes('ReadAccountsDetail'));
        expect(text.includes('4444333322221111')).toBe(readsNumbers && permissions.includes('ReadTransactionsDetail'));
        expect(text).not.toMatch(/null|"":|:""|\{\}/);
      }),
      { numRuns: 200 },
    );
  });

  test('a card number is masked but for its last four digits', () => {
    const wire = toAccount(account, { capabilities: toCapabilities(['ReadAccountsDetail']), profile });
    expect(wire.Account?.map(({ Identification }) => Identification)).toEqual(['40205012345678', 'XXXXXXXXXXXX1115']);
  });
});

describe('uk-obie balances', () => {
  const balance = (availableMinor: bigint, bookedMinor: bigint, overdraftLimitMinor: bigint) =>
    toBalances(account, { currency: 'GBP', availableMinor, bookedMinor, overdraftLimitMinor, at: AT });

  test('are available with its limit, and booked; the sign is in the indicator', () => {
    expect(balance(-2500n, -1000n, 10_000n)).toEqual([
      {
        AccountId: 'acc1',
        DateTime: '2026-11-25T08:10:31+00:00',
        CreditDebitIndicator: 'Debit',
        Type: 'ITAV',
        Amount: { Amount: '25.00', Currency: 'GBP' },
        CreditLine: [
          { Included: false, Type: 'Credit', Amount: { Amount: '100.00', Currency: 'GBP' } },
          { Included: false, Type: 'Available', Amount: { Amount: '75.00', Currency: 'GBP' } },
        ],
      },
      {
        AccountId: 'acc1',
        DateTime: '2026-11-25T08:10:31+00:00',
        CreditDebitIndicator: 'Debit',
        Type: 'ITBD',
        Amount: { Amount: '10.00', Currency: 'GBP' },
      },
    ]);
  });

  test('zero is a credit, and no limit is no line', () => {
    const [available] = balance(0n, 0n, 0n);
    expect(available?.CreditDebitIndicator).toBe('Credit');
    expect(available).not.toHaveProperty('CreditLine');
  });

  test('any balance is valid on the wire and keeps its sign', () => {
    fc.assert(
      fc.property(
        fc.bigInt(-1_000_000_000_000n, 1_000_000_000_000n),
        fc.bigInt(0n, 1_000_000_000n),
        (booked, limit) => {
          for (const wire of balance(booked, booked, limit)) {
            expectBalance(wire);
            expect(wire.CreditDebitIndicator === 'Debit').toBe(booked < 0n);
          }
        },
      ),
    );
  });
});

describe('uk-obie transactions', () => {
  const detail = toCapabilities(['ReadTransactionsDetail']);
  const wire = (more: Partial<Transaction>) =>
    toTransaction({ ...transaction, ...more }, { capabilities: detail, issuer: 'B' });

  test('a pending one may still change, and has no balance', () => {
    const { balanceAfterMinor: _, ...pending } = transaction;
    const mapped = toTransaction({ ...pending, status: 'pending' }, { capabilities: detail, issuer: 'B' });
    expect(mapped).toMatchObject({ Status: 'PDNG', TransactionMutability: 'Mutable' });
    expect(mapped).not.toHaveProperty('Balance');
  });

  test('the other side of money that comes in is the debtor', () => {
    const mapped = wire({ direction: 'credit', code: 'salary', counterparty: { name: 'Employer' } });
    expect(mapped.DebtorAccount).toEqual({ Name: 'Employer' });
    expect(mapped).not.toHaveProperty('CreditorAccount');
    expect(mapped.BankTransactionCode).toEqual({ Code: 'RCDT', SubCode: 'SALA' });
  });

  test('empty texts are left out', () => {
    const mapped = wire({ text: '', reference: '', counterparty: { name: '' } });
    expect(mapped).not.toHaveProperty('TransactionInformation');
    expect(mapped).not.toHaveProperty('TransactionReference');
    expect(mapped).not.toHaveProperty('CreditorAccount');
  });
});

describe('uk-obie parties', () => {
  test('a person in her role, with a link to the account', () => {
    const wire = toParty(party, {
      role: 'joint',
      account: { id: 'acc1', url: 'https://localhost:8444/x/accounts/acc1' },
    });
    expectParty(wire);
    expect(wire).toMatchObject({ PartyType: 'Joint', LegalStructure: 'UK.OBIE.Individual', Mobile: '+44-7700900123' });
    expect(wire.Relationships?.Account).toEqual({ Related: 'https://localhost:8444/x/accounts/acc1', Id: 'acc1' });
  });

  test('a signatory is a delegate without ownership', () => {
    expect(toParty(party, { role: 'signatory' })).toMatchObject({ PartyType: 'Delegate', BeneficialOwnership: false });
  });

  test.each([
    ['+44 7700 900123', '+44-7700900123'],
    ['+353861234567', '+353-861234567'],
    ['07700900123', undefined],
    ['', undefined],
  ])('the number %s becomes %s', (number, expected) => expect(toPhoneNumber(number)).toBe(expected));
});
