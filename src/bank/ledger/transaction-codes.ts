import { assert } from '../../kernel/index.js';
import type { TransactionCode } from './posting.js';

/** The small integers that stand for codes in the tables. A number is never used again for another code. */
const NUMBERS = {
  salary: 1,
  benefit: 2,
  pension: 3,
  rent: 4,
  'direct-debit': 5,
  'standing-order': 6,
  'card-payment': 7,
  'cash-withdrawal': 8,
  'transfer-in': 9,
  'transfer-out': 10,
  fee: 11,
  'interest-paid': 12,
  'interest-charged': 13,
  'mortgage-payment': 14,
  'opening-balance': 15,
  payroll: 16,
  invoice: 17,
  refund: 18,
  tax: 19,
} as const satisfies Record<TransactionCode, number>;

const CODES: ReadonlyMap<number, TransactionCode> = new Map(
  Object.entries(NUMBERS).map(([code, number]) => [number, code as TransactionCode]),
);

export function toCodeNumber(code: TransactionCode): number {
  return NUMBERS[code];
}

export function fromCodeNumber(number: number): TransactionCode {
  const code = CODES.get(number);
  assert(code, `known transaction code ${number}`);
  return code;
}
