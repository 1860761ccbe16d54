import { dateOf, money, type Instant } from '../../../kernel/index.js';
import type { Account, AccountBalance, BankProfile, Transaction } from '../../../bank/index.js';
import {
  reportedEntry,
  writeAccountReport,
  writeAccountStatement,
  type AccountReport,
  type ReportedBalance,
  type ReportedBalanceType,
} from '../../kit/iso20022/index.js';

/** A period of an account as a camt message: newest first, as the bank reads it. */
export interface StatementInput {
  readonly account: Account;
  readonly profile: BankProfile;
  readonly transactions: readonly Transaction[];
  readonly balance: AccountBalance;
  readonly period?: { readonly from: Instant; readonly to: Instant };
  readonly messageId: string;
  readonly now: Instant;
}

/** Booked entries alone are a statement (camt.053); with what is pending it is a report (camt.052). */
export function toCamt(input: StatementInput, kind: 'camt.052' | 'camt.053'): string {
  const report = reportOf(input);
  return kind === 'camt.053' ? writeAccountStatement(report) : writeAccountReport(report);
}

function reportOf({ account, profile, transactions, balance, period, messageId, now }: StatementInput): AccountReport {
  const owner = { party: { name: account.holderName }, account: accountOf(account) };
  return {
    messageId,
    createdAt: now,
    reportId: messageId,
    ...(period && { period }),
    account: owner.account,
    owner: owner.party,
    servicer: { bic: profile.bic },
    balances: balancesOf(transactions, balance),
    // Statements are read from the oldest entry to the newest.
    entries: transactions.toReversed().map((transaction) => reportedEntry(transaction, owner)),
  };
}

function accountOf(account: Account): AccountReport['account'] {
  const iban = account.identifiers.find(({ scheme }) => scheme === 'iban')?.identification;
  const other = account.identifiers.find(({ scheme }) => scheme !== 'pan')?.identification ?? account.id;
  const { currency } = account;
  return iban !== undefined
    ? { scheme: 'iban', identification: iban, currency }
    : { scheme: 'other', identification: other, currency };
}

/** Before the first entry and after the last one; without entries that is the balance of the moment. */
function balancesOf(transactions: readonly Transaction[], balance: AccountBalance): readonly ReportedBalance[] {
  const { currency, bookedMinor, at } = balance;
  const booked = transactions.filter(({ balanceAfterMinor }) => balanceAfterMinor !== undefined);
  const [newest, oldest] = [booked[0], booked.at(-1)];
  const of = (type: ReportedBalanceType, minor: bigint, day: Instant): ReportedBalance => ({
    type,
    amount: money(minor < 0n ? -minor : minor, currency),
    direction: minor < 0n ? 'debit' : 'credit',
    at: dateOf(day),
  });
  const closing = newest?.balanceAfterMinor ?? bookedMinor;
  const moved = oldest && (oldest.direction === 'debit' ? -oldest.amountMinor : oldest.amountMinor);
  const opening = oldest?.balanceAfterMinor !== undefined ? oldest.balanceAfterMinor - (moved ?? 0n) : bookedMinor;
  return [of('opening-booked', opening, oldest?.bookedAt ?? at), of('closing-booked', closing, newest?.bookedAt ?? at)];
}
