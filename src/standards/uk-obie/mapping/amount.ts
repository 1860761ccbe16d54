import { formatMoney, money } from '../../../kernel/index.js';

export interface WireAmount {
  readonly Amount: string;
  readonly Currency: string;
}

export type CreditDebitIndicator = 'Credit' | 'Debit';

/** Amounts have no sign on the wire: it goes to the indicator beside them. */
export function toAmount(amountMinor: bigint, currency: string): WireAmount {
  return { Amount: formatMoney(money(amountMinor < 0n ? -amountMinor : amountMinor, currency)), Currency: currency };
}

/** A balance of zero is a credit (4.0.1, balances). */
export function toIndicator(amountMinor: bigint): CreditDebitIndicator {
  return amountMinor < 0n ? 'Debit' : 'Credit';
}
