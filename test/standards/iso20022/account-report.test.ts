import { describe, expect, test } from '@jest/globals';
import type { Transaction } from '../../../src/bank/index.js';
import { localDate, money } from '../../../src/kernel/index.js';
import {
  bankTransactionCode,
  reportedEntry,
  writeAccountReport,
  writeAccountStatement,
  type AccountReport,
} from '../../../src/standards/kit/iso20022/index.js';
import { createFindings } from '../../../src/standards/kit/iso20022/findings.js';
import { find, findAll, textAt } from '../../../src/standards/kit/iso20022/message-element.js';
import { readMessage } from '../../../src/standards/kit/iso20022/message-reader.js';
import { MESSAGES } from '../../../src/standards/kit/iso20022/messages.js';
import { AT, CREDITOR_IBAN, DEBTOR_IBAN, golden, REPORT } from './samples.js';

const PENDING: AccountReport = {
  ...REPORT,
  balances: [],
  entries: [
    ...REPORT.entries,
    {
      reference: 'hold-1',
      amount: money(2_000_00n, 'EUR'),
      direction: 'debit',
      status: 'pending',
      valueAt: localDate('2026-11-26'),
      code: { domain: 'PMNT', family: 'CCRD', subFamily: 'POSD' },
      text: 'HOTEL',
    },
  ],
  text: 'Preliminary.',
};

function read(xml: string, id: 'camt.052.001.02' | 'camt.053.001.02') {
  const findings = createFindings();
  const root = readMessage(xml, MESSAGES[id], findings);
  expect(findings.found).toEqual([]);
  if (!root) throw new Error('there is a root');
  return root;
}

describe('writing camt.053.001.02', () => {
  test('gives the sample, which holds against the schema', () => {
    const xml = writeAccountStatement(REPORT);
    expect(xml).toBe(golden('camt.053.xml'));
    expect(read(xml, 'camt.053.001.02').name).toBe('BkToCstmrStmt');
  });

  test('tells balances with their side, day and credit line', () => {
    const statement = find(read(writeAccountStatement(REPORT), 'camt.053.001.02'), 'Stmt');
    expect(
      findAll(statement, 'Bal').map((balance) => [
        textAt(balance, 'Tp', 'CdOrPrtry', 'Cd'),
        textAt(balance, 'CdtDbtInd'),
        find(balance, 'Amt')?.currency,
        textAt(balance, 'Amt'),
        textAt(balance, 'Dt', 'Dt') ?? textAt(balance, 'Dt', 'DtTm'),
        textAt(balance, 'CdtLine', 'Incl'),
      ]),
    ).toEqual([
      ['OPBD', 'DBIT', 'EUR', '250.00', '2026-11-24', undefined],
      ['CLBD', 'CRDT', 'EUR', '649.90', '2026-11-25T10:30:00+00:00', 'false'],
    ]);
  });

  test('has booked entries only, and a balance', () => {
    expect(() => writeAccountStatement(PENDING)).toThrow('booked entries only');
    expect(() => writeAccountStatement({ ...REPORT, balances: [] })).toThrow('Bal at least 1');
  });
});

describe('writing camt.052.001.02', () => {
  test('gives the sample, which holds against the schema', () => {
    const xml = writeAccountReport(PENDING);
    expect(xml).toBe(golden('camt.052.xml'));
    expect(read(xml, 'camt.052.001.02').name).toBe('BkToCstmrAcctRpt');
  });

  test('sums entries up, together and by side', () => {
    const totals = find(read(writeAccountReport(PENDING), 'camt.052.001.02'), 'Rpt', 'TxsSummry');
    if (!totals) throw new Error('there are totals');
    expect(find(totals, 'TtlNtries')?.children.map((child) => child.text)).toEqual(['3', '3100.10', '1100.10', 'DBIT']);
    expect(find(totals, 'TtlCdtNtries')?.children.map((child) => child.text)).toEqual(['1', '1000.00']);
    expect(find(totals, 'TtlDbtNtries')?.children.map((child) => child.text)).toEqual(['2', '2100.10']);
  });

  test('an account without entries has no totals', () => {
    const root = read(writeAccountReport({ ...REPORT, entries: [] }), 'camt.052.001.02');
    expect(find(root, 'Rpt', 'TxsSummry')).toBeUndefined();
  });

  test('refuses entries of several currencies in one account', () => {
    const [first] = REPORT.entries;
    if (!first) throw new Error('there is an entry');
    const mixed = { ...REPORT, entries: [first, { ...first, amount: money(1n, 'USD') }] };
    expect(() => writeAccountReport(mixed)).toThrow('currency of the account');
  });
});

