import { describe, expect, test } from '@jest/globals';
import { choice, sequence } from '../../../src/standards/kit/iso20022/grammar.js';
import { contentType, ELEMENT_TYPES, MESSAGES } from '../../../src/standards/kit/iso20022/messages.js';
import { TEXT_TYPES } from '../../../src/standards/kit/iso20022/text-types.js';

function names(type: string): string {
  return (ELEMENT_TYPES[type]?.particles ?? []).map((particle) => particle.name).join(' ');
}

function mandatory(type: string): string {
  const particles = ELEMENT_TYPES[type]?.particles ?? [];
  return particles.flatMap((particle) => (particle.min > 0 ? [particle.name] : [])).join(' ');
}

describe('the messages', () => {
  test.each([
    ['pain.001.001.03', 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.03', 'CstmrCdtTrfInitn'],
    ['pain.002.001.03', 'urn:iso:std:iso:20022:tech:xsd:pain.002.001.03', 'CstmrPmtStsRpt'],
    ['camt.052.001.02', 'urn:iso:std:iso:20022:tech:xsd:camt.052.001.02', 'BkToCstmrAcctRpt'],
    ['camt.053.001.02', 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.02', 'BkToCstmrStmt'],
  ] as const)('%s has the namespace %s and the root %s', (id, namespace, root) => {
    expect(MESSAGES[id]).toMatchObject({ namespace, root });
  });

  test.each([
    ['GroupHeader32', 'MsgId CreDtTm Authstn NbOfTxs CtrlSum InitgPty FwdgAgt', 'MsgId CreDtTm NbOfTxs InitgPty'],
    [
      'PaymentInstructionInformation3',
      'PmtInfId PmtMtd BtchBookg NbOfTxs CtrlSum PmtTpInf ReqdExctnDt PoolgAdjstmntDt Dbtr DbtrAcct DbtrAgt DbtrAgtAcct ' +
        'UltmtDbtr ChrgBr ChrgsAcct ChrgsAcctAgt CdtTrfTxInf',
      'PmtInfId PmtMtd ReqdExctnDt Dbtr DbtrAcct DbtrAgt CdtTrfTxInf',
    ],
    [
      'CreditTransferTransactionInformation10',
      'PmtId PmtTpInf Amt XchgRateInf ChrgBr ChqInstr UltmtDbtr IntrmyAgt1 IntrmyAgt1Acct IntrmyAgt2 IntrmyAgt2Acct ' +
        'IntrmyAgt3 IntrmyAgt3Acct CdtrAgt CdtrAgtAcct Cdtr CdtrAcct UltmtCdtr InstrForCdtrAgt InstrForDbtrAgt Purp ' +
        'RgltryRptg Tax RltdRmtInf RmtInf',
      'PmtId Amt',
    ],
    [
      'OriginalGroupInformation20',
      'OrgnlMsgId OrgnlMsgNmId OrgnlCreDtTm OrgnlNbOfTxs OrgnlCtrlSum GrpSts StsRsnInf NbOfTxsPerSts',
      'OrgnlMsgId OrgnlMsgNmId',
    ],
    ['CashBalance3', 'Tp CdtLine Amt CdtDbtInd Dt', 'Tp Amt CdtDbtInd Dt'],
    [
      'ReportEntry2',
      'NtryRef Amt CdtDbtInd RvslInd Sts BookgDt ValDt AcctSvcrRef BkTxCd NtryDtls AddtlNtryInf',
      'Amt CdtDbtInd Sts BkTxCd',
    ],
  ])('the children of %s are in the order of the schema', (type, order, needed) => {
    expect(names(type)).toBe(order);
    expect(mandatory(type)).toBe(needed);
  });

  test('a report may be without a balance, a statement not', () => {
    const balance = (type: string) => ELEMENT_TYPES[type]?.particles.find((particle) => particle.name === 'Bal');
    expect(balance('AccountReport11')).toMatchObject({ min: 0, max: Infinity });
    expect(balance('AccountStatement2')).toMatchObject({ min: 1, max: Infinity });
  });

  test('every type that is named exists, and every type is reached from a message', () => {
    const reached = new Set<string>();
    const visit = (type: string): void => {
      if (reached.has(type)) return;
      reached.add(type);
      const content = contentType(type);
      if (content.kind === 'elements') for (const particle of content.elements.particles) visit(particle.type);
    };
    for (const message of Object.values(MESSAGES)) visit(message.type);
    expect([...Object.keys(ELEMENT_TYPES), ...Object.keys(TEXT_TYPES)].filter((type) => !reached.has(type))).toEqual(
      [],
    );
  });
});

describe('the notation', () => {
  test('says how often an element may stand', () => {
    expect(sequence('A:X B?:X C*:X D+:X E{0,7}:X').particles.map(({ min, max }) => [min, max])).toEqual([
      [1, 1],
      [0, 1],
      [0, Infinity],
      [1, Infinity],
      [0, 7],
    ]);
    expect(choice('A:X B:Y').kind).toBe('choice');
  });

  test('refuses what it does not know', () => {
    expect(() => sequence('A?X')).toThrow('a particle');
  });
});

describe('texts', () => {
  test.each([
    [
      'IBAN2007Identifier',
      ['DE89370400440532013000', 'de89370400440532013000'.toUpperCase()],
      ['DE88370400440532013000', 'DE89 3704', ''],
    ],
    ['BICIdentifier', ['DGGBDEHH', 'DGGBDEHHXXX'], ['DGGBDEHHX', 'dggbdehh', 'DGGBDE0H', 'DGGBDEHO']],
    [
      'ISODate',
      ['2026-11-25', '2024-02-29', '2026-11-25Z', '2026-11-25+01:00'],
      ['2026-02-29', '25.11.2026', '2026-11-25T00:00:00'],
    ],
    [
      'ISODateTime',
      ['2026-11-25T10:30:00', '2026-11-25T10:30:00.123Z', '2026-11-25T10:30:00+01:00'],
      ['2026-11-25', '2026-13-25T10:30:00Z'],
    ],
    [
      'ActiveOrHistoricCurrencyAndAmount',
      ['0', '1.5', '+1', '.5', '0012.30000', '9999999999999.99999'],
      ['-1', '1,5', '1e3', '', '1.123456', '12345678901234567890'],
    ],
    ['DecimalNumber', ['-1', '12.345', '0.12345678901234567'], ['0.123456789012345678', 'NaN']],
    ['Max35Text', ['x', 'x'.repeat(35), '😀'.repeat(35)], ['', 'x'.repeat(36), '😀'.repeat(36)]],
    ['Max15NumericText', ['1', '000'], ['', '1.0', '-1', '1234567890123456']],
    ['PhoneNumber', ['+49-301234567'], ['0301234567', '+49 30']],
    ['BatchBookingIndicator', ['true', 'false', '1', '0'], ['TRUE', 'yes', '']],
  ])('%s takes what it should and nothing else', (type, good, bad) => {
    const accepts = TEXT_TYPES[type]?.accepts ?? (() => false);
    expect(good.filter((text) => !accepts(text))).toEqual([]);
    expect(bad.filter((text) => accepts(text))).toEqual([]);
  });
});
