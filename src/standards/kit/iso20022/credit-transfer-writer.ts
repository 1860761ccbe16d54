import { formatInstant, formatMoney } from '../../../kernel/index.js';
import type {
  CreditTransfer,
  CreditTransferInitiation,
  PaymentInformation,
  PaymentTypeInformation,
} from './credit-transfer.js';
import { sumDecimals } from './decimals.js';
import { writeMessage, type Fields } from './message-writer.js';
import { MESSAGES } from './messages.js';
import { accountFields, agentFields, codeFields, partyFields } from './parties.js';
import { remittanceFields } from './remittance.js';

/** Writes a pain.001.001.03 that `readCreditTransferInitiation` reads back; counts and control sums are worked out. */
export function writeCreditTransferInitiation(initiation: CreditTransferInitiation): string {
  const transfers = initiation.payments.flatMap((payment) => payment.transfers);
  return writeMessage(MESSAGES['pain.001.001.03'], {
    GrpHdr: {
      MsgId: initiation.messageId,
      CreDtTm: formatInstant(initiation.createdAt),
      ...totals(transfers),
      InitgPty: partyFields(initiation.initiatingParty),
    },
    PmtInf: initiation.payments.map(paymentFields),
  });
}

function paymentFields(payment: PaymentInformation): Fields {
  return {
    PmtInfId: payment.paymentInformationId,
    PmtMtd: 'TRF',
    BtchBookg: payment.batchBooking === undefined ? undefined : String(payment.batchBooking),
    ...totals(payment.transfers),
    PmtTpInf: typeFields(payment.type),
    ReqdExctnDt: payment.executionDate,
    Dbtr: partyFields(payment.debtor),
    DbtrAcct: accountFields(payment.debtorAccount),
    DbtrAgt: agentFields(payment.debtorAgent),
    UltmtDbtr: partyFields(payment.ultimateDebtor),
    ChrgBr: payment.chargeBearer,
    CdtTrfTxInf: payment.transfers.map(transferFields),
  };
}

function transferFields(transfer: CreditTransfer): Fields {
  const amount = { amount: formatMoney(transfer.amount), currency: transfer.amount.currency };
  return {
    PmtId: { InstrId: transfer.instructionId, EndToEndId: transfer.endToEndId },
    PmtTpInf: typeFields(transfer.type),
    Amt:
      transfer.transferCurrency === undefined
        ? { InstdAmt: amount }
        : { EqvtAmt: { Amt: amount, CcyOfTrf: transfer.transferCurrency } },
    ChrgBr: transfer.chargeBearer,
    UltmtDbtr: partyFields(transfer.ultimateDebtor),
    CdtrAgt: agentFields(transfer.creditorAgent),
    Cdtr: partyFields(transfer.creditor),
    CdtrAcct: accountFields(transfer.creditorAccount),
    UltmtCdtr: partyFields(transfer.ultimateCreditor),
    Purp: codeFields(transfer.purpose),
    RmtInf: remittanceFields(transfer.remittance),
  };
}

function typeFields(type: PaymentTypeInformation | undefined): Fields | undefined {
  if (!type) return undefined;
  return {
    InstrPrty: type.priority,
    SvcLvl: codeFields(type.serviceLevel),
    LclInstrm: codeFields(type.localInstrument),
    CtgyPurp: codeFields(type.categoryPurpose),
  };
}

function totals(transfers: readonly CreditTransfer[]): Fields {
  return {
    NbOfTxs: String(transfers.length),
    CtrlSum: sumDecimals(transfers.map((transfer) => formatMoney(transfer.amount))),
  };
}
