import type { Money } from '../../kernel/index.js';
import type { AccountIdentifier } from '../accounts/index.js';

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
  /** Faster Payments is the only rail so far; `payment.unsupported-rail` for others. */
  readonly rail: 'faster-payments';
}
