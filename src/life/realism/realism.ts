import type { Distribution } from './distribution.js';
import type { FirstDigits } from './benford.js';

/** What the drawn customers of a bank look like, measured on what stands in the ledger. Amounts in whole units. */
export interface Realism {
  readonly bank: { readonly id: string; readonly name: string; readonly currency: string };
  readonly customers: number;
  readonly accounts: number;
  readonly transactions: number;
  readonly from: string;
  readonly to: string;
  readonly spending: {
    readonly source: string;
    readonly unit: string;
    readonly divisions: readonly DivisionShare[];
    /** Spending that was told apart, of all that was spent. */
    readonly known: number;
  };
  /** Card payments, Monday first, as shares of the week. */
  readonly weekdays: readonly number[];
  /** Card spending a day of the month, 1 to 31, compared with the average day. */
  readonly daysOfMonth: readonly number[];
  /** Shares of wages, benefits and pensions by day of the month. */
  readonly paydays: readonly number[];
  /** Card spending by calendar month, compared with the average month. */
  readonly months: readonly { readonly month: string; readonly level: number }[];
  readonly overdraft: {
    /** Days on which a current account ends below zero, as a share of all of the month's. */
    readonly months: readonly { readonly month: string; readonly share: number }[];
    readonly mean: number;
    /** Below zero at least once. */
    readonly ever: number;
  };
  /** A month, of everybody with an income. */
  readonly income: Distribution;
  readonly currentBalance: Distribution;
  readonly savingsBalance: Distribution;
  readonly firstDigits: FirstDigits;
  readonly runningBalances: { readonly lines: number; readonly wrong: number };
}

export interface DivisionShare {
  readonly division: string;
  readonly share: number;
  readonly survey: number;
}
