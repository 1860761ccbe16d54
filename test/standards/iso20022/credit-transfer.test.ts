import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toIban } from '../../../src/bank/index.js';
import { instant, localDate, money } from '../../../src/kernel/index.js';
import {
  readCreditTransferInitiation,
  writeCreditTransferInitiation,
  type CreditTransferInitiation,
} from '../../../src/standards/kit/iso20022/index.js';
import { found, golden, INITIATION, refusal } from './samples.js';

const SAMPLE = golden('pain.001.xml');
const ROOT = '/Document/CstmrCdtTrfInitn';

function changed(from: string | RegExp, to: string): string {
  const result = SAMPLE.replace(from, to);
  if (result === SAMPLE) throw new Error(`${String(from)} is not in the sample`);
  return result;
}

describe('reading pain.001.001.03', () => {
  test('turns a message with everything on it into records', () => {
    expect(readCreditTransferInitiation(SAMPLE)).toEqual(INITIATION);
  });

  test('takes bytes as well as text, and a prefix for the namespace', () => {
    const prefixed = SAMPLE.replace('xmlns=', 'xmlns:p=').replace(/<(\/?)(?=[A-Z])/g, '<$1p:');
    expect(readCreditTransferInitiation(Buffer.from(prefixed))).toEqual(INITIATION);
  });

  test('takes the hint where the schema lies, and never looks there', () => {
    const hinted = changed(
      '<Document ',
      '<Document xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x http://127.0.0.1:1/x" ',
    );
    expect(readCreditTransferInitiation(hinted)).toEqual(INITIATION);
  });

  test('reads what stands without line breaks', () => {
    expect(readCreditTransferInitiation(SAMPLE.replace(/>\s+</g, '><'))).toEqual(INITIATION);
  });

  test('takes an IBAN in small letters, dates with a zone and numbers with zeros', () => {
    const message = readCreditTransferInitiation(
      changed('NL91ABNA0417164300', 'NL91abna0417164300')
        .replace('<ReqdExctnDt>2026-11-26<', '<ReqdExctnDt> 2026-11-26Z <')
        .replaceAll('>1334.61<', '>001334.6100<')
        .replace('>1234.56<', '>+01234.560<'),
    );
    expect(message).toEqual(INITIATION);
  });

  test('leaves out what the bank has no use for, once it is valid', () => {
    const more = changed('<Purp>', '<InstrForDbtrAgt>call first</InstrForDbtrAgt><Purp>').replace(
      '</Purp>',
      '</Purp><RgltryRptg><DbtCdtRptgInd>DEBT</DbtCdtRptgInd></RgltryRptg><Tax><RefNb>1</RefNb></Tax>',
    );
    expect(readCreditTransferInitiation(more)).toEqual(INITIATION);
  });

  test.each([
    ['another version', 'pain.001.001.03', 'pain.001.001.09'],
    ['another message', 'pain.001.001.03', 'pain.008.001.02'],
    ['a namespace with a space', 'pain.001.001.03"', 'pain.001.001.03 "'],
    ['no namespace', / xmlns="[^"]*"/, ''],
    ['another root', /(<\/?)Document/g, '$1Dokument'],
  ])('%s is not this message', (_what, from, to) => {
    const { code, details } = refusal(() => readCreditTransferInitiation(changed(from, to)));
    expect(code).toBe('request.malformed');
    expect(details.path).toBe('/Document');
    expect(details.expected).toContain('urn:iso:std:iso:20022:tech:xsd:pain.001.001.03');
  });

  test.each<[string, string | RegExp, string, string]>([
    ['an unknown element', '<PmtMtd>', '<Colour>red</Colour><PmtMtd>', `field.unexpected ${ROOT}/PmtInf[1]/Colour`],
    [
      'an element of another namespace',
      '<PmtMtd>',
      '<x:PmtMtd xmlns:x="urn:x"/><PmtMtd>',
      `field.unexpected ${ROOT}/PmtInf[1]/x:PmtMtd`,
    ],
    ['an unknown attribute', '<PmtMtd>', '<PmtMtd lang="de">', `field.unexpected ${ROOT}/PmtInf[1]/PmtMtd/@lang`],
    ['a namespace changed on the way', '<GrpHdr>', '<GrpHdr xmlns="urn:x">', `field.unexpected ${ROOT}/GrpHdr/@xmlns`],
    ['an attribute of the root', '<Document ', '<Document version="1" ', 'field.unexpected /Document/@version'],
    ['a missing element', /<MsgId>.*<\/MsgId>/, '', `field.missing ${ROOT}/GrpHdr/MsgId`],
    ['a missing execution date', /<ReqdExctnDt>.*<\/ReqdExctnDt>/, '', `field.missing ${ROOT}/PmtInf[1]/ReqdExctnDt`],
    ['no payment at all', /<PmtInf>[^]*<\/PmtInf>/, '', `field.missing ${ROOT}/PmtInf[1]`],
    ['two where one may be', /(<MsgId>.*<\/MsgId>)/, '$1$1', `field.unexpected ${ROOT}/GrpHdr/MsgId`],
    [
      'the wrong order',
      /(<MsgId>.*<\/MsgId>)\s*(<CreDtTm>.*<\/CreDtTm>)/,
      '$2$1',
      `field.invalid ${ROOT}/GrpHdr/MsgId`,
    ],
    ['no alternative', /<IBAN>FR[^<]*<\/IBAN>/, '', `field.missing ${ROOT}/PmtInf[2]/CdtTrfTxInf[1]/CdtrAcct/Id`],
    [
      'both alternatives',
      /(<IBAN>FR[^<]*<\/IBAN>)/,
      '$1<Othr><Id>1</Id></Othr>',
      `field.unexpected ${ROOT}/PmtInf[2]/CdtTrfTxInf[1]/CdtrAcct/Id`,
    ],
    ['text between elements', '<GrpHdr>', '<GrpHdr>hello', `field.invalid ${ROOT}/GrpHdr`],
    ['elements in text', 'MSG-2026', '<b/>MSG-2026', `field.unexpected ${ROOT}/GrpHdr/MsgId/b`],
    ['a text too long', 'MSG-2026', 'M'.repeat(35), `field.invalid ${ROOT}/GrpHdr/MsgId`],
    ['an empty text', 'E2E-1', '', `field.invalid ${ROOT}/PmtInf[1]/CdtTrfTxInf[1]/PmtId/EndToEndId`],
    [
      'an IBAN with wrong check digits',
      'NL91ABNA',
      'NL92ABNA',
      `field.invalid ${ROOT}/PmtInf[1]/CdtTrfTxInf[1]/CdtrAcct/Id/IBAN`,
    ],
    ['a BIC of nine letters', 'DGGBDEHHXXX', 'DGGBDEHHX', `field.invalid ${ROOT}/PmtInf[1]/DbtrAgt/FinInstnId/BIC`],
    ['a day that does not exist', '2026-11-26', '2026-11-31', `field.invalid ${ROOT}/PmtInf[1]/ReqdExctnDt`],
    [
      'a negative amount',
      '"EUR">1234.56<',
      '"EUR">-1234.56<',
      `field.invalid ${ROOT}/PmtInf[1]/CdtTrfTxInf[1]/Amt/InstdAmt`,
    ],
    [
      'an amount in words',
      '"EUR">1234.56<',
      '"EUR">many<',
      `field.invalid ${ROOT}/PmtInf[1]/CdtTrfTxInf[1]/Amt/InstdAmt`,
    ],
    [
      'an amount without a currency',
      '<InstdAmt Ccy="EUR">1',
      '<InstdAmt>1',
      `field.missing ${ROOT}/PmtInf[1]/CdtTrfTxInf[1]/Amt/InstdAmt/@Ccy`,
    ],
    [
      'a currency in small letters',
      '<InstdAmt Ccy="EUR">1',
      '<InstdAmt Ccy="eur">1',
      `field.invalid ${ROOT}/PmtInf[1]/CdtTrfTxInf[1]/Amt/InstdAmt/@Ccy`,
    ],
    ['a code that is none', '>SLEV<', '>FREE<', `field.invalid ${ROOT}/PmtInf[1]/ChrgBr`],
  ])('refuses %s and says where', (_what, from, to, finding) => {
    expect(found(refusal(() => readCreditTransferInitiation(changed(from, to))))).toEqual([finding]);
  });

  test.each<[string, string | RegExp, string, string]>([
    ['a wrong number in the header', '<NbOfTxs>3', '<NbOfTxs>4', `field.invalid ${ROOT}/GrpHdr/NbOfTxs`],
    ['a wrong sum in the header', '<CtrlSum>1334.61', '<CtrlSum>1334.6', `field.invalid ${ROOT}/GrpHdr/CtrlSum`],
    ['a wrong number in a payment', '<NbOfTxs>2', '<NbOfTxs>02000', `field.invalid ${ROOT}/PmtInf[2]/NbOfTxs`],
    ['a wrong sum in a payment', '<CtrlSum>100.05', '<CtrlSum>-100.05', `field.invalid ${ROOT}/PmtInf[2]/CtrlSum`],
    ['a cheque', '<PmtMtd>TRF', '<PmtMtd>CHK', `field.invalid ${ROOT}/PmtInf[1]/PmtMtd`],
    [
      'a charge bearer said twice',
      '</Amt>',
      '</Amt><ChrgBr>SLEV</ChrgBr>',
      `field.unexpected ${ROOT}/PmtInf[1]/CdtTrfTxInf[1]/ChrgBr`,
    ],
    [
      'a currency nobody knows',
      'Ccy="EUR">100',
      'Ccy="XXX">100',
      `payment.unsupported-currency ${ROOT}/PmtInf[2]/CdtTrfTxInf[2]/Amt/EqvtAmt/Amt`,
    ],
  ])('refuses %s', (_what, from, to, finding) => {
    expect(found(refusal(() => readCreditTransferInitiation(changed(from, to))))).toEqual([finding]);
  });

  test('refuses an amount of nothing and one finer than its currency', () => {
    const path = `${ROOT}/PmtInf[2]/CdtTrfTxInf[1]/Amt/InstdAmt`;
    const withoutSums = SAMPLE.replace(/<CtrlSum>.*<\/CtrlSum>/g, '');
    for (const amount of ['0', '0.00', '0.055']) {
      const error = refusal(() => readCreditTransferInitiation(withoutSums.replace('>0.05<', `>${amount}<`)));
      expect(found(error)).toEqual([`payment.amount-invalid ${path}`]);
    }
  });

  test('tells all faults of a message at once, the first one as its own', () => {
    const error = refusal(() =>
      readCreditTransferInitiation(
        changed('>SLEV<', '>FREE<').replace('>SHAR<', '>FREE<').replace('<Nm>Sand', '<Nm/><Nm>Sand'),
      ),
    );
    expect(error.code).toBe('field.invalid');
    expect(error.details.path).toBe(`${ROOT}/PmtInf[1]/ChrgBr`);
    expect(found(error)).toEqual([
      `field.invalid ${ROOT}/PmtInf[1]/ChrgBr`,
      `field.invalid ${ROOT}/PmtInf[2]/CdtTrfTxInf[2]/ChrgBr`,
      `field.invalid ${ROOT}/PmtInf[2]/CdtTrfTxInf[2]/Cdtr/Nm`,
      `field.unexpected ${ROOT}/PmtInf[2]/CdtTrfTxInf[2]/Cdtr/Nm`,
    ]);
  });

  test('tells at most a hundred faults', () => {
    const error = refusal(() => readCreditTransferInitiation(changed('<GrpHdr>', `<GrpHdr>${'<x/>'.repeat(5_000)}`)));
    expect(error.details.findings).toHaveLength(100);
  });
});

