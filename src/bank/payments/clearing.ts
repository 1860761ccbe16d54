import type { Currency, Instant, Money } from '../../kernel/index.js';
import type { SqlReader, SqlTransaction } from '../../storage/index.js';
import type { AccountIdentifier } from '../accounts/index.js';
import type { PaymentRejection } from './payment-order.js';

/** Money that one bank sends another. */
export interface Transfer {
  /** The sending bank. */
  readonly from: string;
  readonly amount: Money;
  readonly payee: AccountIdentifier;
  readonly payer: { readonly name: string; readonly account?: AccountIdentifier };
  readonly reference?: string;
  readonly at: Instant;
}

/** What became of a transfer. `not-ours`: the payee's account is at no bank of the ecosystem. */
export type Receipt =
  | { readonly outcome: 'credited' }
  | { readonly outcome: 'refused'; readonly reason: PaymentRejection }
  | { readonly outcome: 'not-ours' };

/** A bank as the others see it. */
export interface ClearingMember {
  readonly id: string;
  /** Books the transfer to its payee, in the sender's transaction. Changes nothing where it is not credited. */
  receive(tx: SqlTransaction, transfer: Transfer): Promise<Receipt>;
  positions(sql: SqlReader): Promise<readonly Omit<ClearingPosition, 'bank'>[]>;
}

/**
 * What stands in clearing at a bank: more than zero is money that it debited and nobody got yet, less than zero money that
 * it paid out for others.
 */
export interface ClearingPosition {
  readonly bank: string;
  readonly currency: Currency;
  readonly bookedMinor: bigint;
}

/** Between the banks of one ecosystem. */
export interface Clearing {
  /** From now on the bank gets what is sent to its accounts. A second time, under the same id, takes the first one's place. */
  join(member: ClearingMember): void;
  deliver(tx: SqlTransaction, transfer: Transfer): Promise<Receipt>;
  /**
   * Per bank and currency. In each currency they sum up to what has been debited and not credited yet, and what went to
   * banks outside.
   */
  positions(sql: SqlReader): Promise<readonly ClearingPosition[]>;
}

/** The clearing of one ecosystem; its banks join it when they are made. They have to share one database. */
export function createClearing(): Clearing {
  const members = new Map<string, ClearingMember>();
  return {
    join: (member) => {
      members.set(member.id, member);
    },
    async deliver(tx, transfer) {
      for (const member of members.values()) {
        if (member.id === transfer.from) continue;
        const receipt = await member.receive(tx, transfer);
        if (receipt.outcome !== 'not-ours') return receipt;
      }
      return { outcome: 'not-ours' };
    },
    async positions(sql) {
      const positions: ClearingPosition[] = [];
      for (const member of members.values()) {
        for (const position of await member.positions(sql)) positions.push({ bank: member.id, ...position });
      }
      return positions;
    },
  };
}
