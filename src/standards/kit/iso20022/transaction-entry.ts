import { isIban, type Transaction } from '../../../bank/index.js';
import { dateOf, money } from '../../../kernel/index.js';
import type { ReportedDetails, ReportedEntry } from './account-report.js';
import { bankTransactionCode } from './bank-transaction-codes.js';
import type { MessageAccount, MessageParty } from './parties.js';
import { textPieces } from './text-fitting.js';

/** The customer's own side of every entry. */
export interface ReportedOwner {
  readonly party: MessageParty;
  readonly account: MessageAccount;
}

/**
 * A transaction of the bank as an entry of a report. `owner` stands on the one side, the counterparty on the other; the
 * reference of the payment is told as the remittance line. A pending transaction has no booking date yet.
 */
export function reportedEntry(transaction: Transaction, owner: ReportedOwner): ReportedEntry {
  const { status } = transaction;
  return {
    reference: transaction.id,
    amount: money(transaction.amountMinor, transaction.currency),
    direction: transaction.direction,
    status,
    ...(status === 'booked' && { bookedAt: dateOf(transaction.bookedAt) }),
    valueAt: dateOf(transaction.valueAt),
    code: bankTransactionCode(transaction),
    text: transaction.text,
    details: detailsOf(transaction, owner),
  };
}

function detailsOf(transaction: Transaction, owner: ReportedOwner): ReportedDetails {
  const { reference, paymentId, endToEndId, direction } = transaction;
  const name = transaction.counterparty?.name ?? transaction.merchant?.name;
  const party = name === undefined ? undefined : { name };
  const account = counterpartyAccount(transaction);
  const isCredit = direction === 'credit';
  const debtor = isCredit ? party : owner.party;
  const creditor = isCredit ? owner.party : party;
  const debtorAccount = isCredit ? account : owner.account;
  const creditorAccount = isCredit ? owner.account : account;
  return {
    ...(paymentId !== undefined && paymentId.length <= 35 && { transactionId: paymentId }),
    ...(endToEndId !== undefined && endToEndId.length <= 35 && { endToEndId }),
    ...(debtor && { debtor }),
    ...(debtorAccount && { debtorAccount }),
    ...(creditor && { creditor }),
    ...(creditorAccount && { creditorAccount }),
    ...(reference !== undefined && { remittance: { unstructured: textPieces(reference, 140), structured: [] } }),
  };
}

function counterpartyAccount(transaction: Transaction): MessageAccount | undefined {
  const identification = transaction.counterparty?.identification;
  if (identification === undefined) return undefined;
  if (isIban(identification)) return { scheme: 'iban', identification };
  return identification.length <= 34 ? { scheme: 'other', identification } : undefined;
}
