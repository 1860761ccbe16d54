import type { Money } from '../../kernel/index.js';
import type { SqlReader } from '../../storage/index.js';
import { findAccountKey, readAccountKeys, type AccountKey } from '../accounts/index.js';
import type { AuditCheck, Fault } from '../../kernel/index.js';
import {
  readPaymentHolds,
  readPaymentPostings,
  type BookedPosting,
  type PaymentHold,
  type TransactionCode,
} from '../ledger/index.js';
import type { PaymentStatus } from './payment-order.js';
import { takenOf } from './payment-terms.js';
import type { AuditedOrder } from './verify-orders.js';

/** Where an order is, what became of the money that was set aside for it. An expired hold is one that took too long. */
const HOLD_STATES: Readonly<Record<PaymentStatus, readonly (PaymentHold['state'] | 'none')[]>> = {
  scheduled: ['none'],
  received: ['held', 'expired'],
  accepted: ['held', 'expired'],
  settling: ['held', 'expired'],
  debited: ['posted', 'expired'],
  credited: ['posted', 'expired'],
  returned: ['posted', 'expired'],
  rejected: ['none', 'released', 'expired'],
  cancelled: ['none', 'released', 'expired'],
};

/** Holds and postings of a bank are what its orders say, each of them. */
export async function verifyOrderMoney(
  sql: SqlReader,
  bank: string,
  orders: readonly AuditedOrder[],
): Promise<readonly AuditCheck[]> {
  const accounts = new Map((await readAccountKeys(sql, bank)).map((key) => [key.id, key]));
  return [
    {
      name: 'what is set aside for payments is what their orders say',
      faults: holdFaults(orders, accounts, await readPaymentHolds(sql, bank)),
    },
    {
      name: 'every payment has moved exactly its money',
      faults: await postingFaults(sql, { bank, orders, accounts }),
    },
  ];
}

type Accounts = ReadonlyMap<string, AccountKey>;

function holdFaults(
  orders: readonly AuditedOrder[],
  accounts: Accounts,
  holds: readonly PaymentHold[],
): readonly Fault[] {
  const byId = new Map(holds.map((hold) => [hold.id, hold]));
  const faults: Fault[] = [];
  for (const stored of orders) {
    const { order, holdId } = stored;
    const hold = holdId === undefined ? undefined : byId.get(holdId);
    if (holdId !== undefined) byId.delete(holdId);
    const expected = expectedHold(stored, accounts, hold);
    const actual = describeHold(hold, holdId);
    if (expected !== actual) faults.push({ where: `hold of payment ${order.id} (${order.status})`, expected, actual });
  }
  // What is left is of no order: an order would name it.
  for (const hold of byId.values()) {
    faults.push({
      where: `hold ${hold.id}`,
      expected: 'named by its order',
      actual: `for payment ${hold.paymentId}, which does not name it`,
    });
  }
  return faults;
}

/** As `describeHold` writes one that is right. */
function expectedHold(stored: AuditedOrder, accounts: Accounts, found: PaymentHold | undefined): string {
  const { order, terms } = stored;
  const wasDebited = order.steps.some(({ status }) => status === 'debited');
  const allowed = wasDebited ? HOLD_STATES.debited : HOLD_STATES[order.status];
  const state = allowed.find((one) => one === (found?.state ?? 'none'));
  if (state === 'none') return 'none';
  if (state === undefined || !terms) return allowed.join(' or ');
  const account = accounts.get(order.debtorAccountId)?.ledgerAccount;
  return `${String(takenOf(terms, order.instruction).amountMinor)} ${state} on ledger account ${String(account)}`;
}

function describeHold(hold: PaymentHold | undefined, id: string | undefined): string {
  if (hold) return `${String(hold.amountMinor)} ${hold.state} on ledger account ${String(hold.account)}`;
  return id === undefined ? 'none' : `hold ${id}, which does not exist`;
}

