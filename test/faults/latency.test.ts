import { describe, expect, test } from '@jest/globals';

import { createFaultRules, latencyOf, type LatencyProfile } from '../../src/faults/index.js';

/** What UK banks published for October 2025. */
const PUBLISHED: LatencyProfile = { meanMs: 331, availabilityBps: 9_922, failuresBps: 61 };
const CALLS = 20_000;

describe('a profile of published figures', () => {
  test.each([1, 2, 3])('gives them again within 2 % (seed %d)', (seed) => {
    const drawn = Array.from({ length: CALLS }, (_, call) => latencyOf(PUBLISHED, seed, call));
    const share = (outcome: string): number => drawn.filter((one) => one.outcome === outcome).length / CALLS;
    const mean = drawn.reduce((sum, { delayMs }) => sum + delayMs, 0) / CALLS;
    expect(Math.abs(mean / 331 - 1)).toBeLessThan(0.02);
    expect(Math.abs((1 - share('unavailable')) / 0.9922 - 1)).toBeLessThan(0.02);
    expect(Math.abs(share('failed') / 0.0061 - 1)).toBeLessThan(0.02);
  });

  test('spreads its failures over the calls instead of putting them together', () => {
    const failed = Array.from({ length: CALLS }, (_, call) => latencyOf(PUBLISHED, 1, call).outcome !== 'answered');
    const halves = [failed.slice(0, CALLS / 2), failed.slice(CALLS / 2)].map((half) => half.filter(Boolean).length);
    expect(halves).toEqual([139, 139]);
    const longestRun = Math.max(
      ...failed
        .map(Number)
        .join('')
        .split('0')
        .map((run) => run.length),
    );
    expect(longestRun).toBeLessThan(4);
  });

  test('varies from call to call, and never takes no time or for ever', () => {
    const delays = Array.from({ length: CALLS }, (_, call) => latencyOf(PUBLISHED, 1, call).delayMs);
    expect(new Set(delays).size).toBeGreaterThan(500);
    expect(Math.min(...delays)).toBeGreaterThan(10);
    expect(Math.max(...delays)).toBeLessThanOrEqual(331 * 20);
  });
});

describe('fault rules', () => {
  test('give the same calls the same fate for the same seed', () => {
    const [one, same, other] = ['a', 'a', 'b'].map((seed) => createFaultRules({ latency: PUBLISHED, seed }));
    const fates = [one, same, other].map((rules) => Array.from({ length: 500 }, () => rules!.next()));
    expect(fates[0]).toEqual(fates[1]);
    expect(fates[0]).not.toEqual(fates[2]);
  });

  test('of a bank that is always there and never fails only take time', () => {
    const latency = { meanMs: 50, availabilityBps: 10_000, failuresBps: 0 };
    const rules = createFaultRules({ latency, seed: 'a' });
    expect(new Set(Array.from({ length: 1_000 }, () => rules.next().outcome))).toEqual(new Set(['answered']));
  });
});
