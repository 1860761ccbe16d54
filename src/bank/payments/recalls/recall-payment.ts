import { assert, SandbankError, type Instant } from '../../../kernel/index.js';
import { nextId, type SqlTransaction } from '../../../storage/index.js';
import type { DueItem } from '../../schedules/index.js';
import { debtorDetail } from '../advance-payment.js';
import { bookArrival, bookBetween } from '../moves.js';
import type { PaymentModules } from '../payment-modules.js';
import type { PaymentId } from '../payment-order.js';
import { appendStep, selectOrder, type StoredOrder } from '../payment-rows.js';
import { recallAnswerAt } from '../rails/rail-times.js';
import { giveBack } from './give-back.js';
import type { Recall, RecallReason, ReturnAnswer, ReturnRequest } from './recall.js';
import { answerRecall, insertRecall, selectRecall, selectRecallsOf } from './recall-rows.js';

/** The bank of the payee answers. */
export const RECALL = 'payment.recall';

/** Reasons for which a bank gives money back without asking whom it was paid to. */
const WITHOUT_ASKING: readonly RecallReason[] = ['duplicate', 'technical-error'];

export async function recallPayment(
  tx: SqlTransaction,
  modules: PaymentModules,
  { paymentId, reason }: { readonly paymentId: PaymentId; readonly reason: RecallReason },
): Promise<Recall> {
  const { profile, clock, ids, schedules, events } = modules;
  const stored = await selectOrder(tx, profile.id, paymentId);
  if (!stored) throw new SandbankError('payment.not-found', 'There is no such payment.', { actual: paymentId });
  await refuseRecall(tx, profile.id, stored);
  const at = clock.now();
  const recall: Recall = {
    id: await nextId(tx, ids, 'payment'),
    paymentId,
    reason,
    requestedAt: at,
    answerDueAt: recallAnswerAt(profile, stored.order.instruction.rail, at),
    status: 'requested',
  };
  await insertRecall(tx, profile.id, recall);
  await schedules.enqueue(tx, { dueAt: recall.answerDueAt, kind: RECALL, subject: recall.id });
  await events.append(tx, {
    type: 'payment.recall-requested',
    subject: paymentId,
    at,
    data: { recall: recall.id, reason },
  });
  return recall;
}

/** What is on its way is cancelled and not recalled; what has ended otherwise has nothing to come back. */
async function refuseRecall(tx: SqlTransaction, bank: string, { order }: StoredOrder): Promise<void> {
  if (order.status !== 'credited') {
    throw new SandbankError('payment.not-cancellable', 'Only what has arrived can be asked back.', {
      expected: 'credited',
      actual: order.status,
    });
  }
  const [open] = (await selectRecallsOf(tx, bank, order.id)).filter(({ status }) => status === 'requested');
  if (open) {
    throw new SandbankError('payment.not-cancellable', 'This payment has been asked back already.', {
      expected: 'no recall that waits for its answer',
      actual: open.id,
    });
  }
}

/** Money that comes back is on the payer's account in the transaction of the answer. */
export async function answerDueRecall(tx: SqlTransaction, modules: PaymentModules, item: DueItem): Promise<void> {
  const { profile, events } = modules;
  const { dueAt: at } = item;
  const recall = await selectRecall(tx, profile.id, item.subject);
  if (recall?.status !== 'requested') return;
  const stored = await selectOrder(tx, profile.id, recall.paymentId);
  assert(stored?.terms && stored.order.status === 'credited', `what is recalled by ${recall.id} has arrived`);
  const { order, terms } = stored;
  const answer = await askBack(tx, modules, { recall, stored, at });
  if (answer.outcome === 'given-back') {
    await answerRecall(tx, recall.id, { status: 'returned', returned: terms.transferred, at });
    await appendStep(tx, order, { status: 'returned', at });
    const data = { from: order.status, to: 'returned', reason: recall.reason };
    await events.append(tx, { type: 'payment.status-changed', subject: order.id, at, data });
    return;
  }
  const refusal = answer.outcome === 'refused' ? answer.reason : 'customer-decision';
  await answerRecall(tx, recall.id, { status: 'refused', refusal, at });
  await events.append(tx, {
    type: 'payment.recall-refused',
    subject: order.id,
    at,
    data: { recall: recall.id, reason: refusal },
  });
}

async function askBack(
  tx: SqlTransaction,
  modules: PaymentModules,
  asked: { readonly recall: Recall; readonly stored: StoredOrder; readonly at: Instant },
): Promise<ReturnAnswer> {
  const { recall, stored, at } = asked;
  const { order, terms } = stored;
  assert(terms, `payment ${order.id} has moved`);
  const debtor = await modules.accounts.get(order.debtorAccountId, tx);
  const [identifier] = debtor.identifiers;
  const { transferred: amount } = terms;
  const books = { tx, modules, at };
  const request: ReturnRequest = {
    from: modules.profile.id,
    amount,
    payee: order.instruction.creditor,
    payer: { name: debtor.holderName, ...(identifier && { account: identifier }) },
    endToEndId: order.instruction.endToEndId,
    at,
  };
  const own = await giveBack(tx, modules, { ...request, paymentId: order.id, to: 'payment-clearing' });
  const answer = own.outcome === 'not-ours' ? await askOthers(tx, modules, { request, recall }) : own;
  if (answer.outcome !== 'given-back') return answer;
  const detail = debtorDetail(order);
  await bookArrival(books, {
    account: debtor,
    amount,
    from: 'payment-clearing',
    detail: { ...detail, code: 'refund', text: `RETURNED ${detail.text}` },
  });
  return answer;
}

/** Of what went outside of the ecosystem the money still stands in clearing; by its reason it is given back or kept. */
async function askOthers(
  tx: SqlTransaction,
  modules: PaymentModules,
  { request, recall }: { readonly request: ReturnRequest; readonly recall: Recall },
): Promise<ReturnAnswer> {
  const answer = (await modules.clearing?.takeBack(tx, request)) ?? { outcome: 'not-ours' };
  if (answer.outcome === 'given-back') {
    const { amount, at } = request;
    await bookBetween({ tx, modules, at }, { from: 'interbank-clearing', to: 'payment-clearing', amount, at });
  }
  if (answer.outcome !== 'not-ours') return answer;
  return WITHOUT_ASKING.includes(recall.reason)
    ? { outcome: 'given-back' }
    : { outcome: 'refused', reason: 'customer-decision' };
}
