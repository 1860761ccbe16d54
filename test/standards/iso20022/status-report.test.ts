import { describe, expect, test } from '@jest/globals';
import { money } from '../../../src/kernel/index.js';
import { writeStatusReport, type StatusReport } from '../../../src/standards/kit/iso20022/index.js';
import { createFindings } from '../../../src/standards/kit/iso20022/findings.js';
import { find, findAll, textAt } from '../../../src/standards/kit/iso20022/message-element.js';
import { readMessage } from '../../../src/standards/kit/iso20022/message-reader.js';
import { MESSAGES } from '../../../src/standards/kit/iso20022/messages.js';
import { AT, golden } from './samples.js';

const REPORT: StatusReport = {
  messageId: 'STS-1',
  createdAt: AT,
  initiatingParty: { name: 'Müller & Söhne <Bau> GmbH' },
  debtorAgent: { bic: 'DGGBDEHHXXX' },
  original: { messageId: 'MSG-2026-11-25-1', createdAt: AT, numberOfTransfers: 3, controlSum: '1334.61' },
  status: 'PART',
  payments: [
    {
      paymentInformationId: 'PMT-1',
      status: 'ACSC',
      transfers: [
        {
          instructionId: 'INSTR-1',
          endToEndId: 'E2E-1',
          status: 'ACSC',
          acceptedAt: AT,
          reference: 'pay-1',
          amount: money(123_456n, 'EUR'),
        },
      ],
    },
    {
      paymentInformationId: 'PMT-2',
      status: 'RJCT',
      reasons: [{ reason: { code: 'AM05' } }],
      transfers: [
        {
          statusId: 'S-2',
          endToEndId: 'NOTPROVIDED',
          status: 'RJCT',
          reasons: [{ reason: { code: 'AC04' }, text: `The account is closed. ${'x'.repeat(100)}` }],
          amount: money(5n, 'EUR'),
        },
        {
          endToEndId: 'E2E-3',
          status: 'RJCT',
          reasons: [{ reason: { proprietary: 'NO-USD' } }],
          amount: money(100_00n, 'EUR'),
        },
      ],
    },
  ],
};

function read(xml: string) {
  const findings = createFindings();
  const root = readMessage(xml, MESSAGES['pain.002.001.03'], findings);
  expect(findings.found).toEqual([]);
  if (!root) throw new Error('there is a root');
  return root;
}

describe('writing pain.002.001.03', () => {
  test('gives the sample, which holds against the schema', () => {
    const xml = writeStatusReport(REPORT);
    expect(xml).toBe(golden('pain.002.xml'));
    expect(read(xml).name).toBe('CstmrPmtStsRpt');
  });

  test('counts and sums the transfers of each status where only some were accepted', () => {
    const group = find(read(writeStatusReport(REPORT)), 'OrgnlGrpInfAndSts');
    expect(
      findAll(group, 'NbOfTxsPerSts').map((each) => [
        textAt(each, 'DtldSts'),
        textAt(each, 'DtldNbOfTxs'),
        textAt(each, 'DtldCtrlSum'),
      ]),
    ).toEqual([
      ['ACSC', '1', '1234.56'],
      ['RJCT', '2', '100.05'],
    ]);
  });

  test('needs no more than what it answers', () => {
    const root = read(
      writeStatusReport({ messageId: 'S', createdAt: AT, original: { messageId: 'M' }, status: 'RCVD' }),
    );
    expect(textAt(root, 'OrgnlGrpInfAndSts', 'OrgnlMsgNmId')).toBe('pain.001.001.03');
    expect(textAt(root, 'OrgnlGrpInfAndSts', 'GrpSts')).toBe('RCVD');
    expect(root.children.map((child) => child.name)).toEqual(['GrpHdr', 'OrgnlGrpInfAndSts']);
  });

  test('spreads a long reason over several lines of 105 characters', () => {
    const root = read(writeStatusReport(REPORT));
    const reasons = findAll(root, 'OrgnlPmtInfAndSts').flatMap((payment) => findAll(payment, 'TxInfAndSts'));
    const lines = findAll(find(reasons[1] ?? root, 'StsRsnInf'), 'AddtlInf').map((line) => line.text);
    expect(lines.map((line) => line.length)).toEqual([105, 18]);
  });
});
