import type { Accrual, Memory } from './memory.js';

const BASIS_POINTS = 10_000n;

/**
 * Simple interest on a sum of daily balances: minor units times days, times the yearly rate, over the days that the bank
 * counts in a year. Rounded once, half up, to the minor unit.
 */
export function interestOn(minorDays: bigint, rateBps: number, daysAYear: number): bigint {
  const divisor = BASIS_POINTS * BigInt(daysAYear);
  return (minorDays * BigInt(rateBps) * 2n + divisor) / (divisor * 2n);
}

export function accrualOf(memory: Memory, account: string): Accrual {
  return memory.accruals.get(account) ?? { creditMinorDays: 0n, debitMinorDays: 0n };
}

/** The balance at the close of a day counts once, on its own side of zero. */
export function accrue(memory: Memory, account: string, closingMinor: bigint): void {
  const { creditMinorDays, debitMinorDays } = accrualOf(memory, account);
  memory.accruals.set(account, {
    creditMinorDays: creditMinorDays + (closingMinor > 0n ? closingMinor : 0n),
    debitMinorDays: debitMinorDays + (closingMinor < 0n ? -closingMinor : 0n),
  });
}
