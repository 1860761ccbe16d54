import type { AuditCheck, Fault } from '../../kernel/index.js';
import type { SqlReader } from '../../storage/index.js';
import { readConsentStates, type ConsentState, type ConsentStatus } from '../consents/index.js';
import { readEventsOfTypes } from '../events/index.js';
import { readRememberedWrites } from '../idempotency/index.js';
import { readWaiting } from '../schedules/index.js';
import { ADVANCE } from './advance-payment.js';
import { BATCH } from './bulk-batches.js';
import type { PaymentStatus } from './payment-order.js';
import { BEGIN } from './submit-payment.js';
import { verifyOrderMoney } from './verify-order-money.js';
import { readAllOrders, type AuditedOrder, type AuditedOrders } from './verify-orders.js';

/** Where an order may go from where it is. */
const LEADS_TO: Readonly<Record<PaymentStatus, readonly PaymentStatus[]>> = {
  scheduled: ['received', 'rejected', 'cancelled'],
  received: ['accepted', 'cancelled'],
  accepted: ['settling', 'rejected', 'cancelled'],
  settling: ['debited', 'rejected'],
  debited: ['credited', 'rejected'],
  credited: ['returned'],
  returned: [],
  rejected: [],
  cancelled: [],
};
const BEGINNINGS: readonly PaymentStatus[] = ['received', 'scheduled', 'rejected'];

/** What an order that has not ended waits for. */
const WAITS_FOR: Readonly<Partial<Record<PaymentStatus, string>>> = {
  scheduled: BEGIN,
  received: ADVANCE,
  accepted: ADVANCE,
  settling: ADVANCE,
  debited: ADVANCE,
};

/** Orders of a bank, with everything that was written in the same transactions. `sql` must see one instant. */
export async function verifyPayments(sql: SqlReader, bank: string): Promise<readonly AuditCheck[]> {
  const audited = await readAllOrders(sql, bank);
  const { orders, broken } = audited;
  const ids = new Set([...orders.map(({ order }) => order.id), ...broken.map(({ id }) => id)]);
  return [
    { name: 'every order has come to its state step by step', faults: stepFaults(audited) },
    { name: 'every step of an order has its event', faults: await eventFaults(sql, bank, orders) },
    {
      name: 'every order that is under way waits for its next step, and no other does',
      faults: await waitFaults(sql, bank, orders),
    },
    ...(await verifyOrderMoney(sql, bank, orders)),
    { name: 'orders and consents that were used up belong together', faults: await consentFaults(sql, bank, orders) },
    { name: 'every idempotency key of a payment names one that exists', faults: await keyFaults(sql, bank, ids) },
  ];
}

function stepFaults({ orders, broken }: AuditedOrders): readonly Fault[] {
  const faults: Fault[] = broken.map(({ id, keptStatus }) => ({
    where: `payment ${id}`,
    expected: `steps from the first to ${keptStatus}`,
    actual: 'steps are missing',
  }));
  for (const { order, keptStatus } of orders) {
    const where = `payment ${order.id}`;
    if (keptStatus !== order.status) faults.push({ where, expected: order.status, actual: keptStatus });
    const statuses = order.steps.map(({ status }) => status);
    const wrong = statuses.findIndex((status, index) => !mayFollow(statuses[index - 1], status));
    if (wrong < 0) continue;
    faults.push({
      where: `step ${String(wrong + 1)} of payment ${order.id}`,
      expected: nextOf(statuses[wrong - 1]).join(' or ') || 'no step',
      actual: statuses[wrong] ?? '',
    });
  }
  return faults;
}

function nextOf(before: PaymentStatus | undefined): readonly PaymentStatus[] {
  return before === undefined ? BEGINNINGS : LEADS_TO[before];
}

function mayFollow(before: PaymentStatus | undefined, status: PaymentStatus): boolean {
  return nextOf(before).includes(status);
}

