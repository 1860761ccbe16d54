import {
  assert,
  instant,
  isSandbankError,
  localDate,
  money,
  parseInstant,
  parseMoney,
  type Instant,
  type Money,
} from '../../../kernel/index.js';
import { canonicalDecimal, sumDecimals } from './decimals.js';
import type {
  ChargeBearer,
  CreditTransfer,
  CreditTransferInitiation,
  PaymentInformation,
  PaymentTypeInformation,
} from './credit-transfer.js';
import { createFindings, type FindingList } from './findings.js';
import { find, findAll, need, textAt, type MessageElement } from './message-element.js';
import { readMessage } from './message-reader.js';
import { MESSAGES } from './messages.js';
import { readAccount, readAgent, readCode, readParty } from './parties.js';
import { readRemittance } from './remittance.js';

/**
 * Reads a pain.001.001.03: the XML is guarded, held against the schema, its numbers of transfers and control sums are
 * counted, and it is answered as plain records. Whether its accounts, day or products suit the bank is not asked here.
 *
 * Throws `request.too-large`, `request.malformed`, or the code of the first finding (`field.missing`, `field.invalid`,
 * `field.unexpected`, `payment.amount-invalid`, `payment.unsupported-currency`) with up to 100 in `details.findings`,
 * each with its path: `/Document/CstmrCdtTrfInitn/PmtInf[1]/CdtTrfTxInf[3]/Amt/InstdAmt`.
 */
export function readCreditTransferInitiation(body: Uint8Array | string): CreditTransferInitiation {
  const findings = createFindings();
  const root = readMessage(body, MESSAGES['pain.001.001.03'], findings);
  findings.throwIfAny();
  assert(root !== undefined, 'a message without findings has a root');
  const header = need(root, 'GrpHdr');
  const payments = findAll(root, 'PmtInf');
  checkTotals(
    header,
    payments.flatMap((payment) => findAll(payment, 'CdtTrfTxInf')),
    findings,
  );
  const initiation: CreditTransferInitiation = {
    messageId: need(header, 'MsgId').text,
    createdAt: readInstant(need(header, 'CreDtTm')),
    initiatingParty: readParty(need(header, 'InitgPty')),
    payments: payments.map((payment) => readPayment(payment, findings)),
  };
  findings.throwIfAny();
  return initiation;
}

function readPayment(element: MessageElement, findings: FindingList): PaymentInformation {
  const transfers = findAll(element, 'CdtTrfTxInf');
  checkTotals(element, transfers, findings);
  const method = need(element, 'PmtMtd');
  if (method.text === 'CHK') findings.add('field.invalid', method.path, 'PmtMtd must be TRF: cheques are not issued.');
  const batchBooking = textAt(element, 'BtchBookg');
  const type = find(element, 'PmtTpInf');
  const chargeBearer = textAt(element, 'ChrgBr');
  const ultimateDebtor = find(element, 'UltmtDbtr');
  return {
    paymentInformationId: need(element, 'PmtInfId').text,
    ...(batchBooking !== undefined && { batchBooking: batchBooking === 'true' || batchBooking === '1' }),
    executionDate: localDate(need(element, 'ReqdExctnDt').text.slice(0, 10)),
    ...(type && { type: readType(type) }),
    ...(chargeBearer !== undefined && { chargeBearer: chargeBearer as ChargeBearer }),
    debtor: readParty(need(element, 'Dbtr')),
    debtorAccount: readAccount(need(element, 'DbtrAcct')),
    debtorAgent: readAgent(need(element, 'DbtrAgt')),
    ...(ultimateDebtor && { ultimateDebtor: readParty(ultimateDebtor) }),
    transfers: transfers.map((transfer) => {
      checkOnlyOnce(element, transfer, findings);
      return readTransfer(transfer, findings);
    }),
  };
}

