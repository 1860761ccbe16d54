import { localDate, startOfDay, type Instant } from '../../kernel/index.js';
import type { Account } from '../accounts/index.js';
import type { Consent, Consents, PaymentSchedule } from '../consents/index.js';
import type { PaymentOrder, Payments } from '../payments/index.js';
import type { Recurrence, ScheduledPayment, StandingOrder } from './arrangement.js';

export interface PaymentSources {
  readonly consents: Pick<Consents, 'listByParty'>;
  readonly payments: Pick<Payments, 'ordersOf'>;
}

type Payable = Extract<Consent['subject'], { readonly instruction: unknown }>;

/** Periodic payments from an account that still have a run to come, whoever set them up through whichever standard. */
export async function periodicPaymentsOf(account: Account, sources: PaymentSources): Promise<readonly StandingOrder[]> {
  const found: StandingOrder[] = [];
  for (const consent of await consentsOver(account, sources)) {
    if (consent.subject.kind !== 'periodic-payment') continue;
    const order = toStandingOrder(account, consent, await sources.payments.ordersOf(consent.id));
    if (order) found.push(order);
  }
  return found;
}

/** Single payments from an account that wait for their day. */
export async function laterPaymentsOf(account: Account, sources: PaymentSources): Promise<readonly ScheduledPayment[]> {
  const found: ScheduledPayment[] = [];
  for (const { id, subject } of await consentsOver(account, sources)) {
    if (!isForLater(subject)) continue;
    const orders = await sources.payments.ordersOf(id);
    found.push(...orders.filter((order) => isWaiting(order, account)).map(toScheduledPayment));
  }
  return found.sort((a, b) => a.at - b.at);
}

/** Only these are worth a look at their orders: a customer may have thousands that were paid at once. */
function isForLater(subject: Consent['subject']): boolean {
  if (subject.kind === 'payment') return subject.instruction.executionDate !== undefined;
  return (
    subject.kind === 'bulk-payment' && subject.instructions.some(({ executionDate }) => executionDate !== undefined)
  );
}

function isWaiting({ status, debtorAccountId }: PaymentOrder, account: Account): boolean {
  return status === 'scheduled' && debtorAccountId === account.id;
}

/** Of everybody who holds the account. */
async function consentsOver(account: Account, { consents }: PaymentSources): Promise<readonly Consent[]> {
  const byHolder = await Promise.all(account.holders.map(({ partyId }) => consents.listByParty(partyId)));
  return byHolder
    .flat()
    .filter(({ accounts }) =>
      accounts.some(({ accountId, unlinkedAt }) => accountId === account.id && unlinkedAt === undefined),
    );
}

function toStandingOrder(
  account: Account,
  { id, subject }: Consent,
  orders: readonly PaymentOrder[],
): StandingOrder | undefined {
  const next = orders.find(({ status }) => status === 'scheduled');
  if (subject.kind !== 'periodic-payment' || !next) return undefined;
  const { instruction, schedule }: Extract<Payable, { kind: 'periodic-payment' }> = subject;
  const { amount, reference } = instruction;
  const [first] = orders;
  const last = orders.map(paidAt).findLast((at) => at !== undefined);
  return {
    id,
    accountId: account.id,
    payee: payeeOf(instruction),
    ...(reference !== undefined && { reference }),
    recurrence: recurrenceOf(schedule),
    start: schedule.start,
    ifClosed: schedule.ifClosed,
    ...(first && { first: { at: dayOf(first), amount } }),
    ...(last !== undefined && { last: { at: last, amount } }),
    next: { at: dayOf(next), amount },
    ...(schedule.end !== undefined && { until: schedule.end }),
  };
}

function toScheduledPayment(order: PaymentOrder): ScheduledPayment {
  const { id, debtorAccountId, instruction } = order;
  return {
    id,
    accountId: debtorAccountId,
    payee: payeeOf(instruction),
    ...(instruction.reference !== undefined && { reference: instruction.reference }),
    at: dayOf(order),
    amount: instruction.amount,
  };
}

function payeeOf({ creditor }: PaymentOrder['instruction']): StandingOrder['payee'] {
  return { name: creditor.name ?? '', scheme: creditor.scheme, identification: creditor.identification };
}

function dayOf({ instruction, createdAt }: PaymentOrder): Instant {
  return instruction.executionDate === undefined ? createdAt : startOfDay(instruction.executionDate);
}

function paidAt({ steps }: PaymentOrder): Instant | undefined {
  return steps.find(({ status }) => status === 'debited')?.at;
}

const DAYS = { daily: 1, weekly: 7, 'every-two-weeks': 14 } as const;
const MONTHS = { monthly: 1, 'every-two-months': 2, quarterly: 3, 'semi-annual': 6, annual: 12 } as const;

function recurrenceOf(schedule: PaymentSchedule): Recurrence {
  const { frequency, months, start, dayOfExecution } = schedule;
  const day = dayOfExecution ?? Number(localDate(start).slice(8));
  if (frequency === 'daily') return { every: 'day' };
  if (frequency === 'weekly' || frequency === 'every-two-weeks') return { every: 'weeks', weeks: DAYS[frequency] / 7 };
  if (frequency === 'in-months') return { every: 'year', inMonths: months ?? [], day };
  return { every: 'months', months: MONTHS[frequency], day };
}