const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9?:().,'+ -]{0,20}[A-Za-z0-9]$/);
const anyText = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .map((text) => `x${text.replace(/[\u0000-\u001F\uFFFE\uFFFF]/g, '')}`);
const iban = fc
  .integer({ min: 0, max: 999_999_999 })
  .map((n) => toIban('DE', `37040044${String(n).padStart(10, '0')}`));
const amount = fc
  .tuple(fc.bigInt({ min: 1n, max: 99_999_999_999n }), fc.constantFrom('EUR', 'USD', 'JPY', 'KWD'))
  .map(([minor, currency]) => money(minor, currency));
const transfer = fc.record({
  endToEndId: word,
  amount,
  creditor: fc.record({ name: anyText }),
  creditorAccount: iban.map((identification) => ({ scheme: 'iban' as const, identification })),
  remittance: fc.record({ unstructured: fc.array(anyText, { maxLength: 2 }), structured: fc.constant([]) }),
});
const payment = fc.record({
  paymentInformationId: word,
  batchBooking: fc.boolean(),
  executionDate: fc.integer({ min: 10, max: 28 }).map((day) => localDate(`2026-12-${day}`)),
  debtor: fc.record({ name: anyText }),
  debtorAccount: iban.map((identification) => ({ scheme: 'iban' as const, identification })),
  debtorAgent: fc.constant({ bic: 'DGGBDEHH' }),
  transfers: fc.array(transfer, { minLength: 1, maxLength: 5 }),
});
const initiation: fc.Arbitrary<CreditTransferInitiation> = fc.record({
  messageId: word,
  createdAt: fc.integer({ min: 0, max: 2_000_000_000 }).map((seconds) => instant(seconds * 1_000)),
  initiatingParty: fc.record({ name: anyText }),
  payments: fc.array(payment, { minLength: 1, maxLength: 3 }),
});

