import type { ClearingPosition } from '../bank/index.js';

export type ClearingSum = Omit<ClearingPosition, 'bank'>;

/** Over all banks, per currency. */
export function clearingSums(positions: readonly ClearingPosition[]): readonly ClearingSum[] {
  const sums = new Map<string, ClearingSum>();
  for (const position of positions) {
    const { currency } = position;
    const sum = sums.get(currency);
    sums.set(currency, {
      currency,
      bookedMinor: (sum?.bookedMinor ?? 0n) + position.bookedMinor,
      waitingMinor: (sum?.waitingMinor ?? 0n) + position.waitingMinor,
      inFlightMinor: (sum?.inFlightMinor ?? 0n) + position.inFlightMinor,
      outsideMinor: (sum?.outsideMinor ?? 0n) + position.outsideMinor,
    });
  }
  return [...sums.values()];
}