const TRANSACTION: Transaction = {
  id: 'tx-77',
  accountId: 'acc-1',
  status: 'booked',
  direction: 'credit',
  amountMinor: 12_34n,
  currency: 'EUR',
  bookedAt: AT,
  valueAt: AT,
  balanceAfterMinor: 1n,
  code: 'transfer-in',
  text: 'TULPEN B.V.',
  reference: 'Rechnung 17',
  counterparty: { name: 'Tulpen B.V.', scheme: 'iban', identification: CREDITOR_IBAN },
  paymentId: 'pay-1',
};
const OWNER = {
  party: { name: 'Clara Sand' },
  account: { scheme: 'iban', identification: DEBTOR_IBAN } as const,
};

describe('a transaction of the bank as an entry', () => {
  test('has the customer on one side and the counterparty on the other', () => {
    const credit = reportedEntry(TRANSACTION, OWNER).details;
    expect(credit).toMatchObject({
      debtor: { name: 'Tulpen B.V.' },
      debtorAccount: { identification: CREDITOR_IBAN },
      creditor: { name: 'Clara Sand' },
      creditorAccount: { identification: DEBTOR_IBAN },
      remittance: { unstructured: ['Rechnung 17'] },
      transactionId: 'pay-1',
    });
    const debit = reportedEntry({ ...TRANSACTION, direction: 'debit', code: 'transfer-out' }, OWNER);
    expect(debit.details).toMatchObject({ debtor: { name: 'Clara Sand' }, creditor: { name: 'Tulpen B.V.' } });
    expect(debit).toMatchObject({ direction: 'debit', bookedAt: '2026-11-25', valueAt: '2026-11-25' });
  });

  test('has no booking date while it is pending', () => {
    expect(reportedEntry({ ...TRANSACTION, status: 'pending' }, OWNER)).not.toHaveProperty('bookedAt');
  });

  test('names the merchant of a card payment, and an account that is no IBAN as such', () => {
    const { counterparty: _none, ...rest } = TRANSACTION;
    const card = reportedEntry(
      { ...rest, direction: 'debit', code: 'card-payment', merchant: { name: 'Baumarkt', categoryCode: '5200' } },
      OWNER,
    );
    expect(card.details).toMatchObject({ creditor: { name: 'Baumarkt' } });
    expect(card.details).not.toHaveProperty('creditorAccount');
    const domestic = reportedEntry(
      { ...TRANSACTION, counterparty: { name: 'A', scheme: 'uk.sort-code', identification: '20405012345678' } },
      OWNER,
    );
    expect(domestic.details?.debtorAccount).toEqual({ scheme: 'other', identification: '20405012345678' });
  });

  test('is written whatever its texts are', () => {
    const entry = reportedEntry({ ...TRANSACTION, text: '\u0000'.repeat(600), reference: '<&>'.repeat(100) }, OWNER);
    const root = read(writeAccountReport({ ...REPORT, entries: [entry] }), 'camt.052.001.02');
    const written = find(root, 'Rpt', 'Ntry');
    expect(written && find(written, 'AddtlNtryInf')).toBeUndefined();
    const lines = findAll(written && find(written, 'NtryDtls', 'TxDtls', 'RmtInf'), 'Ustrd').map((line) => line.text);
    expect(lines.join('')).toBe('<&>'.repeat(100));
  });

  test.each([
    ['transfer-in', 'credit', 'EUR', 'PMNT RCDT ESCT'],
    ['transfer-out', 'debit', 'EUR', 'PMNT ICDT ESCT'],
    ['transfer-out', 'debit', 'GBP', 'PMNT ICDT DMCT'],
    ['salary', 'credit', 'EUR', 'PMNT RCDT SALA'],
    ['payroll', 'debit', 'EUR', 'PMNT ICDT SALA'],
    ['standing-order', 'debit', 'EUR', 'PMNT ICDT STDO'],
    ['direct-debit', 'debit', 'EUR', 'PMNT RDDT ESDD'],
    ['direct-debit', 'debit', 'GBP', 'PMNT RDDT PMDD'],
    ['card-payment', 'debit', 'EUR', 'PMNT CCRD POSD'],
    ['cash-withdrawal', 'debit', 'EUR', 'PMNT CCRD CWDL'],
    ['fee', 'debit', 'EUR', 'ACMT MDOP CHRG'],
    ['interest-paid', 'credit', 'EUR', 'ACMT MCOP INTR'],
    ['interest-charged', 'debit', 'EUR', 'ACMT MDOP INTR'],
  ] as const)('%s in %s of %s is %s', (code, direction, currency, expected) => {
    const { domain, family, subFamily, proprietary } = bankTransactionCode({ code, direction, currency });
    expect(`${domain} ${family} ${subFamily}`).toBe(expected);
    expect(proprietary).toEqual({ code });
  });
});
