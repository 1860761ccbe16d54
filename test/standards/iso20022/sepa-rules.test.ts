import { describe, expect, test } from '@jest/globals';
import { localDate, money } from '../../../src/kernel/index.js';
import {
  sepaFindings,
  type CreditTransfer,
  type CreditTransferInitiation,
  type PaymentInformation,
} from '../../../src/standards/kit/iso20022/index.js';
import { AT, CREDITOR_IBAN, DEBTOR_IBAN } from './samples.js';

const TRANSFER: CreditTransfer = {
  endToEndId: 'E2E-1',
  amount: money(100n, 'EUR'),
  creditor: { name: 'Tulpen B.V.' },
  creditorAccount: { scheme: 'iban', identification: CREDITOR_IBAN },
  remittance: { unstructured: ['Rechnung 17'], structured: [] },
};
const PAYMENT: PaymentInformation = {
  paymentInformationId: 'PMT-1',
  executionDate: localDate('2026-11-26'),
  type: { serviceLevel: { code: 'SEPA' } },
  chargeBearer: 'SLEV',
  debtor: { name: 'Clara Sand' },
  debtorAccount: { scheme: 'iban', identification: DEBTOR_IBAN },
  debtorAgent: { bic: 'DGGBDEHH' },
  transfers: [TRANSFER],
};

function of(payment: Partial<PaymentInformation>, transfer: Partial<CreditTransfer> = {}): CreditTransferInitiation {
  return {
    messageId: 'M-1',
    createdAt: AT,
    initiatingParty: {},
    payments: [{ ...PAYMENT, ...payment, transfers: [{ ...TRANSFER, ...transfer }] }],
  };
}

function paths(initiation: CreditTransferInitiation, instant = false): readonly string[] {
  return sepaFindings(initiation, { instant }).map(
    ({ code, path }) => `${code} ${(path ?? '').replace('/Document/CstmrCdtTrfInitn/', '')}`,
  );
}

const INSTANT = { localInstrument: { code: 'INST' } } as const;

describe('the rules of SEPA', () => {
  test('are kept by a plain transfer, and by an instant one that says so', () => {
    expect(paths(of({}))).toEqual([]);
    expect(paths(of({ type: INSTANT }), true)).toEqual([]);
    expect(paths(of({}, { type: { serviceLevel: { code: 'SEPA' }, ...INSTANT } }), true)).toEqual([]);
  });

  test.each<[string, CreditTransferInitiation, string]>([
    [
      'another currency',
      of({}, { amount: money(1n, 'USD') }),
      'payment.unsupported-currency PmtInf[1]/CdtTrfTxInf[1]/Amt/InstdAmt/@Ccy',
    ],
    [
      'a billion',
      of({}, { amount: money(100_000_000_000n, 'EUR') }),
      'payment.amount-invalid PmtInf[1]/CdtTrfTxInf[1]/Amt/InstdAmt',
    ],
    [
      'an amount to be exchanged',
      of({}, { transferCurrency: 'USD' }),
      'field.unexpected PmtInf[1]/CdtTrfTxInf[1]/Amt/EqvtAmt',
    ],
    ['shared charges', of({ chargeBearer: 'SHAR' }), 'field.invalid PmtInf[1]/ChrgBr'],
    [
      'another service level',
      of({ type: { serviceLevel: { code: 'URGP' } } }),
      'field.invalid PmtInf[1]/PmtTpInf/SvcLvl/Cd',
    ],
    [
      'an instant one where a plain one is meant',
      of({ type: INSTANT }),
      'field.invalid PmtInf[1]/PmtTpInf/LclInstrm/Cd',
    ],
    ['a creditor without a name', of({}, { creditor: {} }), 'field.missing PmtInf[1]/CdtTrfTxInf[1]/Cdtr/Nm'],
    ['a long name', of({ debtor: { name: 'x'.repeat(71) } }), 'field.invalid PmtInf[1]/Dbtr/Nm'],
    [
      'an account without an IBAN',
      of({}, { creditorAccount: { scheme: 'other', identification: '1' } }),
      'field.invalid PmtInf[1]/CdtTrfTxInf[1]/CdtrAcct/Id/Othr',
    ],
    [
      'two remittance lines',
      of({}, { remittance: { unstructured: ['a', 'b'], structured: [] } }),
      'field.invalid PmtInf[1]/CdtTrfTxInf[1]/RmtInf',
    ],
    [
      'an umlaut in a reference',
      of({}, { endToEndId: 'Ü-1' }),
      'field.invalid PmtInf[1]/CdtTrfTxInf[1]/PmtId/EndToEndId',
    ],
    [
      'a reference that begins with a slash',
      of({}, { instructionId: '/1' }),
      'field.invalid PmtInf[1]/CdtTrfTxInf[1]/PmtId/InstrId',
    ],
    ['a reference with two slashes', of({ paymentInformationId: 'a//b' }), 'field.invalid PmtInf[1]/PmtInfId'],
  ])('are broken by %s', (_what, initiation, expected) => {
    expect(paths(initiation)).toEqual([expected]);
  });

  test('are broken by a plain transfer where an instant one is meant', () => {
    expect(paths(of({}), true)).toEqual(['field.missing PmtInf[1]/PmtTpInf/LclInstrm/Cd']);
  });

  test('are broken by a transfer to nobody', () => {
    const { creditor: _nobody, creditorAccount: _nowhere, ...transfer } = TRANSFER;
    const initiation = { ...of({}), payments: [{ ...PAYMENT, transfers: [transfer] }] };
    expect(paths(initiation)).toEqual([
      'field.missing PmtInf[1]/CdtTrfTxInf[1]/Cdtr',
      'field.missing PmtInf[1]/CdtTrfTxInf[1]/CdtrAcct',
    ]);
  });
});
