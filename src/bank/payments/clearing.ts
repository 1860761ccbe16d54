import type { Currency, Instant, Money } from '../../kernel/index.js';
import type { SqlReader, SqlTransaction } from '../../storage/index.js';
import type { AccountIdentifier } from '../accounts/index.js';
import type { ReturnAnswer, ReturnRequest } from './recalls/recall.js';
import type { PayeeRecord } from './payee-record.js';
import type { PaymentRejection } from './payment-order.js';

/** Money that one bank sends another. */
export interface Transfer {
  /** The sending bank. */
  readonly from: string;
  readonly amount: Money;
  readonly payee: AccountIdentifier;
  readonly payer: { readonly name: string; readonly account?: AccountIdentifier };
  readonly reference?: string;
  readonly endToEndId?: string;
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
  /** Takes it from its payee again, in the asker's transaction. Changes nothing where it is not given back. */
  giveBack(tx: SqlTransaction, request: ReturnRequest): Promise<ReturnAnswer>;
  /** Has this bank, or had it, an account that is so identified? */
  has(sql: SqlReader, payee: AccountIdentifier): Promise<boolean>;
  positions(sql: SqlReader): Promise<readonly MemberPosition[]>;
  /** Whom the account belongs to; undefined where it would not be at this bank. */
  payee(sql: SqlReader, payee: Pick<AccountIdentifier, 'scheme' | 'identification'>): Promise<PayeeRecord | undefined>;
}

/** What a bank's books and its orders say of the money that has left its customers, in one currency. */
export interface MemberPosition {
  readonly currency: Currency;
  /** What it owes the others (more than zero), or they owe it: money that it took in for their customers. */
  readonly bookedMinor: bigint;
  /** What its payments have left in its clearing account. */
  readonly waitingMinor: bigint;
  /** By its orders: debited, and not yet with the payee. */
  readonly inFlightMinor: bigint;
  /** Its orders that have come to their end: to this bank, to another one or outside. */
  readonly arrived: readonly { readonly amountMinor: bigint; readonly payee: AccountIdentifier }[];
}

export interface ClearingPosition extends Omit<MemberPosition, 'arrived'> {
  readonly bank: string;
  /** By its orders: sent to banks outside of the ecosystem. */
  readonly outsideMinor: bigint;
}

/** Between the banks of one ecosystem. */
export interface Clearing {
  /** From now on the bank gets what is sent to its accounts. A second time, under the same id, takes the first one's place. */
  join(member: ClearingMember): void;
  deliver(tx: SqlTransaction, transfer: Transfer): Promise<Receipt>;
  /** Asks the bank that a transfer went to for the money. */
  takeBack(tx: SqlTransaction, request: ReturnRequest): Promise<ReturnAnswer>;
  /** What the bank of an account says of its holders; undefined where it is at no bank of the ecosystem. */
  payee(sql: SqlReader, payee: Pick<AccountIdentifier, 'scheme' | 'identification'>): Promise<PayeeRecord | undefined>;
  /**
   * Per bank and currency. At every instant what is booked sums to zero over the banks of a currency, and what waits at
   * a bank is what is in flight and what went outside.
   */
  positions(sql: SqlReader): Promise<readonly ClearingPosition[]>;
}

/** The clearing of one ecosystem; its banks join it when they are made. They have to share one database. */
export function createClearing(): Clearing {
  const members = new Map<string, ClearingMember>();
  const isInside = async (sql: SqlReader, payee: AccountIdentifier): Promise<boolean> => {
    for (const member of members.values()) if (await member.has(sql, payee)) return true;
    return false;
  };
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
    async takeBack(tx, request) {
      for (const member of members.values()) {
        if (member.id === request.from) continue;
        const answer = await member.giveBack(tx, request);
        if (answer.outcome !== 'not-ours') return answer;
      }
      return { outcome: 'not-ours' };
    },
    async payee(sql, payee) {
      for (const member of members.values()) {
        const record = await member.payee(sql, payee);
        if (record) return record;
      }
      return undefined;
    },
    async positions(sql) {
      const positions: ClearingPosition[] = [];
      for (const member of members.values()) {
        for (const { arrived, ...position } of await member.positions(sql)) {
          let outsideMinor = 0n;
          for (const { amountMinor, payee } of arrived) if (!(await isInside(sql, payee))) outsideMinor += amountMinor;
          positions.push({ bank: member.id, ...position, outsideMinor });
        }
      }
      return positions;
    },
  };
}
