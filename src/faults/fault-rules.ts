import { latencyOf, type Latency, type LatencyProfile } from './latency.js';

/** Decides for each call of a bank what goes wrong with it. Counts the calls of this process. */
export interface FaultRules {
  next(): Latency;
}

export function createFaultRules(options: { readonly latency: LatencyProfile; readonly seed: string }): FaultRules {
  let calls = -1;
  return {
    next() {
      calls += 1;
      return latencyOf(options.latency, options.seed, calls);
    },
  };
}
