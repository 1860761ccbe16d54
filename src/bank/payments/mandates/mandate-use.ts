import { dateOf, money, startOfDay, type Instant, type Money } from '../../../kernel/index.js';
import type { SqlReader } from '../../../storage/index.js';
import type { Consent, PaymentMandate, PeriodicLimit } from '../../consents/index.js';
import { beginningOfMandate, periodOf } from './limit-period.js';

/** How far one limit of a mandate is used up in the period of the moment. */
export interface LimitUse {
  readonly limit: PeriodicLimit;
  readonly begins: Instant;
  /** The first instant that is no longer in it. */
  readonly ends: Instant;
  /** Less than the limit's amount where the mandate began within the period. */
  readonly allowed: Money;
  readonly used: Money;
  readonly left: Money;
}

/** Of each limit, in the order of the mandate. What was rejected or called back was not used. */
export async function useOf(
  sql: SqlReader,
  { consent, mandate, at }: { readonly consent: Consent; readonly mandate: PaymentMandate; readonly at: Instant },
): Promise<readonly LimitUse[]> {
  const place = { begins: beginningOfMandate(mandate, consent), day: dateOf(at) };
  const uses: LimitUse[] = [];
  for (const limit of mandate.limits ?? []) {
    const { from, until, allowed } = periodOf(limit, place);
    const span = { begins: startOfDay(from), ends: startOfDay(until) };
    const { currency, amountMinor } = allowed;
    const used = await paidWithin(sql, consent, span);
    const left = used < amountMinor ? amountMinor - used : 0n;
    uses.push({ limit, ...span, allowed, used: money(used, currency), left: money(left, currency) });
  }
  return uses;
}

async function paidWithin(
  sql: SqlReader,
  { id, bank }: Pick<Consent, 'id' | 'bank'>,
  { begins, ends }: { readonly begins: Instant; readonly ends: Instant },
): Promise<bigint> {
  const row = await sql.get<{ used: bigint }>(
    `SELECT coalesce(sum(amount_minor), 0) AS used FROM payment_orders
     WHERE bank = ? AND consent_id = ? AND created_at >= ? AND created_at < ?
       AND status NOT IN ('rejected', 'cancelled')`,
    [bank, id, begins, ends],
  );
  return row?.used ?? 0n;
}
