/** ISO 20022 messages between customers and their bank, read into and written from plain records. */
export type {
  AccountReport,
  ReportedBalance,
  ReportedBalanceType,
  ReportedDetails,
  ReportedEntry,
} from './account-report.js';
export { writeAccountReport, writeAccountStatement } from './account-report-writer.js';
export { bankTransactionCode, type BankTransactionCode } from './bank-transaction-codes.js';
export type {
  ChargeBearer,
  CreditTransfer,
  CreditTransferInitiation,
  PaymentInformation,
  PaymentTypeInformation,
} from './credit-transfer.js';
export { readCreditTransferInitiation } from './credit-transfer-reader.js';
export { writeCreditTransferInitiation } from './credit-transfer-writer.js';
export type { CodeOrProprietary, MessageAccount, MessageAddress, MessageAgent, MessageParty } from './parties.js';
export type { ReferredDocument, Remittance, StructuredRemittance } from './remittance.js';
export { sepaFindings } from './sepa-rules.js';
export {
  writeStatusReport,
  type GroupStatus,
  type PaymentStatusReport,
  type StatusReason,
  type StatusReport,
  type TransferStatus,
  type TransferStatusReport,
} from './status-report.js';
export { reportedEntry, type ReportedOwner } from './transaction-entry.js';
export { XML_LIMITS } from './xml-guard.js';
