import { formatInstant } from '../../../kernel/index.js';
import type { Account, AccountBalance } from '../../../bank/index.js';
import { toAmount, toIndicator, type CreditDebitIndicator, type WireAmount } from './amount.js';

export interface WireBalance {
  readonly AccountId: string;
  readonly CreditDebitIndicator: CreditDebitIndicator;
  /** ITAV interim available, ITBD interim booked. */
  readonly Type: 'ITAV' | 'ITBD';
  readonly DateTime: string;
  readonly Amount: WireAmount;
  readonly CreditLine?: readonly {
    readonly Included: boolean;
    readonly Type: 'Available' | 'Credit' | 'Pre-Agreed';
    readonly Amount: WireAmount;
  }[];
}

/**
 * Two balances of one moment: what may be spent, and what is booked. The limit stands beside the first and is not
 * counted in it; next to it what is left of the limit once the account is overdrawn.
 */
export function toBalances(account: Account, balance: AccountBalance): readonly WireBalance[] {
  const { availableMinor, bookedMinor, overdraftLimitMinor, currency } = balance;
  const base = { AccountId: account.id, DateTime: formatInstant(balance.at) };
  const used = availableMinor < 0n ? -availableMinor : 0n;
  const left = used > overdraftLimitMinor ? 0n : overdraftLimitMinor - used;
  const limitType = account.product.type === 'credit-card' ? 'Credit' : 'Pre-Agreed';
  return [
    {
      ...base,
      CreditDebitIndicator: toIndicator(availableMinor),
      Type: 'ITAV',
      Amount: toAmount(availableMinor, currency),
      ...(overdraftLimitMinor > 0n && {
        CreditLine: [
          { Included: false, Type: limitType, Amount: toAmount(overdraftLimitMinor, currency) },
          { Included: false, Type: 'Available', Amount: toAmount(left, currency) },
        ],
      }),
    },
    {
      ...base,
      CreditDebitIndicator: toIndicator(bookedMinor),
      Type: 'ITBD',
      Amount: toAmount(bookedMinor, currency),
    },
  ];
}
