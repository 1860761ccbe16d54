import { formatMoney, money } from '../../../kernel/index.js';

export interface WireAmount {
  readonly currency: string;
  readonly amount: string;
}

/** What is owed has a minus (1.3.12, 14.3). */
export function toAmount(amountMinor: bigint, currency: string): WireAmount {
  return { currency, amount: formatMoney(money(amountMinor, currency)) };
}
