/** How often a first digit should come in amounts that grow out of many sizes (Newcomb 1881, Benford 1938). */
export const BENFORD: readonly number[] = Array.from({ length: 9 }, (_, index) => Math.log10(1 + 1 / (index + 1)));

export interface FirstDigits {
  readonly count: number;
  /** Shares of the digits 1 to 9. */
  readonly shares: readonly number[];
  /** Mean absolute deviation from Benford's. Nigrini calls up to 0.015 acceptable for first digits. */
  readonly meanDeviation: number;
  /** Chi-squared over the count: independent of how many there are. */
  readonly chiSquaredPerLine: number;
}

export function firstDigits(counts: readonly number[]): FirstDigits {
  const count = counts.reduce((sum, one) => sum + one, 0);
  const shares = BENFORD.map((_, index) => (counts[index] ?? 0) / Math.max(1, count));
  const differences = shares.map((share, index) => share - (BENFORD[index] ?? 0));
  const meanDeviation = differences.reduce((sum, one) => sum + Math.abs(one), 0) / BENFORD.length;
  const chiSquaredPerLine = differences.reduce((sum, one, index) => sum + (one * one) / (BENFORD[index] ?? 1), 0);
  return { count, shares, meanDeviation, chiSquaredPerLine };
}

/** 1 to 9; undefined for nothing. */
export function firstDigitOf(amountMinor: bigint): number | undefined {
  let rest = Math.abs(Number(amountMinor));
  if (rest < 1) return undefined;
  while (rest >= 10) rest = Math.floor(rest / 10);
  return rest;
}
