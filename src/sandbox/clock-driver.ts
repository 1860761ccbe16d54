import type { Bank, DueItem } from '../bank/index.js';
import {
  dateOf,
  formatInstantMs,
  instant,
  plusMonths,
  plusMs,
  SandbankError,
  startOfDay,
  wallClock,
  type Clock,
  type ClockState,
  type Instant,
  type VirtualClock,
} from '../kernel/index.js';
import { watchAll, watcherOf, type ClockReport, type Watcher } from './clock-report.js';

/** Moves the ecosystem's clock and lets everything happen that falls due on the way. */
export interface ClockDriver {
  /** Does what is due by now. Called at start. */
  catchUp(): Promise<void>;
  /** One turn of a clock that runs: does what has become due, and drives one that runs at a speed. */
  tick(): Promise<void>;
  moveTo(target: Instant): Promise<ClockMove>;
  /** By an ISO 8601 duration from where the clock stands when the moves asked for before are done. */
  moveBy(duration: string): Promise<ClockMove>;
  /** To the next due item of any bank; stays where it is when nothing is planned. */
  moveToNext(): Promise<ClockMove>;
  /** Is the clock of this process where the ecosystem's is? If not, `catchUp` brings it there. */
  isAt(state: ClockState): boolean;
  /** From now on the clock stands still. */
  freeze(): Promise<ClockMove>;
  /** From now on so many business seconds pass in a second. Throws `field.invalid` for a speed that is not kept up. */
  runAt(speed: number): Promise<ClockMove>;
  /** Why a clock that ran at a speed stands still although nobody froze it. */
  stopped(): string | undefined;
}

export interface ClockDriverOptions {
  readonly clock: VirtualClock;
  readonly banks: readonly Bank[];
  readonly persist: (state: ClockState) => Promise<void>;
  /** Tell what happens beside what the banks tell: tokens that end. */
  readonly watchers?: readonly Watcher[];
  readonly wall?: Clock;
  readonly onStopped?: (reason: string) => void;
  /** Where several processes share an ecosystem: one at a time moves its clock, from where the last one left it. */
  readonly shared?: {
    readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
    readonly read: () => Promise<ClockState>;
  };
}

/** Calendar days are written with four digits of a year. */
const LATEST = instant(Date.UTC(9999, 0, 1));
/** A day a second: what the default banks keep up with on a small machine. */
export const FASTEST = 86_400;
/** A step is at most what should pass in a second, so that a freeze never waits long. */
const LONGEST_STEP_MS = 1_000;
/** Further behind than this, in wall time, the work does not keep up. */
const MOST_BEHIND_MS = 10_000;
/** Nobody drove for this long: the machine slept. That time does not count. */
const SLEPT_MS = 5_000;

export interface ClockMove {
  readonly from: Instant;
  readonly now: Instant;
  readonly done: readonly Pick<DueItem, 'kind' | 'subject' | 'dueAt'>[];
  readonly happened: ClockReport;
}

export function createClockDriver(options: ClockDriverOptions): ClockDriver {
  const { clock, banks, persist, wall = wallClock, shared } = options;
  const { nextDue, run } = createDueRun(clock, banks);
  const watchers = [...banks.map((bank) => watcherOf(bank)), ...(options.watchers ?? [])];
  const pace = createPace(clock, wall);
  let stopped: string | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const run = queue.then(() => (shared ? aloneWith(clock, shared, work) : work()));
    queue = run.catch(() => undefined);
    return run;
  };
  const go = async (from: Instant, target: Instant): Promise<ClockMove['done']> => {
    // Kept before the work begins: after a crash on the way, the restart finds the clock at its target and does the rest.
    await persist(stateAt(clock, { from, target }));
    const done = await run(target);
    reach(clock, target);
    return done;
  };
  const move = async (goal: (from: Instant) => Instant): Promise<ClockMove> => {
    const from = clock.now();
    const target = goal(from);
    refuseUnreachable(from, target);
    const report = await watchAll(watchers);
    const done = await go(from, target);
    pace.restart();
    return { from, now: clock.now(), done, happened: await report() };
  };
  const change = async (next: (at: Instant) => ClockState): Promise<ClockMove> => {
    const moved = await move((from) => from);
    const state = clock.change(next);
    pace.restart();
    stopped = undefined;
    await persist(state);
    const now = clock.now();
    return { ...moved, now, done: [...moved.done, ...(await run(now))] };
  };
  const step = async (): Promise<void> => {
    await go(clock.now(), instant(Math.min(pace.target(), LATEST - 1)));
    const behindMs = pace.behindMs();
    if (behindMs <= MOST_BEHIND_MS) return;
    const reason = `The work of the banks fell ${String(Math.round(behindMs / 1_000))} s behind at ${String(clock.speed)} times real speed, so the clock was stopped. Run it more slowly, or advance it.`;
    await change((at) => ({ mode: 'frozen', at }));
    stopped = reason;
    options.onStopped?.(reason);
  };
  return {
    catchUp: () =>
      inTurn(async () => {
        await run(clock.now());
      }),
    tick: async () => {
      // Nobody waits here for a long move of a clock that stands still.
      if (clock.mode === 'frozen') return;
      await inTurn(async () => {
        if (clock.mode === 'system') await run(clock.now());
        else if (clock.mode === 'running') await step();
      });
    },
    moveTo: (target) => inTurn(() => move(() => target)),
    moveBy: (duration) => inTurn(() => move((from) => addDuration(from, duration))),
    moveToNext: () =>
      inTurn(async () => {
        const next = await nextDue();
        return move((from) => (next === undefined || next < from ? from : next));
      }),
    freeze: () => inTurn(() => change((at) => ({ mode: 'frozen', at }))),
    runAt: (speed) => {
      refuseTooFast(speed);
      if (shared && speed !== 1) throw notShared();
      return inTurn(() =>
        change((at) => (speed === 1 ? { mode: 'system', offsetMs: at - wall.now() } : { mode: 'running', at, speed })),
      );
    },
    stopped: () => stopped,
    isAt: (state) => isAt(clock, state),
  };
}