function readTransfer(element: MessageElement, findings: FindingList): CreditTransfer {
  const cheque = find(element, 'ChqInstr');
  if (cheque) findings.add('field.unexpected', cheque.path, 'ChqInstr belongs to cheques; they are not issued.');
  const instructionId = textAt(element, 'PmtId', 'InstrId');
  const type = find(element, 'PmtTpInf');
  const equivalent = find(element, 'Amt', 'EqvtAmt');
  const chargeBearer = textAt(element, 'ChrgBr');
  const purpose = readCode(find(element, 'Purp'));
  const ultimateDebtor = find(element, 'UltmtDbtr');
  const creditor = find(element, 'Cdtr');
  const creditorAgent = find(element, 'CdtrAgt');
  const creditorAccount = find(element, 'CdtrAcct');
  const ultimateCreditor = find(element, 'UltmtCdtr');
  return {
    ...(instructionId !== undefined && { instructionId }),
    endToEndId: need(element, 'PmtId', 'EndToEndId').text,
    ...(type && { type: readType(type) }),
    amount: readMoney(equivalent ? need(equivalent, 'Amt') : need(element, 'Amt', 'InstdAmt'), findings),
    ...(equivalent && { transferCurrency: need(equivalent, 'CcyOfTrf').text }),
    ...(chargeBearer !== undefined && { chargeBearer: chargeBearer as ChargeBearer }),
    ...(ultimateDebtor && { ultimateDebtor: readParty(ultimateDebtor) }),
    ...(creditorAgent && { creditorAgent: readAgent(creditorAgent) }),
    ...(creditor && { creditor: readParty(creditor) }),
    ...(creditorAccount && { creditorAccount: readAccount(creditorAccount) }),
    ...(ultimateCreditor && { ultimateCreditor: readParty(ultimateCreditor) }),
    ...(purpose && { purpose }),
    remittance: readRemittance(find(element, 'RmtInf')),
  };
}

function readType(element: MessageElement): PaymentTypeInformation {
  const priority = textAt(element, 'InstrPrty');
  const serviceLevel = readCode(find(element, 'SvcLvl'));
  const localInstrument = readCode(find(element, 'LclInstrm'));
  const categoryPurpose = readCode(find(element, 'CtgyPurp'));
  return {
    ...(priority !== undefined && { priority: priority as 'HIGH' | 'NORM' }),
    ...(serviceLevel && { serviceLevel }),
    ...(localInstrument && { localInstrument }),
    ...(categoryPurpose && { categoryPurpose }),
  };
}

/** What may be said once for all transfers or at each, not at both (rules of the message definition). */
function checkOnlyOnce(payment: MessageElement, transfer: MessageElement, findings: FindingList): void {
  for (const name of ['PmtTpInf', 'ChrgBr', 'UltmtDbtr']) {
    const again = find(transfer, name);
    if (again && find(payment, name)) {
      findings.add('field.unexpected', again.path, `${name} is given for the whole payment already.`);
    }
  }
}

/** NbOfTxs counts the transfers; CtrlSum adds their amounts up, whatever their currencies. */
function checkTotals(element: MessageElement, transfers: readonly MessageElement[], findings: FindingList): void {
  const number = find(element, 'NbOfTxs');
  if (number && Number(number.text) !== transfers.length) {
    findings.add('field.invalid', number.path, `NbOfTxs says ${number.text}, there are ${transfers.length} transfers.`);
  }
  const control = find(element, 'CtrlSum');
  if (!control) return;
  const sum = sumDecimals(
    transfers.map((transfer) => (find(transfer, 'Amt', 'InstdAmt') ?? need(transfer, 'Amt', 'EqvtAmt', 'Amt')).text),
  );
  if (canonicalDecimal(control.text) !== sum) {
    findings.add('field.invalid', control.path, `CtrlSum says ${control.text}, the amounts add up to ${sum}.`);
  }
}

function readMoney(element: MessageElement, findings: FindingList): Money {
  const currency = element.currency ?? '';
  try {
    const amount = parseMoney(canonicalDecimal(element.text), currency);
    if (amount.amountMinor === 0n) findings.add('payment.amount-invalid', element.path, 'The amount is zero.');
    return amount;
  } catch (error) {
    // One bad amount of many is a finding like others; anything else is a bug.
    if (!isSandbankError(error)) throw error;
    findings.add(error.code, element.path, error.message);
    return money(0n, currency);
  }
}

function readInstant(element: MessageElement): Instant {
  return parseInstant(element.text) ?? instant(0);
}
