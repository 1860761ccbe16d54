import type { LocalDate, Money } from '../../kernel/index.js';
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
}

/** A payment that repeats. */
export interface PaymentSchedule {
  readonly start: LocalDate;
  /** The last day on which it may run; absent: until it is cancelled. */
  readonly end?: LocalDate;
  readonly frequency:
    'daily' | 'weekly' | 'every-two-weeks' | 'monthly' | 'every-two-months' | 'quarterly' | 'semi-annual' | 'annual';
  /** Day of the month for monthly and rarer ones; 31 is the last day of any month. */
  readonly dayOfExecution?: number;
  /** Where the day is no banking day. */
  readonly ifClosed: 'following' | 'preceding';
}