async function eventFaults(sql: SqlReader, bank: string, orders: readonly AuditedOrder[]): Promise<readonly Fault[]> {
  const told = new Map<string, string[]>();
  for (const { subject, data } of await readEventsOfTypes(sql, bank, ['payment.created', 'payment.status-changed'])) {
    const of = told.get(subject) ?? [];
    of.push(String(data['to'] ?? data['status']));
    told.set(subject, of);
  }
  const faults: Fault[] = [];
  for (const { order } of orders) {
    const expected = order.steps.map(({ status }) => status).join(', ');
    const actual = told.get(order.id)?.join(', ') ?? 'none';
    told.delete(order.id);
    if (expected !== actual) faults.push({ where: `events of payment ${order.id}`, expected, actual });
  }
  return faults;
}

async function waitFaults(sql: SqlReader, bank: string, orders: readonly AuditedOrder[]): Promise<readonly Fault[]> {
  const waiting = new Map<string, string[]>();
  for (const { kind, subject } of await readWaiting(sql, bank, [ADVANCE, BEGIN])) {
    const of = waiting.get(subject) ?? [];
    of.push(kind);
    waiting.set(subject, of);
  }
  const faults: Fault[] = [];
  for (const { order } of orders) {
    const expected = WAITS_FOR[order.status] ?? 'nothing';
    const actual = waiting.get(order.id)?.join(', ') ?? 'nothing';
    waiting.delete(order.id);
    if (expected !== actual) faults.push({ where: `payment ${order.id} (${order.status})`, expected, actual });
  }
  for (const [id, kinds] of waiting) {
    faults.push({ where: `${kinds.join(', ')} (${id})`, expected: 'an order', actual: 'none' });
  }
  return faults;
}

/** One that was called back after it had brought orders is revoked; a mandate brings them without being used up. */
const BROUGHT_ORDERS: readonly ConsentStatus[] = ['consumed', 'revoked'];

async function consentFaults(sql: SqlReader, bank: string, orders: readonly AuditedOrder[]): Promise<readonly Fault[]> {
  const consents = new Map((await readConsentStates(sql, bank)).map((consent) => [consent.id, consent]));
  const count = new Map<string, number>();
  const faults: Fault[] = [];
  for (const { order } of orders) {
    count.set(order.consentId, (count.get(order.consentId) ?? 0) + 1);
    const consent = consents.get(order.consentId);
    const isRight =
      consent !== undefined && (consent.kind === 'recurring-payment' || BROUGHT_ORDERS.includes(consent.status));
    if (isRight) continue;
    faults.push({
      where: `consent ${order.consentId} of payment ${order.id}`,
      expected: BROUGHT_ORDERS.join(' or '),
      actual: consent?.status ?? 'none',
    });
  }
  const batches = new Set((await readWaiting(sql, bank, [BATCH])).map(({ subject }) => subject));
  for (const consent of consents.values()) {
    const wanted = ordersOf(consent);
    const actual = count.get(consent.id) ?? 0;
    const isUnderWay = batches.has(consent.id) && wanted !== undefined && actual < wanted;
    if (wanted === undefined || wanted === actual || isUnderWay) continue;
    faults.push({
      where: `consent ${consent.id} (${consent.status})`,
      expected: `${String(wanted)} orders`,
      actual: `${String(actual)} orders`,
    });
  }
  return faults;
}

/** How many orders a consent that was used up has brought; undefined where any number is right. */
function ordersOf({ kind, status, payments }: ConsentState): number | undefined {
  if (status !== 'consumed') return undefined;
  return kind === 'payment' || kind === 'bulk-payment' ? payments : undefined;
}

async function keyFaults(sql: SqlReader, bank: string, known: ReadonlySet<string>): Promise<readonly Fault[]> {
  const keys = await readRememberedWrites(sql, bank, 'payment');
  return keys
    .filter(({ subject }) => !known.has(subject))
    .map(({ clientId, key, subject }) => ({
      where: `key ${key} of client ${clientId}`,
      expected: 'a payment',
      actual: `payment ${subject}, which does not exist`,
    }));
}