describe('writing pain.001.001.03', () => {
  test('gives the sample, byte by byte', () => {
    expect(writeCreditTransferInitiation(INITIATION)).toBe(SAMPLE);
  });

  test('gives what is read back, for any of a hundred initiations', () => {
    fc.assert(
      fc.property(initiation, (any) => {
        expect(readCreditTransferInitiation(writeCreditTransferInitiation(any))).toEqual(any);
      }),
      { numRuns: 100 },
    );
  });

  test('leaves nothing to interpret in a text', () => {
    const name = '</Nm></Dbtr><!-- ]]> & "<x a=\'1\'>" &amp; &#60;';
    const [first] = INITIATION.payments;
    if (!first) throw new Error('the sample has a payment');
    const xml = writeCreditTransferInitiation({ ...INITIATION, payments: [{ ...first, debtor: { name } }] });
    expect(readCreditTransferInitiation(xml).payments[0]?.debtor.name).toBe(name);
  });

  test('cuts free text to what fits, and asserts what must fit', () => {
    const [first] = INITIATION.payments;
    if (!first) throw new Error('the sample has a payment');
    const long = writeCreditTransferInitiation({
      ...INITIATION,
      payments: [{ ...first, debtor: { name: `\u0007${'ä'.repeat(200)}` } }],
    });
    expect(readCreditTransferInitiation(long).payments[0]?.debtor.name).toBe(` ${'ä'.repeat(139)}`);
    expect(() => writeCreditTransferInitiation({ ...INITIATION, messageId: 'x'.repeat(36) })).toThrow('GrpHdr/MsgId');
    expect(() => writeCreditTransferInitiation({ ...INITIATION, payments: [] })).toThrow('PmtInf at least 1');
  });
});
