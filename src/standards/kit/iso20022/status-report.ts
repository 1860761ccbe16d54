import { formatInstant, formatMoney, type Instant, type Money } from '../../../kernel/index.js';
import { sumDecimals } from './decimals.js';
import { writeMessage, type Fields } from './message-writer.js';
import { MESSAGES } from './messages.js';
import {
  agentFields,
  codeFields,
  partyFields,
  type CodeOrProprietary,
  type MessageAgent,
  type MessageParty,
} from './parties.js';
import { textPieces } from './text-fitting.js';

/** TransactionIndividualStatus3Code. Newer codes (ACCC, PATC, CANC, ...) are not in this version of the message. */
export type TransferStatus = 'ACTC' | 'RJCT' | 'PDNG' | 'ACCP' | 'ACSP' | 'ACSC' | 'ACWC';
/** TransactionGroupStatus3Code: of a message or a payment. PART: some transfers were accepted and some were not. */
export type GroupStatus = TransferStatus | 'RCVD' | 'PART';

export interface StatusReport {
  readonly messageId: string;
  readonly createdAt: Instant;
  readonly initiatingParty?: MessageParty;
  readonly debtorAgent?: MessageAgent;
  readonly original: {
    readonly messageId: string;
    /** The name of the message that is answered; `pain.001.001.03` unless said. */
    readonly messageName?: string;
    readonly createdAt?: Instant;
    readonly numberOfTransfers?: number;
    /** A decimal number. */
    readonly controlSum?: string;
  };
  readonly status?: GroupStatus;
  readonly reasons?: readonly StatusReason[];
  readonly payments?: readonly PaymentStatusReport[];
}

export interface PaymentStatusReport {
  readonly paymentInformationId: string;
  readonly status?: GroupStatus;
  readonly reasons?: readonly StatusReason[];
  readonly transfers?: readonly TransferStatusReport[];
}

export interface TransferStatusReport {
  readonly statusId?: string;
  readonly instructionId?: string;
  readonly endToEndId?: string;
  readonly status: TransferStatus;
  readonly reasons?: readonly StatusReason[];
  readonly acceptedAt?: Instant;
  /** The bank's own reference. */
  readonly reference?: string;
  /** Given for all transfers of a payment with the status PART, the sum of each status is told. */
  readonly amount?: Money;
}

export interface StatusReason {
  /** An ExternalStatusReason1Code such as AC01 (account number) or AM04 (funds), or one of the bank's own. */
  readonly reason: CodeOrProprietary;
  readonly text?: string;
}

/** Writes a pain.002.001.03: what became of a message, its payments and their transfers. */
export function writeStatusReport(report: StatusReport): string {
  const { original } = report;
  const transfers = (report.payments ?? []).flatMap((payment) => payment.transfers ?? []);
  return writeMessage(MESSAGES['pain.002.001.03'], {
    GrpHdr: {
      MsgId: report.messageId,
      CreDtTm: formatInstant(report.createdAt),
      InitgPty: partyFields(report.initiatingParty),
      DbtrAgt: agentFields(report.debtorAgent),
    },
    OrgnlGrpInfAndSts: {
      OrgnlMsgId: original.messageId,
      OrgnlMsgNmId: original.messageName ?? 'pain.001.001.03',
      OrgnlCreDtTm: original.createdAt === undefined ? undefined : formatInstant(original.createdAt),
      OrgnlNbOfTxs: original.numberOfTransfers === undefined ? undefined : String(original.numberOfTransfers),
      OrgnlCtrlSum: original.controlSum,
      GrpSts: report.status,
      StsRsnInf: (report.reasons ?? []).map(reasonFields),
      NbOfTxsPerSts: numbersPerStatus(report.status, transfers),
    },
    OrgnlPmtInfAndSts: (report.payments ?? []).map(paymentFields),
  });
}

function paymentFields(payment: PaymentStatusReport): Fields {
  const transfers = payment.transfers ?? [];
  return {
    OrgnlPmtInfId: payment.paymentInformationId,
    PmtInfSts: payment.status,
    StsRsnInf: (payment.reasons ?? []).map(reasonFields),
    NbOfTxsPerSts: numbersPerStatus(payment.status, transfers),
    TxInfAndSts: transfers.map(transferFields),
  };
}

function transferFields(transfer: TransferStatusReport): Fields {
  return {
    StsId: transfer.statusId,
    OrgnlInstrId: transfer.instructionId,
    OrgnlEndToEndId: transfer.endToEndId,
    TxSts: transfer.status,
    StsRsnInf: (transfer.reasons ?? []).map(reasonFields),
    AccptncDtTm: transfer.acceptedAt === undefined ? undefined : formatInstant(transfer.acceptedAt),
    AcctSvcrRef: transfer.reference,
  };
}

function reasonFields(reason: StatusReason): Fields {
  return { Rsn: codeFields(reason.reason), AddtlInf: textPieces(reason.text, 105) };
}

/** Only a partial acceptance has several statuses to count. */
function numbersPerStatus(
  status: GroupStatus | undefined,
  transfers: readonly TransferStatusReport[],
): readonly Fields[] {
  if (status !== 'PART') return [];
  const statuses = [...new Set(transfers.map((transfer) => transfer.status))].sort();
  return statuses.map((each) => {
    const those = transfers.filter((transfer) => transfer.status === each);
    const amounts = those.flatMap((transfer) => (transfer.amount ? [formatMoney(transfer.amount)] : []));
    return {
      DtldNbOfTxs: String(those.length),
      DtldSts: each,
      DtldCtrlSum: amounts.length === those.length ? sumDecimals(amounts) : undefined,
    };
  });
}
