import { createRandom, hash32 } from '../kernel/index.js';

/** How fast and how reliably a bank answers, in the figures that banks publish. */
export interface LatencyProfile {
  /** Of all answers, in milliseconds. */
  readonly meanMs: number;
  /** Share of calls for which the bank is there, in hundredths of a percent: 9,922 is 99.22 %. */
  readonly availabilityBps: number;
  /** Share of calls that end in an error of the bank, in the same unit. */
  readonly failuresBps: number;
}

export interface Latency {
  /** From the call to its answer. */
  readonly delayMs: number;
  /** `unavailable`: nobody answers for the bank; `failed`: the bank does, with an error of its own. */
  readonly outcome: 'answered' | 'failed' | 'unavailable';
}

/** Of so many calls, exactly as many fail as the profile says. */
const CYCLE = 10_000;
/** Spread of the logarithm of delays: half of the answers take 84 % of the mean or less, one in a hundred takes 3.4 times it. */
const SIGMA = 0.6;
const LONGEST = 20;

/**
 * What happens to the call of a number: a pure function of seed and number, so that a run can be repeated. Delays are
 * lognormal, as those of services behind networks are; failures are dealt out over each cycle in an order of their own.
 */
export function latencyOf(profile: LatencyProfile, seed: number | string, call: number): Latency {
  const random = createRandom(`latency ${String(seed)} ${String(call)}`);
  return { delayMs: delayOf(profile.meanMs, random), outcome: outcomeOf(profile, seed, call) };
}

function delayOf(meanMs: number, random: ReturnType<typeof createRandom>): number {
  // Box and Muller's way to a normal number. The mean of a lognormal one is exp(mu + sigma^2 / 2).
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const delay = meanMs * Math.exp(SIGMA * normal - (SIGMA * SIGMA) / 2);
  return Math.round(Math.min(delay, LONGEST * meanMs));
}

function outcomeOf(
  { availabilityBps, failuresBps }: LatencyProfile,
  seed: number | string,
  call: number,
): Latency['outcome'] {
  const cycle = Math.floor(call / CYCLE);
  const hash = hash32(`outcome ${String(seed)} ${String(cycle)}`);
  // A step without a common factor with the cycle reaches every place of it once.
  const step = STEPS[hash % STEPS.length] ?? 1;
  const place = ((call % CYCLE) * step + (hash >>> 8)) % CYCLE;
  const unavailable = CYCLE - availabilityBps;
  if (place < unavailable) return 'unavailable';
  return place < unavailable + failuresBps ? 'failed' : 'answered';
}

/** Neither even nor multiples of five. */
const STEPS = [1_237, 2_131, 3_163, 4_219, 5_279, 6_173, 7_253, 8_117, 9_241] as const;
