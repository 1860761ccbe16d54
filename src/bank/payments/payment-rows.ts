import { assert, instant, money } from '../../kernel/index.js';
import type { SqlReader, SqlTransaction } from '../../storage/index.js';
import type { PaymentInstruction } from '../consents/index.js';
import type { PaymentTerms } from './payment-terms.js';
import type { PaymentId, PaymentOrder, PaymentRejection, PaymentStatus, PaymentStep } from './payment-order.js';

interface OrderRow {
  readonly id: string;
  readonly bank: string;
  readonly client_id: string;
  readonly consent_id: string;
  readonly debtor_account_id: string;
  readonly amount_minor: bigint;
  readonly currency: string;
  readonly instruction: string;
  readonly hold_id: string | null;
  readonly created_at: bigint;
  /** Null of orders from before it was kept, which is the case of the next one as well. */
  readonly expected_execution_at: bigint | null;
  readonly expected_settlement_at: bigint;
  readonly expected_credit_at: bigint | null;
  readonly wire: string;
  readonly position: bigint;
  readonly debit_minor: bigint | null;
  readonly debit_currency: string | null;
  readonly transferred_minor: bigint | null;
  readonly transferred_currency: string | null;
  readonly charge_minor: bigint | null;
  readonly exchange_rate: string | null;
}

interface StepRow {
  readonly status: string;
  readonly at: bigint;
  readonly reason: string | null;
}

/** An order with what only this module needs of it. */
export interface StoredOrder {
  readonly order: PaymentOrder;
  readonly holdId?: string;
  /** Which of its consent: the instruction of a bulk, the run of a periodic payment. */
  readonly position: number;
  /** Absent until its money is set aside. */
  readonly terms?: PaymentTerms;
}

export async function selectOrder(sql: SqlReader, bank: string, id: PaymentId): Promise<StoredOrder | undefined> {
  const row = await sql.get<OrderRow>('SELECT * FROM payment_orders WHERE id = ? AND bank = ?', [id, bank]);
  if (!row) return undefined;
  const steps = await sql.all<StepRow>(
    'SELECT status, at, reason FROM payment_steps WHERE payment_id = ? ORDER BY seq',
    [id],
  );
  return toStored(row, steps);
}

/** Every order of a consent, in the order in which they were made. Two reads, however many there are. */
export async function selectOrdersOf(sql: SqlReader, bank: string, consentId: string): Promise<readonly StoredOrder[]> {
  const rows = await sql.all<OrderRow>(
    'SELECT * FROM payment_orders WHERE bank = ? AND consent_id = ? ORDER BY created_at, position, id',
    [bank, consentId],
  );
  const steps = await sql.all<StepRow & { readonly payment_id: string }>(
    `SELECT payment_id, payment_steps.status AS status, at, reason FROM payment_orders
     JOIN payment_steps ON payment_id = payment_orders.id
     WHERE bank = ? AND consent_id = ? ORDER BY payment_id, seq`,
    [bank, consentId],
  );
  const stepsOf = Map.groupBy(steps, ({ payment_id: id }) => id);
  return rows.map((row) => toStored(row, stepsOf.get(row.id) ?? []));
}

/** How many orders of a consent are where. */
export async function countByStatus(
  sql: SqlReader,
  bank: string,
  consentId: string,
): Promise<ReadonlyMap<PaymentStatus, number>> {
  const rows = await sql.all<{ status: PaymentStatus; orders: bigint }>(
    `SELECT status, count(*) AS orders FROM payment_orders WHERE bank = ? AND consent_id = ?
     GROUP BY status ORDER BY status`,
    [bank, consentId],
  );
  return new Map(rows.map(({ status, orders }) => [status, Number(orders)]));
}

export async function selectOrderIdByConsent(
  sql: SqlReader,
  bank: string,
  consentId: string,
): Promise<PaymentId | undefined> {
  const row = await sql.get<{ id: string }>(
    'SELECT id FROM payment_orders WHERE bank = ? AND consent_id = ? ORDER BY created_at DESC, position DESC, id LIMIT 1',
    [bank, consentId],
  );
  return row?.id;
}

/** How many orders a consent has brought. */
export async function countOrdersOf(
  sql: SqlReader,
  consent: { readonly id: string; readonly bank: string },
): Promise<number> {
  const row = await sql.get<{ orders: bigint }>(
    'SELECT count(*) AS orders FROM payment_orders WHERE bank = ? AND consent_id = ?',
    [consent.bank, consent.id],
  );
  return Number(row?.orders ?? 0);
}

