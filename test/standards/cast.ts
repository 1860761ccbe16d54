import {
  type Account,
  type Bank,
  type Counterparty,
  type Party,
  type Product,
  type TransactionCode,
} from '../../src/bank/index.js';
import { MS_PER_DAY, plusMs, type Instant } from '../../src/kernel/index.js';
import type { SqlTransaction } from '../../src/storage/index.js';

/** A line of an account's history. */
export interface Booked {
  readonly daysAgo: number;
  readonly amountMinor: bigint;
  readonly code: TransactionCode;
  readonly text: string;
  readonly reference?: string;
  readonly merchant?: { readonly name: string; readonly categoryCode: string };
  readonly counterparty?: Counterparty;
}

/** How people of one country are settled at a bank under test. */
export interface Settling {
  readonly bank: Bank;
  readonly tx: SqlTransaction;
  /** From which days are counted back. */
  readonly at: Instant;
  readonly password: string;
  readonly mobile: string;
  readonly address: Party['address'];
  /** Of accounts that are not said to be something else. */
  readonly product: Product;
}

/** Hands that settle people, their accounts and what was booked there. */
export async function settling({ bank, tx, at, password, mobile, address, product }: Settling) {
  const { currency } = bank.profile;
  const equity = await bank.ledger.internal(tx, 'opening-equity', currency);
  return {
    /** `Ms Amelia Clarke`: her title is no part of her legal name. */
    person: (name: string, customerNumber: string): Promise<Party> =>
      bank.parties.add(
        tx,
        {
          kind: 'person',
          name,
          fullLegalName: name.replace(/^\S+ /, ''),
          email: `${name.split(' ')[1]!.toLowerCase()}@example.com`,
          mobile,
          address,
          createdAt: at,
        },
        { customerNumber, password },
      ),
    open: (party: Party, more: Partial<Parameters<Bank['accounts']['open']>[1]> = {}): Promise<Account> =>
      bank.accounts.open(tx, {
        product,
        currency,
        holderName: party.name.toUpperCase(),
        holders: [{ partyId: party.id, role: 'sole' }],
        openedAt: plusMs(at, -400 * MS_PER_DAY),
        overdraftLimitMinor: 0n,
        ...more,
      }),
    book: (account: Account, entry: Booked): Promise<unknown> =>
      bank.ledger.post(
        tx,
        {
          bank: bank.profile.id,
          currency,
          bookedAt: plusMs(at, -entry.daysAgo * MS_PER_DAY),
          postings: [
            { account: account.ledgerAccount, amountMinor: entry.amountMinor, detail: entry },
            { account: equity, amountMinor: -entry.amountMinor },
          ],
        },
        { force: true },
      ),
  };
}
