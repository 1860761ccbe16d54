import { assert, type Instant, type Money } from '../../kernel/index.js';
import type { SqlTransaction } from '../../storage/index.js';
import type { Account, AccountIdentifier } from '../accounts/index.js';
import type { PostingDetail } from '../ledger/index.js';
import type { DueItem } from '../schedules/index.js';
import { bookArrival, bookBetween, bookDeparture, isExchangeable } from './moves.js';
import type { PaymentModules } from './payment-modules.js';
import type { PaymentOrder, PaymentRejection, PaymentStatus, PaymentStep } from './payment-order.js';
import { appendStep, selectOrder, type StoredOrder } from './payment-rows.js';
import { takenOf, type PaymentTerms } from './payment-terms.js';
import { stepDueAt } from './rails/rail-times.js';

export const ADVANCE = 'payment.advance';

/** What a state leads to, and which time of the bank's profile that takes (and of the rail). */
const NEXT = {
  received: { status: 'accepted', after: 'acceptMs' },
  accepted: { status: 'settling', after: 'settleMs' },
  settling: { status: 'debited', after: 'debitMs' },
  debited: { status: 'credited', after: 'creditMs' },
} as const;

type Underway = keyof typeof NEXT;

function isUnderway(status: PaymentStatus): status is Underway {
  return Object.hasOwn(NEXT, status);
}

/** Puts the next step on the schedule, unless the payment has come to its end. */
export async function scheduleNext(
  tx: SqlTransaction,
  modules: Pick<PaymentModules, 'profile' | 'schedules'>,
  payment: Pick<PaymentOrder, 'id' | 'instruction'> & { readonly status: PaymentStatus; readonly at: Instant },
): Promise<void> {
  if (!isUnderway(payment.status)) return;
  const { rail } = payment.instruction;
  const dueAt = stepDueAt(modules.profile, { rail, step: NEXT[payment.status].after, at: payment.at });
  await modules.schedules.enqueue(tx, { dueAt, kind: ADVANCE, subject: payment.id });
}

/**
 * Takes a payment one step further, at the instant the step fell due, in the transaction that strikes the item off: a
 * step is taken exactly once, whatever crashes. A payment that has ended stays as it is.
 */
export async function advancePayment(tx: SqlTransaction, modules: PaymentModules, item: DueItem): Promise<void> {
  const stored = await selectOrder(tx, modules.profile.id, item.subject);
  if (!stored || !isUnderway(stored.order.status)) return;
  const move = { tx, modules, stored, at: item.dueAt };
  const rejection = await STEPS[stored.order.status](move);
  const step: PaymentStep = rejection
    ? { status: 'rejected', at: item.dueAt, reason: rejection }
    : { status: NEXT[stored.order.status].status, at: item.dueAt };
  await appendStep(tx, stored.order, step);
  await modules.events.append(tx, {
    type: 'payment.status-changed',
    subject: stored.order.id,
    at: item.dueAt,
    data: { from: stored.order.status, to: step.status, ...(rejection && { reason: rejection }) },
  });
  await scheduleNext(tx, modules, { ...stored.order, status: step.status, at: step.at });
}

interface Move {
  readonly tx: SqlTransaction;
  readonly modules: PaymentModules;
  readonly stored: StoredOrder;
  readonly at: Instant;
}

/** By the state a payment is in, what is done to leave it. Gives the reason where it is rejected instead. */
const STEPS: Record<Underway, (move: Move) => Promise<PaymentRejection | undefined>> = {
  // The money was set aside when the order came: there is nothing left to check.
  received: async () => undefined,
  accepted: checkBothEnds,
  settling: debit,
  debited: credit,
};

/** The last moment at which nothing has moved. */
async function checkBothEnds(move: Move): Promise<PaymentRejection | undefined> {
  const { tx, modules, stored } = move;
  const rejection = await reasonNotToSend(move);
  if (rejection && stored.holdId !== undefined) await modules.ledger.release(tx, stored.holdId, 'released');
  return rejection;
}

async function reasonNotToSend({ tx, modules, stored, at }: Move): Promise<PaymentRejection | undefined> {
  const { instruction, debtorAccountId } = stored.order;
  const debtor = await modules.accounts.get(debtorAccountId, tx);
  if (debtor.status === 'closed') return 'debtor-account-closed';
  const { creditor } = instruction;
  const payee = await modules.accounts.byIdentifier(creditor, tx);
  return reasonNotToCredit(modules, { amount: termsFixedIn(stored).transferred, creditor, at }, payee);
}

