/** How values lie: what nine of ten lie above, and so on. */
export interface Distribution {
  readonly count: number;
  readonly median: number;
  /** Nine numbers: a tenth of the values lies below the first, nine tenths below the last. */
  readonly deciles: readonly number[];
  readonly bins: readonly Bin[];
}

export interface Bin {
  /** Inclusive; the last of a row has all that lie above. */
  readonly from: number;
  readonly count: number;
}

export function distribution(values: readonly number[], edges: readonly number[]): Distribution {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
  const counts = edges.map(() => 0);
  for (const value of values) {
    let index = edges.length - 1;
    while (index > 0 && value < (edges[index] ?? 0)) index -= 1;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return {
    count: values.length,
    median: at(0.5),
    deciles: Array.from({ length: 9 }, (_, index) => at((index + 1) / 10)),
    bins: edges.map((from, index) => ({ from, count: counts[index] ?? 0 })),
  };
}
