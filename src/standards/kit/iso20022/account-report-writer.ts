import {
  assert,
  formatInstant,
  formatMoney,
  money,
  type Instant,
  type LocalDate,
  type Money,
} from '../../../kernel/index.js';
import type {
  AccountReport,
  ReportedBalance,
  ReportedBalanceType,
  ReportedDetails,
  ReportedEntry,
} from './account-report.js';
import type { BankTransactionCode } from './bank-transaction-codes.js';
import { writeMessage, type AmountContent, type Fields } from './message-writer.js';
import { MESSAGES } from './messages.js';
import { accountFields, agentFields, partyFields } from './parties.js';
import { remittanceFields } from './remittance.js';
import { fitText } from './text-fitting.js';

/** BalanceType12Code. */
const BALANCE_CODES: Readonly<Record<ReportedBalanceType, string>> = {
  'opening-booked': 'OPBD',
  'closing-booked': 'CLBD',
  'interim-booked': 'ITBD',
  'opening-available': 'OPAV',
  'closing-available': 'CLAV',
  'interim-available': 'ITAV',
  'forward-available': 'FWAV',
  'previously-closed-booked': 'PRCD',
  expected: 'XPCD',
};

const STATUS_CODES: Readonly<Record<ReportedEntry['status'], string>> = {
  booked: 'BOOK',
  pending: 'PDNG',
  information: 'INFO',
};

/** Writes a camt.052.001.02: entries of any status, balances as there are. All amounts are in the account's currency. */
export function writeAccountReport(report: AccountReport): string {
  return writeMessage(MESSAGES['camt.052.001.02'], {
    GrpHdr: headerFields(report),
    Rpt: { ...reportFields(report), AddtlRptInf: fitText(report.text, 500) },
  });
}

/**
 * Writes a camt.053.001.02: a statement has booked entries only and at least one balance. All amounts are in the account's
 * currency.
 */
export function writeAccountStatement(report: AccountReport): string {
  assert(
    report.entries.every((entry) => entry.status === 'booked'),
    'a statement has booked entries only',
  );
  return writeMessage(MESSAGES['camt.053.001.02'], {
    GrpHdr: headerFields(report),
    Stmt: { ...reportFields(report), AddtlStmtInf: fitText(report.text, 500) },
  });
}

function headerFields(report: AccountReport): Fields {
  return { MsgId: report.messageId, CreDtTm: formatInstant(report.createdAt) };
}

function reportFields(report: AccountReport): Fields {
  const { period } = report;
  return {
    Id: report.reportId,
    ElctrncSeqNb: report.sequenceNumber === undefined ? undefined : String(report.sequenceNumber),
    CreDtTm: formatInstant(report.createdAt),
    FrToDt: period && { FrDtTm: formatInstant(period.from), ToDtTm: formatInstant(period.to) },
    Acct: {
      ...accountFields(report.account),
      Ownr: partyFields(report.owner),
      Svcr: agentFields(report.servicer),
    },
    Bal: report.balances.map(balanceFields),
    TxsSummry: summaryFields(report.entries),
    Ntry: report.entries.map(entryFields),
  };
}

function balanceFields(balance: ReportedBalance): Fields {
  const line = balance.creditLine;
  return {
    Tp: { CdOrPrtry: { Cd: BALANCE_CODES[balance.type] } },
    CdtLine: line && { Incl: String(line.included), Amt: line.amount && amountContent(line.amount) },
    Amt: amountContent(balance.amount),
    CdtDbtInd: directionCode(balance.direction),
    Dt: dateFields(balance.at),
  };
}

/** Numbers and sums of the entries, both together and by direction, from which a reader can check that none is lost. */
function summaryFields(entries: readonly ReportedEntry[]): Fields | undefined {
  const currency = entries[0]?.amount.currency;
  if (currency === undefined) return undefined;
  assert(
    entries.every((entry) => entry.amount.currency === currency),
    'entries are in the currency of the account',
  );
  const credits = entries.filter((entry) => entry.direction === 'credit');
  const debits = entries.filter((entry) => entry.direction === 'debit');
  const total = (some: readonly ReportedEntry[]): bigint =>
    some.reduce((sum, entry) => sum + entry.amount.amountMinor, 0n);
  const text = (minor: bigint): string => formatMoney(money(minor, currency));
  const net = total(credits) - total(debits);
  return {
    TtlNtries: {
      NbOfNtries: String(entries.length),
      Sum: text(total(entries)),
      TtlNetNtryAmt: text(net < 0n ? -net : net),
      CdtDbtInd: directionCode(net < 0n ? 'debit' : 'credit'),
    },
    TtlCdtNtries: { NbOfNtries: String(credits.length), Sum: text(total(credits)) },
    TtlDbtNtries: { NbOfNtries: String(debits.length), Sum: text(total(debits)) },
  };
}

function entryFields(entry: ReportedEntry): Fields {
  return {
    NtryRef: entry.reference,
    Amt: amountContent(entry.amount),
    CdtDbtInd: directionCode(entry.direction),
    RvslInd: entry.isReversal === undefined ? undefined : String(entry.isReversal),
    Sts: STATUS_CODES[entry.status],
    BookgDt: entry.bookedAt === undefined ? undefined : { Dt: entry.bookedAt },
    ValDt: entry.valueAt === undefined ? undefined : { Dt: entry.valueAt },
    AcctSvcrRef: entry.reference,
    BkTxCd: codeFields(entry.code),
    NtryDtls: entry.details && { TxDtls: detailFields(entry.details, entry.amount) },
    AddtlNtryInf: fitText(entry.text, 500),
  };
}

function codeFields(code: BankTransactionCode): Fields {
  return {
    Domn: { Cd: code.domain, Fmly: { Cd: code.family, SubFmlyCd: code.subFamily } },
    Prtry: code.proprietary && { Cd: code.proprietary.code, Issr: code.proprietary.issuer },
  };
}

function detailFields(details: ReportedDetails, amount: Money): Fields {
  return {
    Refs: {
      MsgId: details.messageId,
      PmtInfId: details.paymentInformationId,
      InstrId: details.instructionId,
      EndToEndId: details.endToEndId,
      TxId: details.transactionId,
      MndtId: details.mandateId,
    },
    AmtDtls: { TxAmt: { Amt: amountContent(amount) } },
    RltdPties: {
      Dbtr: partyFields(details.debtor),
      DbtrAcct: accountFields(details.debtorAccount),
      Cdtr: partyFields(details.creditor),
      CdtrAcct: accountFields(details.creditorAccount),
    },
    RltdAgts: { DbtrAgt: agentFields(details.debtorAgent), CdtrAgt: agentFields(details.creditorAgent) },
    RmtInf: remittanceFields(details.remittance),
    AddtlTxInf: fitText(details.text, 500),
  };
}

function amountContent(amount: Money): AmountContent {
  return { amount: formatMoney(amount), currency: amount.currency };
}

function directionCode(direction: 'credit' | 'debit'): string {
  return direction === 'credit' ? 'CRDT' : 'DBIT';
}

function dateFields(at: LocalDate | Instant): Fields {
  return typeof at === 'number' ? { DtTm: formatInstant(at) } : { Dt: at };
}
