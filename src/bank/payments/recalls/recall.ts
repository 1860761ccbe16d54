import type { Instant, Money } from '../../../kernel/index.js';
import type { AccountIdentifier } from '../../accounts/index.js';

/** Why money that has arrived is asked for (camt.056). */
export type RecallReason =
  'duplicate' | 'technical-error' | 'fraud' | 'requested-by-customer' | 'wrong-amount' | 'wrong-account';

/** Why it is not given back (camt.029). */
export type RecallRefusal =
  | 'account-closed'
  | 'no-funds'
  | 'customer-decision' // whoever was paid does not agree
  | 'no-original'; // the account was never with the bank that is asked

/** A payment that its payer's bank asks back after it was credited. */
export interface Recall {
  readonly id: string;
  readonly paymentId: string;
  readonly reason: RecallReason;
  readonly requestedAt: Instant;
  /** When the bank of the payee answers, by the rail's rules. */
  readonly answerDueAt: Instant;
  readonly status: 'requested' | 'returned' | 'refused';
  readonly answeredAt?: Instant;
  readonly refusal?: RecallRefusal;
  /** What the payee's bank sent back (pacs.004), before it was exchanged to the payer's currency. */
  readonly returned?: Money;
}

/** Money that its sender asks back of the bank it went to. */
export interface ReturnRequest {
  /** The bank that asks. */
  readonly from: string;
  readonly amount: Money;
  readonly payee: AccountIdentifier;
  /** Who gets it back. */
  readonly payer: { readonly name: string; readonly account?: AccountIdentifier };
  readonly endToEndId?: string;
  /** Where payer and payee are of one bank: its order. */
  readonly paymentId?: string;
  readonly at: Instant;
}

export type ReturnAnswer =
  | { readonly outcome: 'given-back' }
  | { readonly outcome: 'refused'; readonly reason: RecallRefusal }
  | { readonly outcome: 'not-ours' };