/** Why the payee's account at this bank, if it is one, cannot take the money. */
export function reasonNotToCredit(
  modules: Pick<PaymentModules, 'accounts' | 'exchange'>,
  { amount, creditor, at }: { readonly amount: Money; readonly creditor: AccountIdentifier; readonly at: Instant },
  account: Account | undefined,
): PaymentRejection | undefined {
  if (!account) return modules.accounts.isOfBank(creditor) ? 'creditor-account-unknown' : undefined;
  if (account.status === 'closed') return 'creditor-account-closed';
  const pair = { sell: amount.currency, buy: account.currency };
  return pair.sell === pair.buy || isExchangeable(modules, pair, at) ? undefined : 'currency-not-accepted';
}

async function debit({ tx, modules, stored, at }: Move): Promise<PaymentRejection | undefined> {
  const { order, holdId } = stored;
  const { instruction } = order;
  const terms = termsFixedIn(stored);
  const debtor = await modules.accounts.get(order.debtorAccountId, tx);
  // What was set aside is booked even if charges have since used up the rest; without a hold the money must be there.
  const wasHeld = holdId !== undefined && (await modules.ledger.release(tx, holdId, 'posted'));
  const balance = await modules.ledger.balance(tx, debtor.ledgerAccount);
  const spendable = balance.bookedMinor - balance.heldMinor + balance.overdraftLimitMinor;
  if (!wasHeld && spendable < takenOf(terms, instruction).amountMinor) return 'insufficient-funds';
  await bookDeparture({ tx, modules, at }, { debtor, terms, instruction, detail: debtorDetail(order) });
  return undefined;
}

/**
 * To an account of this bank the money goes from clearing to the payee, to one at another bank of the ecosystem through
 * what the banks owe each other. To a bank outside it stays in clearing: the scheme's confirmation is all that is ever
 * seen of it.
 */
async function credit(move: Move): Promise<PaymentRejection | undefined> {
  const { tx, modules, stored, at } = move;
  const { order } = stored;
  const { creditor } = order.instruction;
  const { transferred: amount } = termsFixedIn(stored);
  const debtor = await modules.accounts.get(order.debtorAccountId, tx);
  const payee = await modules.accounts.byIdentifier(creditor, tx);
  const rejection = payee
    ? reasonNotToCredit(modules, { amount, creditor, at }, payee)
    : await sendOn(move, debtor, amount);
  const books = { tx, modules, at };
  const from = 'payment-clearing';
  if (rejection) {
    const { text } = debtorDetail(order);
    const detail: PostingDetail = { ...debtorDetail(order), code: 'refund', text: `RETURNED ${text}` };
    await bookArrival(books, { account: debtor, amount, from, detail });
  } else if (payee) {
    await bookArrival(books, { account: payee, amount, from, detail: creditorDetail(order, debtor) });
  }
  return rejection;
}

/** Gives the reason where the other bank sends the money back. */
async function sendOn(
  { tx, modules, stored, at }: Move,
  debtor: Account,
  amount: Money,
): Promise<PaymentRejection | undefined> {
  const { creditor, reference, endToEndId } = stored.order.instruction;
  const [identifier] = debtor.identifiers;
  const receipt = await modules.clearing?.deliver(tx, {
    from: modules.profile.id,
    amount,
    payee: creditor,
    payer: { name: debtor.holderName, ...(identifier && { account: identifier }) },
    ...(reference !== undefined && { reference }),
    endToEndId,
    at,
  });
  if (receipt?.outcome === 'credited') {
    await bookBetween({ tx, modules, at }, { from: 'payment-clearing', to: 'interbank-clearing', amount, at });
  }
  return receipt?.outcome === 'refused' ? receipt.reason : undefined;
}

function termsFixedIn({ terms, order }: StoredOrder): PaymentTerms {
  assert(terms, `what payment ${order.id} moves is fixed once its money is set aside`);
  return terms;
}

/** What the payer reads on the statement. */
export function debtorDetail({ id, instruction }: Pick<PaymentOrder, 'id' | 'instruction'>): PostingDetail {
  const { creditor, reference, endToEndId } = instruction;
  return {
    code: 'transfer-out',
    text: creditor.name ?? creditor.identification,
    ...(reference !== undefined && { reference }),
    counterparty: toCounterparty(creditor, creditor.name ?? creditor.identification),
    paymentId: id,
    endToEndId,
  };
}

function creditorDetail({ id, instruction }: PaymentOrder, debtor: Account): PostingDetail {
  const { reference, endToEndId } = instruction;
  const identifier = debtor.identifiers[0];
  return {
    code: 'transfer-in',
    text: debtor.holderName,
    ...(reference !== undefined && { reference }),
    counterparty: identifier ? toCounterparty(identifier, debtor.holderName) : { name: debtor.holderName },
    paymentId: id,
    endToEndId,
  };
}

export function toCounterparty(
  { scheme, identification }: AccountIdentifier,
  name: string,
): PostingDetail['counterparty'] & object {
  return { name, scheme, identification };
}
