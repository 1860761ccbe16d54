import { SandbankError, type Instant } from '../../kernel/index.js';
import type { SqlReader, SqlTransaction } from '../../storage/index.js';
import type { Consent, ConsentActor } from '../consents/index.js';
import { ADVANCE } from './advance-payment.js';
import { BATCH } from './bulk-batches.js';
import type { PaymentModules } from './payment-modules.js';
import type { PaymentStatus } from './payment-order.js';
import { appendStep, selectOrdersOf, type StoredOrder } from './payment-rows.js';
import { BEGIN } from './submit-payment.js';

const PAYMENT_KINDS: readonly Consent['subject']['kind'][] = ['payment', 'bulk-payment', 'periodic-payment'];
const NOT_YET_ORDERED: readonly Consent['status'][] = ['requested', 'partially-authorised', 'authorised'];
/** Nothing has moved yet. */
const RECALLABLE: readonly PaymentStatus[] = ['received', 'scheduled', 'accepted'];
/** Without effect on whether the others can be called back. */
const ENDED_WITHOUT_PAYMENT: readonly PaymentStatus[] = ['rejected', 'cancelled'];

/**
 * What is called back when a consent is: nothing where no order was made yet, undefined where it is too late. A single
 * payment and a bulk go back as a whole or not at all; a periodic payment as long as a run is to come, with what has run
 * and settled staying paid.
 */
async function recallable(
  sql: SqlReader,
  { profile }: Pick<PaymentModules, 'profile'>,
  { id, status, subject }: Consent,
): Promise<readonly StoredOrder[] | undefined> {
  if (!PAYMENT_KINDS.includes(subject.kind)) return undefined;
  if (NOT_YET_ORDERED.includes(status)) return [];
  if (status !== 'consumed') return undefined;
  const orders = await selectOrdersOf(sql, profile.id, id);
  const open = orders.filter(({ order }) => RECALLABLE.includes(order.status));
  const mayGoBack =
    subject.kind === 'periodic-payment'
      ? orders.some(({ order }) => order.status === 'scheduled')
      : orders.every(({ order }) => [...RECALLABLE, ...ENDED_WITHOUT_PAYMENT].includes(order.status));
  // Of a long bulk some may have no order yet.
  const isUnordered = subject.kind === 'bulk-payment' && orders.length < subject.instructions.length;
  return mayGoBack && (open.length > 0 || isUnordered) ? open : undefined;
}

export async function isCancellable(modules: PaymentModules, consentId: string): Promise<boolean> {
  const consent = await modules.consents.get(consentId);
  return (await recallable(modules.storage.read, modules, consent)) !== undefined;
}

/** Judges again what `isCancellable` said: the payment may have gone on its way since. */
export async function cancelPayment(
  tx: SqlTransaction,
  modules: PaymentModules,
  { consentId, actor }: { readonly consentId: string; readonly actor: ConsentActor },
): Promise<void> {
  // Consents are changed under the write lock that is ours: what is committed of this one is how it stands.
  const consent = await modules.consents.get(consentId);
  const orders = await recallable(tx, modules, consent);
  if (!orders) {
    throw new SandbankError('payment.not-cancellable', 'This payment cannot be called back any more.', {
      expected: 'a payment that is not on its way yet',
      actual: consentId,
    });
  }
  const at = modules.clock.now();
  await modules.schedules.strike(tx, { kind: BATCH, subject: consentId });
  for (const stored of orders) await callBack(tx, modules, { stored, actor, at });
  await modules.consents.callBack(tx, consentId, actor);
}

async function callBack(
  tx: SqlTransaction,
  { ledger, schedules, events }: PaymentModules,
  recall: { readonly stored: StoredOrder; readonly actor: ConsentActor; readonly at: Instant },
): Promise<void> {
  const { stored, actor, at } = recall;
  const { order, holdId } = stored;
  if (holdId !== undefined) await ledger.release(tx, holdId, 'released');
  for (const kind of [ADVANCE, BEGIN]) await schedules.strike(tx, { kind, subject: order.id });
  await appendStep(tx, order, { status: 'cancelled', at });
  await events.append(tx, {
    type: 'payment.status-changed',
    subject: order.id,
    at,
    data: { from: order.status, to: 'cancelled', actor },
  });
}