/** A posting that an order should have. Without an amount any will do: it was exchanged at the rate of its day. */
interface Expected {
  readonly account: number | undefined;
  readonly code: TransactionCode;
  readonly amountMinor?: bigint;
}

async function postingFaults(
  sql: SqlReader,
  {
    bank,
    orders,
    accounts,
  }: { readonly bank: string; readonly orders: readonly AuditedOrder[]; readonly accounts: Accounts },
): Promise<readonly Fault[]> {
  const booked = new Map<string, BookedPosting[]>();
  for (const posting of await readPaymentPostings(sql, bank)) {
    const of = booked.get(posting.paymentId) ?? [];
    of.push(posting);
    booked.set(posting.paymentId, of);
  }
  const faults: Fault[] = [];
  for (const stored of orders) {
    const { order } = stored;
    const found = booked.get(order.id) ?? [];
    booked.delete(order.id);
    const hasArrived = order.status === 'credited' || order.status === 'returned';
    const payee = hasArrived ? await findAccountKey(sql, bank, order.instruction.creditor) : undefined;
    const wanted = expectedPostings(stored, {
      debtor: accounts.get(order.debtorAccountId),
      payee: payee === undefined ? undefined : accounts.get(payee),
    });
    const expected = describe(wanted.map((one) => settled(one, found)));
    const actual = describe(found);
    if (expected !== actual) faults.push({ where: `payment ${order.id} (${order.status})`, expected, actual });
  }
  for (const [id, postings] of booked) {
    faults.push({ where: `payment ${id}`, expected: 'an order', actual: `only postings: ${describe(postings)}` });
  }
  return faults;
}

/** Nothing before the debit; the debit and its charge after it; then the payee's credit, or the money back. */
function expectedPostings(
  { order, terms }: AuditedOrder,
  { debtor, payee }: { readonly debtor: AccountKey | undefined; readonly payee: AccountKey | undefined },
): readonly Expected[] {
  if (!terms || !order.steps.some(({ status }) => status === 'debited')) return [];
  const { debit, transferred, charge } = terms;
  const from = debtor?.ledgerAccount;
  const isExchangedFor = (account: AccountKey | undefined): boolean => account?.currency !== transferred.currency;
  const arrives = (account: AccountKey, code: TransactionCode): Expected => ({
    account: account.ledgerAccount,
    code,
    ...(!isExchangedFor(account) && { amountMinor: transferred.amountMinor }),
  });
  const isOnTop = charge !== undefined && order.instruction.charges !== 'creditor';
  return [
    { account: from, code: 'transfer-out', amountMinor: -debit.amountMinor },
    ...(isOnTop ? [{ account: from, code: 'fee', amountMinor: -charge.amountMinor } as const] : []),
    ...(payee ? [arrives(payee, 'transfer-in')] : []),
    ...(order.status === 'returned' && payee ? [takenBackFrom(payee, transferred)] : []),
    ...(cameBack(order.status) && debtor ? [arrives(debtor, 'refund')] : []),
  ];
}

/** After the debit. */
function cameBack(status: PaymentStatus): boolean {
  return status === 'rejected' || status === 'returned';
}

function takenBackFrom(payee: AccountKey, { amountMinor }: Money): Expected {
  return { account: payee.ledgerAccount, code: 'transfer-out', amountMinor: -amountMinor };
}

/** One without an amount takes that of the posting it stands for. */
function settled(wanted: Expected, found: readonly BookedPosting[]): Expected {
  if (wanted.amountMinor !== undefined) return wanted;
  const match = found.find(({ account, code, amountMinor }) => {
    return account === wanted.account && code === wanted.code && amountMinor > 0n;
  });
  return { ...wanted, ...(match && { amountMinor: match.amountMinor }) };
}

function describe(postings: readonly Expected[]): string {
  const lines = postings.map(({ account, code, amountMinor }) => {
    return `${code} ${amountMinor === undefined ? 'of some money' : String(amountMinor)} on ledger account ${String(account)}`;
  });
  return lines.length === 0 ? 'nothing' : lines.sort().join(', ');
}
