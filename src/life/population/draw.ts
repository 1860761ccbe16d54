import type { Random } from '../../kernel/index.js';

/** Draws by weight. */
export function weighted<T extends { readonly weight: number }>(items: readonly T[], random: Random): T {
  const total = items.reduce((sum, { weight }) => sum + weight, 0);
  let left = random.next() * total;
  for (const item of items) {
    left -= item.weight;
    if (left < 0) return item;
  }
  return random.pick(items);
}

export function between({ from, to }: { readonly from: number; readonly to: number }, random: Random): number {
  return from + (to - from) * random.next();
}

/** A factor around one whose logarithm is normal: half of them below one, few far away (Box and Muller). */
export function spread(sigma: number, random: Random): number {
  if (sigma === 0) return 1;
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return Math.exp(sigma * Math.max(-3, Math.min(3, normal)));
}

/** Whole minor units, at least one. */
export function minor(amount: number): bigint {
  return BigInt(Math.max(1, Math.round(amount)));
}

/** Minor units that are a multiple of a step, as people agree on them. */
export function rounded(amount: number, step: number): bigint {
  return BigInt(Math.max(step, Math.round(amount / step) * step));
}
