import { formatInstant } from '../../../kernel/index.js';
import type { Capability, Statement, StatementTotal } from '../../../bank/index.js';
import { toAmount, toIndicator, type CreditDebitIndicator, type WireAmount } from './amount.js';

export interface WireStatement {
  readonly AccountId: string;
  readonly StatementId: string;
  readonly StatementReference: string;
  readonly Type: 'RegularPeriodic';
  readonly StartDateTime: string;
  readonly EndDateTime: string;
  readonly CreationDateTime: string;
  readonly StatementFee?: readonly WireStatementSum[];
  readonly StatementInterest?: readonly WireStatementSum[];
  readonly StatementValue: readonly { readonly Type: string; readonly Value: string }[];
  /** Detail only. */
  readonly StatementAmount?: readonly WireStatementSum[];
}

interface WireStatementSum {
  readonly CreditDebitIndicator: CreditDebitIndicator;
  readonly Type: string;
  readonly Amount: WireAmount;
}

/** A month of an account (4.0.1, statements: sums by type are the detail permission's). */
export function toStatement(statement: Statement, capabilities: readonly Capability[]): WireStatement {
  const { id, accountId, from, to, cutAt } = statement;
  const fees = sumOf(statement, ['fee']);
  const interest = sumOf(statement, ['interest-paid', 'interest-charged']);
  const count = (direction: StatementTotal['direction']): string =>
    String(statement.totals.filter((one) => one.direction === direction).reduce((sum, one) => sum + one.count, 0));
  return {
    AccountId: accountId,
    StatementId: id,
    StatementReference: formatInstant(from).slice(0, 7),
    Type: 'RegularPeriodic',
    StartDateTime: formatInstant(from),
    EndDateTime: formatInstant(to),
    CreationDateTime: formatInstant(cutAt),
    ...(fees !== undefined && { StatementFee: [toSum(statement, 'UK.OBIE.Total', fees)] }),
    ...(interest !== undefined && { StatementInterest: [toSum(statement, 'UK.OBIE.Total', interest)] }),
    StatementValue: [
      { Type: 'UK.OBIE.Credits', Value: count('credit') },
      { Type: 'UK.OBIE.Debits', Value: count('debit') },
    ],
    ...(capabilities.includes('statements.detail') && { StatementAmount: amountsOf(statement) }),
  };
}

function amountsOf(statement: Statement): readonly WireStatementSum[] {
  const { openingMinor, closingMinor, totals } = statement;
  const total = (direction: StatementTotal['direction']): bigint =>
    totals.filter((one) => one.direction === direction).reduce((sum, { sumMinor }) => sum + sumMinor, 0n);
  return [
    toSum(statement, 'UK.OBIE.StartingBalance', openingMinor),
    toSum(statement, 'UK.OBIE.TotalCredits', total('credit')),
    // Of no money a sum of debits is one of debits all the same.
    { ...toSum(statement, 'UK.OBIE.TotalDebits', total('debit')), CreditDebitIndicator: 'Debit' },
    toSum(statement, 'UK.OBIE.ClosingBalance', closingMinor),
  ];
}

/** Undefined where nothing of the kind happened. */
function sumOf({ totals }: Statement, codes: readonly StatementTotal['code'][]): bigint | undefined {
  const found = totals.filter(({ code }) => codes.includes(code));
  if (found.length === 0) return undefined;
  return found.reduce((sum, { direction, sumMinor }) => sum + (direction === 'debit' ? -sumMinor : sumMinor), 0n);
}

function toSum({ currency }: Statement, Type: string, amountMinor: bigint): WireStatementSum {
  return { CreditDebitIndicator: toIndicator(amountMinor), Type, Amount: toAmount(amountMinor, currency) };
}