export async function insertOrder(tx: SqlTransaction, stored: StoredOrder): Promise<void> {
  const { order, holdId, position, terms } = stored;
  const { amount, ...instruction } = order.instruction;
  await tx.run(
    `INSERT INTO payment_orders (id, bank, client_id, consent_id, debtor_account_id, amount_minor, currency, instruction,
       hold_id, status, created_at, expected_settlement_at, wire, position, expected_execution_at, expected_credit_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      order.id,
      order.bank,
      order.clientId,
      order.consentId,
      order.debtorAccountId,
      amount.amountMinor,
      amount.currency,
      JSON.stringify(instruction),
      holdId ?? null,
      order.status,
      order.createdAt,
      order.expectedSettlementAt,
      order.wire,
      position,
      order.expectedExecutionAt,
      order.expectedCreditAt,
    ],
  );
  if (terms) await setTerms(tx, order, terms);
  for (const [index, step] of order.steps.entries()) await insertStep(tx, order.id, { seq: index + 1, step });
}

/** Money is set aside for a payment that waited for its day; once. */
export async function setHold(tx: SqlTransaction, order: PaymentOrder, holdId: string): Promise<void> {
  await tx.run('UPDATE payment_orders SET hold_id = ? WHERE id = ?', [holdId, order.id]);
}

/** What a payment moves is fixed; once. One that moves its amount says nothing more. */
export async function setTerms(
  tx: SqlTransaction,
  { id }: Pick<PaymentOrder, 'id'>,
  { debit, transferred, charge, rate }: PaymentTerms,
): Promise<void> {
  if (rate === undefined) return;
  await tx.run(
    `UPDATE payment_orders SET debit_minor = ?, debit_currency = ?, transferred_minor = ?, transferred_currency = ?,
       charge_minor = ?, exchange_rate = ? WHERE id = ?`,
    [
      debit.amountMinor,
      debit.currency,
      transferred.amountMinor,
      transferred.currency,
      charge?.amountMinor ?? null,
      rate,
      id,
    ],
  );
}

/** Adds a step and makes it the order's present state. */
export async function appendStep(tx: SqlTransaction, order: PaymentOrder, step: PaymentStep): Promise<void> {
  await insertStep(tx, order.id, { seq: order.steps.length + 1, step });
  await tx.run('UPDATE payment_orders SET status = ? WHERE id = ?', [step.status, order.id]);
}

async function insertStep(
  tx: SqlTransaction,
  id: PaymentId,
  { seq, step }: { readonly seq: number; readonly step: PaymentStep },
): Promise<void> {
  await tx.run('INSERT INTO payment_steps (payment_id, seq, status, at, reason) VALUES (?, ?, ?, ?, ?)', [
    id,
    seq,
    step.status,
    step.at,
    step.reason ?? null,
  ]);
}

function toStored(row: OrderRow, steps: readonly StepRow[]): StoredOrder {
  const terms = toTerms(row);
  return {
    order: toOrder(row, { steps: steps.map(toStep), ...(terms && { terms }) }),
    ...(terms && { terms }),
    ...(row.hold_id !== null && { holdId: row.hold_id }),
    position: Number(row.position),
  };
}

/** Nothing was written for a payment that moves its amount. Until its money is set aside there are no terms. */
function toTerms(row: OrderRow): PaymentTerms | undefined {
  const { debit_currency: debited, transferred_currency: arrives, exchange_rate: rate } = row;
  if (row.debit_minor !== null && row.transferred_minor !== null && debited !== null && arrives !== null) {
    return {
      debit: money(row.debit_minor, debited),
      transferred: money(row.transferred_minor, arrives),
      ...(row.charge_minor !== null && { charge: money(row.charge_minor, debited) }),
      ...(rate !== null && { rate }),
    };
  }
  const amount = money(row.amount_minor, row.currency);
  return row.hold_id === null ? undefined : { debit: amount, transferred: amount };
}

function toOrder(
  row: OrderRow,
  { steps, terms }: { readonly steps: readonly PaymentStep[]; readonly terms?: PaymentTerms },
): PaymentOrder {
  const present = steps.at(-1);
  assert(present, `payment ${row.id} has a step`);
  const described = JSON.parse(row.instruction) as Omit<PaymentInstruction, 'amount'>;
  return {
    id: row.id,
    bank: row.bank,
    clientId: row.client_id,
    consentId: row.consent_id,
    debtorAccountId: row.debtor_account_id,
    instruction: { ...described, amount: { amountMinor: row.amount_minor, currency: row.currency } },
    status: present.status,
    statusAt: present.at,
    ...(present.reason && { rejection: present.reason }),
    createdAt: instant(Number(row.created_at)),
    expectedExecutionAt: instant(Number(row.expected_execution_at ?? row.expected_settlement_at)),
    expectedSettlementAt: instant(Number(row.expected_settlement_at)),
    expectedCreditAt: instant(Number(row.expected_credit_at ?? row.expected_settlement_at)),
    steps,
    wire: row.wire,
    ...movedBy(described, terms),
  };
}

/** What an order shows of its terms. */
export function movedBy(
  { charges: bearer = 'shared' }: Pick<PaymentInstruction, 'charges'>,
  terms: PaymentTerms | undefined,
): Pick<PaymentOrder, 'debit' | 'transferred' | 'chargesTaken' | 'exchangeRate'> {
  if (!terms) return { chargesTaken: [] };
  const { debit, transferred, charge, rate } = terms;
  return {
    debit,
    transferred,
    chargesTaken: charge ? [{ bearer, amount: charge }] : [],
    ...(rate !== undefined && { exchangeRate: rate }),
  };
}

function toStep(row: StepRow): PaymentStep {
  return {
    status: row.status as PaymentStatus,
    at: instant(Number(row.at)),
    ...(row.reason !== null && { reason: row.reason as PaymentRejection }),
  };
}
