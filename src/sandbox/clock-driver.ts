import type { Bank, DueItem } from '../bank/index.js';
import {
  dateOf,
  formatInstantMs,
  instant,
  plusMonths,
  plusMs,
  SandbankError,
  startOfDay,
  type ClockState,
  type Instant,
  type VirtualClock,
} from '../kernel/index.js';

/** Moves the ecosystem's clock and lets everything happen that falls due on the way. */
export interface ClockDriver {
  /** Does what is due by now. Called at start and, on a running clock, by the ticker. */
  catchUp(): Promise<void>;
  moveTo(target: Instant): Promise<ClockMove>;
  /** By an ISO 8601 duration from where the clock stands when the moves asked for before are done. */
  moveBy(duration: string): Promise<ClockMove>;
  /** To the next due item of any bank; stays where it is when nothing is planned. */
  moveToNext(): Promise<ClockMove>;
}

/** Calendar days are written with four digits of a year. */
const LATEST = instant(Date.UTC(9999, 0, 1));

export interface ClockMove {
  readonly from: Instant;
  readonly now: Instant;
  readonly done: readonly Pick<DueItem, 'kind' | 'subject' | 'dueAt'>[];
}

export function createClockDriver(options: {
  readonly clock: VirtualClock;
  readonly banks: readonly Bank[];
  readonly persist: (state: ClockState) => Promise<void>;
}): ClockDriver {
  const { clock, banks, persist } = options;
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const run = queue.then(work);
    queue = run.catch(() => undefined);
    return run;
  };
  const nextDue = async (after?: Instant): Promise<Instant | undefined> => {
    const all = await Promise.all(banks.map((bank) => bank.schedules.nextDueAt(after)));
    const known = all.filter((at) => at !== undefined);
    return known.length === 0 ? undefined : instant(Math.min(...known));
  };
  /** Everything due up to `until`, bank by bank at each due instant, so that money between banks arrives in order. */
  const run = async (until: Instant): Promise<ClockMove['done']> => {
    const done: ClockMove['done'][number][] = [];
    for (let at = await nextDue(); at !== undefined && at <= until;) {
      reach(clock, at);
      const before = done.length;
      for (const bank of banks) done.push(...(await bank.catchUp(at)));
      const next = await nextDue();
      // What failed stays due and is tried again at the next instant, not in a loop here.
      const isStuck = done.length === before && next !== undefined && next <= at;
      at = isStuck ? await nextDue(at) : next;
    }
    for (const bank of banks) done.push(...(await bank.catchUp(until)));
    return done;
  };
  const move = async (goal: (from: Instant) => Instant): Promise<ClockMove> => {
    const from = clock.now();
    const target = goal(from);
    refuseUnreachable(from, target);
    const wallAhead = clock.mode === 'system' ? target - plusMs(from, -clock.offsetMs) : 0;
    // Kept before the work begins: after a crash on the way, the restart finds the clock at its target and does the rest.
    await persist(clock.mode === 'frozen' ? { mode: 'frozen', at: target } : { mode: 'system', offsetMs: wallAhead });
    const done = await run(target);
    reach(clock, target);
    return { from, now: clock.now(), done };
  };
  return {
    catchUp: () =>
      inTurn(async () => {
        await run(clock.now());
      }),
    moveTo: (target) => inTurn(() => move(() => target)),
    moveBy: (duration) => inTurn(() => move((from) => addDuration(from, duration))),
    moveToNext: () =>
      inTurn(async () => {
        const next = await nextDue();
        return move((from) => (next === undefined || next < from ? from : next));
      }),
  };
}

/** Moves the clock unless it is there already: one that runs goes on between a look at it and a move. */
function reach(clock: VirtualClock, target: Instant): void {
  if (target <= clock.now()) return;
  try {
    clock.moveTo(target);
  } catch (error) {
    if (clock.now() < target) throw error;
  }
}

function refuseUnreachable(from: Instant, target: Instant): void {
  if (target < from) {
    throw new SandbankError('clock.cannot-go-back', 'The clock only moves forward; reset the sandbox to start over.', {
      expected: `at or after ${formatInstantMs(from)}`,
      actual: formatInstantMs(target),
    });
  }
  // Also what is not a number: it must never be kept as the place to go on from.
  if (target < LATEST) return;
  throw new SandbankError('field.invalid', 'The clock does not go that far.', {
    expected: `before ${formatInstantMs(LATEST)}`,
  });
}

/** An ISO 8601 duration (`P91D`, `PT2H30M`, `P1Y6M`) added on the calendar. Throws `field.invalid`. */
export function addDuration(at: Instant, duration: string): Instant {
  const match =
    /^P(?=.)(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?=.)(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?$/.exec(
      duration,
    );
  if (!match) {
    throw new SandbankError('field.invalid', 'The duration is not an ISO 8601 duration.', {
      path: 'duration',
      expected: 'for example P91D or PT2H',
      actual: duration,
    });
  }
  const [years, months, weeks, days, hours, minutes, seconds] = (match.slice(1) as (string | undefined)[]).map((part) =>
    Number(part ?? 0),
  ) as [number, number, number, number, number, number, number];
  const date = dateOf(at);
  const moved = instant(startOfDay(plusMonths(date, years * 12 + months)) + (at - startOfDay(date)));
  return plusMs(moved, (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1_000);
}