function isAt(clock: VirtualClock, state: ClockState): boolean {
  if (state.mode !== clock.mode) return false;
  return state.mode === 'system' ? clock.offsetMs >= state.offsetMs : clock.now() >= state.at;
}

/** Nobody else moves the clock meanwhile, and it is where the last one left it. */
function aloneWith<T>(
  clock: VirtualClock,
  { alone, read }: NonNullable<ClockDriverOptions['shared']>,
  work: () => Promise<T>,
): Promise<T> {
  return alone(async () => {
    follow(clock, await read());
    return work();
  });
}

/** Brings the clock of this process to where another one left the ecosystem's. */
function follow(clock: VirtualClock, state: ClockState): void {
  if (isAt(clock, state)) return;
  if (state.mode !== clock.mode) clock.change(() => state);
  else reach(clock, state.mode === 'system' ? plusMs(clock.now(), state.offsetMs - clock.offsetMs) : state.at);
}

/** Each process would drive it; nothing yet says whose turn it is. */
function notShared(): SandbankError {
  return new SandbankError(
    'field.invalid',
    'A clock that several processes share runs at the speed of the machine or stands.',
    {
      path: 'speed',
      expected: '1',
    },
  );
}

interface DueRun {
  nextDue(after?: Instant): Promise<Instant | undefined>;
  /** Everything due up to `until`, bank by bank at each due instant, so that money between banks arrives in order. */
  run(until: Instant): Promise<ClockMove['done']>;
}

function createDueRun(clock: VirtualClock, banks: readonly Bank[]): DueRun {
  const nextDue = async (after?: Instant): Promise<Instant | undefined> => {
    const all = await Promise.all(banks.map((bank) => bank.schedules.nextDueAt(after)));
    const known = all.filter((at) => at !== undefined);
    return known.length === 0 ? undefined : instant(Math.min(...known));
  };
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
  return { nextDue, run };
}

interface Pace {
  /** Counts anew from where the clock stands. */
  restart(): void;
  /** Where the next step leads. */
  target(): Instant;
  /** How long ago, in wall time, the clock should have been where it is. */
  behindMs(): number;
}

/** What the wall clock asks of one that runs at a speed. */
function createPace(clock: VirtualClock, wall: Clock): Pace {
  let begun = { at: clock.now(), wall: wall.now() };
  let lastLook = begun.wall;
  const due = (): Instant => plusMs(begun.at, (wall.now() - begun.wall) * clock.speed);
  return {
    restart() {
      begun = { at: clock.now(), wall: wall.now() };
      lastLook = begun.wall;
    },
    target() {
      const sleptMs = wall.now() - lastLook;
      if (sleptMs > SLEPT_MS) begun = { ...begun, wall: plusMs(begun.wall, sleptMs) };
      const now = clock.now();
      return instant(Math.max(now, Math.min(due(), now + LONGEST_STEP_MS * clock.speed)));
    },
    behindMs() {
      lastLook = wall.now();
      return (due() - clock.now()) / clock.speed;
    },
  };
}

function stateAt(
  clock: VirtualClock,
  { from, target }: { readonly from: Instant; readonly target: Instant },
): ClockState {
  if (clock.mode === 'frozen') return { mode: 'frozen', at: target };
  if (clock.mode === 'running') return { mode: 'running', at: target, speed: clock.speed };
  return { mode: 'system', offsetMs: target - plusMs(from, -clock.offsetMs) };
}

function refuseTooFast(speed: number): void {
  if (speed > 0 && speed <= FASTEST) return;
  throw new SandbankError('field.invalid', 'The clock does not run at this speed; advance it to go further at once.', {
    path: 'speed',
    expected: `above 0 and at most ${String(FASTEST)} business seconds a second`,
    actual: String(speed),
  });
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
