import { assert, type Instant } from '../../kernel/index.js';
import type { SqlTransaction } from '../../storage/index.js';
import type { Account } from '../accounts/index.js';
import type { DueItem } from '../schedules/index.js';
import { scheduleNext } from './advance-payment.js';
import { planRun } from './carry-out.js';
import type { PaymentModules } from './payment-modules.js';
import type { PaymentOrder, PaymentRejection, PaymentStep } from './payment-order.js';
import { appendStep, selectOrder, setHold, setTerms } from './payment-rows.js';
import { termsOf, type PaymentTerms } from './payment-terms.js';
import { setAside } from './submit-payment.js';

/**
 * The day of a payment has come: its money is set aside as if it had been ordered now, and the order is rejected where
 * there is too little. Of a periodic payment the next run is planned either way, unless the payer's account is gone.
 */
export async function beginPayment(tx: SqlTransaction, modules: PaymentModules, item: DueItem): Promise<void> {
  const stored = await selectOrder(tx, modules.profile.id, item.subject);
  if (stored?.order.status !== 'scheduled') return;
  const { order, position } = stored;
  const debtor = await modules.accounts.get(order.debtorAccountId, tx);
  const at = item.dueAt;
  const rejection = await holdOrReason(tx, modules, {
    order,
    debtor,
    at,
    ...(stored.terms && { fixed: stored.terms }),
  });
  const step: PaymentStep = rejection ? { status: 'rejected', at, reason: rejection } : { status: 'received', at };
  await appendStep(tx, order, step);
  await modules.events.append(tx, {
    type: 'payment.status-changed',
    subject: order.id,
    at,
    data: { from: 'scheduled', to: step.status, ...(rejection && { reason: rejection }) },
  });
  await scheduleNext(tx, modules, { ...order, status: step.status, at });
  if (debtor.status === 'closed') return;
  const consent = await modules.consents.get(order.consentId);
  if (consent.subject.kind !== 'periodic-payment') return;
  const { executionDate: day } = order.instruction;
  assert(day, `a run of a periodic payment has a day (${order.id})`);
  await planRun(tx, modules, { consent, debtor, at, after: { index: position, day } });
}

async function holdOrReason(
  tx: SqlTransaction,
  modules: PaymentModules,
  waiting: {
    readonly order: PaymentOrder;
    readonly debtor: Account;
    readonly at: Instant;
    readonly fixed?: PaymentTerms;
  },
): Promise<PaymentRejection | undefined> {
  const { order, debtor, at, fixed } = waiting;
  if (debtor.status === 'closed') return 'debtor-account-closed';
  const { id, instruction, expectedSettlementAt } = order;
  const terms = fixed ?? (await termsOf(tx, modules, { instruction, debtor, at }));
  if (!fixed) await setTerms(tx, order, terms);
  const { holdId, rejection } = await setAside(tx, modules, {
    id,
    instruction,
    debtor,
    at,
    expectedSettlementAt,
    terms,
  });
  if (holdId !== undefined) await setHold(tx, order, holdId);
  return rejection;
}
