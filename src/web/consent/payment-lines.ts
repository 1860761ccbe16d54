import type { PaymentLine } from '../../auth/journey/index.js';
import { money, type Money } from '../../kernel/index.js';

/** What payments come to, one sum a currency. */
export function totalsOf(lines: readonly PaymentLine[]): readonly Money[] {
  const sums = new Map<string, bigint>();
  for (const { amount } of lines) {
    sums.set(amount.currency, (sums.get(amount.currency) ?? 0n) + amount.amountMinor);
  }
  return [...sums].map(([currency, sum]) => money(sum, currency));
}
