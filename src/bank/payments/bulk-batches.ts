import { assert, isSandbankError, type ErrorCode } from '../../kernel/index.js';
import type { SqlTransaction } from '../../storage/index.js';
import type { Account } from '../accounts/index.js';
import type { Consent, ConsentSubject } from '../consents/index.js';
import type { DueItem } from '../schedules/index.js';
import type { PaymentModules } from './payment-modules.js';
import type { PaymentRejection, PaymentStatus } from './payment-order.js';
import { countByStatus, countOrdersOf } from './payment-rows.js';
import { debtorAccountIdOf, placeOrder, refuseUnpayable } from './submit-payment.js';

/** Makes the next orders of a bulk. */
export const BATCH = 'payment.batch';

/** So many orders are made in one transaction: others get their turn in between, and little is done again after a crash. */
const BATCH_SIZE = 250;

type Bulk = Extract<ConsentSubject, { kind: 'bulk-payment' }>;

/**
 * Begins a bulk that was authorised. One that fits a batch is ordered at once; of a longer one every payment is checked
 * first, since the customer agreed to the whole, and then due work makes the orders, batch after batch.
 */
export async function beginBulk(
  tx: SqlTransaction,
  modules: PaymentModules,
  bulk: { readonly consent: Consent; readonly subject: Bulk; readonly debtor: Account },
): Promise<void> {
  const { consent, subject, debtor } = bulk;
  const { instructions } = subject;
  const at = modules.clock.now();
  if (instructions.length <= BATCH_SIZE) {
    for (const [position, instruction] of instructions.entries()) {
      await placeOrder(tx, modules, { consent, debtor, wire: consent.wire, at, instruction, position });
    }
    return;
  }
  for (const instruction of instructions) await refuseUnpayable(tx, modules, { instruction, debtor });
  await modules.schedules.enqueue(tx, { dueAt: at, kind: BATCH, subject: consent.id });
}

/** The next batch of a bulk: from the first payment that has no order yet. The batch after it is due at the same instant. */
export async function orderBatch(tx: SqlTransaction, modules: PaymentModules, item: DueItem): Promise<void> {
  const consent = await modules.consents.get(item.subject);
  const { subject } = consent;
  assert(subject.kind === 'bulk-payment', `${item.subject} is a bulk`);
  const accountId = debtorAccountIdOf(consent);
  assert(accountId, `bulk ${item.subject} has an account to pay from`);
  const debtor = await modules.accounts.get(accountId, tx);
  const first = await countOrdersOf(tx, consent);
  const batch = subject.instructions.slice(first, first + BATCH_SIZE);
  const wire = wireOfMember(consent);
  for (const [index, instruction] of batch.entries()) {
    await orderOrReject(tx, modules, { consent, debtor, wire, at: item.dueAt, instruction, position: first + index });
  }
  if (first + batch.length < subject.instructions.length) await modules.schedules.enqueue(tx, item);
}

/** The file itself stands in the consent once, and not in each of its orders. */
function wireOfMember({ wire }: Consent): string {
  const LONGEST = 4_096;
  return wire.length <= LONGEST ? wire : '';
}

const REJECTIONS: Readonly<Partial<Record<ErrorCode, PaymentRejection>>> = {
  'payment.unsupported-currency': 'currency-not-accepted',
  'payment.quote-expired': 'currency-not-accepted',
  'payment.amount-invalid': 'currency-not-accepted',
};

/** What has become impossible since the bulk was begun concerns the one payment, and not those after it. */
async function orderOrReject(
  tx: SqlTransaction,
  modules: PaymentModules,
  placement: Parameters<typeof placeOrder>[2],
): Promise<void> {
  if (placement.debtor.status === 'closed') {
    await placeOrder(tx, modules, { ...placement, rejection: 'debtor-account-closed' });
    return;
  }
  try {
    await placeOrder(tx, modules, placement);
  } catch (error) {
    const rejection = isSandbankError(error) ? REJECTIONS[error.code] : undefined;
    if (!rejection) throw error;
    await placeOrder(tx, modules, { ...placement, rejection });
  }
}

/** How far a bulk has come, or any other consent that brings orders. */
export interface OrdersProgress {
  /** Of a bulk its payments; of others the orders that were made. */
  readonly payments: number;
  /** Have no order yet. */
  readonly waiting: number;
  /** How many orders are where; a status that none has is left out. */
  readonly statuses: ReadonlyMap<PaymentStatus, number>;
  /** Nothing more will happen by itself. */
  readonly isOver: boolean;
}

const ENDS: readonly PaymentStatus[] = ['credited', 'returned', 'rejected', 'cancelled'];

export async function progressOf(
  { storage, consents, profile }: PaymentModules,
  consentId: string,
): Promise<OrdersProgress> {
  const { subject, status } = await consents.get(consentId);
  const statuses = await countByStatus(storage.read, profile.id, consentId);
  const ordered = [...statuses.values()].reduce((sum, one) => sum + one, 0);
  const payments = subject.kind === 'bulk-payment' ? subject.instructions.length : ordered;
  const waiting = status === 'revoked' ? 0 : payments - ordered;
  const isOver = waiting === 0 && [...statuses.keys()].every((one) => ENDS.includes(one));
  return { payments, waiting, statuses, isOver };
}
