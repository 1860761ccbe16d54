import { dateOf, formatInstant } from '../../../kernel/index.js';
import type { Account, AccountBalance } from '../../../bank/index.js';
import { toAmount, type WireAmount } from './amount.js';

export interface WireBalance {
  readonly balanceAmount: WireAmount;
  readonly balanceType: 'interimAvailable' | 'interimBooked' | 'nonInvoiced';
  readonly creditLimitIncluded?: boolean;
  readonly lastChangeDateTime?: string;
  readonly referenceDate: string;
}

/** What may be spent without the limit, and what is booked, at one moment. */
export function toBalances(balance: AccountBalance): readonly WireBalance[] {
  const { availableMinor, bookedMinor, currency, at } = balance;
  const time = { lastChangeDateTime: formatInstant(at), referenceDate: dateOf(at) };
  return [
    {
      balanceAmount: toAmount(availableMinor, currency),
      balanceType: 'interimAvailable',
      creditLimitIncluded: false,
      ...time,
    },
    { balanceAmount: toAmount(bookedMinor, currency), balanceType: 'interimBooked', ...time },
  ];
}

/** Of a card: what has been spent and not been billed yet, and what is left of its limit. */
export function toCardBalances(balance: AccountBalance): readonly WireBalance[] {
  const { availableMinor, bookedMinor, overdraftLimitMinor, currency, at } = balance;
  const time = { lastChangeDateTime: formatInstant(at), referenceDate: dateOf(at) };
  return [
    { balanceAmount: toAmount(bookedMinor, currency), balanceType: 'nonInvoiced', ...time },
    {
      balanceAmount: toAmount(availableMinor + overdraftLimitMinor, currency),
      balanceType: 'interimAvailable',
      creditLimitIncluded: true,
      ...time,
    },
  ];
}

export function isCard({ product }: Pick<Account, 'product'>): boolean {
  return product.type === 'credit-card';
}
