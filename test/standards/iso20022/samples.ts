import { readFileSync } from 'node:fs';
import { instant, localDate, money } from '../../../src/kernel/index.js';
import type { AccountReport, CreditTransferInitiation } from '../../../src/standards/kit/iso20022/index.js';
import { SandbankError, type Finding } from '../../../src/kernel/index.js';

export const AT = instant(Date.UTC(2026, 10, 25, 10, 30, 0));
export const DEBTOR_IBAN = 'DE89370400440532013000';
export const CREDITOR_IBAN = 'NL91ABNA0417164300';
export const OTHER_IBAN = 'FR1420041010050500013M02606';

export function golden(name: string): string {
  return readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8');
}

/** Two payments: an instant one with everything on it, and a bulk of two plain ones. */
export const INITIATION: CreditTransferInitiation = {
  messageId: 'MSG-2026-11-25-1',
  createdAt: AT,
  initiatingParty: {
    name: 'Müller & Söhne <Bau> GmbH',
    identification: { kind: 'organisation', id: '4711', scheme: { code: 'CUST' } },
  },
  payments: [
    {
      paymentInformationId: 'PMT-1',
      batchBooking: false,
      executionDate: localDate('2026-11-26'),
      type: {
        priority: 'NORM',
        serviceLevel: { code: 'SEPA' },
        localInstrument: { code: 'INST' },
        categoryPurpose: { code: 'SUPP' },
      },
      chargeBearer: 'SLEV',
      debtor: {
        name: 'Müller & Söhne <Bau> GmbH',
        address: { street: 'Hafenweg', building: '7a', postCode: '20457', town: 'Hamburg', country: 'DE', lines: [] },
      },
      debtorAccount: { scheme: 'iban', identification: DEBTOR_IBAN, currency: 'EUR', name: 'Geschäftskonto' },
      debtorAgent: { bic: 'DGGBDEHHXXX' },
      transfers: [
        {
          instructionId: 'INSTR-1',
          endToEndId: 'E2E-1',
          amount: money(123_456n, 'EUR'),
          ultimateDebtor: { identification: { kind: 'person', id: 'P-1', scheme: { proprietary: 'STAFF' } } },
          creditorAgent: { bic: 'ABNANL2A', name: 'A bank' },
          creditor: { name: 'Tulpen B.V.', address: { country: 'NL', lines: ['Gracht 1', '1011 AB Amsterdam'] } },
          creditorAccount: { scheme: 'iban', identification: CREDITOR_IBAN },
          ultimateCreditor: { identification: { kind: 'organisation', id: 'ABNANL2AXXX' } },
          purpose: { code: 'GDDS' },
          remittance: {
            unstructured: [],
            structured: [
              {
                documents: [
                  { type: { code: 'CINV' }, number: 'R-17', date: localDate('2026-10-31') },
                  { type: { proprietary: 'order' }, number: 'B-4' },
                ],
                creditorReference: { type: { code: 'SCOR' }, issuer: 'ISO', reference: 'RF18539007547034' },
                additional: ['third instalment'],
              },
            ],
          },
        },
      ],
    },
    {
      paymentInformationId: 'PMT-2',
      executionDate: localDate('2026-11-27'),
      debtor: { name: 'Müller & Söhne <Bau> GmbH' },
      debtorAccount: { scheme: 'iban', identification: DEBTOR_IBAN },
      debtorAgent: { other: 'NOTPROVIDED' },
      transfers: [
        {
          endToEndId: 'NOTPROVIDED',
          amount: money(5n, 'EUR'),
          creditor: { name: 'Café "Le Coin" d’Été' },
          creditorAccount: { scheme: 'iban', identification: OTHER_IBAN },
          remittance: { unstructured: ['Rechnung 2026/11 > 3 & "bezahlt"'], structured: [] },
        },
        {
          endToEndId: 'E2E-3',
          amount: money(100_00n, 'EUR'),
          transferCurrency: 'USD',
          chargeBearer: 'SHAR',
          creditorAgent: { memberId: '021000021' },
          creditor: { name: 'Sand Inc.' },
          creditorAccount: { scheme: 'other', identification: '000123456789' },
          remittance: { unstructured: [], structured: [] },
        },
      ],
    },
  ],
};

export const REPORT: AccountReport = {
  messageId: 'RPT-1',
  createdAt: AT,
  reportId: '2026-11-25-0001',
  sequenceNumber: 329,
  period: { from: instant(Date.UTC(2026, 10, 24)), to: instant(Date.UTC(2026, 10, 25)) },
  account: { scheme: 'iban', identification: DEBTOR_IBAN, currency: 'EUR', name: 'Geschäftskonto' },
  owner: { name: 'Müller & Söhne <Bau> GmbH' },
  servicer: { bic: 'DGGBDEHHXXX', name: 'Dogger Bank' },
  balances: [
    { type: 'opening-booked', amount: money(250_00n, 'EUR'), direction: 'debit', at: localDate('2026-11-24') },
    {
      type: 'closing-booked',
      amount: money(649_90n, 'EUR'),
      direction: 'credit',
      at: AT,
      creditLine: { included: false, amount: money(1_000_00n, 'EUR') },
    },
  ],
  entries: [
    {
      reference: 'tx-2',
      amount: money(1_000_00n, 'EUR'),
      direction: 'credit',
      status: 'booked',
      bookedAt: localDate('2026-11-24'),
      valueAt: localDate('2026-11-25'),
      code: { domain: 'PMNT', family: 'RCDT', subFamily: 'ESCT', proprietary: { code: 'transfer-in' } },
      text: 'TULPEN B.V. RECHNUNG 17',
      details: {
        endToEndId: 'E2E-9',
        transactionId: 'pay-9',
        debtor: { name: 'Tulpen B.V.' },
        debtorAccount: { scheme: 'iban', identification: CREDITOR_IBAN },
        debtorAgent: { bic: 'ABNANL2A' },
        creditor: { name: 'Müller & Söhne <Bau> GmbH' },
        remittance: { unstructured: ['Rechnung 17'], structured: [] },
      },
    },
    {
      reference: 'tx-1',
      amount: money(100_10n, 'EUR'),
      direction: 'debit',
      status: 'booked',
      bookedAt: localDate('2026-11-24'),
      valueAt: localDate('2026-11-24'),
      code: { domain: 'PMNT', family: 'CCRD', subFamily: 'POSD' },
      isReversal: false,
      text: 'BAUMARKT HAMBURG',
    },
  ],
};

/** The refusal a call ends in. */
export function refusal(call: () => unknown): SandbankError {
  try {
    call();
  } catch (error) {
    if (error instanceof SandbankError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** `code path` of everything that was found. */
export function found(error: SandbankError): readonly string[] {
  return (error.details.findings ?? []).map((finding: Finding) => `${finding.code} ${finding.path ?? ''}`);
}
