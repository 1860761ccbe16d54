import type { Account, AccountBalance } from '../../../../src/bank/index.js';
import { formatMoney, money } from '../../../../src/kernel/index.js';
import { ACCOUNT_TYPE } from '../codes.js';

export function toAccount(account: Account, balance?: AccountBalance) {
  return {
    toy: account.id,
    kind: ACCOUNT_TYPE[account.product.type],
    ...(balance && { inside: `${formatMoney(money(balance.bookedMinor, account.currency))} ${account.currency}` }),
  };
}
