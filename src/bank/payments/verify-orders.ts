import type { SqlReader } from '../../storage/index.js';
import { selectOrder, type StoredOrder } from './payment-rows.js';

/** What is looked at of every order; read once for all claims about them. */
export interface AuditedOrder extends StoredOrder {
  /** As its row says; what its steps say is in `order`. */
  readonly keptStatus: string;
}

export interface AuditedOrders {
  readonly orders: readonly AuditedOrder[];
  /** Orders whose steps do not read as an order any more. */
  readonly broken: readonly { readonly id: string; readonly keptStatus: string }[];
}

export async function readAllOrders(sql: SqlReader, bank: string): Promise<AuditedOrders> {
  const rows = await sql.all<{ id: string; status: string; steps: bigint; last: bigint | null }>(
    `SELECT id, status, (SELECT count(*) FROM payment_steps WHERE payment_id = payment_orders.id) AS steps,
       (SELECT max(seq) FROM payment_steps WHERE payment_id = payment_orders.id) AS last
     FROM payment_orders WHERE bank = ? ORDER BY created_at, id`,
    [bank],
  );
  const orders: AuditedOrder[] = [];
  const broken: AuditedOrders['broken'][number][] = [];
  for (const { id, status, steps, last } of rows) {
    const stored = steps > 0n && steps === last ? await selectOrder(sql, bank, id) : undefined;
    if (stored) orders.push({ ...stored, keptStatus: status });
    else broken.push({ id, keptStatus: status });
  }
  return { orders, broken };
}
