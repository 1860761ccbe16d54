import type { Transaction } from '../../../../src/bank/index.js';
import { formatMoney, money } from '../../../../src/kernel/index.js';

export function toTransaction({ id, direction, amountMinor, currency, text }: Transaction) {
  return {
    move: id,
    way: direction === 'credit' ? 'in' : 'out',
    much: `${formatMoney(money(amountMinor, currency))} ${currency}`,
    what: text,
  };
}
