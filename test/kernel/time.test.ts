import { describe, expect, test } from '@jest/globals';

import { createClock, instant, parseInstant } from '../../src/kernel/index.js';

describe('the clock', () => {
  test('of the system does not go back when the machine’s does', () => {
    let machine = 1_000;
    const clock = createClock({ mode: 'system', offsetMs: 50 }, { now: () => instant(machine) });
    expect(clock.now()).toBe(1_050);
    machine = 900;
    expect(clock.now()).toBe(1_050);
    machine = 1_001;
    expect(clock.now()).toBe(1_051);
  });

  test('is moved forward and refuses to be moved back, in both modes', () => {
    const wall = { now: () => instant(1_000) };
    for (const clock of [
      createClock({ mode: 'system', offsetMs: 0 }, wall),
      createClock({ mode: 'frozen', at: instant(1_000) }, wall),
    ]) {
      clock.moveTo(instant(5_000));
      expect(clock.now()).toBe(5_000);
      expect(() => clock.moveTo(instant(4_999))).toThrow(expect.objectContaining({ code: 'clock.cannot-go-back' }));
    }
  });
});

describe('a clock that is changed', () => {
  let machine = 0;
  const wall = { now: () => instant((machine += 1)) };

  test('stands still where it was, though looking at it takes time', () => {
    const clock = createClock({ mode: 'system', offsetMs: 0 }, wall);
    const state = clock.change((at) => ({ mode: 'frozen', at }));
    expect(state).toEqual({ mode: 'frozen', at: clock.now() });
    expect([clock.mode, clock.speed]).toEqual(['frozen', 0]);
  });

  test('is driven at a speed from where it was, and shows only where it was driven', () => {
    const clock = createClock({ mode: 'frozen', at: instant(500) }, wall);
    clock.change((at) => ({ mode: 'running', at, speed: 60 }));
    expect([clock.mode, clock.speed, clock.now(), clock.now()]).toEqual(['running', 60, 500, 500]);
    clock.moveTo(instant(560));
    expect(clock.now()).toBe(560);
  });

  test('does not go back, also when it follows the machine again', () => {
    const clock = createClock({ mode: 'frozen', at: instant(1_000_000) }, wall);
    expect(() => clock.change(() => ({ mode: 'running', at: instant(999_999), speed: 2 }))).toThrow(
      expect.objectContaining({ code: 'clock.cannot-go-back' }),
    );
    clock.change(() => ({ mode: 'system', offsetMs: 0 }));
    expect(clock.now()).toBe(1_000_000);
  });
});

describe('instants as text', () => {
  test.each(['2026-02-29', '2026-13-01', '2026-04-31T00:00:00Z', '2026-01-01T25:00:00Z', 'now', '2026-1-1', ''])(
    '"%s" is none',
    (text) => {
      expect(parseInstant(text)).toBeUndefined();
    },
  );

  test('offsets count', () => {
    expect(parseInstant('2026-01-01T01:00:00+01:00')).toBe(parseInstant('2026-01-01'));
    expect(parseInstant('2026-01-01T01:00:00+0100')).toBe(parseInstant('2026-01-01T00:00:00Z'));
  });
});
