import type { Currency, LocalDate, Money } from '../../kernel/index.js';
import type { AccountIdentifier } from '../accounts/index.js';
import type { Rail } from '../rail.js';

/** What is to be paid, as agreed in the consent. Neutral: no wire field of a standard. */
export interface PaymentInstruction {
  readonly amount: Money;
  readonly creditor: AccountIdentifier;
  /** Named by the TPP, or chosen by the customer in the journey (then on the consent, not here). */
  readonly debtor?: AccountIdentifier;
  readonly endToEndId: string;
  readonly instructionId: string;
  /** What the payee reads on the statement. */
  readonly reference?: string;
  /** How it travels. A bank refuses a rail it is not on with `payment.unsupported-rail`. */
  readonly rail: Rail;
  /** Not before this day; absent: at once. */
  readonly executionDate?: LocalDate;
  /** The currency in which it arrives; absent: that of the amount. */
  readonly transferCurrency?: Currency;
  /** Who bears the charges (ISO 20022 SHAR, DEBT, CRED, SLEV); absent: shared. */
  readonly charges?: 'shared' | 'debtor' | 'creditor' | 'service-level';
  /** The rate that the client asks for where money is exchanged; absent: that of the moment. */
  readonly exchange?: AskedExchange;
  /** ISO 20022 external purpose code: `GDDS`. */
  readonly purpose?: string;
  /** BIC of the payee's bank, where the client gave it. */
  readonly creditorAgentBic?: string;
}

/**
 * `actual`: the bank's rate, kept for as long as its quotes hold. `agreed`: one that the bank gave under a contract.
 * `indicative`: whatever the rate is when the money is exchanged.
 */
export interface AskedExchange {
  readonly type: 'actual' | 'agreed' | 'indicative';
  /** A decimal number, as the client gave it. */
  readonly rate?: string;
  readonly contract?: string;
}

/** A payment that repeats. */
export interface PaymentSchedule {
  readonly start: LocalDate;
  /** The last day on which it may run; absent: until it is cancelled. */
  readonly end?: LocalDate;
  readonly frequency:
    | 'daily'
    | 'weekly'
    | 'every-two-weeks'
    | 'monthly'
    | 'every-two-months'
    | 'quarterly'
    | 'semi-annual'
    | 'annual'
    | 'in-months';
  /** Of `in-months`: the months of every year in which it runs, from 1 to 12, at least one. */
  readonly months?: readonly number[];
  /** Day of the month for monthly and rarer ones; 31 is the last day of any month. */
  readonly dayOfExecution?: number;
  /** Where the day is no banking day. */
  readonly ifClosed: 'following' | 'preceding';
}
